// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// One name that has another form in the target.
package struct Rename: Sendable, Hashable {
    package var source: String
    package var target: String
    package var changes: NameChanges

    package init(source: String, target: String, changes: NameChanges = []) {
        self.source = source
        self.target = target
        self.changes = changes
    }
}

/// The names of one scope of a unit in the target. No two sources share a target.
package struct NameMap: Sendable {
    /// Changed names only, sorted by source.
    package let renames: [Rename]
    private let targets: [ExactText: String]

    package init() {
        renames = []
        targets = [:]
    }

    private init(_ renames: [Rename]) {
        self.renames = renames
        targets = Dictionary(renames.map { (ExactText($0.source), $0.target) }) { first, _ in first }
    }

    package var isEmpty: Bool { renames.isEmpty }

    /// Renames that needed a suffix since their plain form belongs to another name.
    package var collisions: [Rename] { renames.filter { $0.changes.contains(.disambiguated) } }

    /// The name in the target; the source's own when it was not changed.
    package subscript(source: String) -> String {
        targets.isEmpty ? source : targets[ExactText(source)] ?? source
    }

    /// Gives each name its form in the target.
    ///
    /// 1. A name that is valid keeps its name, always.
    /// 2. A name renamed before (`stored`) has that name again, if it is valid and free.
    /// 3. The others, in the order of their bytes, have their adapted name when no name holds it, here or in
    ///    `stored`; else that name with a suffix.
    ///
    /// So the result depends on the names, the rule and what is stored, and not on their order.
    package static func build(names: [String], rule: NameRule, stored: [ExactText: String] = [:]) -> NameMap {
        let (valid, invalid) = split(Set(names.map { ExactText($0) }), by: rule)
        if invalid.isEmpty { return NameMap() }
        var taken = valid
        var renames: [Rename] = []
        var open: [ExactText] = []
        for source in invalid.sorted() {
            guard let target = stored[source], rule.isValid(target), !taken.contains(ExactText(target)) else {
                open.append(source)
                continue
            }
            taken.insert(ExactText(target))
            renames.append(rename(source, to: target, rule))
        }
        // A name that another unit of the project uses for another source would join the two wherever the
        // target shows units side by side.
        taken.formUnion(stored.values.lazy.map { ExactText($0) })
        for source in open {
            let target = freeTarget(for: source, rule, taken)
            taken.insert(ExactText(target))
            renames.append(rename(source, to: target, rule))
        }
        return NameMap(renames.sorted { ExactText($0.source) < ExactText($1.source) })
    }

    private static func split(
        _ names: Set<ExactText>, by rule: NameRule
    ) -> (valid: Set<ExactText>, invalid: [ExactText]) {
        var valid: Set<ExactText> = []
        var invalid: [ExactText] = []
        for name in names {
            if rule.isValid(name.text) { valid.insert(name) } else { invalid.append(name) }
        }
        return (valid, invalid)
    }

    private static func freeTarget(for source: ExactText, _ rule: NameRule, _ taken: Set<ExactText>) -> String
    {
        let adapted = rule.adapt(source.text).name
        if !taken.contains(ExactText(adapted)) { return adapted }
        var attempt = 0
        while true {
            let target = rule.suffixed(adapted, source: source.text, attempt: attempt)
            if !taken.contains(ExactText(target)) { return target }
            attempt += 1
        }
    }

    private static func rename(_ source: ExactText, to target: String, _ rule: NameRule) -> Rename {
        let (adapted, changes) = rule.adapt(source.text)
        let isPlain = ExactText(adapted) == ExactText(target)
        return Rename(
            source: source.text, target: target, changes: isPlain ? changes : changes.union(.disambiguated))
    }
}
