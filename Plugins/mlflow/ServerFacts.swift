// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// What kind of server it is.
struct ServerFacts: Sendable {
    /// Metrics go through text and keep infinities and the sign of zero.
    let isFileStore: Bool
    let takesMultipart: Bool
    /// Major and minor; nil when the server does not tell.
    let version: (major: Int, minor: Int)?

    init(_ server: Server, _ call: Call) throws(HostError) {
        // Servers before 3.x do not have this call, and need none of what it tells.
        let info: JSON
        switch try server.ask(server.get(Path.serverInfo), call) {
        case .value(let value): info = value
        case .refused(let refusal):
            guard refusal.status == 404 || refusal.status == 405 || refusal.status == 200 else {
                throw refusal.error(Path.serverInfo)
            }
            info = .null
        }
        isFileStore = info["store_type"]?.text == "FileStore"
        takesMultipart = info["multipart_uploads_enabled"]?.bool ?? false
        let answer = try call.send(server.get("/version"))
        version =
            answer.status == 200 ? Self.version(String(decoding: answer.body.prefix(40), as: UTF8.self)) : nil
    }

    private static func version(_ text: String) -> (major: Int, minor: Int)? {
        let parts = text.split(separator: ".")
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        return (major, minor)
    }

    func isOlder(than major: Int, _ minor: Int) -> Bool {
        guard let version else { return false }
        return (version.major, version.minor) < (major, minor)
    }

    /// Whether points that come again cost next to nothing: older servers read the whole history of their
    /// names for every hundred of them, and file stores keep them twice.
    var takesPointsAgain: Bool { !isFileStore && !isOlder(than: 3, 16) }

    var limits: Limits {
        var limits = Holds.limits
        if isFileStore { limits.abilities.formUnion([.infinity, .negativeZero]) }
        if isOlder(than: 2, 16) { limits.names = Holds.names(Holds.oldName) }
        return limits
    }

    /// Characters (code points): longer ones are cut by the server in silence, or refused.
    var maxParam: Int { isOlder(than: 2, 8) ? 500 : 6000 }
    /// 8000 from 2.17 on; other servers speaking this protocol stay at what is documented.
    var maxTag: Int { 5000 }
}
