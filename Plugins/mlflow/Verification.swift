// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Compares what the server has with what was sent, before a run may count as complete.
struct Verification {
    let server: Server
    let run: String
    let expected: Expected

    func check(
        _ there: Run, _ artifacts: ArtifactStore, _ flight: Flight, _ call: Call
    ) throws(HostError) {
        try compareParams(there)
        try compareTags(there)
        try compareNames(there)
        let lane = Lane(flight, limit: server.settings.inFlight)
        try PointCounts(server: server, run: run, expected: expected).check(lane, call)
        try compareFiles(artifacts, lane, call)
    }

    private func compareParams(_ there: Run) throws(HostError) {
        var found: [String: UInt64] = [:]
        for param in there.params {
            found[param["key"]?.text ?? ""] = StableHash.of(param["value"]?.text ?? "")
        }
        guard expected.isOpenEnded || found.count == expected.params.count else {
            throw mismatch("the params", "\(expected.params.count)", "\(found.count)")
        }
        for (name, hash) in expected.params where found[name] != hash {
            throw mismatch(
                "param \(name)", "the value that was sent", found[name] == nil ? "nothing" : "another value")
        }
    }

    private func compareTags(_ there: Run) throws(HostError) {
        for (name, hash) in expected.tags {
            // A commit that is called again finds its own mark gone.
            guard name != RunMark.incomplete else { continue }
            guard let value = there.tags[name] else {
                throw mismatch("tag \(name)", "the value that was sent", "nothing")
            }
            guard StableHash.of(value) == hash else {
                throw mismatch("tag \(name)", "the value that was sent", "another value")
            }
        }
    }

    private func compareNames(_ there: Run) throws(HostError) {
        let names = Set(there.metrics.compactMap { $0["key"]?.text })
        for name in expected.points.keys where !names.contains(name) {
            throw mismatch("metric \(name)", "\(expected.points[name] ?? 0) points", "no such metric")
        }
        guard expected.isOpenEnded || names.count == expected.points.count else {
            let extra = names.first { expected.points[$0] == nil } ?? ""
            throw mismatch("metric \(extra)", "no such metric", "a metric")
        }
    }

    /// One list call for each directory.
    private func compareFiles(_ artifacts: ArtifactStore, _ lane: Lane, _ call: Call) throws(HostError) {
        let longLists = LongLists()
        for (directory, files) in expected.files.sorted(by: { $0.key < $1.key }) {
            let verification = self
            try lane.launch(artifacts.listing(directory), call) { answer throws(HostError) in
                let listed = try Reply(answer).get("artifacts of \(directory)")
                if listed["next_page_token"]?.text?.isEmpty == false {
                    longLists.directories.append(directory)
                } else {
                    try verification.compare(files, ArtifactStore.files(listed), directory)
                }
            }
        }
        try lane.drain(call)
        for directory in longLists.directories {
            try compare(expected.files[directory] ?? [:], try artifacts.list(directory, call), directory)
        }
    }

    /// Directories of which the first answer was not all.
    private final class LongLists {
        var directories: [String] = []
    }

    private func compare(
        _ files: [String: Int64], _ found: [String: Int64], _ directory: String
    ) throws(HostError) {
        for (name, size) in files where found[name] != size {
            throw mismatch(
                "artifact \(directory)/\(name)", "\(size) bytes",
                found[name].map { "\($0) bytes" } ?? "no such file")
        }
    }

    private func mismatch(_ subject: String, _ expected: String, _ found: String) -> HostError {
        .mismatch(run, subject, expected: expected, found: found)
    }
}

extension HostError {
    static func mismatch(_ run: String, _ subject: String, expected: String, found: String) -> HostError {
        HostError(
            .invalidState, "Run \(run) does not hold what was sent: expected \(expected), found \(found).",
            subject: subject,
            remedy: "Run again; if it stays, delete run \(run) in MLflow, so that it is made anew.",
            retry: .later)
    }
}
