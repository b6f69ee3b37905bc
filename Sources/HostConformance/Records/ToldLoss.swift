// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A loss in a form that goes from one process to another.
struct ToldLoss: Codable {
    var kind: String
    var table: Table
    var code: String
    var rows: Int64

    static func text(_ losses: [LossReport]) -> String {
        let told = losses.map { ToldLoss(kind: $0.kind.label, table: $0.table, code: $0.code, rows: $0.rows) }
        return (try? JSONEncoder().encode(told)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    static func reports(_ text: String) -> [LossReport] {
        let told = (try? JSONDecoder().decode([ToldLoss].self, from: Data(text.utf8))) ?? []
        return told.compactMap { loss in
            LossKind(label: loss.kind).map {
                LossReport($0, loss.table, loss.code, rows: loss.rows, note: "")
            }
        }
    }
}
