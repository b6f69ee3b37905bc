// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What kind of value stands under a path, in the words that Neptune's exporter uses.
package enum AttributeType: String, CaseIterable, Sendable {
    case float, int, string, bool, datetime
    case stringSet = "string_set"
    case floatSeries = "float_series"
    case stringSeries = "string_series"
    case histogramSeries = "histogram_series"
    case file
    case fileSeries = "file_series"
    case fileSet = "file_set"
    case artifact

    /// - Parameter word: the field's type or the file's role, from the column of that name.
    /// - Returns: nil for tables whose rows are no attributes, and for words that tables.h does not have.
    package init?(_ table: Table, word: String = "") {
        switch (table, word) {
        case (.fields, "float"): self = .float
        case (.fields, "int"): self = .int
        case (.fields, "text"): self = .string
        case (.fields, "bool"): self = .bool
        case (.fields, "time"): self = .datetime
        case (.fields, "set"): self = .stringSet
        case (.points, _): self = .floatSeries
        case (.series, _): self = .stringSeries
        case (.histograms, _): self = .histogramSeries
        case (.files, "file"): self = .file
        case (.files, "series"): self = .fileSeries
        case (.files, "member"): self = .fileSet
        case (.files, "listing"): self = .artifact
        default: return nil
        }
    }

    /// The column whose words tell the types of a table's rows; nil where all are of one type.
    static func column(of table: Table) -> String? {
        switch table {
        case .fields: "type"
        case .files: "role"
        default: nil
        }
    }

    /// This type alone, as a set of types.
    var bit: UInt16 { 1 << UInt16(Self.allCases.firstIndex(of: self) ?? 0) }
}
