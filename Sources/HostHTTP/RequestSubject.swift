// SPDX-License-Identifier: Apache-2.0

/// How errors and recordings name a request: never with user, password, or a query that must stay hidden.
struct RequestSubject {
    /// `METHOD host/path[?query]`
    let text: String
    /// `scheme://host/path[?query]`
    let url: String

    init(_ request: HTTPRequest, url: String? = nil, _ redactor: Redactor) {
        guard let parts = URLParts(url ?? request.url), let authority = Authority(url: url ?? request.url) else {
            // Not a URL, so nobody knows which part of it is secret.
            text = redactor.clean(request.method)
            self.url = ""
            return
        }
        let query = request.hidesQuery ? "" : parts.query.map { "?\($0)" } ?? ""
        text = redactor.clean("\(request.method) \(authority.text)\(parts.path)\(query)")
        self.url = redactor.clean("\(parts.scheme)://\(authority.text)\(parts.path)\(query)")
    }
}
