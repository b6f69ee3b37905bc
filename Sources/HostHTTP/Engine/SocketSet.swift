// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// The open sockets of the engine, so that the kernel can be told to acknowledge at once.
///
/// Some servers (uvicorn with several workers is one) write head and body of an answer separately and without
/// TCP_NODELAY: the body then waits for our acknowledgement of the head, which Linux delays by 40 ms on a
/// connection that looks interactive. TCP_QUICKACK ends that but does not last, so it is set again each
/// round.
///
/// libcurl gets an unretained pointer to the set, which `MultiHandle` keeps until libcurl's part is gone.
/// Used by the engine's thread only, as libcurl calls back from within its own functions.
final class SocketSet {
    private var sockets: Set<Int32> = []

    func attach(to easy: EasyHandle) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        host_curl_set_open_socket(easy.pointer) { context, _, address in
            guard let context, let address else { return -1 }
            let flags = SOCK_CLOEXEC.rawValue
            let socket = socket(
                address.pointee.family, address.pointee.socktype | Int32(bitPattern: UInt32(flags)),
                address.pointee.protocol)
            if socket >= 0 {
                Unmanaged<SocketSet>.fromOpaque(context).takeUnretainedValue().sockets.insert(socket)
            }
            return socket
        }
        host_curl_set_close_socket(easy.pointer) { context, socket in
            if let context {
                Unmanaged<SocketSet>.fromOpaque(context).takeUnretainedValue().sockets.remove(socket)
            }
            return close(socket)
        }
        host_curl_set_pointer(easy.pointer, CURLOPT_OPENSOCKETDATA, context)
        host_curl_set_pointer(easy.pointer, CURLOPT_CLOSESOCKETDATA, context)
    }

    func acknowledgeAtOnce() {
        var on: Int32 = 1
        for socket in sockets {
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
        }
    }
}
