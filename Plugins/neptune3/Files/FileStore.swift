// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The storage behind Neptune: looks at files before they are listed, and opens them.
///
/// Looking fetches a file's first bytes. So a file that is gone is told as a loss and not met in the midst of
/// a transfer, sizes are true ones, and a small file is here already when it is opened.
///
/// Thread rule: that of the exporter's instance.
final class FileStore {
    enum Finding {
        case there(size: Int64?)
        case gone
        case unreadable(status: Int)
    }

    /// Fetched while looking; most files of experiments are smaller.
    private static let firstBytes: Int64 = 256 << 10
    /// Of small files that wait to be opened, in bytes.
    private static let maxKept = 16 << 20
    private static let maxAddresses = 2000

    private let server: Server
    private let inFlight: Int
    private var addresses = BoundedStore<SignedAddress>(limit: maxAddresses) { _ in 1 }
    private var contents = BoundedStore<[UInt8]>(limit: maxKept) { $0.count }

    init(_ server: Server, inFlight: Int) {
        self.server = server
        self.inFlight = inFlight
    }

    /// One finding for each reference, in their order; `sizes` are what Neptune says of them, 0 when nothing.
    func look(
        at references: [FileReference], sizes: [Int64], _ call: Call
    ) throws(HostError) -> [Finding] {
        var findings = [Finding?](repeating: nil, count: references.count)
        var left = Array(references.indices)
        for attempt in 1...3 where !left.isEmpty {
            let signed = try AddressRequest(server: server).addresses(left.map { references[$0] }, call)
            for (reference, address) in signed { addresses.put(reference, address) }
            let looks = try firstRanges(left.map { references[$0] }, signed, call)
            var again: [Int] = []
            for (index, look) in zip(left, looks) {
                switch look {
                case .refused where attempt < 3: again.append(index)
                case .damaged(let error):
                    guard attempt < 3 else { throw error }
                    again.append(index)
                case .refused(let status): findings[index] = .unreadable(status: status)
                // Another file's bytes, perhaps: what comes again is believed.
                case .found(.there(let size?)) where sizes[index] > 0 && size != sizes[index] && attempt < 3:
                    again.append(index)
                case .found(let finding): findings[index] = finding
                }
            }
            left = again
        }
        return findings.map { $0 ?? .unreadable(status: 0) }
    }

    private enum Look {
        case found(Finding)
        case refused(status: Int)
        case damaged(HostError)
    }

    private func firstRanges(
        _ references: [FileReference], _ signed: [FileReference: SignedAddress], _ call: Call
    ) throws(HostError) -> [Look] {
        var tickets: [UInt64] = []
        var looks: [Look] = []
        defer { for ticket in tickets.dropFirst(looks.count) { call.forget(ticket) } }
        while looks.count < references.count {
            if call.isCancelled { throw HostError(.cancelled, "Stopped while files were looked at.") }
            while tickets.count < references.count, tickets.count - looks.count < inFlight {
                let url = signed[references[tickets.count]]?.url ?? ""
                tickets.append(try call.submit(RangeRequest.make(url, 0..<Self.firstBytes)))
            }
            looks.append(try look(references[looks.count], tickets[looks.count], call))
        }
        return looks
    }

    private func look(_ reference: FileReference, _ ticket: UInt64, _ call: Call) throws(HostError) -> Look {
        let answer: RangeAnswer
        do {
            answer = try RangeAnswer(try call.answer(to: ticket), reference, from: 0)
        } catch where error.status == .invalidData {
            return .damaged(error)
        } catch where error.status == .limit {
            // A server without ranges sends all of a large file.
            return .found(.there(size: nil))
        }
        switch answer {
        case .gone: return .found(.gone)
        case .refused(let status):
            return SignedAddress.isRefusal(status)
                ? .refused(status: status)
                : .found(.unreadable(status: status))
        case .encoded: return .found(.there(size: nil))
        case .bytes(let bytes, let total, _):
            if Int64(bytes.count) == total { contents.put(reference, bytes) }
            return .found(.there(size: total))
        }
    }

    func open(_ text: String, _ call: Call) throws(HostError) -> Blob {
        let reference = try FileReference(text)
        if let bytes = contents.take(reference) {
            return .bytes(KeptBytes(bytes), size: Int64(bytes.count))
        }
        let source = StoredBytes(server, reference, addresses.peek(reference))
        try source.begin(call)
        return .bytes(source, size: source.size)
    }
}

/// The bytes of a file that was fetched before.
private final class KeptBytes: ByteSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    func next(capacity: Int, _ call: Call) throws(HostError) -> [UInt8] {
        let part = rest.prefix(capacity)
        rest = rest.dropFirst(part.count)
        return Array(part)
    }
}
