// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// The HTTP of the whole process: one thread, one pool of connections, one set of rules.
///
/// Any thread may call it. `stop`, or the last reference going away, ends the thread; requests in flight then
/// end with `.cancelled`. Queues hold the service, so it outlives them.
package final class HTTPService: Sendable {
    private enum Backend: Sendable {
        case network(EngineThread)
        case replay(Replayer)
    }

    private let backend: Backend
    private let redactor: Redactor

    package init(_ settings: HTTPSettings = HTTPSettings()) throws(HostError) {
        redactor = settings.redactor
        if let password = settings.proxy.flatMap({ URLParts($0)?.password }) { redactor.protect(password) }
        if let folder = settings.replayFolder {
            backend = .replay(try Replayer(folder: folder, redactor: settings.redactor))
        } else {
            let recorder = try settings.recordFolder.map { folder throws(HostError) in
                try Recorder(folder: folder, redactor: settings.redactor)
            }
            backend = .network(try EngineThread(settings, recorder: recorder))
        }
    }

    deinit { stop() }

    package func makeQueue() -> HTTPQueue { HTTPQueue(service: self) }

    /// Returns when the thread has ended. Later requests throw `.cancelled`.
    package func stop() {
        if case .network(let thread) = backend { thread.stop() }
    }

    func start(_ request: HTTPRequest, ticket: UInt64, for inbox: Inbox) throws(HostError) {
        try RequestCheck.check(request, redactor)
        switch backend {
        case .network(let thread):
            try thread.start(Exchange(request, ticket: ticket, inbox: inbox))
        case .replay(let replayer):
            inbox.finish(ticket, replayer.answer(request))
        }
    }

    func drop(_ inbox: Inbox, ticket: UInt64?) {
        if case .network(let thread) = backend { thread.drop(inbox, ticket: ticket) }
    }
}
