// SPDX-License-Identifier: Apache-2.0

import CCurl
import HostRecords

/// One try of an exchange: the libcurl handle that runs it and what has arrived.
///
/// libcurl holds an unretained pointer to it while the handle is in the engine's multi handle; the engine
/// keeps the transfer for exactly that long. Touched by the engine's thread only.
final class Transfer {
    let exchange: Exchange
    let gate: AuthorityGate
    let easy: EasyHandle
    let upload: Upload?
    let throttle: Throttle?

    var head = ResponseHead()
    var body: [UInt8] = []
    /// Why a callback ended the transfer; libcurl itself only says that one did.
    var abortedBy: TransferFailure?
    var isPaused = false

    /// libcurl's count of request bytes when the request was about to be sent first: what a proxy handshake
    /// took.
    private var bytesBeforeRequest: Int?
    private var progress: (bytes: Int64, at: ContinuousClock.Instant)

    init(_ exchange: Exchange, _ gate: AuthorityGate, _ easy: EasyHandle, throttle: Throttle?) {
        self.exchange = exchange
        self.gate = gate
        self.easy = easy
        self.throttle = throttle
        upload = Upload(exchange.request.body, throttled: throttle != nil)
        progress = (0, .now)
    }

    /// Whether a byte of the request itself has been written to a socket.
    var hasSentBytes: Bool {
        bytesBeforeRequest.map { easy.number(CURLINFO_REQUEST_SIZE) > $0 } ?? false
    }

    /// Called before each sending. libcurl sends again on its own when a reused connection breaks before the
    /// first byte of an answer, whatever the method: a request that must not arrive twice has to stop that
    /// here.
    func allowsSending() -> Bool {
        if hasSentBytes, !exchange.request.isIdempotent {
            abortedBy = TransferFailure(
                kind: .passing, reason: "the connection was closed before an answer came",
                mayHaveArrived: true)
            return false
        }
        bytesBeforeRequest = bytesBeforeRequest ?? easy.number(CURLINFO_REQUEST_SIZE)
        return true
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= exchange.request.maxAnswerBytes else {
            abortedBy = TransferFailure(kind: .answerTooLong, reason: "", mayHaveArrived: true)
            return false
        }
        if body.isEmpty, let expected = head.contentLength {
            // The server's word is good for a first megabyte only.
            body.reserveCapacity(min(expected, exchange.request.maxAnswerBytes, 1 << 20))
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// Fills the buffer from the upload; nil ends the transfer.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let upload else { return 0 }
        do {
            return try upload.read(into: buffer)
        } catch {
            abortedBy = TransferFailure(kind: .bodySource(error), reason: "", mayHaveArrived: true)
            return nil
        }
    }

    func resume() {
        isPaused = false
        progress.at = .now
        curl_easy_pause(easy.pointer, CURLPAUSE_CONT)
    }

    /// When this try counts as stalled, by what libcurl has counted up to now.
    func stallMoment(now: ContinuousClock.Instant, after limit: Duration) -> ContinuousClock.Instant {
        if progress.at + limit <= now {
            let bytes = easy.size(CURLINFO_SIZE_UPLOAD_T) + easy.size(CURLINFO_SIZE_DOWNLOAD_T)
            if bytes != progress.bytes { progress = (bytes, now) }
        }
        return progress.at + limit
    }
}
