// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
internal import HostRecords

/// What this program is when it is started as `host __worker`: one plugin, one instance, driven through the channel.
package enum WorkerProgram {
    /// Whether the process was started to be a worker.
    package static var isWanted: Bool {
        CommandLine.argc == 2 && CommandLine.arguments[1] == WorkerProcess.verb
    }

    /// Returns when the host has gone or has let go of the worker.
    package static func run() {
        closeInherited()
        let flag = CancelFlag()
        let channel = Channel(socket: WorkerProcess.channelDescriptor)
        let desk = WorkerDesk(channel, flag)
        WorkerControl.watch(WorkerProcess.controlDescriptor) {
            flag.set()
            desk.cancel()
        }
        while let frame = try? channel.receive() {
            if frame.flags.contains(.stopping) { flag.set() }
            if frame.flags.contains(.cancelled) { desk.cancel() }
            guard (try? desk.handle(frame)) != nil else { break }
        }
    }

    /// Whatever else the host had open is none of a plugin's business.
    private static func closeInherited() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in names.compactMap({ Int32($0) }) where descriptor > WorkerProcess.controlDescriptor {
            close(descriptor)
        }
    }
}

/// Listens to the host apart from its calls.
private enum WorkerControl {
    static func watch(_ descriptor: Int32, _ cancel: @escaping @Sendable () -> Void) {
        let thread = Thread {
            var byte: UInt8 = 0
            while true {
                let got = read(descriptor, &byte, 1)
                if got < 0, errno == EINTR { continue }
                // Nothing is left to do for a host that is gone, and the plugin may be in a call that never ends.
                guard got == 1 else { _exit(0) }
                cancel()
            }
        }
        thread.name = "control"
        thread.start()
    }
}
