// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import HostRecords

extension HostError {
    /// What a failing ledger means for the user. Without its ledger a job can't go on, so all of them stop
    /// it.
    init(ledger error: any Error, file: String) {
        if let known = error as? HostError {
            self = known
            if subject.isEmpty { subject = file }
            return
        }
        guard let failure = error as? DatabaseError else {
            self.init(.internal, "the ledger failed.", subject: file, detail: "\(error)", retry: .stop)
            return
        }
        let (status, message, remedy) = Self.meaning(of: failure.resultCode)
        self.init(
            status, message, subject: file, remedy: remedy,
            detail: "SQLite \(failure.extendedResultCode.rawValue): \(failure.message ?? "")", retry: .stop)
    }

    private static func meaning(of code: ResultCode) -> (Status, String, String) {
        switch code {
        case .SQLITE_FULL:
            (.io, "the disk of the job's ledger is full.", "Make room and run the same command again.")
        case .SQLITE_READONLY, .SQLITE_PERM:
            (
                .io, "the ledger cannot be written to.",
                "Make the job's folder writable, or choose another with --job-dir."
            )
        case .SQLITE_CANTOPEN:
            (
                .io, "the ledger cannot be opened.",
                "Check that the folder exists and that you may write to it."
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            (
                .invalidData, "the ledger is damaged.",
                "Restore the job's folder from a backup, or begin anew with --fresh: units that are complete"
                    + " in the target are found there and not written again."
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (.conflict, "the ledger is in use by another program.", "Close the program that has it open.")
        case .SQLITE_IOERR:
            (
                .io, "the disk of the ledger failed to read or write.",
                "Check the disk and run the same command again."
            )
        default:
            (.internal, "the ledger refused a statement.", "")
        }
    }
}
