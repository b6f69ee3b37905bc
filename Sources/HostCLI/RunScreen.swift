// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostCore
internal import HostRecords

/// Shows a run while it goes on and what came of it.
final class RunScreen: @unchecked Sendable {
    private let kind: ProgressKind

    init(_ kind: ProgressKind, settings: JobSettings) {
        self.kind = kind
    }

    var observer: @Sendable (RunMonitor.Event) -> Void { { _ in } }

    func start(_ context: JobContext) {}

    func finish(_ result: JobResult) {
        for failure in result.state.failures {
            Console.error("failed: \(failure.unit.project)/\(failure.unit.id): \(failure.error)")
        }
        for entry in result.state.losses.entries {
            Console.error("loss: \(entry.code) \(entry.table.label) \(entry.rows) e.g. \(entry.examples.first ?? "") : \(entry.note)")
        }
        if let error = result.stoppedBy { Console.error("host: \(error)") }
    }
}
