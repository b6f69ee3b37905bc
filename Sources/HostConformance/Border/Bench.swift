// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import Foundation
internal import HostABI
internal import HostHTTP
internal import HostRecords

/// What a test works with in its child: the case, the way to tell, and the plugin's roles.
///
/// Thread rule: one thread, but for `note` and `perform`, which any may call.
final class Bench: @unchecked Sendable {
    let testCase: TestCase
    let events: EventPipe
    /// Ends this process in the middle of the work, when the case says so.
    let killer: Killer
    /// The one of this process, for callbacks that come without a call.
    nonisolated(unsafe) private(set) static var current: Bench?
    private var service: HTTPService?
    private var opened: RawPlugin?

    init(_ testCase: TestCase, _ events: EventPipe) {
        self.testCase = testCase
        self.events = events
        killer = Killer(testCase.parameters)
        Self.current = self
    }

    var briefing: Briefing { testCase.briefing }

    func random(_ purpose: String) -> SeededGenerator {
        SeededGenerator(seed: testCase.seed, purpose: purpose)
    }

    func note(_ finding: Finding) { events.finding(finding) }
    func note(_ rule: String, expected: String, happened: String) {
        note(Finding(rule, expected: expected, happened: happened))
    }

    func expect(_ holds: Bool, _ rule: String, expected: String, happened: @autoclosure () -> String) {
        if !holds { note(rule, expected: expected, happened: happened()) }
    }

    // MARK: the plugin

    func plugin(_ kind: TestHost.Kind = .whole) throws -> RawPlugin {
        if let opened { return opened }
        events.call("dlopen")
        let plugin = try RawPlugin(path: testCase.library)
        events.call("init")
        let status = try plugin.start(kind)
        guard status == .ok else {
            throw Finding("R-DESCRIBE-12", expected: "init takes this host", happened: status.label)
        }
        opened = plugin
        return plugin
    }

    func values(_ values: EndpointValues?) throws -> EndpointValues {
        guard let values else {
            throw Finding("kit", expected: "an endpoint in the manifest", happened: "none")
        }
        return values.inside(testCase.scratch)
    }

    func openExporter(_ values: EndpointValues? = nil) throws -> RawExporter {
        try RawExporter(self, try plugin().exporterTable(), try self.values(values ?? briefing.exporter))
    }

    func openLoader(_ values: EndpointValues? = nil) throws -> RawLoader {
        try RawLoader(self, try plugin().loaderTable(), try self.values(values ?? briefing.loader))
    }

    func endpoint(secrets: [String] = []) throws -> TestEndpoint {
        let service: HTTPService
        if let made = self.service {
            service = made
        } else {
            var settings = HTTPSettings()
            settings.retry.budget = .seconds(10)
            service = try HTTPService(settings)
            self.service = service
        }
        return TestEndpoint(queue: service.makeQueue(), secrets: secrets)
    }

    // MARK: calls

    /// One call into the plugin: told before it is made, with arguments that vanish after it.
    ///
    /// - Returns: `HOST_OK` or `HOST_END`; everything else is thrown as what the plugin told.
    @discardableResult
    func perform(
        _ name: String, _ endpoint: TestEndpoint, _ body: (OpaquePointer?, LentPages) throws -> host_status
    ) throws -> Status {
        events.call(name)
        let call = TestCall(name, endpoint, self)
        let pages = LentPages(.arguments)
        killer.before(name)
        let status = Status(rawValue: try body(call.pointer, pages))
        killer.after(name)
        call.end()
        pages.revoke()
        let told = call.takeFailure()
        if status == .ok || status == .end { return status }
        events.callFailed(name)
        guard var told else {
            if status != .cancelled {
                note(
                    "R-LIFE-2", expected: "a call that fails has told why",
                    happened: "\(name): \(status.label), no word")
            }
            throw HostError(status, "The plugin's \(name) failed and did not say why.")
        }
        if told.message.isEmpty {
            note("R-LIFE-2", expected: "an error has a message for people", happened: "\(name): an empty one")
        }
        told.status = status
        throw told
    }

    /// A function that gives nothing back.
    func perform(_ name: String, _ body: () -> Void) {
        events.call(name)
        killer.before(name)
        body()
        killer.after(name)
    }
}
