// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A child of the kit: this program again, with a case to read on descriptor 3 and events to write on 4.
///
/// Thread rule: one thread starts it and waits for it.
struct ChildProcess {
    static let verb = "__conform"
    static let caseDescriptor: Int32 = 3
    static let eventDescriptor: Int32 = 4

    struct End {
        var lines: [String]
        /// The signal that ended it, or 0.
        var signal: Int32
        var status: Int32
        /// It did not end in time and was killed.
        var isHung: Bool
        var output: String
        var errors: String
    }

    var executable = "/proc/self/exe"
    /// nil: the parent's own.
    var environment: [String: String]?

    func run(_ input: Data, scratch: String, limit: Double) throws(Finding) -> End {
        let casePipe = try Self.pipe()
        let eventPipe = try Self.pipe()
        defer { close(eventPipe.read) }
        let (outPath, errPath) = ("\(scratch)/.stdout", "\(scratch)/.stderr")
        let pid = try spawn(casePipe.read, eventPipe.write, outPath, errPath)
        close(casePipe.read)
        close(eventPipe.write)
        let feeder = Thread { Self.feed(input, to: casePipe.write) }
        feeder.start()
        let (lines, isHung) = Self.listen(eventPipe.read, limit: limit)
        // The whole group: also what the plugin may have started.
        if isHung { kill(-pid, SIGKILL) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        kill(-pid, SIGKILL)
        let signal = status & 0x7F
        return End(
            lines: lines, signal: signal, status: signal == 0 ? (status >> 8) & 0xFF : 0, isHung: isHung,
            output: Self.text(outPath), errors: Self.text(errPath))
    }

    private func spawn(_ input: Int32, _ events: Int32, _ out: String, _ err: String) throws(Finding) -> pid_t
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, err, flags, 0o600)
        posix_spawn_file_actions_adddup2(&actions, input, Self.caseDescriptor)
        posix_spawn_file_actions_adddup2(&actions, events, Self.eventDescriptor)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        let environment = environment ?? ProcessInfo.processInfo.environment
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("host"), strdup(Self.verb), nil]
        let variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, arguments, variables)
        guard code == 0 else {
            throw Finding(
                "kit", expected: "a child process starts", happened: String(cString: strerror(code)))
        }
        return pid
    }

    /// Both ends above the numbers that the child gives its own.
    private static func pipe() throws(Finding) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else {
            throw Finding("kit", expected: "a pipe can be made", happened: String(cString: strerror(errno)))
        }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        for end in ends { close(end) }
        return (moved[0], moved[1])
    }

    private static func feed(_ input: Data, to descriptor: Int32) {
        var rest = input[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        close(descriptor)
    }

    /// Lines until the last writer is gone or the limit is reached.
    private static func listen(_ descriptor: Int32, limit: Double) -> (lines: [String], isHung: Bool) {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(limit)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var isHung = false
        while true {
            let left = clock.now.duration(to: deadline)
            guard left > .zero else {
                isHung = true
                break
            }
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = Int32(min(left / .milliseconds(1), 60_000)) + 1
            guard poll(&poller, 1, milliseconds) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            // What the plugin started may hold the pipe open; the child's own last word counts.
            if bytes.suffix(count + 2).contains(10), bytes.hasSuffix([69, 9, 10]) { break }
        }
        return (String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init), isHung)
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ end: [UInt8]) -> Bool { suffix(end.count).elementsEqual(end) }
}
