// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

struct LifeWrongOptions: ConformanceTest {
    let name = "life-wrong-options"
    let level = Level.lifecycle
    let summary = "each option wrong in turn is taken or refused by name, and a right open works after it"
    let crashRule = "R-LIFE-1"

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    private static let texts = [
        "", "\u{1}", "../..", String(repeating: "x", count: 5000), "\u{1F680}", "%s%n", "a\u{0}b",
    ]
    private static let integers: [Int64] = [-1, 0, .min, .max]
    private static let numbers = [Double.nan, -.infinity, -1, .greatestFiniteMagnitude]

    func run(_ bench: Bench) throws {
        let plugin = try bench.plugin()
        let specs = plugin.options.map { OptionSpec($0) }
        var tried = 0
        for (role, values) in [(Roles.exporter, bench.briefing.exporter), (.loader, bench.briefing.loader)] {
            guard let values else { continue }
            for (index, spec) in specs.enumerated() {
                // A made-up location could be anybody's folder; the fuzz level has harmless ones.
                guard let spec, spec.roles.contains(role), !spec.flags.contains(.location), spec.kind != .path
                else {
                    continue
                }
                for value in wrong(spec) {
                    var changed = values
                    changed.values[index] = value
                    try attempt(bench, role, changed, spec)
                    tried += 1
                }
            }
            try open(bench, role, values)
        }
        bench.events.note("\(tried) wrong values")
    }

    private func wrong(_ spec: OptionSpec) -> [EndpointValues.Value] {
        switch spec.kind {
        case .text, .path, .url: Self.texts.map { .text($0) }
        case .int, .bool, .duration, .size: Self.integers.map { .integer($0) }
        case .float: Self.numbers.map { .number($0) }
        }
    }

    private func attempt(_ bench: Bench, _ role: Roles, _ values: EndpointValues, _ spec: OptionSpec) throws {
        do {
            try open(bench, role, values)
        } catch let error as HostError {
            if error.status == .internal {
                bench.note(
                    "R-LIFE-1", expected: "a wrong '\(spec.name)' is refused as such", happened: "\(error)")
            }
        }
    }

    private func open(_ bench: Bench, _ role: Roles, _ values: EndpointValues) throws {
        if role == .exporter {
            try bench.openExporter(values).close()
        } else {
            try bench.openLoader(values).close()
        }
    }
}
