// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

// Arguments and outcomes of actions, as they cross between host and worker.

extension WireWriter {
    mutating func put(_ arguments: ActionArguments) {
        put(arguments.isDryRun)
        put(arguments.values) { writer, argument in
            switch argument {
            case .absent: writer.put(UInt8(0))
            case .value(let value):
                writer.put(UInt8(1))
                writer.put(value)
            case .texts(let texts):
                writer.put(UInt8(2))
                writer.put(texts) { $0.put($1) }
            }
        }
    }

    mutating func put(_ outcome: ActionOutcome) {
        put(outcome.results) { $0.put($1) }
        put(outcome.rows) { writer, row in
            writer.put(row) { writer, cell in writer.put(cell) { $0.put($1) } }
        }
        put(outcome.failure) { $0.put($1) }
    }
}

extension WireReader {
    mutating func actionArguments() throws(HostError) -> ActionArguments {
        let isDryRun = try bool()
        let values = try list { reader throws(HostError) -> ActionArgument in
            switch try reader.number(UInt8.self) {
            case 0: .absent
            case 1: .value(try reader.optionValue())
            case 2: .texts(try reader.list { reader throws(HostError) in try reader.text() })
            default: throw Self.damaged
            }
        }
        return ActionArguments(values, isDryRun: isDryRun)
    }

    mutating func actionOutcome() throws(HostError) -> ActionOutcome {
        var outcome = ActionOutcome()
        outcome.results = try list { reader throws(HostError) in try reader.optionValue() }
        outcome.rows = try list { reader throws(HostError) in
            try reader.list { reader throws(HostError) in
                try reader.optional { reader throws(HostError) in try reader.optionValue() }
            }
        }
        outcome.failure = try optional { reader throws(HostError) in try reader.error() }
        return outcome
    }
}
