// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension RunLoad {
    /// Files become artifacts under their mapped path.
    func write(_ view: FilesView, _ sequence: UInt64, _ call: Call) throws(HostError) {
        for row in 0..<view.count {
            let path = view.path[row] ?? ""
            let name = view.name[row] ?? ""
            let role = view.role[row] ?? ""
            let step = view.step[row]?.description ?? "None"
            var directory = path.pathComponents
            var last = name
            switch role {
            case "series": directory.append("step_\(step)")
            case "member":
                let inside = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
                directory += inside.dropLast()
                last = inside.last ?? ""
            default: break
            }
            let place = place(
                directory, last, of: path, .files, identity: "\(role) \(path) \(step) \(name)", call)
            let blob = try call.open(blob: view.blob[row] ?? "")
            try artifacts.put(
                blob, at: place, MultipartUpload.isWorthwhile(blob, facts), flight, lane, sequence, call)
            expected.add(file: place, size: blob.size)
            if let time = view.time.milliseconds(row) { expected.see(time) }
        }
    }

    /// Bytes that are at hand, as an artifact.
    func store(_ bytes: [UInt8], at path: String, holding sequence: UInt64, _ call: Call) throws(HostError) {
        try artifacts.put(bytes, at: path, lane, sequence, call)
        expected.add(file: path, size: Int64(bytes.count))
    }

    /// Sends the files of series or histograms, whole: their batches are called durable only then, so a load
    /// that goes on is handed all of them again and writes over what an earlier one left.
    func upload(_ spool: inout TextSpool, _ call: Call) throws(HostError) {
        guard let lowest = spool.lowest else { return }
        let format = spool.format
        var split = LossTally()
        for name in spool.unsent {
            let parts = spool.parts(name)
            for (index, part) in parts.enumerated() {
                let path = spoolPlace(name, format.fileName(part: 1 + index), format.table, call)
                try store(try spool.body(part), at: path, holding: lowest, call)
            }
            if parts.count > 1 { split.add("", name) }
        }
        split.tell(call, .noted, format.table, "series.split") { _ in
            "stored in several files: \(format.fileName(part: 1)), \(format.fileName(part: 2)), …"
        }
        spool.isSent()
    }

    /// The same place each time: a later flush sends the longer file over the shorter one.
    private func spoolPlace(_ name: String, _ fileName: String, _ table: Table, _ call: Call) -> String {
        let identity = "\(fileName) of \(name)"
        if let known = spoolPlaces[identity] { return known }
        let path = place(name.pathComponents, fileName, of: name, table, identity: identity, call)
        spoolPlaces[identity] = path
        return path
    }
}
