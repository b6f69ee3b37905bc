// SPDX-License-Identifier: Apache-2.0

import HostCore
import HostRecords
import Testing

/// One point of a test, in and out of mapping.
struct TestPoint: Equatable {
    var path: String
    var step: Step?
    var time: Int64?
    var value: Double

    init(_ path: String = "a", step: Step? = Step(1), time: Int64? = 1_000, value: Double = 1) {
        self.path = path
        self.step = step
        self.time = time
        self.value = value
    }

    static func == (left: TestPoint, right: TestPoint) -> Bool {
        ExactText(left.path) == ExactText(right.path) && left.step == right.step && left.time == right.time
            && left.bits == right.bits
    }

    /// Every NaN is one.
    var bits: UInt64 { value.isNaN ? Double.nan.bitPattern : value.bitPattern }

    static func batch(_ points: [TestPoint]) throws -> RecordBatch {
        try RecordBatch(
            .points,
            [
                ("path", .text(points.map(\.path))), ("step", .int64(points.map { $0.step?.whole })),
                (
                    "millionths",
                    .int32(points.map { $0.step.flatMap { $0.millionths == 0 ? nil : $0.millionths } })
                ),
                ("time", .time(points.map(\.time))), ("value", .denseFloat64(points.map(\.value))),
            ])
    }

    static func all(_ batch: RecordBatch?) -> [TestPoint] {
        guard let batch else { return [] }
        let view = PointsView(batch)
        return (0..<view.count).map {
            TestPoint(
                view.path[$0] ?? "", step: view.step[$0], time: view.time[$0], value: view.value[$0] ?? 0)
        }
    }
}

/// A mapping for tests: a target that takes all but what is left out.
func testMapping(
    without missing: Abilities = [], tables: Set<Table> = Set(Table.records), maxText: Int = 0,
    names: [NameScope: NameMap] = [:], multiplier: Int64 = 1, started: Int64? = 5_000, created: Int64? = nil
) throws -> UnitMapping {
    let limits = Limits(
        tables: tables, abilities: Abilities.all.subtracting(missing), kinds: ["run"], maxText: maxText)
    return UnitMapping(
        limits: limits, names: names, scale: try StepScale(multiplier),
        unit: UnitRecord(
            key: UnitKey(kind: "run", project: "p", id: "1"), created: created, started: started))
}

extension MappedBatch {
    /// Rows by code.
    var lossRows: [String: Int64] {
        Dictionary(losses.map { ($0.code, $0.rows) }, uniquingKeysWith: +)
    }

    func kind(_ code: String) -> LossKind? { losses.first { $0.code == code }?.kind }
}
