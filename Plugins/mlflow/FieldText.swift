// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension FieldValue {
    /// The value as MLflow's users are used to see it: as Python prints it.
    var mlflowText: String {
        switch self {
        case .int(let number): String(number)
        case .float(let number): PythonText.float(number)
        case .text(let text): text
        case .bool(let flag): PythonText.bool(flag)
        case .time(let microseconds): UTCTime(microseconds: microseconds).spacedText
        case .set(let elements): Self.text(of: elements)
        }
    }

    /// How the Neptune exporter writes the value, where that differs: a run of its making is gone on with,
    /// and its params cannot change.
    var exporterText: String {
        switch self {
        case .int(let number): PythonText.float(Double(number))
        case .set(let elements): elements.joined(separator: ",")
        default: mlflowText
        }
    }

    /// Joined by commas; a JSON array where that could not be told apart again.
    private static func text(of elements: [String]) -> String {
        let isAmbiguous = elements == [""] || elements.contains { $0.contains(",") || $0.contains("\"") }
        guard isAmbiguous else { return elements.joined(separator: ",") }
        var json = JSONWriter()
        json.beginArray()
        for element in elements { json.value(element) }
        json.endArray()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
