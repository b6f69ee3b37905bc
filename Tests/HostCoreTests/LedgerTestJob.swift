// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCore
import HostRecords

/// A job in a folder of its own that goes away with it.
final class LedgerTestJob: Sendable {
    static let identity = JobIdentity(
        from: "parquet:./exports", to: ["mlflow:http://127.0.0.1:5000"], selection: ["project": "org/*"],
        options: ["step-multiplier": "1"])

    let folder: String

    init() {
        folder = FileManager.default.temporaryDirectory.path + "/ledger-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var file: String { folder + "/" + Ledger.fileName }

    func open(_ identity: JobIdentity = LedgerTestJob.identity) throws(HostError) -> Ledger {
        try Ledger.open(lock: try JobLock.acquire(in: folder), identity: identity)
    }
}

extension UnitKey {
    static func run(_ id: String) -> UnitKey { UnitKey(kind: "run", project: "org/project", id: id) }
}

/// The error that `body` must throw.
func hostError(_ body: () throws -> Void) -> HostError? {
    do {
        try body()
        return nil
    } catch {
        return error as? HostError
    }
}
