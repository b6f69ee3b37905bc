// SPDX-License-Identifier: Apache-2.0

import CCurl

/// Scheme, host and port: what rate limits count by and what credentials are bound to.
struct Authority: Hashable, Sendable {
    let scheme: String
    let host: String
    let port: String

    /// nil for anything but a complete http or https URL.
    init?(url: String) {
        guard let parts = URLParts(url), parts.scheme == "http" || parts.scheme == "https" else { return nil }
        (scheme, host, port) = (parts.scheme, parts.host.lowercased(), parts.port)
    }

    /// As the user writes it: the port only when it is not the scheme's own.
    var text: String {
        (scheme == "https" && port == "443") || (scheme == "http" && port == "80") ? host : "\(host):\(port)"
    }
}

/// A URL taken apart by libcurl, so that host and port are those it will connect to.
struct URLParts {
    let scheme: String
    let host: String
    let port: String
    let path: String
    let query: String?
    let password: String?

    init?(_ url: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK else { return nil }
        func part(_ which: CURLUPart, _ flags: UInt32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, which, &text, flags) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST),
            let port = part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)), let path = part(CURLUPART_PATH)
        else { return nil }
        (self.scheme, self.host, self.port, self.path) = (scheme, host, port, path)
        query = part(CURLUPART_QUERY)
        password = part(CURLUPART_PASSWORD, UInt32(CURLU_URLDECODE))
    }
}
