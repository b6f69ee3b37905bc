// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Requests a part of a file by its signed address, without credentials.
enum RangeRequest {
    static func make(_ url: String, _ range: Range<Int64>) -> HTTPRequest {
        var request = whole(url)
        request.headers = [("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        // Room for a server that does not know ranges; a larger file is not held in memory.
        request.maxAnswerBytes = max(range.upperBound - range.lowerBound, 8 << 20)
        return request
    }

    static func whole(_ url: String) -> HTTPRequest {
        var request = HTTPRequest("GET", url, isIdempotent: true)
        request.hidesQuery = true
        return request
    }
}

/// What a storage said to such a request.
enum RangeAnswer {
    /// Bytes from where they were asked for; the file's whole size; what changes when the file does.
    case bytes([UInt8], total: Int64, tag: String)
    case gone
    case refused(status: Int)
    /// The storage holds it compressed: ranges of that are of no use.
    case encoded

    init(_ answer: HTTPAnswer, _ reference: FileReference, from start: Int64) throws(HostError) {
        func header(_ name: String) -> String? { answer.headers.first { $0.name == name }?.value }
        if 200..<300 ~= answer.status, let coding = header("content-encoding"), coding != "identity" {
            self = .encoded
            return
        }
        switch answer.status {
        case 200:
            guard start == 0 else {
                throw HostError(
                    .unsupported, "The storage does not hand over parts of large files.",
                    subject: reference.path.shown)
            }
            self = .bytes(answer.body, total: Int64(answer.body.count), tag: header("etag") ?? "")
        case 206:
            guard let total = Self.total(header("content-range"), from: start, count: answer.body.count)
            else {
                throw HostError(
                    .invalidData, "The storage answered another part of the file than it was asked for.",
                    subject: reference.path.shown, retry: .later)
            }
            self = .bytes(answer.body, total: total, tag: header("etag") ?? "")
        case 416 where start == 0: self = .bytes([], total: 0, tag: header("etag") ?? "")
        case 404, 410: self = .gone
        case 408, 429, 500...: throw Refusal(answer).error(reference.path.shown)
        default: self = .refused(status: answer.status)
        }
    }

    /// Of `bytes 0-99/1234`, when that is what came.
    private static func total(_ header: String?, from start: Int64, count: Int) -> Int64? {
        guard let header, header.hasPrefix("bytes ") else { return nil }
        let parts = header.dropFirst(6).split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let total = Int64(parts[1]) else { return nil }
        let ends = parts[0].split(separator: "-", maxSplits: 1)
        guard ends.count == 2, Int64(ends[0]) == start, let last = Int64(ends[1]), last < total,
            last - start + 1 == Int64(count)
        else { return nil }
        return total
    }
}
