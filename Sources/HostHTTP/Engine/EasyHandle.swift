// SPDX-License-Identifier: Apache-2.0

import CCurl

/// One libcurl transfer handle with what must live as long as its options: header list and error text.
///
/// Not thread-safe: the engine's thread makes, uses and frees it.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headers: UnsafeMutablePointer<curl_slist>?

    init?() {
        guard let pointer = curl_easy_init() else {
            errorText.deallocate()
            return nil
        }
        self.pointer = pointer
        reset()
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// Forgets all options and pointers of the last transfer. Connections belong to the multi handle and
    /// stay.
    func reset() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headers)
        headers = nil
        errorText.pointee = 0
        host_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

    var errorReason: String { String(cString: errorText) }

    func set(_ option: CURLoption, _ value: Int) { host_curl_set_long(pointer, option, value) }
    func set(_ option: CURLoption, _ value: Bool) { host_curl_set_long(pointer, option, value ? 1 : 0) }
    func set(_ option: CURLoption, size value: Int64) {
        host_curl_set_size(pointer, option, curl_off_t(value))
    }
    func set(_ option: CURLoption, _ text: String) { host_curl_set_text(pointer, option, text) }
    func set(_ option: CURLoption, milliseconds value: Duration) {
        // 0 would mean libcurl's default or no limit.
        host_curl_set_long(pointer, option, Int(max(1, value.milliseconds)))
    }

    /// libcurl copies the bytes.
    func setBody(_ bytes: [UInt8]) {
        set(CURLOPT_POST, true)
        set(CURLOPT_POSTFIELDSIZE_LARGE, size: Int64(bytes.count))
        _ = bytes.withUnsafeBytes { buffer in
            if let base = buffer.baseAddress, !bytes.isEmpty {
                host_curl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, base)
            } else {
                host_curl_set_text(pointer, CURLOPT_COPYPOSTFIELDS, "")
            }
        }
    }

    func setHeaders(_ lines: [String]) {
        for line in lines {
            guard let longer = curl_slist_append(headers, line) else { continue }
            headers = longer
        }
        host_curl_set_headers(pointer, headers)
    }

    func number(_ info: CURLINFO) -> Int { host_curl_get_long(pointer, info) }
    func size(_ info: CURLINFO) -> Int64 { Int64(host_curl_get_size(pointer, info)) }
    func text(_ info: CURLINFO) -> String? { host_curl_get_text(pointer, info).map { String(cString: $0) } }
}
