// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Streams a file of the storage by parts: while one is handed out, the next is under way.
final class StoredBytes: ByteSource {
    private static let partSize: Int64 = 4 << 20

    private let server: Server
    private let reference: FileReference
    private var address: SignedAddress?
    private(set) var size: Int64?
    private var tag = ""
    /// Fetched up to here.
    private var end: Int64 = 0
    private var part: ArraySlice<UInt8> = []
    private var ticket: UInt64?
    private var lastDamage: HostError?

    init(_ server: Server, _ reference: FileReference, _ address: SignedAddress?) {
        self.server = server
        self.reference = reference
        self.address = address
    }

    deinit {
        if let ticket { server.abandon(ticket) }
    }

    /// Fetches the first part, so that a file that is not there is found out now.
    func begin(_ call: Call) throws(HostError) {
        try fetch(call)
    }

    func next(capacity: Int, _ call: Call) throws(HostError) -> [UInt8] {
        if part.isEmpty, end < size ?? 0 { try fetch(call) }
        let bytes = part.prefix(capacity)
        part = part.dropFirst(bytes.count)
        return Array(bytes)
    }

    private func fetch(_ call: Call) throws(HostError) {
        for _ in 1...3 {
            if call.isCancelled { throw HostError(.cancelled, "Stopped while a file was read.") }
            switch try part(call) {
            case .bytes(let bytes, let total, let tag):
                try take(bytes, total, tag)
                try askAhead(call)
                return
            case .gone:
                throw HostError(
                    .notFound, "The storage no longer has this file.", subject: reference.path.shown)
            case .refused(let status) where SignedAddress.isRefusal(status): address = nil
            case .refused(let status):
                throw HostError(
                    .invalidData, "The storage does not hand over this file (HTTP \(status)).",
                    subject: reference.path.shown,
                    httpStatus: Int32(status))
            case .encoded:
                try fetchDecoded(call)
                return
            case nil: continue
            }
        }
        throw lastDamage
            ?? HostError(
                .forbidden, "The storage refuses each new address of this file.",
                subject: reference.path.shown, retry: .later)
    }

    /// nil when the answer was cut.
    private func part(_ call: Call) throws(HostError) -> RangeAnswer? {
        do {
            return try RangeAnswer(try answer(call), reference, from: end)
        } catch where error.status == .invalidData {
            lastDamage = error
            return nil
        }
    }

    private func answer(_ call: Call) throws(HostError) -> HTTPAnswer {
        if let ticket {
            self.ticket = nil
            return try call.answer(to: ticket)
        }
        return try call.send(RangeRequest.make(try signed(call).url, end..<end + Self.partSize))
    }

    private func signed(_ call: Call) throws(HostError) -> SignedAddress {
        if let address { return address }
        let found = try AddressRequest(server: server).addresses([reference], call)
        guard let fresh = found[reference] else {
            throw HostError(
                .invalidData, "The server gave no address of the file.", subject: reference.path.shown)
        }
        address = fresh
        return fresh
    }

    private func take(_ bytes: [UInt8], _ total: Int64, _ tag: String) throws(HostError) {
        if let size, size != total || self.tag != tag {
            throw HostError(
                .invalidData, "The file changed while it was read.", subject: reference.path.shown,
                retry: .later)
        }
        guard !bytes.isEmpty || end == total else {
            throw HostError(
                .invalidData, "The storage ended before the file's end.", subject: reference.path.shown,
                retry: .later)
        }
        size = total
        self.tag = tag
        part = bytes[...]
        end += Int64(bytes.count)
    }

    private func askAhead(_ call: Call) throws(HostError) {
        guard end < size ?? 0, let address else { return }
        ticket = try call.submit(RangeRequest.make(address.url, end..<end + Self.partSize))
    }

    /// A file that lies compressed in the storage comes whole, and plain.
    private func fetchDecoded(_ call: Call) throws(HostError) {
        var request = RangeRequest.whole(try signed(call).url)
        request.headers = [("Accept-Encoding", "gzip, deflate")]
        let answer = try call.send(request)
        guard answer.status == 200 else { throw Refusal(answer).error(reference.path.shown) }
        part = answer.body[...]
        end = Int64(answer.body.count)
        size = end
    }
}
