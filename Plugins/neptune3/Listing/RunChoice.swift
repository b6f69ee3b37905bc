// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Which runs of a project are read.
struct RunChoice {
    let pattern: JoinedPattern?
    /// Custom run ids; empty: all that the pattern takes.
    let ids: [String]
    let takesArchived: Bool

    init(_ options: Options) throws(HostError) {
        let text = options.text("runs") ?? ""
        pattern = text.isEmpty ? nil : JoinedPattern(text)
        var ids = OptionList.values(options.text("run-ids"))
        if let file = options.text("run-ids-file") {
            ids += try OptionList.lines(ofFile: file, option: "run-ids-file")
            guard !ids.isEmpty else {
                throw HostError(
                    .invalidOption, "The file of run ids is empty.", subject: "run-ids-file \(file.shown)")
            }
        }
        self.ids = OptionList.unique(ids)
        takesArchived = options.bool("include-archived")
        if pattern != nil, !self.ids.isEmpty {
            throw HostError(
                .invalidOption, "Runs are chosen by ids or by a pattern, not by both.", subject: "runs",
                remedy: "Leave out 'runs', or 'run-ids' and 'run-ids-file'.")
        }
    }
}

/// Queries in Neptune's language, as its own client writes them.
enum RunQuery {
    /// nil: without a condition.
    static func all(_ choice: RunChoice) -> String? {
        var conditions: [String] = []
        if let pattern = choice.pattern {
            let alternatives = pattern.alternatives.map { parts in
                parts.map { "(\(id) \($0.isNegated ? "NOT MATCHES" : "MATCHES") \(quoted($0.pattern)))" }
                    .joined(separator: " AND ")
            }
            conditions.append(alternatives.map { "(\($0))" }.joined(separator: " OR "))
        }
        if !choice.takesArchived { conditions.append(#"`sys/archived`:bool != "True""#) }
        guard conditions.count > 1 else { return conditions.first }
        return conditions.map { "(\($0))" }.joined(separator: " AND ")
    }

    /// The archived ones of those, which are left out.
    static func leftOut(_ choice: RunChoice) -> String {
        let archived = #"(`sys/archived`:bool == "True")"#
        guard let pattern = choice.pattern else { return archived }
        let taken = RunChoice(pattern: pattern, takesArchived: true)
        return "(\(all(taken) ?? "")) AND \(archived)"
    }

    static func ids(_ ids: some Sequence<String>) -> String {
        ids.map { "(\(id) == \(quoted($0)))" }.joined(separator: " OR ")
    }

    static func systemID(_ text: String) -> String { "(`sys/id`:string == \(quoted(text)))" }

    private static let id = "`sys/custom_run_id`:string"

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == "\"" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}

extension RunChoice {
    fileprivate init(pattern: JoinedPattern, takesArchived: Bool) {
        self.pattern = pattern
        self.takesArchived = takesArchived
        ids = []
    }
}
