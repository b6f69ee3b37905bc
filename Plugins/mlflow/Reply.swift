// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What the server said to one request.
enum Reply {
    case value(JSON)
    case refused(Refusal)

    init(_ answer: HTTPAnswer) {
        guard 200..<300 ~= answer.status, let value = try? JSON(parsing: answer.body) else {
            self = .refused(Refusal(answer))
            return
        }
        self = .value(value)
    }

    /// The value, or the refusal as an error about `subject`.
    func get(_ subject: String) throws(HostError) -> JSON {
        switch self {
        case .value(let value): value
        case .refused(let refusal): throw refusal.error(subject)
        }
    }
}

/// A request that was not done, in the server's words.
struct Refusal: Sendable {
    let status: Int
    /// MLflow's `error_code`; empty when the answer is none of its own.
    let code: String
    let message: String
    let retryAfterMilliseconds: Int64

    init(_ answer: HTTPAnswer) {
        status = answer.status
        let body = try? JSON(parsing: answer.body)
        code = body?["error_code"]?.text ?? ""
        let words = body?["message"]?.text ?? body?["detail"]?.text
        message = String((words ?? Self.firstLine(answer.body)).prefix(500))
        let seconds = answer.headers.first { $0.name == "retry-after" }.flatMap { Int64($0.value) }
        retryAfterMilliseconds = (seconds ?? 0) * 1000
    }

    /// What is not there. A path that the server does not know is a 404 too, but not in MLflow's words.
    var isAbsent: Bool { code == "RESOURCE_DOES_NOT_EXIST" }
    var exists: Bool { code == "RESOURCE_ALREADY_EXISTS" }
    var isUnknownPath: Bool {
        (status == 404 || status == 405) && code.isEmpty || code == "ENDPOINT_NOT_FOUND"
    }

    /// A database's word for a point that is there already; `latest_metrics` is another table.
    var isDuplicatePoint: Bool {
        guard status == 400 || status == 500, !message.contains("latest_metrics.") else { return false }
        return ["UNIQUE constraint failed: metrics.", "metric_pk", "for key 'metrics."].contains {
            message.contains($0)
        }
    }

    func error(_ subject: String) -> HostError {
        let said = message.isEmpty ? "" : ": \(message)"
        var error = HostError(
            outcome, "The MLflow server refused this (\(code.isEmpty ? "HTTP \(status)" : code))\(said)",
            subject: subject, remedy: remedy, retry: retry, httpStatus: Int32(status),
            retryAfterMilliseconds: retryAfterMilliseconds)
        if 200..<300 ~= status {
            error.message = "The address answers, but not as an MLflow server does\(said)"
        }
        return error
    }

    private var outcome: Status {
        switch (status, code) {
        case (401, _): .auth
        case (403, _), (_, "PERMISSION_DENIED"): .forbidden
        case (_, "RESOURCE_DOES_NOT_EXIST"), (404, _), (405, _): .notFound
        case (_, "RESOURCE_ALREADY_EXISTS"): .conflict
        case (413, _), (_, "REQUEST_LIMIT_EXCEEDED"), (_, "RESOURCE_LIMIT_EXCEEDED"): .limit
        case (429, _): .rateLimited
        case (501, _), (_, "FEATURE_DISABLED"), (_, "NOT_IMPLEMENTED"): .unsupported
        case (408, _), (500..., _): .unavailable
        case (400..<500, _):
            message.contains("Changing param values is not allowed") ? .conflict : .invalidData
        default: .unsupported
        }
    }

    private var retry: Retry { code == "FEATURE_DISABLED" || isUnknownPath ? .stop : .byStatus }

    private var remedy: String {
        switch outcome {
        case .auth:
            "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN."
        case .forbidden:
            "Ask the server's administrator for the right to edit, or give another user by "
                + "MLFLOW_TRACKING_USERNAME or MLFLOW_TRACKING_TOKEN."
        case .unsupported where code == "FEATURE_DISABLED":
            "Leave out the option 'workspace' (MLFLOW_WORKSPACE)."
        case .notFound where isUnknownPath: "Check the tracking URI: host, port and path prefix."
        case .unsupported where 200..<300 ~= status: "Check the tracking URI: host, port and path prefix."
        default: ""
        }
    }

    private static func firstLine(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        guard !text.contains("<") else { return "" }
        return String(text.prefix { !$0.isNewline })
    }
}
