// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A request that was not done, in the server's words.
struct Refusal: Sendable {
    let status: Int
    /// Comet's `sdk_error_code`; 0 when it tells none.
    let code: Int
    let message: String

    init(_ answer: HTTPAnswer) {
        status = answer.status
        let body = try? JSON(parsing: answer.body)
        code = Int(body?["sdk_error_code"]?.int ?? 0)
        message = String((body?["msg"]?.text ?? "").prefix(500))
    }

    /// The key that was chosen for an experiment is taken.
    var exists: Bool { code == Code.keyExists }
    /// No such experiment, or none that this user may see.
    var isAbsent: Bool { code == Code.noExperiment || status == 404 }
    /// An asset of this id is stored already: an earlier try arrived.
    var isStored: Bool { code == Code.assetStored || code == Code.imageStored }
    /// The experiment takes no more of this kind of asset.
    var isFull: Bool { Code.full.contains(code) }

    enum Code {
        static let badKey = 90212
        static let noWorkspace = 90219
        static let noExperiment = 90210
        static let keyExists = 90999
        static let assetStored = 7_000_005
        static let imageStored = 7_000_006
        /// Images, texts, histograms, models, curves, notebooks, embeddings, videos.
        static let full: Set<Int> = [
            7_000_001, 7_000_012, 7_000_013, 7_000_014, 7_000_015, 7_000_016, 7_000_017, 7_000_018,
        ]
        /// No project name, or one that is too long.
        static let project: Set<Int> = [98219, 1_341_241]
        /// View-only user, service account outside its workspace.
        static let noRight: Set<Int> = [7_000_011, 7_000_023]
        static let projectFull = 7_000_020
        static let oldClient = 7_000_008
        static let otherProduct = 34323
    }

    func error(_ subject: String) -> HostError {
        let said = message.isEmpty ? "" : ": \(message)"
        let (outcome, remedy, retry) = judgement
        let what = code == 0 ? "HTTP \(status)" : "code \(code)"
        return HostError(
            outcome, "Comet refused this (\(what))\(said)", subject: subject, remedy: remedy, retry: retry,
            httpStatus: Int32(status))
    }

    private var judgement: (Status, String, Retry) {
        switch (code, status) {
        case (Code.badKey, _), (_, 401): (.auth, "Set COMET_API_KEY to a key that is valid.", .stop)
        case (Code.noWorkspace, _):
            (.notFound, "Give a workspace that exists: comet:WORKSPACE.", .stop)
        case (let code, _) where Code.project.contains(code):
            (.invalidOption, "Give another project: comet:WORKSPACE/PROJECT.", .stop)
        case (let code, _) where Code.noRight.contains(code):
            (.forbidden, "Ask the workspace's owner for the right to write.", .stop)
        case (_, 402), (_, 403): (.forbidden, "Ask the workspace's owner for the right to write.", .stop)
        case (Code.projectFull, _): (.limit, "The project is full; give another one.", .stop)
        case (Code.oldClient, _), (Code.otherProduct, _): (.unsupported, "", .stop)
        case (_, 429): (.rateLimited, "Try again later.", .later)
        case (_, 408), (_, 500...): (.unavailable, "Try again later.", .later)
        case (_, 200..<300):
            (.invalidData, "Check the option url: this answers, but not as Comet does.", .byStatus)
        case (Code.noExperiment, _), (_, 404): (.notFound, "", .byStatus)
        case (_, 413): (.limit, "", .byStatus)
        default: (.invalidData, "", .byStatus)
        }
    }
}
