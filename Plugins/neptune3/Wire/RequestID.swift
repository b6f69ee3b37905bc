// SPDX-License-Identifier: Apache-2.0

/// What a server echoes, so that its answers find the series that were asked for: `SALT:NUMBER`.
enum RequestID {
    /// nil for an answer to another request, which a confused server or a cache on the way may give.
    static func position(_ id: String, _ salt: String) -> Int? {
        guard id.hasPrefix(salt + ":") else { return nil }
        return Int(id.dropFirst(salt.count + 1))
    }
}
