// SPDX-License-Identifier: Apache-2.0

import CCurl

/// Tells libcurl what to send and how. Only here are options of a transfer set.
struct TransferOptions {
    let settings: HTTPSettings

    func apply(to transfer: Transfer) {
        let easy = transfer.easy
        let exchange = transfer.exchange
        easy.set(CURLOPT_URL, exchange.url)
        connection(easy, isSecure: exchange.authority.scheme == "https")
        security(easy)
        if !exchange.request.isIdempotent {
            // In seconds, and it holds below two of them. Servers close idle connections after two seconds
            // (gunicorn) or five (uvicorn, Node): a request that meets the closing cannot be sent again.
            easy.set(CURLOPT_MAXAGE_CONN, 1)
        }
        if let timeout = exchange.request.timeout { easy.set(CURLOPT_TIMEOUT_MS, milliseconds: timeout) }
        method(transfer)
        headers(transfer)
        TransferCallbacks.install(in: transfer)
    }

    private func connection(_ easy: EasyHandle, isSecure: Bool) {
        host_curl_set_web_only(easy.pointer)
        host_curl_set_quick_exit(easy.pointer)
        easy.set(CURLOPT_NOSIGNAL, true)
        // HTTP/2 is agreed on in the TLS handshake: a request then waits for one that is under way before it
        // opens a connection of its own. Without TLS it would wait for the whole answer on that connection.
        easy.set(CURLOPT_HTTP_VERSION, Int(isSecure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_PIPEWAIT, isSecure)
        easy.set(CURLOPT_TCP_NODELAY, true)
        easy.set(CURLOPT_TCP_KEEPALIVE, true)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds: settings.connectTimeout)
        easy.set(CURLOPT_USERAGENT, settings.userAgent)
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        // Redirects are the engine's: libcurl keeps only `Authorization` and `Cookie` from other hosts, not a
        // server's own token headers.
        easy.set(CURLOPT_FOLLOWLOCATION, false)
        if let proxy = settings.proxy { easy.set(CURLOPT_PROXY, proxy) }
    }

    private func security(_ easy: EasyHandle) {
        easy.set(CURLOPT_SSL_VERIFYPEER, !settings.insecureTLS)
        easy.set(CURLOPT_SSL_VERIFYHOST, settings.insecureTLS ? 0 : 2)
        if let file = settings.caFile {
            easy.set(CURLOPT_CAINFO, file)
            easy.set(CURLOPT_PROXY_CAINFO, file)
        }
        if let certificate = settings.clientCertificate {
            easy.set(CURLOPT_SSLCERT, certificate.certificateFile)
            easy.set(CURLOPT_SSLKEY, certificate.keyFile)
        }
    }

    private func method(_ transfer: Transfer) {
        let easy = transfer.easy
        let method = transfer.exchange.request.method
        if let upload = transfer.upload {
            easy.set(CURLOPT_UPLOAD, true)
            easy.set(CURLOPT_INFILESIZE_LARGE, size: upload.length)
            easy.set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
            easy.set(CURLOPT_CUSTOMREQUEST, method)
        } else if case .bytes(let bytes) = transfer.exchange.request.body {
            easy.setBody(bytes)
            easy.set(CURLOPT_CUSTOMREQUEST, method)
        } else if method == "HEAD" {
            easy.set(CURLOPT_NOBODY, true)
        } else if method == "POST" || method == "PUT" || method == "PATCH" {
            // Servers want a Content-Length with these, if only 0.
            easy.setBody([])
            easy.set(CURLOPT_CUSTOMREQUEST, method)
        } else {
            easy.set(CURLOPT_HTTPGET, true)
            easy.set(CURLOPT_CUSTOMREQUEST, method)
        }
    }

    private func headers(_ transfer: Transfer) {
        // A name without value takes out what libcurl would send by itself: waiting for a "100 Continue"
        // costs a second at servers that do not know it, and a form is what no body here is.
        var lines = ["Expect:"]
        var hasContentType = false
        for (name, value) in transfer.exchange.headers {
            switch name.lowercased() {
            case "content-length", "transfer-encoding", "expect": continue
            case "accept-encoding":
                transfer.easy.set(CURLOPT_ACCEPT_ENCODING, value)
                continue
            case "content-type": hasContentType = true
            default: break
            }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        if !hasContentType { lines.append("Content-Type:") }
        transfer.easy.setHeaders(lines)
    }
}
