// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

/// How text is put into the ledger and taken out, byte for byte.
///
/// SQLite's text ends at the first NUL where it is bound by a C string, and names of a source may hold one;
/// so text with NUL is stored as a blob of its UTF-8.
enum LedgerText {
    static func value(_ text: String) -> DatabaseValue {
        text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
    }

    static func value(_ text: String?) -> DatabaseValue {
        text.map { value($0) } ?? .null
    }

    static func text(_ value: DatabaseValue) -> String? {
        switch value.storage {
        case .string(let text): text
        case .blob(let data): String(decoding: data, as: UTF8.self)
        default: nil
        }
    }
}

extension Row {
    func text(_ column: String) -> String? {
        LedgerText.text(self[column])
    }

    /// For columns that are never null.
    func requiredText(_ column: String) -> String {
        text(column) ?? ""
    }
}
