// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// An API token as users copy it: base64 of a JSON object that tells the server's address.
struct APIToken {
    /// The whole text: what the token exchange wants, not only the key inside.
    let text: String
    /// The opaque key inside, a secret of its own.
    let key: String
    /// The server's address without a slash at the end.
    let base: String

    init(_ given: String) throws(HostError) {
        let trimmed = given.drop { $0.isWhitespace }
        let text = String(trimmed.reversed().drop { $0.isWhitespace }.reversed())
        guard !text.isEmpty else { throw Self.refusal("There is no API token.") }
        guard let bytes = Base64Text.decode(text), let content = try? JSON(parsing: bytes) else {
            throw Self.refusal("The API token is not one that Neptune made: it can't be decoded.")
        }
        let addresses = [content["api_url"]?.text, content["api_address"]?.text]
        guard var base = addresses.lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) else {
            throw Self.refusal("The API token names no server.")
        }
        // As Neptune's own client does.
        if !base.contains("://") { base = "https://" + base }
        guard base.hasPrefix("https://") || base.hasPrefix("http://") else {
            throw Self.refusal("The API token names a server that is no web address.")
        }
        while base.last == "/" { base.removeLast() }
        self.text = text
        self.base = base
        key = content["api_key"]?.text ?? ""
    }

    private static func refusal(_ message: String) -> HostError {
        HostError(
            .invalidOption, message, subject: "api-token",
            remedy:
                "Copy the token from the user menu in Neptune ('Get your API token') into NEPTUNE_API_TOKEN.")
    }
}
