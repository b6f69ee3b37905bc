// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostCore
internal import HostRecords

struct DescribeLimits: ConformanceTest {
    let name = "describe-limits"
    let level = Level.describe
    let summary = "a loader's limits can be kept: known bits, kinds, name rules with an allowed replacement"
    let crashRule = "R-DESCRIBE-9"

    func reasonToSkip(_ subject: Subject) -> String? {
        subject.briefing.roles.contains(.loader) || subject.briefing.name.isEmpty
            ? nil : "the plugin does not write"
    }

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        guard plugin.roles.contains(.loader) else { return }
        bench.events.call("reading the limits")
        guard let place = plugin.descriptor.limits else {
            throw Finding("R-DESCRIBE-9", expected: "a loader has limits", happened: "NULL")
        }
        let raw = RawPlugin.copy(place, place.pointee.struct_size)
        bench.expect(
            raw.tables & ~127 == 0, "R-DESCRIBE-9", expected: "known tables only", happened: "\(raw.tables)")
        bench.expect(
            raw.abilities & ~Abilities.all.rawValue == 0, "R-DESCRIBE-9", expected: "known abilities only",
            happened: "\(raw.abilities)")
        bench.expect(
            raw.max_text >= 0 && (0...Int64(HOST_MAX_BATCH_ROWS)).contains(raw.max_batch_rows),
            "R-DESCRIBE-9",
            expected: "max_text from 0, max_batch_rows from 0 to \(HOST_MAX_BATCH_ROWS)",
            happened: "\(raw.max_text), \(raw.max_batch_rows)")
        bench.expect(
            raw.name_count == 0 || raw.name_count == UInt32(HOST_SCOPE_COUNT), "R-DESCRIBE-9",
            expected: "no name rules or \(HOST_SCOPE_COUNT)", happened: "\(raw.name_count)")
        let limits = Limits(raw)
        bench.expect(
            !limits.kinds.isEmpty, "R-DESCRIBE-9", expected: "at least one kind of unit", happened: "none")
        for scope in limits.names.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            check(limits.name(scope), scope, bench)
        }
    }

    private func check(_ limit: NameLimit, _ scope: NameScope, _ bench: Bench) {
        do throws(HostError) {
            let rule = try NameRule(limit)
            // Behind a letter, so that a rule for the first character does not matter here.
            let sample = "a" + String(limit.replacement) + "a"
            bench.expect(
                rule.isValid(sample), "R-DESCRIBE-9",
                expected: "the replacement of \(scope.label) names is allowed",
                happened: "'\(limit.replacement)' is not")
        } catch {
            bench.note(
                "R-DESCRIBE-9", expected: "the rule for \(scope.label) names can be kept",
                happened: error.message)
        }
    }
}
