// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Compares what Comet has with what was sent, before an experiment may count as complete.
struct Verification {
    /// Comet may show what it stored some time later.
    private static let pauses: [Int64] = [250, 500, 1000, 2000, 4000, 8000, 16000]

    let server: Server
    let key: ExperimentKey
    let expected: Expected
    let assets: [String: StoredAsset]
    /// Of this load and those that it continues.
    let points: Int64
    /// Points of an earlier load are there, under names that are not known here.
    let isContinued: Bool

    func check(_ traffic: Traffic, _ lane: Lane, _ call: Call) throws(HostError) {
        var pauses = Self.pauses[...]
        while true {
            do throws(HostError) {
                try compareNames("parameters", expected.parameters, call)
                try compareNames("log-other", expected.others, call)
                try compareTags(call)
                try comparePoints(traffic, lane, call)
                return try compareAssets(call)
            } catch {
                guard error.subject == Self.subject(key), let pause = pauses.popFirst() else { throw error }
                try Clock.wait(milliseconds: pause, call)
            }
        }
    }

    private static func subject(_ key: ExperimentKey) -> String { "contents of experiment \(key.text)" }

    private func read(
        _ path: String, _ call: Call, _ more: [(name: String, value: String)] = []
    ) throws(HostError) -> JSON {
        var request = server.get("experiment/\(path)", [("experimentKey", key.text)] + more)
        // A list of the 100,000 assets that an experiment may have; about 600 bytes each.
        request.maxAnswerBytes = 128 << 20
        return try server.fetch(request, "\(path) of experiment \(key.text)", call)
    }

    private func items(_ answer: JSON, _ member: String, _ path: String) throws(HostError) -> [JSON] {
        guard case .array(let items)? = answer[member] else {
            throw HostError(.invalidData, "Comet's answer holds no list '\(member)'.", subject: path)
        }
        return items
    }

    private func compareNames(
        _ path: String, _ names: [ExactText: UInt64], _ call: Call
    ) throws(HostError) {
        guard !names.isEmpty else { return }
        let there = try items(read(path, call), "values", path).map { ExactText($0["name"]?.text ?? "") }
        let known = Set(there)
        for name in names.keys.sorted() where !known.contains(name) {
            throw mismatch("'\(name.text)' is missing")
        }
    }

    private func compareTags(_ call: Call) throws(HostError) {
        guard !expected.tags.isEmpty else { return }
        let there = try items(read("tags", call), "tags", "tags").map { ExactText($0.text ?? "") }
        let known = Set(there)
        for tag in expected.tags.sorted() where !known.contains(tag) {
            throw mismatch("the tag '\(tag.text)' is missing")
        }
    }

    private func compareAssets(_ call: Call) throws(HostError) {
        guard !assets.isEmpty else { return }
        var sizes: [String: Int64] = [:]
        for item in try items(read("asset/list", call, [("type", "all")]), "assets", "asset/list") {
            sizes[item["assetId"]?.text ?? ""] = item["fileSize"]?.int ?? -1
        }
        for (id, asset) in assets where sizes[id] != asset.size {
            let found = sizes[id].map { "\($0)" } ?? "no"
            throw mismatch("the asset '\(asset.name)' has \(found) bytes there, and \(asset.size) here")
        }
    }

    /// Counts the points of each name. Of names with more than Comet keeps it is only known that they
    /// are there.
    private func comparePoints(_ traffic: Traffic, _ lane: Lane, _ call: Call) throws(HostError) {
        guard points > 0 else { return }
        let summary = try items(read("metrics/summary", call), "values", "metrics/summary")
        let there = Set(summary.map { ExactText($0["name"]?.text ?? "") })
        for name in expected.points.keys.sorted() where !there.contains(name) {
            throw mismatch("the metric '\(name.text)' is missing")
        }
        let counts = PointCounts()
        for name in there.sorted() where expected.points[name] ?? 0 <= Holds.maxPoints {
            var request = server.get(
                "experiment/metrics/get-metric", [("experimentKey", key.text), ("metricName", name.text)])
            request.maxAnswerBytes = 64 << 20
            try traffic.launch(request, on: lane, call) { answer throws(HostError) in
                guard 200..<300 ~= answer.status else {
                    throw Refusal(answer).error("metric \(name.text)")
                }
                counts.add(PointCounts.points(in: answer.body), name)
            }
        }
        try traffic.drain(lane, call)
        let sampled = expected.points.values.filter { $0 > Holds.maxPoints }.reduce(0, +)
        if !isContinued {
            for (name, count) in expected.points where count <= Holds.maxPoints && counts[name] != count {
                throw mismatch(
                    "the metric '\(name.text)' has \(counts[name]) points there, and \(count) here")
            }
        }
        let mayBeSampled = isContinued && counts.largest >= Holds.maxPoints
        guard counts.total + sampled == points || mayBeSampled else {
            throw mismatch("\(counts.total + sampled) points are there, and \(points) were given")
        }
    }

    private func mismatch(_ what: String) -> HostError {
        HostError(
            .invalidState, "The experiment does not hold what was sent: \(what).",
            subject: Self.subject(key), remedy: "Run again; if it stays, delete the experiment in Comet.",
            retry: .later)
    }
}

/// Numbers of points by name, filled as answers come.
private final class PointCounts {
    private var counts: [ExactText: Int64] = [:]

    subscript(name: ExactText) -> Int64 { counts[name] ?? 0 }
    var total: Int64 { counts.values.reduce(0, +) }
    var largest: Int64 { counts.values.max() ?? 0 }

    func add(_ count: Int64, _ name: ExactText) { counts[name] = count }

    private static let word = Array(#""metricValue""#.utf8)

    /// Each point has one member of this name; inside a text its quotes would be escaped.
    static func points(in body: [UInt8]) -> Int64 {
        var count: Int64 = 0
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
