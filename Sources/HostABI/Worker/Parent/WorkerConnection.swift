// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
internal import HostRecords

/// Calls into one worker process, and the services that it asks for meanwhile.
///
/// Thread rule: one call at a time, which its owner sees to; `cancel` from any thread.
final class WorkerConnection: @unchecked Sendable {
    private let process: WorkerProcess
    private let settings: WorkerSettings
    private let plugin: String
    private let version: String
    let context: CallContext
    /// Once set, every call fails with it.
    private var death: HostError?
    private var lastLook = Date()
    private var cancelledAt: Date?
    private let isCancelAsked = CancelFlag()
    private let requests: RequestRelay

    /// - Parameter version: with a space before it, or empty when nobody knows it yet.
    init(
        _ settings: WorkerSettings, plugin: String, version: String, context: CallContext
    ) throws(HostError) {
        process = try WorkerProcess(settings)
        self.settings = settings
        self.plugin = plugin
        self.version = version
        self.context = context
        requests = RequestRelay(context.queue)
    }

    deinit { requests.forgetAll() }

    var isDead: Bool { death != nil }

    func cancel() {
        isCancelAsked.set()
        process.cancel()
    }

    private var flags: FrameFlags {
        var flags: FrameFlags = context.isCancelled ? .stopping : []
        if isCancelAsked.isSet { flags.insert(.cancelled) }
        return flags
    }

    /// Makes a call and serves the worker until it has answered. nil: a reader has no more.
    func call(
        _ kind: Message, _ head: WireWriter = WireWriter(), _ body: BodySegments = BodySegments()
    ) throws(HostError) -> Frame? {
        if let death { throw death }
        var lastSign = Date()
        var givenUp: String?
        do {
            if Date().timeIntervalSince(lastLook) > 0.5, let reason = look() {
                givenUp = reason
                throw Channel.Failure.givenUp
            }
            let patience = { [self] in
                givenUp = look() ?? overdue(since: lastSign)
                return givenUp == nil
            }
            try process.channel.send(kind, head, body, flags: flags, patience: patience)
            while true {
                var frame = try process.channel.receive(patience: patience)
                lastSign = Date()
                switch frame.kind {
                case .ok: return frame
                case .ended: return nil
                case .failed:
                    let error = try frame.head.error()
                    context.fail(error)
                    try context.check(error.status.rawValue, kind.label)
                    throw WireReader.damaged
                default: try serve(&frame)
                }
                lastSign = Date()
            }
        } catch let failure as Channel.Failure {
            throw end(failure, givenUp, in: kind)
        } catch {
            throw error as? HostError ?? WireReader.damaged
        }
    }

    /// Looks after the worker now and then: memory, and what it printed. Answers why it has to be stopped.
    private func look() -> String? {
        lastLook = Date()
        for line in process.takeOutput() { context.log(.warning, "printed: \(line)") }
        guard let bytes = process.residentBytes, bytes > settings.memoryLimit else { return nil }
        return "grew to \(bytes >> 20) MiB of memory (\(settings.memoryLimit >> 20) are allowed) and was stopped"
    }

    private func overdue(since lastSign: Date) -> String? {
        if context.isCancelled {
            let start = cancelledAt ?? Date()
            cancelledAt = start
            // The rule for plugins: a call ends within five seconds of `cancel`.
            if Date().timeIntervalSince(start) > 5 { return "did not stop when it was asked to" }
        }
        return Date().timeIntervalSince(lastSign) > settings.callTimeout
            ? "gave no sign of life for \(Int(settings.callTimeout)) s and was stopped" : nil
    }

    private func end(_ failure: Channel.Failure, _ reason: String?, in kind: Message) -> HostError {
        var what = reason
        if failure != .closed { process.stop() }
        let ended = process.howItEnded()
        for line in process.takeOutput() { context.log(.warning, "printed: \(line)") }
        if failure == .damaged { what = "sent what is no message and was stopped" }
        let error = HostError(
            context.isCancelled ? .cancelled : .internal, "The plugin '\(plugin)'\(version) \(what ?? ended) in its call \(kind.label).",
            subject: plugin, remedy: "Report this to the plugin's author.",
            detail: String(decoding: process.lastWords, as: UTF8.self),
            // The worker is started again; a unit that ends it twice is given up.
            retry: context.isCancelled ? .stop : .later)
        context.log(.error, error.message)
        death = error
        requests.forgetAll()
        return error
    }

    // MARK: services

    private func serve(_ frame: inout Frame) throws {
        defer { if let descriptor = frame.descriptor { close(descriptor) } }
        switch frame.kind {
        case .log:
            context.log(LogSeverity(rawValue: try frame.head.number()) ?? .info, try frame.head.text())
        case .loss: context.onLoss?(try frame.head.loss())
        case .protect: context.redactor.protect(try frame.head.text())
        case .submit: try requests.submit(&frame)
        case .forget: requests.forget(try frame.head.number())
        case .await:
            let ticket: UInt64 = try frame.head.number()
            try answer { () throws(HostError) in try requests.wait(for: ticket) }
        case .openBlob:
            let ref = try frame.head.text()
            try answer { () throws(HostError) in
                guard let openBlob = context.openBlob else {
                    throw HostError(.invalidState, "There is no unit whose blobs could be opened.")
                }
                var answer = RequestRelay.Answer()
                let blob = try openBlob(ref)
                answer.descriptor = blob.source.descriptor
                answer.kept = blob
                return answer
            }
        default: throw Channel.Failure.damaged
        }
    }

    private func answer(_ work: () throws(HostError) -> RequestRelay.Answer?) throws {
        do throws(HostError) {
            guard let answer = try work() else { return try sendOrFail(.ended) }
            try sendOrFail(.ok, answer.head, answer.body, descriptor: answer.descriptor)
        } catch {
            var head = WireWriter()
            head.put(error)
            try sendOrFail(.failed, head)
        }
    }

    private func sendOrFail(
        _ kind: Message, _ head: WireWriter = WireWriter(), _ body: BodySegments = BodySegments(),
        descriptor: Int32? = nil
    ) throws(HostError) {
        do throws(Channel.Failure) {
            try process.channel.send(kind, head, body, descriptor: descriptor)
        } catch {
            // The next receive finds out how the worker ended.
            return
        }
    }
}
