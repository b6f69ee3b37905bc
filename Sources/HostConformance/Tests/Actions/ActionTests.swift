// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostHTTP
internal import HostRecords

struct ActionCalls: ConformanceTest {
    let name = "action-calls"
    let level = Level.actions
    let summary =
        "each action that only reads, or can say what it would do, fits its declaration and changes nothing"
    let crashRule = "R-ACTION-1"
    let hangRule = "R-ACTION-1"

    func reasonToSkip(_ subject: Subject) -> String? {
        subject.briefing.actionCount == 0 ? "the plugin has no actions" : nil
    }

    /// One child for each action and kind of values, since a wrong declaration mostly ends in a crash.
    func drive(_ driver: Driver) throws(Finding) -> String {
        var called = 0
        for index in 0..<driver.subject.briefing.actionCount {
            for values in ["natural", "marked"] {
                do throws(Finding) {
                    let folder = try driver.folder("a\(index)-\(values)")
                    let result = try driver.stage(values, ["action": "\(index)"], scratch: folder)
                    if result.note == "called" { called += 1 }
                } catch {
                    // The others are worth a look too.
                    driver.note(error)
                }
            }
        }
        return "\(called) calls"
    }

    func run(_ bench: Bench) throws {
        let index = bench.testCase.parameters["action"].flatMap { Int($0) } ?? 0
        bench.events.call("describe")
        let library = try PluginLibrary(path: bench.testCase.library)
        let action = library.description.actions[index]
        guard action.effect == .reads || action.flags.contains(.dryRun) else {
            return bench.events.note("changes things")
        }
        let options = try options(bench, action)
        if !action.role.isEmpty, options == nil { return bench.events.note("needs an endpoint") }
        let context = CallContext(
            label: library.name, queue: try bench.endpoint().queue, redactor: Redactor(),
            cancelFlag: CancelFlag(), log: { _, _ in })
        let folder = options.flatMap { FolderState.location(scope: $0.scope) }
        let before = try folder.map { try FolderState($0) }
        bench.events.call("action \(action.name)")
        let report = try ActionCanary.run(
            action: index, of: library, values: bench.testCase.stage == "natural" ? .natural : .marked,
            at: options,
            context: context)
        bench.events.note("called")
        for finding in report.findings {
            bench.note("R-ACTION-1", expected: "\(action.name) fits its declaration", happened: finding.text)
        }
        if let failure = report.failure, failure.status == .internal {
            bench.note("R-LIFE-1", expected: "\(action.name) fails with a reason", happened: "\(failure)")
        }
        if let before, let folder, let change = before.difference(to: try FolderState(folder)) {
            let rule = action.effect == .reads ? "R-ACTION-3" : "R-ACTION-4"
            bench.note(rule, expected: "\(action.name) changes nothing", happened: change)
        }
    }

    private func options(_ bench: Bench, _ action: ActionSpec) throws -> OptionValues? {
        let briefing = bench.briefing
        let values =
            action.role == .exporter ? briefing.exporter : action.role == .loader ? briefing.loader : nil
        guard let values = values?.inside(bench.testCase.scratch) else { return nil }
        return OptionValues(
            scope: values.scope,
            values: values.values.mapValues { value in
                switch value {
                case .text(let text): .text(text)
                case .integer(let integer): .integer(integer)
                case .number(let number): .number(number)
                }
            })
    }
}

extension FolderState {
    static func location(scope: String) -> String? {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: scope, isDirectory: &isFolder)
        return scope.hasPrefix("/") && exists && isFolder.boolValue ? scope : nil
    }
}
