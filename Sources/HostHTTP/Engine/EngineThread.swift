// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostRecords

/// The background thread on which the engine lives, from the first request until `stop`.
///
/// Starting libcurl takes milliseconds (its TLS library has a lot to load), so commands without network never
/// do.
final class EngineThread: Sendable {
    private enum State {
        case notStarted
        case running(pthread_t, Mailbox)
        case stopped
    }

    private let state = Monitor(State.notStarted)
    private let settings: HTTPSettings
    private let recorder: Recorder?

    init(_ settings: HTTPSettings, recorder: Recorder?) throws(HostError) {
        try Self.check(settings)
        self.settings = settings
        self.recorder = recorder
    }

    func start(_ exchange: Exchange) throws(HostError) {
        guard let mailbox = try runningMailbox(), mailbox.post(.start(exchange)) else {
            throw .requestsCancelled
        }
    }

    func drop(_ inbox: Inbox, ticket: UInt64?) {
        let mailbox: Mailbox? = state.withLock {
            if case .running(_, let mailbox) = $0 { mailbox } else { nil }
        }
        mailbox?.post(.drop(inbox, ticket: ticket))
    }

    /// Waits for the thread's end, unless called on it.
    func stop() {
        let running: (pthread_t, Mailbox)? = state.withLock { state in
            defer { state = .stopped }
            if case .running(let thread, let mailbox) = state { return (thread, mailbox) }
            return nil
        }
        guard let (thread, mailbox) = running else { return }
        mailbox.post(.stop)
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    private func runningMailbox() throws(HostError) -> Mailbox? {
        try state.withLock { state throws(HostError) -> Mailbox? in
            switch state {
            case .running(_, let mailbox): return mailbox
            case .stopped: return nil
            case .notStarted: break
            }
            let multi = try MultiHandle(connectionsPerHost: settings.maxConnectionsPerHost)
            let mailbox = Mailbox(waking: multi)
            let engine = Engine(settings, multi: multi, mailbox: mailbox, recorder: recorder)
            // Retained for the thread, which takes the reference over.
            let context = Unmanaged.passRetained(engine)
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Engine>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, context.toOpaque())
            guard code == 0 else {
                context.release()
                throw HostError(
                    .internal, "The network thread could not be started: \(String(cString: strerror(code))).")
            }
            state = .running(thread, mailbox)
            return mailbox
        }
    }

    private static func check(_ settings: HTTPSettings) throws(HostError) {
        guard settings.maxConnectionsPerHost > 0, settings.maxStreamsPerHost > 0,
            settings.retry.maxAttempts > 0,
            settings.requestsPerSecond.map({ $0 > 0 && $0.isFinite }) ?? true,
            settings.bandwidthBytesPerSecond.map({ $0 > 0 }) ?? true
        else {
            throw HostError(.invalidOption, "The limits of the HTTP service must be greater than 0.")
        }
        for file in [
            settings.caFile, settings.clientCertificate?.certificateFile, settings.clientCertificate?.keyFile,
        ] {
            guard let file, access(file, R_OK) != 0 else { continue }
            throw HostError(
                .invalidOption, "A certificate file cannot be read: \(String(cString: strerror(errno))).",
                subject: file)
        }
    }
}
