// SPDX-License-Identifier: Apache-2.0

import CCurl
import HostRecords

/// libcurl's set of running transfers with its connections and name cache.
///
/// All but `wake` is for the engine's thread; `wake` is for any thread while the handle lives, which
/// `Mailbox` sees to.
final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer
    /// Here because the last callbacks about sockets come while the handle is freed.
    let sockets = SocketSet()

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// - Parameter connectionsPerHost: libcurl queues what goes beyond.
    init(connectionsPerHost: Int) throws(HostError) {
        guard Self.isLibraryReady, let pointer = curl_multi_init() else {
            throw HostError(.internal, "libcurl could not be started.")
        }
        self.pointer = pointer
        host_curl_multi_set_long(pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        host_curl_multi_set_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
        // The default shrinks with the number of running transfers and would close idle connections early.
        host_curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, max(64, connectionsPerHost * 4))
    }

    deinit { curl_multi_cleanup(pointer) }

    func wake() { curl_multi_wakeup(pointer) }

    func add(_ easy: EasyHandle) -> Bool { curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK }

    func remove(_ easy: EasyHandle) { curl_multi_remove_handle(pointer, easy.pointer) }

    func perform() {
        var running: Int32 = 0
        curl_multi_perform(pointer, &running)
    }

    /// The next transfer that has ended, by its easy handle's pointer.
    func takeDone() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var easy: UnsafeMutableRawPointer?
        var code = CURLE_OK
        guard host_curl_multi_take_done(pointer, &easy, &code) != 0, let easy else { return nil }
        return (easy, code)
    }

    /// Returns at traffic, at a wake, when libcurl has something to do, or at the latest after that time.
    func poll(atMost timeout: Duration) {
        // Rounded up, or the last millisecond before each deadline would be spent spinning.
        let milliseconds = timeout <= .zero ? 0 : min(timeout.milliseconds + 1, 60_000)
        curl_multi_poll(pointer, nil, 0, Int32(milliseconds), nil)
    }
}
