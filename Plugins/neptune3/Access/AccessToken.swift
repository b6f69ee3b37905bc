// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// An access token, with what its claims tell; they are read without proof, as the server checks them itself.
struct AccessToken {
    let text: String
    /// Where the session is renewed.
    let issuer: String?
    let client: String?
    /// On this machine's monotonic clock, in seconds; nil: not told.
    private let end: Double?

    /// A token this near its end is renewed; Neptune's own clients have the same number. Seconds.
    private static let margin = 30.0

    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let claims = parts.count > 1 ? Base64Text.decode(parts[1]).flatMap { try? JSON(parsing: $0) } : nil
        issuer = claims?["iss"]?.text
        client = claims?["azp"]?.text
        // The life told by the server's own two times: a clock that is wrong here does no harm.
        let issued = claims?["iat"]?.double ?? Double(time(nil))
        end = claims?["exp"]?.double.map { Self.now() + $0 - issued }
    }

    /// Seconds.
    var remaining: Double { end.map { $0 - Self.now() } ?? .infinity }

    /// A token made for less than the margin is used until the server refuses it.
    var isNearItsEnd: Bool { remaining < Self.margin }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
