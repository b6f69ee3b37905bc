// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostHTTP
internal import HostRecords

/// Trouble that a server can make, as the host's HTTP service hands it on once its own retries are used up.
enum HTTPFault: String, CaseIterable {
    case unauthorized, forbidden, notFound, rateLimited, serverError, unavailable, reset, truncated, notJSON,
        empty

    var result: Result<HTTPAnswer, HostError> {
        switch self {
        case .unauthorized:
            .success(answer(401, "{\"error_code\":\"UNAUTHENTICATED\",\"message\":\"token expired\"}"))
        case .forbidden: .success(answer(403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}"))
        case .notFound: .success(answer(404, "{\"message\":\"no such route\"}"))
        case .rateLimited:
            .failure(
                HostError(
                    .rateLimited, "The server asks to wait.", subject: "/fault", httpStatus: 429,
                    retryAfterMilliseconds: 2000))
        case .serverError: .success(answer(500, "oops"))
        case .unavailable:
            .failure(HostError(.unavailable, "503 for too long.", subject: "/fault", httpStatus: 503))
        case .reset: .failure(HostError(.unavailable, "The connection was reset.", subject: "/fault"))
        case .truncated: .success(answer(200, "{\"experiments\":[{\"name\":\"x"))
        case .notJSON: .success(answer(200, "<html>proxy login</html>", type: "text/html"))
        case .empty: .success(answer(200, ""))
        }
    }

    private func answer(_ status: Int, _ body: String, type: String = "application/json") -> HTTPAnswer {
        HTTPAnswer(status: status, headers: [("content-type", type)], body: Array(body.utf8), tries: 1)
    }

    /// What a call may say of it; nil: anything but "all is well".
    var statuses: Set<Status>? {
        switch self {
        case .unauthorized: [.auth]
        case .forbidden: [.forbidden, .auth]
        case .rateLimited: [.rateLimited, .unavailable]
        case .serverError, .unavailable, .reset:
            [.unavailable, .timeout, .internal, .invalidData, .rateLimited]
        default: nil
        }
    }
}

struct FaultHTTP: ConformanceTest {
    let name = "fault-http"
    let level = Level.faults
    let summary = "each answer in turn goes wrong in each way: a clear error, and the next attempt succeeds"
    let crashRule = "R-FAULT-2"
    let hangRule = "R-FAULT-6"

    /// Requests of one load that are made to fail, evenly chosen.
    private static let places = 6

    func reasonToSkip(_ subject: Subject) -> String? { Need.endpoint(subject) }

    func run(_ bench: Bench) throws {
        var done = 0
        var used = false
        if bench.briefing.loader != nil { used = try loader(bench, &done) || used }
        if bench.briefing.exporter != nil { used = try exporter(bench, &done) || used }
        bench.events.note(used ? "\(done) faults" : "the plugin does not use the host's HTTP")
    }

    private func loader(_ bench: Bench, _ done: inout Int) throws -> Bool {
        let probe = try bench.openLoader()
        let limits = try probe.limits()
        let fixture = Fixture(bench, kind: limits.kinds.first ?? "run")
        _ = try LoadScript(bench, probe, limits).whole(try small(fixture, "probe"))
        let requests = probe.endpoint.requests
        probe.close()
        guard requests > 0 else { return false }
        let deadline = ContinuousClock().now + .seconds(bench.testCase.timeLimit * 0.7)
        for place in Spread.of(requests, most: Self.places) {
            for fault in HTTPFault.allCases where ContinuousClock().now < deadline {
                done += 1
                let unit = try small(fixture, "fault-\(place)-\(fault)")
                try once(bench, limits, unit, place, fault)
            }
        }
        return true
    }

    /// Everything a loader sends for, in few rows.
    private func small(_ fixture: Fixture, _ id: String) throws(HostError) -> FixtureUnit {
        var random = SeededGenerator(seed: 1, purpose: id)
        return FixtureUnit(
            record: fixture.record(id),
            batches: [try FixtureRows.fields(), try FixtureRows.points(["loss"], from: 0, count: 5, &random)])
    }

    private func once(
        _ bench: Bench, _ limits: Limits, _ fixture: FixtureUnit, _ place: Int, _ fault: HTTPFault
    ) throws {
        let unit = try FittedUnit(fixture, limits)
        do {
            let loader = try bench.openLoader()
            defer { loader.close() }
            var count = 0
            loader.endpoint.fault = { _ in
                count += 1
                return count == place ? fault.result : nil
            }
            _ = try LoadScript(bench, loader, limits).whole(unit)
        } catch let error as HostError {
            let what = "\(fault) at request \(place)"
            bench.expect(
                fault.statuses?.contains(error.status) != false, "R-FAULT-1",
                expected:
                    "\(what) is \(fault.statuses?.map(\.label).sorted().joined(separator: " or ") ?? "")",
                happened: "\(error)")
            if fault == .rateLimited || fault == .reset || fault == .unavailable {
                bench.expect(
                    error.retryClass == .later, "R-FAULT-1", expected: "\(what) is passing trouble",
                    happened: "\(error), retry \(error.retryClass)")
            }
        }
        // Nothing that was half done stands in the way.
        let loader = try bench.openLoader()
        defer { loader.close() }
        do {
            if try loader.find(unit.info).state != .complete {
                _ = try LoadScript(bench, loader, limits).whole(unit)
            }
            let found = try loader.find(unit.info)
            bench.expect(
                found.state == .complete, "R-FAULT-5",
                expected: "after \(fault) at request \(place) it arrives",
                happened: "\(found.state)")
        } catch let error as HostError {
            bench.note(
                "R-FAULT-5", expected: "after \(fault) at request \(place) the next attempt succeeds",
                happened: "\(error)")
        }
    }

    private func exporter(_ bench: Bench, _ done: inout Int) throws -> Bool {
        let probe = try bench.openExporter()
        let units = try UnitRows.some(probe, most: 2)
        let sums = try units.map { try ReadUnit(probe, $0).checksum }
        let requests = probe.endpoint.requests
        probe.close()
        guard requests > 0 else { return false }
        let deadline = ContinuousClock().now + .seconds(bench.testCase.timeLimit * 0.2)
        for place in Spread.of(requests, most: Self.places) {
            for fault in HTTPFault.allCases where ContinuousClock().now < deadline {
                done += 1
                try read(bench, units, sums, place, fault)
            }
        }
        return true
    }

    private func read(
        _ bench: Bench, _ units: [UnitRef], _ sums: [String], _ place: Int, _ fault: HTTPFault
    ) throws {
        let what = "\(fault) at request \(place)"
        do {
            let exporter = try bench.openExporter()
            defer { exporter.close() }
            var count = 0
            exporter.endpoint.fault = { _ in
                count += 1
                return count == place ? fault.result : nil
            }
            let listed = try UnitRows.some(exporter, most: 2)
            bench.expect(
                listed == units, "R-FAULT-2", expected: "\(what): an error or the same units",
                happened: "\(listed.count)")
            for (unit, sum) in zip(units, sums) {
                let read = try ReadUnit(exporter, unit)
                bench.expect(
                    read.checksum == sum || !read.losses.isEmpty, "R-FAULT-2",
                    expected: "\(what): an error, a loss or all rows", happened: "other rows")
            }
        } catch let error as HostError {
            bench.expect(
                fault.statuses?.contains(error.status) != false, "R-FAULT-1",
                expected: "\(what) is told as what it is",
                happened: "\(error)")
        }
    }
}
