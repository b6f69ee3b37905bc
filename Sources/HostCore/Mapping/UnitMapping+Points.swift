// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

extension UnitMapping {
    /// One pass that looks; only when something has to change does a second one make new columns.
    func mapPoints(_ batch: RecordBatch) throws(HostError) -> MappedBatch {
        let view = PointsView(batch)
        let paths = view.path.encoded()
        let renamed = renamedPaths(paths, .metric)
        var fix = PointFix(paths: paths, limits: limits, scale: scale, fallbackTime: fallbackTime)
        let keepsRepeats = limits.abilities.contains(.duplicatePoints)
        let slots = keepsRepeats ? [] : repeats.slots(of: paths.texts)
        var kept: [Int] = []
        var steps = [Int64?](repeating: nil, count: view.count)
        var millionths = [Int32?](repeating: nil, count: view.count)
        var times = [Int64?](repeating: nil, count: view.count)
        var values = [Double](repeating: 0, count: view.count)
        kept.reserveCapacity(view.count)
        for row in 0..<view.count {
            let code = Int(paths.codes[row])
            guard let step = fix.step(view.step[row], code), let value = fix.value(view.value[row] ?? .nan, code)
            else { continue }
            let time = fix.time(view.time[row], code)
            if !keepsRepeats, repeats.isRepeat(slots[code], step.step, time, value) {
                fix.repeated.add(paths.texts[code])
                continue
            }
            steps[row] = step.step?.whole
            millionths[row] = step.step.flatMap { $0.millionths == 0 ? nil : $0.millionths }
            times[row] = time
            values[row] = value
            kept.append(row)
        }
        var result = MappedBatch(batch: batch, losses: fix.losses)
        if kept.isEmpty {
            result.batch = nil
        } else if fix.changedRows || kept.count < view.count {
            let codes = (renamed ?? paths).codes
            result.batch = try RecordBatch(
                .points,
                [
                    ("path", .encodedText(
                        EncodedText(texts: (renamed ?? paths).texts, codes: kept.map { codes[$0] }))),
                    ("step", .int64(kept.map { steps[$0] })), ("millionths", .int32(kept.map { millionths[$0] })),
                    ("time", .time(kept.map { times[$0] })), ("value", .denseFloat64(kept.map { values[$0] })),
                ])
        } else if let renamed {
            result.batch = try batch.replacing([("path", .encodedText(renamed))])
        }
        return result
    }
}

/// What each part of a point becomes in the target, and which losses that makes.
struct PointFix {
    private let paths: EncodedText
    private let abilities: Abilities
    private let scale: StepScale
    private let fallbackTime: Int64
    /// Whether a row that is kept differs from the source's.
    private(set) var changedRows = false

    private var rounded = LossCount(.rounded, .points, "step.rounded", "the target's steps are whole numbers (see --step-multiplier)")
    private var overflow = LossCount(.dropped, .points, "step.overflow", "the step has no room in the target")
    private var noStep = LossCount(.rounded, .points, "step.missing", "the point has no step; the target has it at step 0")
    private var noTime = LossCount(.redated, .points, "time.missing", "the point has no time; the target has it at its run's start")
    private var early = LossCount(.redated, .points, "time.before-1970", "the target has no times before 1970; set to its first moment")
    private var finer = LossCount(.rounded, .points, "time.rounded", "the target keeps milliseconds")
    private var infinite = LossCount(.rounded, .points, "value.clamped", "the target has no infinity; it holds ±1.797e308 instead")
    private var notANumber = LossCount(.dropped, .points, "value.nan", "the target has no NaN")
    private var zero = LossCount(.rounded, .points, "value.negative-zero", "the target has -0.0 as 0.0")
    var repeated = LossCount(.merged, .points, "point.merged", "equal in step, time and value: the target counts them as one")

    init(paths: EncodedText, limits: Limits, scale: StepScale, fallbackTime: Int64) {
        self.paths = paths
        abilities = limits.abilities
        self.scale = scale
        self.fallbackTime = fallbackTime
    }

    var losses: [LossReport] {
        [rounded, overflow, noStep, noTime, early, finer, infinite, notANumber, zero, repeated].flatMap(\.report)
    }

    /// nil: the row can't be kept.
    @inline(__always)
    mutating func step(_ source: Step?, _ code: Int) -> (step: Step?, Void)? {
        guard let source else {
            if abilities.contains(.noStep) { return (nil, ()) }
            noStep.add(paths.texts[code])
            changedRows = true
            return (Step(0), ())
        }
        if source.millionths == 0, scale.isIdentity { return (source, ()) }
        guard let scaled = scale.scaled(source) else {
            overflow.add(paths.texts[code])
            return nil
        }
        if scaled != source { changedRows = true }
        if scaled.millionths == 0 || abilities.contains(.fractionalSteps) { return (scaled, ()) }
        guard let whole = scaled.roundedToWhole else {
            overflow.add(paths.texts[code])
            return nil
        }
        rounded.add(paths.texts[code])
        changedRows = true
        return (Step(whole.whole), ())
    }

    /// Microseconds, in and out.
    @inline(__always)
    mutating func time(_ source: Int64?, _ code: Int) -> Int64? {
        guard let source else {
            if abilities.contains(.noTime) { return nil }
            noTime.add(paths.texts[code])
            changedRows = true
            return fallbackTime &* 1000
        }
        if source < 0, !abilities.contains(.timesBefore1970) {
            early.add(paths.texts[code])
            changedRows = true
            return 0
        }
        if !abilities.contains(.microseconds), source % 1000 != 0 {
            finer.add(paths.texts[code])
            changedRows = true
            return source - ((source % 1000) + 1000) % 1000
        }
        return source
    }

    /// nil: the row can't be kept.
    @inline(__always)
    mutating func value(_ source: Double, _ code: Int) -> Double? {
        if source.isFinite {
            guard source == 0, source.sign == .minus, !abilities.contains(.negativeZero) else { return source }
            zero.add(paths.texts[code])
            changedRows = true
            return 0
        }
        if source.isNaN {
            if abilities.contains(.nan) { return source }
            notANumber.add(paths.texts[code])
            return nil
        }
        if abilities.contains(.infinity) { return source }
        infinite.add(paths.texts[code])
        changedRows = true
        return source < 0 ? -Double.greatestFiniteMagnitude : .greatestFiniteMagnitude
    }
}
