// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Proves the number of points of each metric without reading them: the page that begins at the last expected
/// point must hold that one point and be the last page.
struct PointCounts {
    /// Servers that do not page answer with the whole history: about 100 bytes a point.
    private static let maxHistory: Int64 = 512 << 20

    let server: Server
    let run: String
    let expected: Expected

    func check(_ lane: Lane, _ call: Call) throws(HostError) {
        let counts = expected.points.sorted { $0.key < $1.key }
        guard let first = counts.first else { return }
        let pages = try paging(first.key, first.value, call)
        for (name, count) in counts {
            let request = pages ? page(name, from: count - 1) : whole(name)
            let counts = self
            try lane.launch(request, call) { answer throws(HostError) in
                try counts.judge(answer, name, count, paged: pages)
            }
        }
        try lane.drain(call)
    }

    private func judge(_ answer: HTTPAnswer, _ name: String, _ count: Int, paged: Bool) throws(HostError) {
        let found: Int
        let hasMore: Bool
        if paged {
            let history = try Reply(answer).get("metric \(name)")
            let points = history["metrics"]?.items.count ?? 0
            found = points == 0 ? 0 : count - 1 + points
            hasMore = history["next_page_token"]?.text?.isEmpty == false
        } else {
            guard answer.status == 200 else { throw Refusal(answer).error("metric \(name)") }
            found = Self.points(in: answer.body)
            hasMore = false
        }
        if found < count {
            throw mismatch(name, count, found == 0 ? "fewer" : "\(found)")
        }
        if !expected.isOpenEnded, hasMore || found > count {
            throw mismatch(name, count, "more")
        }
    }

    private func mismatch(_ name: String, _ count: Int, _ found: String) -> HostError {
        .mismatch(run, "metric \(name)", expected: "\(count) points", found: found)
    }

    /// Behind the last point a paging server has nothing; another one answers from the start, or refuses.
    private func paging(_ name: String, _ count: Int, _ call: Call) throws(HostError) -> Bool {
        let far = Int(Int32.max)
        switch try server.ask(page(name, from: far), call) {
        case .value(let answer): return answer["metrics"]?.items.isEmpty ?? true
        case .refused(let refusal):
            guard [400, 404, 500, 501].contains(refusal.status) else { throw refusal.error("metric \(name)") }
            return false
        }
    }

    private func whole(_ name: String) -> HTTPRequest {
        var request = server.get(
            "\(Path.tracking)/metrics/get-history", [("run_id", run), ("metric_key", name)])
        request.maxAnswerBytes = Self.maxHistory
        return request
    }

    private func page(_ name: String, from offset: Int) -> HTTPRequest {
        var query = [("run_id", run), ("metric_key", name), ("max_results", "1")]
        // The server refuses a token of offset 0.
        if offset > 0 { query.append(("page_token", Base64.encode("{\"offset\": \(offset)}"))) }
        return server.get("\(Path.tracking)/metrics/get-history", query)
    }

    /// Each point has one member `timestamp`. A name in quotes inside a metric's name would be escaped.
    private static func points(in body: [UInt8]) -> Int {
        let word = Array("\"timestamp\"".utf8)
        var count = 0
        var index = 0
        while index + word.count <= body.count {
            if body[index] == word[0], body[index..<index + word.count].elementsEqual(word) {
                count += 1
                index += word.count
            } else {
                index += 1
            }
        }
        return count
    }
}
