// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostABI
package import HostHTTP

/// The job's log file: one line an event, UTC, cleaned of secrets. Nothing goes to the terminal from here.
///
/// Thread rule: any thread.
package final class JobLog: @unchecked Sendable {
    private let lock = NSLock()
    private let file: FileHandle?
    private let redactor: Redactor
    private let threshold: LogSeverity

    /// A log that is not kept.
    package static func none(_ redactor: Redactor) -> JobLog {
        JobLog(file: nil, redactor: redactor, threshold: .error)
    }

    private init(file: FileHandle?, redactor: Redactor, threshold: LogSeverity) {
        self.file = file
        self.redactor = redactor
        self.threshold = threshold
    }

    /// Appends to `log.txt` in `folder`. Without a place to write, the job goes on without a log.
    package convenience init(folder: String, redactor: Redactor, threshold: LogSeverity = .info) {
        let path = folder + "/log.txt"
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let file = FileHandle(forWritingAtPath: path)
        _ = try? file?.seekToEnd()
        self.init(file: file, redactor: redactor, threshold: threshold)
    }

    package var sink: CallContext.LogSink {
        { [self] severity, line in write(severity, line) }
    }

    package func write(_ severity: LogSeverity, _ line: String) {
        guard severity >= threshold, let file else { return }
        let text = redactor.clean(line).replacingOccurrences(of: "\n", with: "\\n")
        let entry = "\(Date().ISO8601Format()) \(severity.label) \(text)\n"
        lock.withLock { try? file.write(contentsOf: Data(entry.utf8)) }
    }
}
