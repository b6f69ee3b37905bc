// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A child process that runs one plugin: this program again, joined by a channel for calls, a socket for `cancel`
/// and a pipe for whatever the plugin prints.
///
/// Thread rule: one thread at a time, but `cancel`, which any may call.
final class WorkerProcess: @unchecked Sendable {
    let channel: Channel
    private let pid: pid_t
    private let control: Int32
    private let output: Int32
    private var isReaped = false
    /// The last of what the plugin printed, for the report of its end.
    private(set) var lastWords: [UInt8] = []

    /// Where the child finds its ends.
    static let channelDescriptor: Int32 = 3
    static let controlDescriptor: Int32 = 4
    static let verb = "__worker"

    init(_ settings: WorkerSettings) throws(HostError) {
        var calls: [Int32] = [-1, -1]
        var control: [Int32] = [-1, -1]
        var output: [Int32] = [-1, -1]
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, flags, 0, &calls) == 0, socketpair(AF_UNIX, flags, 0, &control) == 0,
            pipe(&output) == 0
        else {
            let reason = String(cString: strerror(errno))
            for descriptor in calls + control + output where descriptor >= 0 { close(descriptor) }
            throw Self.notStarted(reason)
        }
        // Numbers above those that the child expects, so that no dup2 overwrites one that is still needed.
        let ends = [calls[1], control[1], output[1]].map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
        for descriptor in [calls[1], control[1], output[1]] { close(descriptor) }
        defer { for descriptor in ends where descriptor >= 0 { close(descriptor) } }
        channel = Channel(socket: calls[0])
        channel.limitSending()
        self.control = control[0]
        self.output = output[0]
        _ = fcntl(output[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(output[0], F_SETFL, O_NONBLOCK)
        switch Self.spawn(settings.executable, calls: ends[0], control: ends[1], output: ends[2]) {
        case .success(let started): pid = started
        case .failure(let error):
            close(control[0])
            close(output[0])
            throw error
        }
    }

    deinit {
        close(control)
        if !isReaped {
            kill(pid, SIGKILL)
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }
        close(output)
    }

    private static func notStarted(_ reason: String) -> HostError {
        HostError(
            .io, "No worker process can be started for the plugin: \(reason).",
            remedy: "Look at the limits of processes and open files (ulimit -a).", retry: .stop)
    }

    private static func spawn(
        _ executable: String, calls: Int32, control: Int32, output: Int32
    ) -> Result<pid_t, HostError> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_adddup2(&actions, calls, channelDescriptor)
        posix_spawn_file_actions_adddup2(&actions, control, controlDescriptor)
        // A group of its own: Ctrl-C is for the host, which tells its workers.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("host"), strdup(verb), nil]
        defer { for argument in arguments { free(argument) } }
        // Swift's crash report would hold the process for a second or more; the host makes its own.
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] = "enable=no"
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for variable in variables { free(variable) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, &arguments, &variables)
        guard code == 0 else { return .failure(notStarted(String(cString: strerror(code)))) }
        return .success(pid)
    }

    func cancel() {
        var byte: UInt8 = 1
        _ = send(control, &byte, 1, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    func stop() { kill(pid, SIGKILL) }

    /// Bytes in memory now; nil when the process is gone.
    var residentBytes: Int64? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return nil }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// What the plugin printed since the last time, by lines.
    func takeOutput() -> [String] {
        var new: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while new.count < 1 << 20 {
            let got = read(output, &buffer, buffer.count)
            if got <= 0 { break }
            new.append(contentsOf: buffer[..<got])
        }
        lastWords = Array((lastWords + new).suffix(2048))
        return String(decoding: new, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// How the process ended: "was ended by SIGSEGV". A process that only closed its channel is ended here.
    func howItEnded() -> String {
        var status: Int32 = 0
        for attempt in 0..<200 {
            let got = waitpid(pid, &status, WNOHANG)
            if got == pid {
                isReaped = true
                break
            }
            if attempt == 100 { kill(pid, SIGKILL) }
            usleep(10_000)
        }
        guard isReaped else { return "can't be ended" }
        let signal = status & 0x7f
        return signal == 0
            ? "ended the process with exit code \(status >> 8 & 0xff)" : "crashed (\(SignalName.of(signal)))"
    }
}

enum SignalName {
    static func of(_ number: Int32) -> String {
        let names: [Int32: String] = [
            SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGILL: "SIGILL", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
            SIGTRAP: "SIGTRAP", SIGKILL: "SIGKILL", SIGTERM: "SIGTERM", SIGSYS: "SIGSYS", SIGPIPE: "SIGPIPE",
        ]
        return names[number] ?? "signal \(number)"
    }
}
