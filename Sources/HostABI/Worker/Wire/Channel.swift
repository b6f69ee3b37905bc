// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// What is told with every message.
struct FrameFlags: OptionSet {
    let rawValue: UInt32
    /// A file descriptor travels with it.
    static let descriptor = FrameFlags(rawValue: 1)
    /// The user has asked to stop.
    static let stopping = FrameFlags(rawValue: 2)
    /// `cancel` was called on the instance: told here too, since the control socket may be slower.
    static let cancelled = FrameFlags(rawValue: 4)
}

/// One message as it was received.
struct Frame {
    var kind: Message
    var flags: FrameFlags
    var head: WireReader
    var body: BodyMemory
    /// An open file that came with it; whoever takes the frame closes it.
    var descriptor: Int32?
}

/// One end of the socket pair between host and worker.
///
/// A frame is its kind, the sizes of head and body, and then both; a file descriptor may travel with it.
/// Thread rule: `send` may come from any thread; `receive` belongs to the thread that drives the instance.
final class Channel: @unchecked Sendable {
    enum Failure: Error {
        /// The other end is gone.
        case closed
        case damaged
        /// `patience` said so.
        case givenUp
    }

    private let socket: Int32
    private let sending = NSLock()
    /// Larger heads or bodies are no messages of ours.
    private static let maxHead: UInt64 = 1 << 28
    private static let maxBody: UInt64 = 1 << 33
    private static let frameHead = 24

