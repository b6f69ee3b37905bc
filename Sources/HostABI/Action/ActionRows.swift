// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

/// Collects the rows of one call, each cell checked against its column.
///
/// Thread rule: one-thread, as `api->row` is.
final class ActionRows {
    /// What a plugin that runs wild may take of the host's memory.
    private static let maxBytes: Int64 = 256 << 20

    private let columns: [ActionSpec.Result]
    private var bytes: Int64 = 0
    private(set) var rows: [[OptionValue?]] = []
    /// The first row that was not taken: no plugin may pass over that.
    private(set) var refusal: HostError?

    init(_ columns: [ActionSpec.Result]) { self.columns = columns }

    func add(_ cells: [host_option_value]) throws(HostError) {
        do throws(HostError) {
            rows.append(try checked(cells))
        } catch {
            refusal = refusal ?? error
            throw error
        }
    }

    private func checked(_ cells: [host_option_value]) throws(HostError) -> [OptionValue?] {
        var row = [OptionValue?](repeating: nil, count: columns.count)
        bytes += Int64(64 * columns.count)
        for cell in cells {
            let index = Int(cell.index)
            guard index < columns.count else {
                throw HostError(
                    .invalidData, "A row has a cell of column \(index); the action declares \(columns.count)."
                )
            }
            guard row[index] == nil else {
                throw HostError(
                    .invalidData, "A row has two cells of one column.", subject: columns[index].name)
            }
            row[index] = try value(cell, columns[index])
            bytes += cell.text.size
        }
        guard bytes <= Self.maxBytes else {
            throw HostError(.limit, "The action gives more than \(Self.maxBytes >> 20) MiB of rows.")
        }
        return row
    }

    /// A cell tells no type of its own: a value in a member that is not its column's is what can be seen.
    private func value(_ cell: host_option_value, _ column: ActionSpec.Result) throws(HostError)
        -> OptionValue
    {
        let isText = column.word == .textResult
        let isNumber = column.word == .numberResult
        guard isText || cell.text.data == nil && cell.text.size == 0, isNumber || cell.number == 0,
            column.word == .integerResult || column.word == .truthResult || cell.integer == 0
        else {
            throw HostError(.invalidData, "A cell is not of its column's type.", subject: column.name)
        }
        if isText { return .text(try ActionTexts.copy(cell.text, column.name)) }
        if isNumber { return .number(cell.number) }
        guard column.kind != .bool || cell.integer == 0 || cell.integer == 1 else {
            throw HostError(.invalidData, "A cell is neither true nor false.", subject: column.name)
        }
        return .integer(cell.integer)
    }
}

/// Texts that an action lends.
enum ActionTexts {
    static let maxBytes: Int64 = 64 << 20

    /// Lifetime: what is read here is borrowed for the time of the call.
    static func copy(_ text: host_text, _ name: String) throws(HostError) -> String {
        guard text.size >= 0, text.size <= maxBytes, text.data != nil || text.size == 0 else {
            throw HostError(.invalidData, "The text has an impossible size (\(text.size)).", subject: name)
        }
        return text.string
    }
}
