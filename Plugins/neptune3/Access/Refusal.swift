// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A request that was not done, in the server's words.
struct Refusal {
    let status: Int
    /// Neptune's `errorType`; empty when the answer is none of its own.
    let code: String
    let message: String
    let retryAfterMilliseconds: Int64

    init(_ answer: HTTPAnswer) {
        status = answer.status
        let body = try? JSON(parsing: answer.body)
        code = body?["errorType"]?.text ?? ""
        message = String((body?["message"]?.text ?? body?["title"]?.text ?? "").prefix(500))
        let seconds = answer.headers.first { $0.name == "retry-after" }.flatMap { Double($0.value) }
        retryAfterMilliseconds = Int64(max(0, min(seconds ?? 0, 86_400)) * 1000)
    }

    func error(_ subject: String) -> HostError {
        let said = message.isEmpty ? "" : ": \(message)"
        return HostError(
            outcome, "Neptune refused this (\(code.isEmpty ? "HTTP \(status)" : code))\(said)",
            subject: subject,
            remedy: remedy, httpStatus: Int32(status), retryAfterMilliseconds: retryAfterMilliseconds)
    }

    private var outcome: Status {
        switch (status, code) {
        case (401, _): .auth
        case (403, _): .forbidden
        case (404, _), (405, _): .notFound
        case (413, _): .limit
        case (429, _): .rateLimited
        case (501, _): .unsupported
        case (408, _), (500..., _): .unavailable
        default: .invalidData
        }
    }

    private var remedy: String {
        switch outcome {
        case .auth: "Set NEPTUNE_API_TOKEN to a token that is valid; Neptune shows it in the user menu."
        case .forbidden: "Check the names of workspace and project, and that the token's owner may see them."
        case .notFound:
            "Check that the token is of a Neptune 3 server; one of Neptune 2 is read by the plugin neptune2."
        default: ""
        }
    }
}

extension JSON {
    /// An answer that must be JSON; cut short, it may be whole the next time.
    init(answer bytes: [UInt8], _ subject: String) throws(HostError) {
        do {
            self = try JSON(parsing: bytes)
        } catch {
            throw HostError(
                .invalidData, "The server's answer can't be read: \(error.message)", subject: subject,
                retry: .later)
        }
    }
}
