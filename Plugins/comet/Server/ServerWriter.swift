// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Sends the records of one unit to Comet.
///
/// Points go in one request at a time, since Comet keeps twice what it is sent twice: while they are under
/// way the experiment says so, and a load that ends there is begun anew. All else may be repeated and is
/// pipelined.
final class ServerWriter: ExperimentWriter {
    let server: Server
    let traffic: Traffic
    let unit: UnitInfo
    let open: OpenExperiment
    let lane: Lane
    private let pointLane = Lane(limit: 1)
    private var points = MetricBatch()
    private var parameters = ParameterBatch()
    private var pointsMark: PointsMark
    /// Points that were handed over and are not skipped, of this load and those it continues.
    private var pointCount: Int64
    /// While points are under way: what was durable before the first of them.
    private var durableBeforePoints: UInt64?
    private let resumeAfter: UInt64
    /// Assets that Comet refused since the experiment has too many of their kind.
    var refused: [Asset] = []
    var stored: [String: StoredAsset] = [:]
    /// Parameters need a time; the same in each load.
    private let setAt: Int64

    init(
        _ server: Server, _ traffic: Traffic, _ unit: UnitInfo, _ open: OpenExperiment,
        _ resumeAfter: UInt64, _ call: Call
    ) throws(HostError) {
        self.server = server
        self.traffic = traffic
        self.unit = unit
        self.open = open
        self.resumeAfter = resumeAfter
        lane = Lane(limit: server.settings.inFlight)
        pointsMark = open.points
        pointCount = open.points.points
        setAt = max(0, unit.started ?? unit.created ?? unit.ended ?? Clock.milliseconds)
        try setAlive(true, call)
        try add(other: Mark.name, .text(unit.label), holding: .max, call)
        try add(other: Mark.unit, .text(unit.key), holding: .max, call)
        for mark in Mark.origin(unit) {
            try add(other: mark.name, .text(mark.value), holding: .max, call)
        }
    }

    var identity: String { open.key.text }
    var pointsToSkip: Int64 { open.pointsToSkip }

    func add(parameter name: String, _ value: Fragment, isList: Bool, holding: UInt64, _ call: Call)
        throws(HostError)
    {
        if parameters.isFull { try dispatchParameters(call) }
        parameters.add(name, value, milliseconds: setAt, holding: holding)
    }

    func add(other name: String, _ value: Fragment, holding: UInt64, _ call: Call) throws(HostError) {
        try launch(Experiments(server: server).other(name, value, open.key), "other \(name)", holding, call)
    }

    func add(tags: [String], holding: UInt64, _ call: Call) throws(HostError) {
        guard !tags.isEmpty else { return }
        let key = open.key.text
        let body = server.clientBody {
            $0.field("experimentKey", key)
            $0.key("addedTags")
            $0.beginArray()
            for tag in tags { $0.value(tag) }
            $0.endArray()
        }
        try launch(server.client("tags/add-tags-to-experiment", body), "tags", holding, call)
    }

    func add(details: [(name: String, value: String)], holding: UInt64, _ call: Call) throws(HostError) {
        guard !details.isEmpty else { return }
        var body = JSONWriter()
        body.beginObject()
        body.field("experimentKey", open.key.text)
        for detail in details { body.field(detail.name, detail.value) }
        body.endObject()
        let request = server.client("rest/v2/write/experiment/system-details", body.bytes)
        try launch(request, "system details", holding, call)
    }

    func head(_ name: String) -> [UInt8] { MetricBatch.head(name) }

    func add(
        point head: [UInt8], value: Double, milliseconds: Int64, step: Int64?, holding: UInt64, _ call: Call
    ) throws(HostError) {
        if durableBeforePoints == nil {
            durableBeforePoints = durable(holding - 1)
            try experiments.set(Mark.points, PointsMark.open, open.key, call)
        }
        if points.isFull { try dispatchPoints(call) }
        points.add(head, value: value, milliseconds: milliseconds, step: step, holding: holding)
        pointCount += 1
    }

    func settlePoints(upTo last: UInt64, _ call: Call) throws(HostError) {
        guard durableBeforePoints != nil else { return }
        try dispatchPoints(call)
        try traffic.drain(pointLane, call)
        pointsMark.add(pointCount, upTo: last)
        try experiments.set(Mark.points, pointsMark.text, open.key, call)
        durableBeforePoints = nil
    }

    func durable(_ last: UInt64) -> UInt64 {
        if let durableBeforePoints { return durableBeforePoints }
        let held = [lane.lowestHeld, parameters.lowest].compactMap { $0 }.min()
        guard let held, held <= last else { return max(resumeAfter, last) }
        return max(resumeAfter, held - 1)
    }

    func drain(_ last: UInt64, _ call: Call) throws(HostError) {
        try dispatchParameters(call)
        try settlePoints(upTo: last, call)
        try traffic.drain(lane, call)
    }

    func takeRefused() -> [Asset] {
        defer { refused = [] }
        return refused
    }

    var experiments: Experiments { Experiments(server: server) }

    /// Sends one request that may be repeated.
    func launch(
        _ request: HTTPRequest, _ subject: String, _ holding: UInt64, _ call: Call
    ) throws(HostError) {
        let subject = "\(subject) of experiment \(open.key.text)"
        try traffic.launch(request, on: lane, holding: holding, call) { answer throws(HostError) in
            try Server.value(answer, subject)
        }
    }

    private func dispatchParameters(_ call: Call) throws(HostError) {
        guard let lowest = parameters.lowest else { return }
        let request = try batch("parameter", parameters.take(open.key), isIdempotent: true)
        try launch(request, "parameters", lowest, call)
    }

    private func dispatchPoints(_ call: Call) throws(HostError) {
        try pointLane.check()
        guard let lowest = points.lowest else { return }
        let request = try batch("metric", points.take(open.key), isIdempotent: false)
        let subject = "metrics of experiment \(open.key.text)"
        try traffic.launch(request, on: pointLane, holding: lowest, call) { answer throws(HostError) in
            try Server.value(answer, subject)
        }
    }

    private func batch(_ kind: String, _ body: [UInt8], isIdempotent: Bool) throws(HostError) -> HTTPRequest {
        var request = server.client(
            "batch/logger/experiment/\(kind)", try Deflate.gzip(body), isIdempotent: isIdempotent)
        request.headers.append(("Content-Encoding", "gzip"))
        return request
    }

    func setAlive(_ isAlive: Bool, _ call: Call) throws(HostError) {
        let open = open
        let body = server.clientBody {
            $0.field("runId", open.session)
            $0.field("experimentKey", open.key.text)
            $0.field("projectId", open.project)
            $0.field("is_alive", isAlive)
            $0.field("local_timestamp", Clock.milliseconds)
            $0.field("offline", true)
        }
        try server.fetch(
            server.client("status-report/update", body), "status of experiment \(open.key.text)", call)
    }
}
