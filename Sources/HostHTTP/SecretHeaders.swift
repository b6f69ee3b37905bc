// SPDX-License-Identifier: Apache-2.0

/// Headers that stand for a person or a program: never recorded, never sent on to another host.
enum SecretHeaders {
    private static let parts = [
        "authorization", "cookie", "token", "api-key", "apikey", "api_key", "secret", "password",
        "credential",
        "signature",
    ]

    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return parts.contains { name.contains($0) }
    }
}
