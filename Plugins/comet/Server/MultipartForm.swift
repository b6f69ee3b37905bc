// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The form by which files are uploaded (RFC 7578): the bytes, and a JSON object that describes them.
struct MultipartForm {
    private(set) var bytes: [UInt8]
    let contentType: String

    private let border: String

    /// `mark`: text that no file holds by chance, for the border between the parts. `size`: of the file to
    /// come.
    init(metadata: [UInt8], mark: String, size: Int) {
        border = "host-\(mark)"
        contentType = "multipart/form-data; boundary=\(border)"
        bytes = []
        bytes.reserveCapacity(size + metadata.count + 400)
        begin("name=\"metadata\"")
        bytes.append(contentsOf: metadata)
        bytes.append(contentsOf: "\r\n".utf8)
        begin("name=\"file\"; filename=\"file\"")
    }

    /// A piece of the file.
    mutating func add(_ piece: [UInt8]) { bytes.append(contentsOf: piece) }

    mutating func end() { bytes.append(contentsOf: "\r\n--\(border)--\r\n".utf8) }

    private mutating func begin(_ words: String) {
        bytes.append(contentsOf: "--\(border)\r\nContent-Disposition: form-data; \(words)\r\n\r\n".utf8)
    }
}
