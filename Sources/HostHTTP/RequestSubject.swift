// SPDX-License-Identifier: Apache-2.0

/// How errors and recordings name a request: never with user, password, or a query that must stay hidden.
struct RequestSubject {
    /// `METHOD host/path[?query]`
    let text: String
    /// `scheme://host/path[?query]`
    let url: String

    init(_ request: HTTPRequest, url: String? = nil, _ redactor: Redactor) {
        guard let parts = URLParts(url ?? request.url), let authority = Authority(url: url ?? request.url)
        else {
            // Not a URL, so what may be a user, a password or a query is guessed.
            let place = Self.place(in: url ?? request.url)
            text = redactor.clean("\(request.method) \(place)")
            self.url = redactor.clean(place)
            return
        }
        let query = request.hidesQuery ? "" : parts.query.map { "?\($0)" } ?? ""
        text = redactor.clean("\(request.method) \(authority.text)\(parts.path)\(query)")
        self.url = redactor.clean("\(parts.scheme)://\(authority.text)\(parts.path)\(query)")
    }

    /// What stands before the query, without the user before the host.
    static func place(in url: String) -> String {
        let start = url.prefix { $0 != "?" && $0 != "#" }
        return String(start.lastIndex(of: "@").map { start[start.index(after: $0)...] } ?? start)
    }
}
