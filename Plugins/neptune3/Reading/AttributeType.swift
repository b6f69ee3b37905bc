// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Neptune's types of attributes, by the server's words.
enum AttributeType: String, CaseIterable {
    case float
    case int
    case string
    case bool
    case datetime
    case stringSet
    case floatSeries
    case stringSeries
    case histogramSeries
    case fileRef
    case fileRefSeries

    var table: Table {
        switch self {
        case .float, .int, .string, .bool, .datetime, .stringSet: .fields
        case .floatSeries: .points
        case .stringSeries: .series
        case .histogramSeries: .histograms
        case .fileRef, .fileRefSeries: .files
        }
    }

    var attributeClass: AttributeClass {
        switch table {
        case .points: .metrics
        case .series, .histograms: .series
        case .files: .files
        default: .parameters
        }
    }
}

/// What users choose by; the words are those of Neptune Exporter.
enum AttributeClass: String, CaseIterable {
    case parameters
    case metrics
    case series
    case files
}
