// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

// What a plugin says of itself, as it crosses between worker and host.

extension WireWriter {
    mutating func put(_ plugin: PluginDescription) {
        for text in [
            plugin.name, plugin.version, plugin.summary, plugin.vendor, plugin.licence, plugin.home, plugin.runtime,
        ] { put(text) }
        put(plugin.roles.rawValue)
        put(plugin.options) { $0.put($1) }
        put(plugin.limits) { $0.put($1) }
        put(plugin.actions) { $0.put($1) }
        put(UInt32(clamping: plugin.abiMinor))
    }

    mutating func put(_ option: OptionSpec) {
        put(option.name)
        put(option.kind.rawValue)
        put(option.flags.rawValue)
        put(option.roles.rawValue)
        put(option.defaultValue)
        put(option.choices) { $0.put($1) }
        put(option.environment) { $0.put($1) }
        put(option.summary)
        put(option.example)
    }

    mutating func put(_ action: ActionSpec) {
        put(action.name)
        put(action.effect.rawValue)
        put(action.flags.rawValue)
        put(action.role.rawValue)
        put(action.summary)
        put(action.help)
        put(action.parameters) { $0.put($1) }
        put(action.results) {
            $0.put($1.name)
            $0.put($1.kind.rawValue)
            $0.put($1.summary)
        }
    }

    mutating func put(_ limits: Limits) {
        put(Table.allCases.filter(limits.tables.contains)) { $0.put($1.rawValue) }
        put(limits.abilities.rawValue)
        put(limits.kinds) { $0.put($1) }
        put(NameScope.allCases) { writer, scope in
            let rule = limits.name(scope)
            writer.put(rule.characters.rawValue)
            writer.put(rule.first.rawValue)
            writer.put(rule.extra)
            writer.put(Int64(rule.maxLength))
            writer.put(rule.countsBytes)
            writer.put(rule.isNormalPath)
            writer.put(rule.replacement.value)
        }
        put(Int64(limits.maxText))
        put(Int64(limits.maxBatchRows))
    }
}

extension WireReader {
    mutating func plugin() throws(HostError) -> PluginDescription {
        var plugin = PluginDescription()
        plugin.name = try text()
        plugin.version = try text()
        plugin.summary = try text()
        plugin.vendor = try text()
        plugin.licence = try text()
        plugin.home = try text()
        plugin.runtime = try text()
        plugin.roles = Roles(rawValue: try number())
        plugin.options = try list { reader throws(HostError) in try reader.option() }
        plugin.limits = try optional { reader throws(HostError) in try reader.limits() }
        plugin.actions = try list { reader throws(HostError) in try reader.action() }
        plugin.abiMinor = Int(try number(UInt32.self))
        return plugin
    }

    mutating func kind() throws(HostError) -> OptionSpec.Kind {
        guard let kind = OptionSpec.Kind(rawValue: try number()) else { throw Self.damaged }
        return kind
    }

    mutating func option() throws(HostError) -> OptionSpec {
        var option = OptionSpec(try text(), try kind(), summary: "")
        option.flags = OptionSpec.Flags(rawValue: try number())
        option.roles = Roles(rawValue: try number())
        option.defaultValue = try optionalText()
        option.choices = try list { reader throws(HostError) in try reader.text() }
        option.environment = try list { reader throws(HostError) in try reader.text() }
        option.summary = try text()
        option.example = try text()
        return option
    }

    mutating func action() throws(HostError) -> ActionSpec {
        let name = try text()
        guard let effect = ActionSpec.Effect(rawValue: try number()) else { throw Self.damaged }
        var action = ActionSpec(name, effect, ActionSpec.Flags(rawValue: try number()), summary: "")
        action.role = Roles(rawValue: try number())
        action.summary = try text()
        action.help = try text()
        action.parameters = try list { reader throws(HostError) in try reader.option() }
        action.results = try list { reader throws(HostError) in
            ActionSpec.Result(try reader.text(), try reader.kind(), summary: try reader.text())
        }
        return action
    }

    mutating func limits() throws(HostError) -> Limits {
        let tables = try list { reader throws(HostError) in try reader.text() }
        var limits = Limits(
            tables: Set(tables.compactMap { Table(rawValue: $0) }), abilities: Abilities(rawValue: try number()),
            kinds: try list { reader throws(HostError) in try reader.text() })
        let rules = try list { reader throws(HostError) in
            var rule = NameLimit(NameLimit.Characters(rawValue: try reader.number()))
            rule.first = NameLimit.Characters(rawValue: try reader.number())
            rule.extra = try reader.text()
            rule.maxLength = Int(try reader.number(Int64.self))
            rule.countsBytes = try reader.bool()
            rule.isNormalPath = try reader.bool()
            rule.replacement = Unicode.Scalar(try reader.number(UInt32.self)) ?? "_"
            return rule
        }
        for (scope, rule) in zip(NameScope.allCases, rules) { limits.names[scope] = rule }
        limits.maxText = Int(try number(Int64.self))
        limits.maxBatchRows = Int(try number(Int64.self))
        return limits
    }
}
