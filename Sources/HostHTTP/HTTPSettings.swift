// SPDX-License-Identifier: Apache-2.0

/// How the one service of a process behaves towards all servers.
package struct HTTPSettings: Sendable {
    /// A pause the user should know of. Called on the service's thread: it must return at once.
    package typealias WaitingObserver =
        @Sendable (_ authority: String, _ reason: String, _ seconds: Double) -> Void

    package struct ClientCertificate: Sendable {
        /// PEM files.
        package var certificateFile: String
        package var keyFile: String

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    package var retry = RetryRules()

    package var connectTimeout: Duration = .seconds(30)
    /// How long a try may go on without a byte in either direction.
    package var stallTimeout: Duration = .seconds(120)

    /// nil: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` of the environment, as libcurl reads
    /// them. Empty: none, whatever the environment says.
    package var proxy: String?
    /// PEM; nil: the system's.
    package var caFile: String?
    package var insecureTLS = false
    package var clientCertificate: ClientCertificate?

    /// Per authority; nil: as fast as the server answers.
    package var requestsPerSecond: Double?
    /// Of all transfers together, both directions; nil: no limit.
    package var bandwidthBytesPerSecond: Int?
    package var maxConnectionsPerHost = 8
    /// Requests in flight at a server that speaks HTTP/2, where they share connections.
    package var maxStreamsPerHost = 32
    package var userAgent = "host"

    /// Each exchange becomes one file there.
    package var recordFolder: String?
    /// Answers come from there and the network is not touched.
    package var replayFolder: String?

    package var redactor = Redactor()
    package var onWaiting: WaitingObserver?

    /// Off only to measure what it is worth: see `SocketSet`.
    package var acknowledgesAtOnce = true

    package init() {}
}
