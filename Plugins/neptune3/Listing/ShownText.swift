// SPDX-License-Identifier: Apache-2.0

extension String {
    /// For messages: what a user or a server gave may be longer than an error's subject, 4,096 bytes.
    var shown: String { utf8.count <= 400 ? self : prefix(100) + "…" }
}