    /// Takes the descriptor over.
    init(socket: Int32) {
        self.socket = socket
        // Batches are megabytes; the default buffer would cost a switch of threads every 200 KB.
        var size: Int32 = 4 << 20
        for option in [SO_SNDBUF, SO_RCVBUF] {
            setsockopt(socket, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    deinit { close(socket) }

    /// Lets a `send` that can't go on ask for patience, too.
    func limitSending() {
        var pause = timeval(tv_sec: 0, tv_usec: 500_000)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &pause, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Makes both ends think that the other is gone. Any thread.
    func shutDown() { shutdown(socket, Int32(SHUT_RDWR)) }

    func send(
        _ kind: Message, _ head: WireWriter = WireWriter(), _ body: BodySegments = BodySegments(),
        descriptor: Int32? = nil, flags: FrameFlags = [], patience: () -> Bool = { true }
    ) throws(Failure) {
        var start = WireWriter()
        start.put(kind.rawValue)
        start.put(flags.union(descriptor == nil ? [] : .descriptor).rawValue)
        start.put(UInt64(head.bytes.count))
        start.put(UInt64(body.count))
        let first = BodyMemory(copying: start.bytes + head.bytes)
        sending.lock()
        defer { sending.unlock() }
        try put([UnsafeRawBufferPointer(first.buffer)] + body.pieces, descriptor, patience)
        withExtendedLifetime(first) {}
    }

    private func put(
        _ pieces: [UnsafeRawBufferPointer], _ descriptor: Int32?, _ patience: () -> Bool
    ) throws(Failure) {
        var rest = pieces.filter { !$0.isEmpty }
        var descriptor = descriptor
        while !rest.isEmpty {
            var vectors = rest.prefix(64).map {
                iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
            }
            var control = DescriptorMessage(descriptor)
            let sent = vectors.withUnsafeMutableBufferPointer { vectors in
                control.withHeader(vectors) { sendmsg(socket, &$0, Int32(MSG_NOSIGNAL)) }
            }
            if sent < 0 {
                guard errno == EINTR || errno == EAGAIN else { throw .closed }
                guard patience() else { throw .givenUp }
                continue
            }
            descriptor = nil
            var left = sent
            while left > 0, let piece = rest.first {
                if left >= piece.count {
                    left -= piece.count
                    rest.removeFirst()
                } else {
                    rest[0] = UnsafeRawBufferPointer(rebasing: piece.dropFirst(left))
                    left = 0
                }
            }
        }
    }

    /// Waits for a frame. `patience` is asked about twice a second while nothing comes; false gives up.
    func receive(patience: () -> Bool = { true }) throws(Failure) -> Frame {
        let start = BodyMemory(count: Self.frameHead)
        var descriptor: Int32?
        try fill(start.buffer, &descriptor, patience)
        do throws(Failure) {
            let sizes = try Sizes(start.array)
            let head = BodyMemory(count: sizes.head)
            try fill(head.buffer, &descriptor, patience)
            let body = BodyMemory(count: sizes.body)
            try fill(body.buffer, &descriptor, patience)
            return Frame(kind: sizes.kind, flags: sizes.flags, head: WireReader(head.array), body: body, descriptor: descriptor)
        } catch {
            if let descriptor { close(descriptor) }
            throw error
        }
    }

    /// What the fixed part of a frame says.
    private struct Sizes {
        let kind: Message
        let flags: FrameFlags
        let head: Int
        let body: Int

        init(_ start: [UInt8]) throws(Failure) {
            var reader = WireReader(start)
            guard let raw = try? reader.number(UInt32.self), let kind = Message(rawValue: raw),
                let flags = try? reader.number(UInt32.self),
                let head = try? reader.number(UInt64.self), head <= maxHead,
                let body = try? reader.number(UInt64.self), body <= maxBody
            else { throw .damaged }
            self.kind = kind
            self.flags = FrameFlags(rawValue: flags)
            self.head = Int(head)
            self.body = Int(body)
        }
    }

    private func fill(
        _ bytes: UnsafeMutableRawBufferPointer, _ descriptor: inout Int32?, _ patience: () -> Bool
    ) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, 500)
            if ready == 0 || (ready < 0 && errno == EINTR) {
                guard patience() else { throw .givenUp }
                continue
            }
            var vector = [iovec(iov_base: rest.base.baseAddress.map { $0 + rest.startIndex }, iov_len: rest.count)]
            var control = DescriptorMessage(room: true)
            let got = vector.withUnsafeMutableBufferPointer { vector in
                control.withHeader(vector) { recvmsg(socket, &$0, Int32(MSG_CMSG_CLOEXEC)) }
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw .closed }
            if let arrived = control.descriptor {
                if let old = descriptor { close(old) }
                descriptor = arrived
            }
            rest = rest.dropFirst(got)
        }
    }
}

/// The control message that carries one file descriptor (unix(7), SCM_RIGHTS); C's macros for it are not
/// known to Swift.
private struct DescriptorMessage {
    /// cmsghdr: length, level, type; then the descriptor, padded to eight bytes.
    private var bytes: [UInt8] = []
    private static let length = 20
    private static let space = 24

    init(_ descriptor: Int32?) {
        guard let descriptor else { return }
        bytes = [UInt8](repeating: 0, count: Self.space)
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: Self.length, toByteOffset: 0, as: Int.self)
            $0.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            $0.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
            $0.storeBytes(of: descriptor, toByteOffset: 16, as: Int32.self)
        }
    }

    init(room: Bool) { bytes = [UInt8](repeating: 0, count: Self.space) }

    mutating func withHeader(
        _ vectors: UnsafeMutableBufferPointer<iovec>, _ body: (inout msghdr) -> Int
    ) -> Int {
        bytes.withUnsafeMutableBytes { control in
            var header = msghdr()
            header.msg_iov = vectors.baseAddress
            header.msg_iovlen = vectors.count
            if !control.isEmpty {
                header.msg_control = control.baseAddress
                header.msg_controllen = control.count
            }
            return body(&header)
        }
    }

    /// What arrived; nil when none did.
    var descriptor: Int32? {
        bytes.withUnsafeBytes {
            guard $0.loadUnaligned(as: Int.self) == Self.length,
                $0.loadUnaligned(fromByteOffset: 12, as: Int32.self) == Int32(SCM_RIGHTS)
            else { return nil }
            return $0.loadUnaligned(fromByteOffset: 16, as: Int32.self)
        }
    }
}
