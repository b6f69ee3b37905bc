// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The C functions that libcurl calls while a transfer runs, always on the engine's thread.
enum TransferCallbacks {
    static func install(in transfer: Transfer) {
        let easy = transfer.easy.pointer
        let context = Unmanaged.passUnretained(transfer).toOpaque()

        host_curl_set_before_request(easy) { context, _, _, _, _ in
            guard let transfer = TransferCallbacks.transfer(context) else { return CURL_PREREQFUNC_ABORT }
            return transfer.allowsSending() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        host_curl_set_pointer(easy, CURLOPT_PREREQDATA, context)

        host_curl_set_stream(easy, CURLOPT_HEADERFUNCTION) { line, size, count, context in
            guard let line, let transfer = TransferCallbacks.transfer(context) else { return 0 }
            transfer.head.append(line: UnsafeRawBufferPointer(start: line, count: size * count))
            return size * count
        }
        host_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)

        host_curl_set_stream(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let transfer = TransferCallbacks.transfer(context) else { return 0 }
            let count = size * count
            if let throttle = transfer.throttle {
                if throttle.delay() > .zero {
                    transfer.isPaused = true
                    return Int(CURL_WRITEFUNC_PAUSE)
                }
                throttle.take(count)
            }
            return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
        }
        host_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)

        guard transfer.upload != nil else { return }
        host_curl_set_stream(easy, CURLOPT_READFUNCTION) { buffer, size, count, context in
            guard let buffer, let transfer = TransferCallbacks.transfer(context) else {
                return Int(CURL_READFUNC_ABORT)
            }
            if let throttle = transfer.throttle, throttle.delay() > .zero {
                transfer.isPaused = true
                return Int(CURL_READFUNC_PAUSE)
            }
            let filled = transfer.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            transfer.throttle?.take(filled ?? 0)
            return filled ?? Int(CURL_READFUNC_ABORT)
        }
        host_curl_set_pointer(easy, CURLOPT_READDATA, context)

        host_curl_set_seek(easy) { context, offset, origin in
            guard origin == SEEK_SET, let transfer = TransferCallbacks.transfer(context) else {
                return CURL_SEEKFUNC_CANTSEEK
            }
            transfer.upload?.rewind(to: Int64(offset))
            return CURL_SEEKFUNC_OK
        }
        host_curl_set_pointer(easy, CURLOPT_SEEKDATA, context)
    }

    private static func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
