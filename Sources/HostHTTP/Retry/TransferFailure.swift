// SPDX-License-Identifier: Apache-2.0

import CCurl
import HostRecords

/// Why a try ended without an answer.
struct TransferFailure: Error {
    enum Kind {
        /// The network or the server, perhaps only now.
        case passing
        case timedOut
        /// Its name is not known, and it was never spoken to.
        case unknownHost
        case tls
        case answerTooLong
        /// The request itself cannot be sent or its answer not be understood.
        case unusable
        case bodySource(HostError)
    }

    let kind: Kind
    /// libcurl's words or ours, one sentence without its full stop.
    let reason: String
    /// Whether a byte of the request may have reached the server.
    let mayHaveArrived: Bool

    func isRetried(isIdempotent: Bool) -> Bool {
        switch kind {
        case .passing, .timedOut: isIdempotent || !mayHaveArrived
        default: false
        }
    }
}

extension TransferFailure {
    /// - Parameter isKnownServer: it answered before, so a name that cannot be found or a handshake that
    ///   fails is a disturbance of the network and no wrong option.
    init(_ code: CURLcode, reason: String, bytesSent: Bool, isKnownServer: Bool) {
        kind =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
                isKnownServer ? .passing : .unknownHost
            case CURLE_SSL_CONNECT_ERROR: isKnownServer ? .passing : .tls
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
                CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_INITFAILED,
                CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
                CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
                .tls
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
                CURLE_WEIRD_SERVER_REPLY, CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_BAD_FUNCTION_ARGUMENT:
                .unusable
            default: .passing
            }
        self.reason = reason.isEmpty ? String(cString: curl_easy_strerror(code)) : reason
        mayHaveArrived = bytesSent
    }
}
