// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostCore
internal import HostRecords

/// Shows a run while it goes on and what came of it.
///
/// One thread of its own does all the writing, so a terminal that is held (Ctrl-S) holds nothing else. Events
/// come from any thread.
final class RunScreen: @unchecked Sendable {
    private let mode: ProgressMode
    private let interval: Double
    private let started = Date()
    private let condition = NSCondition()
    private var events: [(at: Date, event: RunPainter.Event)] = []
    private var isEnding = false
    private let ended = DispatchSemaphore(value: 0)
    private var painter: RunPainter?

    init(_ mode: ProgressMode) throws(HostError) {
        self.mode = mode.resolved(for: Console.traits(STDERR_FILENO))
        interval = try ProgressInterval.read(ProcessInfo.processInfo.environment)
    }

    var observer: @Sendable (RunMonitor.Event) -> Void {
        { [self] event in post(.run(event)) }
    }

    /// A line for the user.
    func notice(_ text: String) { post(.notice(text)) }

    func start(_ context: JobContext) {
        let painter = RunPainter(mode, job: context.settings, started: started, interval: interval)
        self.painter = painter
        let monitor = context.monitor
        let thread = Thread { [self] in
            show(painter.start())
            while let events = nextEvents() {
                painter.traits = Console.traits(STDERR_FILENO)
                show(painter.paint(events, monitor.snapshot))
            }
            ended.signal()
        }
        thread.name = "screen"
        thread.start()
    }

    func finish(_ result: JobResult) {
        guard let painter else { return }
        condition.lock()
        isEnding = true
        condition.broadcast()
        condition.unlock()
        ended.wait()
        show(painter.finish(takeEvents(), result))
    }

    private func post(_ event: RunPainter.Event) {
        condition.lock()
        events.append((Date(), event))
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for an event or for the next frame; nil when the run has ended.
    private func nextEvents() -> [(at: Date, event: RunPainter.Event)]? {
        condition.lock()
        defer { condition.unlock() }
        let frame = Date(timeIntervalSinceNow: mode == .bar ? 0.2 : 1)
        while events.isEmpty, !isEnding {
            if !condition.wait(until: frame) { break }
        }
        if isEnding { return nil }
        defer { events.removeAll() }
        return events
    }

    private func takeEvents() -> [(at: Date, event: RunPainter.Event)] {
        condition.lock()
        defer { condition.unlock() }
        defer { events.removeAll() }
        return events
    }

    private func show(_ painted: RunPainter.Painted) {
        if !painted.screen.isEmpty { Console.raw(painted.screen) }
        if !painted.result.isEmpty { Console.tell(painted.result) }
    }
}
