// SPDX-License-Identifier: Apache-2.0

/// What the server said in the end, whatever its status.
package struct HTTPAnswer: Sendable {
    package var status: Int
    /// Names in lower case, in the server's order; a name may come more than once.
    package var headers: [HTTPRequest.Header]
    package var body: [UInt8]
    /// 1: the first try went through.
    package var tries: Int

    package init(status: Int, headers: [HTTPRequest.Header], body: [UInt8], tries: Int) {
        self.status = status
        self.headers = headers
        self.body = body
        self.tries = tries
    }

    /// The first header of that name, which is given in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
}
