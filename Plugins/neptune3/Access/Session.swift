// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The exchange of the API token for an access token, and its renewal.
///
/// Thread rule: that of the exporter's instance.
final class Session {
    private let token: APIToken
    private var access: AccessToken?
    private var refresh: String?
    /// Counts access tokens, so that of many refused requests only the first renews.
    private(set) var generation = 0
    /// A token that came with too short a life is not renewed before each request.
    private var isShortLived = false

    init(_ token: APIToken) { self.token = token }

    var base: String { token.base }

    /// The header of a request that is sent now.
    func authorization(_ call: Call) throws(HostError) -> (name: String, value: String) {
        if let access, !access.isNearItsEnd || isShortLived { return Self.header(access) }
        return Self.header(try renewed(call))
    }

    /// After a refusal of a request that carried the token of `refused`.
    func renew(after refused: Int, _ call: Call) throws(HostError) {
        if refused == generation { _ = try renewed(call) }
    }

    private static func header(_ access: AccessToken) -> (name: String, value: String) {
        ("Authorization", "Bearer \(access.text)")
    }

    private func renewed(_ call: Call) throws(HostError) -> AccessToken {
        if let access, let refresh, let fresh = try refreshed(access, refresh, call) { return fresh }
        return try exchanged(call)
    }

    private func keep(_ access: String, _ refresh: String?, _ call: Call) -> AccessToken {
        call.protect(access)
        if let refresh { call.protect(refresh) }
        let fresh = AccessToken(access)
        self.access = fresh
        self.refresh = refresh
        isShortLived = fresh.isNearItsEnd
        generation += 1
        return fresh
    }

    private func exchanged(_ call: Call) throws(HostError) -> AccessToken {
        access = nil
        var request = HTTPRequest("GET", base + Path.exchange, isIdempotent: true)
        request.headers = [("X-Neptune-Api-Token", token.text)]
        let answer = try whole(request, call)
        guard answer.status == 200 else {
            var error = Refusal(answer).error("API token")
            if (400..<500).contains(answer.status), answer.status != 408, answer.status != 429 {
                error.status = answer.status == 404 ? .notFound : .auth
                error.retry = .stop
            }
            throw error
        }
        let reply = try JSON(answer: answer.body, "token exchange")
        guard let access = reply["accessToken"]?.text, !access.isEmpty else {
            throw HostError(
                .invalidData, "The server's answer to the API token holds no access token.",
                subject: "token exchange",
                retry: .later)
        }
        return keep(access, reply["refreshToken"]?.text, call)
    }

    /// An answer that was cut is asked for again.
    private func whole(_ request: HTTPRequest, _ call: Call) throws(HostError) -> HTTPAnswer {
        var answer = try call.send(request)
        for _ in 0..<2 where answer.status == 200 && (try? JSON(parsing: answer.body)) == nil {
            answer = try call.send(request)
        }
        return answer
    }

    /// nil when the session is over: then the API token opens a new one.
    private func refreshed(
        _ access: AccessToken, _ refresh: String, _ call: Call
    ) throws(HostError) -> AccessToken? {
        guard var issuer = access.issuer, let client = access.client else { return nil }
        while issuer.last == "/" { issuer.removeLast() }
        // The refresh token rotates: sent twice, the second is refused, and the exchange follows.
        var request = HTTPRequest("POST", issuer + "/protocol/openid-connect/token", isIdempotent: false)
        request.headers = [("Content-Type", "application/x-www-form-urlencoded")]
        let form = PercentEncoding.query([
            ("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", client),
        ])
        request.body = Array(form.utf8)
        self.refresh = nil
        let answer: HTTPAnswer
        do {
            answer = try call.send(request)
        } catch where error.status == .cancelled {
            throw error
        } catch {
            return nil
        }
        guard answer.status == 200, let reply = try? JSON(parsing: answer.body),
            let fresh = reply["access_token"]?.text, !fresh.isEmpty
        else { return nil }
        return keep(fresh, reply["refresh_token"]?.text ?? refresh, call)
    }
}
