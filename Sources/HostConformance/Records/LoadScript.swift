// SPDX-License-Identifier: Apache-2.0

internal import HostCore
internal import HostRecords

/// The life of a unit as the host lives it.
struct LoadScript {
    struct Loaded {
        var unit: FittedUnit
        var losses: [LossReport]
        var target: Target
    }

    private let bench: Bench
    private let loader: RawLoader
    private let limits: Limits

    init(_ bench: Bench, _ loader: RawLoader, _ limits: Limits) {
        self.bench = bench
        self.loader = loader
        self.limits = limits
    }

    /// Finds and begins, the way the host decides for a unit of its own.
    func begin(_ unit: FittedUnit, acknowledged: UInt64 = 0) throws -> RawLoad {
        let blobs = try BlobFolder(bench)
        loader.endpoint.openBlob = { ref throws(HostError) in try blobs.open(ref) }
        loader.endpoint.losses = []
        let found = try loader.find(unit.info)
        let mode: BeginMode =
            switch found.state {
            case .nothing, .foreign: .new
            case .partial: .continue
            case .broken, .complete: .replace
            }
        return try loader.begin(unit.info, found, mode, after: mode == .continue ? acknowledged : 0)
    }

    func whole(_ fixture: FixtureUnit, form: BatchForm = .plain) throws -> Loaded {
        try whole(try FittedUnit(fixture, limits), form: form)
    }

    func whole(_ unit: FittedUnit, form: BatchForm = .plain) throws -> Loaded {
        let load = try begin(unit)
        return try finish(load, unit, from: 0, form: form)
    }

    /// Everything behind a sequence number, to the commit.
    func finish(
        _ load: RawLoad, _ unit: FittedUnit, from sequence: UInt64, form: BatchForm = .plain
    ) throws -> Loaded {
        for (index, batch) in unit.batches.enumerated() where UInt64(index + 1) > sequence {
            try load.write(batch, UInt64(index + 1), form: form)
        }
        try load.flush()
        let target = try load.commit(unit.rows)
        load.end()
        return Loaded(unit: unit, losses: loader.endpoint.losses, target: target)
    }
}
