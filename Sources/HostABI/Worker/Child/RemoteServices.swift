// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
internal import HostRecords

/// The host's services as the plugin of a worker sees them: each is asked for through the channel.
///
/// Thread rule: `log` and `protect` from any thread; the rest belongs to the thread that is in the host's call,
/// which is the one that may receive answers.
final class RemoteServices: HTTPRequests, @unchecked Sendable {
    private let channel: Channel
    private let lock = NSLock()
    private var lastTicket: UInt64 = 0
    private var inFlight: Set<UInt64> = []

    init(_ channel: Channel) { self.channel = channel }

    func log(_ severity: LogSeverity, _ line: String) {
        var head = WireWriter()
        head.put(severity.rawValue)
        head.put(line)
        tell(.log, head)
    }

    func tell(_ loss: LossReport) {
        var head = WireWriter()
        head.put(loss)
        tell(.loss, head)
    }

    func protect(_ secret: String) {
        var head = WireWriter()
        head.put(secret)
        tell(.protect, head)
    }

    func openBlob(_ ref: String) throws(HostError) -> SourceBlob {
        var head = WireWriter()
        head.put(ref)
        guard let answer = try ask(.openBlob, head), let descriptor = answer.descriptor else {
            throw WireReader.damaged
        }
        return try SourceBlob(descriptor: descriptor)
    }

    // MARK: requests

    func submit(_ request: HTTPRequest) throws(HostError) -> UInt64 {
        let ticket = lock.withLock {
            lastTicket += 1
            inFlight.insert(lastTicket)
            return lastTicket
        }
        var head = WireWriter()
        head.put(ticket)
        head.put(request)
        switch request.body {
        case .none:
            head.put(Int64(0))
            head.put(nil as Int64?)
            tell(.submit, head)
        case .bytes(let bytes):
            head.put(Int64(0))
            head.put(Int64(bytes.count) as Int64?)
            bytes.withUnsafeBytes { bytes in
                var body = BodySegments()
                _ = body.add(bytes)
                tell(.submit, head, body)
            }
        case .source(let source, let offset, let length):
            guard let file = source as? FileBodySource else {
                throw HostError(.internal, "The body of an upload is no file.")
            }
            head.put(offset)
            head.put(length)
            tell(.submit, head, descriptor: file.descriptor)
        }
        return ticket
    }

    func wait(
        for ticket: UInt64
    ) throws(HostError) -> (ticket: UInt64, result: Result<HTTPAnswer, HostError>)? {
        guard lock.withLock({ ticket == 0 ? !inFlight.isEmpty : true }) else { return nil }
        var head = WireWriter()
        head.put(ticket)
        guard var answer = try ask(.await, head) else { return nil }
        let told: UInt64 = try answer.head.number()
        _ = lock.withLock { inFlight.remove(told) }
        guard try answer.head.bool() else { return (told, .failure(try answer.head.error())) }
        let status = Int(try answer.head.number(Int64.self))
        let headers = try answer.head.headers()
        let tries = Int(try answer.head.number(UInt32.self))
        let size = Int(clamping: try answer.head.number(UInt64.self))
        guard size <= answer.body.count else { throw WireReader.damaged }
        let bytes = UnsafeRawBufferPointer(start: answer.body.start, count: size)
        return (told, .success(HTTPAnswer(status: status, headers: headers, body: Array(bytes), tries: tries)))
    }

    func forget(_ ticket: UInt64) {
        guard lock.withLock({ inFlight.remove(ticket) != nil }) else { return }
        var head = WireWriter()
        head.put(ticket)
        tell(.forget, head)
    }

    /// The host has done so when it cancels.
    func cancelAll() {}

    // MARK: the channel

    /// A host that is gone ends this process soon, so a failure to tell it something needs no handling here.
    private func tell(
        _ kind: Message, _ head: WireWriter, _ body: BodySegments = BodySegments(), descriptor: Int32? = nil
    ) {
        try? channel.send(kind, head, body, descriptor: descriptor)
    }

    /// nil: there is nothing.
    private func ask(_ kind: Message, _ head: WireWriter) throws(HostError) -> Frame? {
        do {
            try channel.send(kind, head)
            var answer = try channel.receive()
            switch answer.kind {
            case .ok: return answer
            case .ended: return nil
            case .failed: throw try answer.head.error()
            default: throw WireReader.damaged
            }
        } catch {
            throw error as? HostError ?? HostError(.cancelled, "The host is gone.", retry: .stop)
        }
    }
}
