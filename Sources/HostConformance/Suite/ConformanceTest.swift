// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// One test. It runs in a process of its own, so that a crash, a hang or an exit fails this test alone.
protocol ConformanceTest: Sendable {
    /// kebab-case; what `--test` and the manifest's gaps name.
    var name: String { get }
    var level: Level { get }
    /// What a plugin has to do, in one line.
    var summary: String { get }
    /// The rule that a crash of the process breaks, unless the place of the crash tells more.
    var crashRule: String { get }
    /// The rule that a call which does not end breaks.
    var hangRule: String { get }

    /// Why the test can't be run with this plugin; nil when it can.
    func reasonToSkip(_ subject: Subject) -> String?

    /// The test itself, in the child. Soft findings go to `bench.note`.
    func run(_ bench: Bench) throws

    /// How the parent runs it: usually as one child.
    func drive(_ driver: Driver) throws(Finding) -> String
}

extension ConformanceTest {
    var crashRule: String { "R-LIFE-1" }
    var hangRule: String { "R-LIFE-9" }
    func reasonToSkip(_ subject: Subject) -> String? { nil }
    func run(_ bench: Bench) throws {}
    func drive(_ driver: Driver) throws(Finding) -> String { try driver.stage("").note }
}

/// What a test can need of its subject.
enum Need {
    static func exporter(_ subject: Subject) -> String? {
        guard subject.briefing.roles.contains(.exporter) else { return "the plugin does not read" }
        return subject.briefing.exporter == nil ? "the manifest has no [conformance.exporter]" : nil
    }

    static func loader(_ subject: Subject) -> String? {
        guard subject.briefing.roles.contains(.loader) else { return "the plugin does not write" }
        return subject.briefing.loader == nil ? "the manifest has no [conformance.loader]" : nil
    }

    /// Either role with an endpoint.
    static func endpoint(_ subject: Subject) -> String? {
        let exporter = exporter(subject)
        return exporter == nil ? nil : loader(subject) == nil ? nil : exporter
    }

    /// What was written can be read by the plugin itself.
    static func readBack(_ subject: Subject) -> String? {
        if let reason = loader(subject) { return reason }
        guard subject.briefing.roles.contains(.exporter) else {
            return "the plugin can't read what it writes"
        }
        return subject.briefing.readBack == nil ? "the loader's endpoint can't be read by the exporter" : nil
    }

    /// What was written can be read or counted.
    static func inspection(_ subject: Subject) -> String? {
        if let reason = loader(subject) { return reason }
        if readBack(subject) == nil || !subject.setup.count.isEmpty { return nil }
        return "the plugin can't read what it writes, and the manifest has no count program"
    }
}
