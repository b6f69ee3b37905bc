// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// What has no columns of its own is kept as JSON, which SQLite's own functions can read.
enum LedgerJSON {
    static func encode(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw HostError(
                .invalidData, "the ledger has an entry that cannot be read.", detail: "\(error)", retry: .stop
            )
        }
    }
}
