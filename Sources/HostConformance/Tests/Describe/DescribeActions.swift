// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

struct DescribeActions: ConformanceTest {
    let name = "describe-actions"
    let level = Level.describe
    let summary = "actions have unique names, summaries, known types and no impossible parameter"
    let crashRule = "R-ACTION-2"

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("reading the actions")
        bench.expect(
            plugin.descriptor.action_count <= UInt32(HOST_MAX_ACTIONS), "R-ACTION-2",
            expected: "at most \(HOST_MAX_ACTIONS) actions", happened: "\(plugin.descriptor.action_count)")
        unique(plugin.actions.map { $0.name.string }, "action", bench)
        for action in plugin.actions { check(action, plugin.roles, bench) }
    }

    private func check(_ action: host_action, _ roles: Roles, _ bench: Bench) {
        let name = action.name.string
        bench.expect(
            DescribedText.isKebab(name), "R-ACTION-2", expected: "an action's name in kebab-case",
            happened: "'\(name)'")
        bench.expect(
            !action.summary.string.isEmpty, "R-ACTION-2", expected: "a summary of action '\(name)'",
            happened: "none")
        bench.expect(
            (1...3).contains(action.effect), "R-ACTION-2", expected: "'\(name)' has an effect",
            happened: "\(action.effect)")
        bench.expect(
            action.flags & ~3 == 0, "R-ACTION-2", expected: "'\(name)' has known flags",
            happened: "\(action.flags)")
        bench.expect(
            action.role & (action.role &- 1) == 0 && Roles(rawValue: action.role).isSubset(of: roles),
            "R-ACTION-2",
            expected: "'\(name)' works on no role or one that the plugin has", happened: "\(action.role)")
        bench.expect(
            action.function != nil, "R-ACTION-2", expected: "'\(name)' has a function", happened: "NULL")
        bench.expect(
            action.parameter_count <= UInt32(HOST_MAX_PARAMETERS), "R-ACTION-2",
            expected: "at most \(HOST_MAX_PARAMETERS) parameters of '\(name)'",
            happened: "\(action.parameter_count)")
        bench.expect(
            action.result_count <= UInt32(HOST_MAX_RESULTS), "R-ACTION-2",
            expected: "at most \(HOST_MAX_RESULTS) results of '\(name)'", happened: "\(action.result_count)")
        let parameters = RawPlugin.walk(action.parameters, action.parameter_count, action.parameter_stride)
        let results = RawPlugin.walk(action.results, action.result_count, action.result_stride)
        bench.expect(
            parameters.count == Int(action.parameter_count) && results.count == Int(action.result_count),
            "R-LOAD-4", expected: "strides of '\(name)' are at least the size of the elements",
            happened: "\(action.parameter_stride) and \(action.result_stride)")
        unique(parameters.map { $0.name.string }, "parameter of \(name)", bench)
        unique(results.map { $0.name.string }, "result of \(name)", bench)
        for parameter in parameters { check(parameter, name, bench) }
        for result in results {
            bench.expect(
                OptionSpec.Kind(rawValue: result.type) != nil && DescribedText.isKebab(result.name.string),
                "R-ACTION-2",
                expected: "a result of '\(name)' has a kebab-case name and a known type",
                happened: "'\(result.name.string)', \(result.type)")
        }
    }

    private func check(_ parameter: host_option, _ action: String, _ bench: Bench) {
        let what = "parameter '\(parameter.name.string)' of '\(action)'"
        guard let spec = OptionSpec(parameter) else {
            return bench.note(
                "R-ACTION-2", expected: "a known type of \(what)", happened: "\(parameter.type)")
        }
        bench.expect(
            DescribedText.isKebab(spec.name), "R-ACTION-2", expected: "a kebab-case name", happened: what)
        let isText = [.text, .path, .url].contains(spec.kind)
        let isRequired = spec.flags.contains(.required)
        bench.expect(
            isText || isRequired || spec.defaultValue != nil || spec.kind == .bool, "R-ACTION-2",
            expected: "\(what) is required or has a default", happened: "neither")
        bench.expect(
            isText || !spec.flags.contains(.list), "R-ACTION-2", expected: "\(what): lists are of texts",
            happened: "type \(parameter.type)")
        if let value = spec.defaultValue, let problem = DefaultValue.problem(value, spec) {
            bench.note(
                "R-DESCRIBE-6", expected: "the default of \(what) satisfies its own rules", happened: problem)
        }
    }

    private func unique(_ names: [String], _ what: String, _ bench: Bench) {
        for (name, all) in Dictionary(grouping: names, by: { $0 }) where all.count > 1 {
            bench.note("R-DESCRIBE-5", expected: "one \(what) named '\(name)'", happened: "\(all.count)")
        }
    }
}
