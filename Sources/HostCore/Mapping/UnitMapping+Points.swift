// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

extension UnitMapping {
    /// One pass that looks; only when something has to change does a second one make new columns.
    func mapPoints(_ batch: RecordBatch) throws(HostError) -> MappedBatch {
        let view = PointsView(batch)
        let paths = view.path.encoded()
        let renamed = renamedPaths(paths, .metric)
        var fix = PointFix(paths: paths, limits: limits, scale: scale, fallbackTime: fallbackTime)
        let dropped = droppedPoints(view, paths, &fix)
        var result = MappedBatch(batch: batch, losses: fix.losses)
        if dropped.count == view.count {
            result.batch = nil
        } else if fix.changedRows || !dropped.isEmpty {
            result.batch = try fixedPoints(view, paths, renamed ?? paths, without: dropped)
        } else if let renamed {
            result.batch = try batch.replacing([("path", .encodedText(renamed))])
        }
        return result
    }

    /// Rows that can't be kept, ascending. Everything else that has to change is noted in `fix`.
    private func droppedPoints(_ view: PointsView, _ paths: EncodedText, _ fix: inout PointFix) -> [Int] {
        var dropped: [Int] = []
        let keepsRepeats = limits.abilities.contains(.duplicatePoints)
        let slots = keepsRepeats ? [] : repeats.slots(of: paths.texts)
        for row in 0..<view.count {
            let code = Int(paths.codes[row])
            guard let step = fix.step(view.step[row], code), let value = fix.value(view.value[row] ?? .nan, code)
            else {
                dropped.append(row)
                continue
            }
            let time = fix.time(view.time[row], code)
            if !keepsRepeats, repeats.isRepeat(slots[code], step.step, time, value) {
                fix.repeated.add(paths.texts[code])
                dropped.append(row)
            }
        }
        return dropped
    }

    /// New columns of the rows that are kept. What it changes was counted by the pass before.
    private func fixedPoints(
        _ view: PointsView, _ paths: EncodedText, _ renamed: EncodedText, without dropped: [Int]
    ) throws(HostError) -> RecordBatch {
        var fix = PointFix(paths: paths, limits: limits, scale: scale, fallbackTime: fallbackTime)
        let count = view.count - dropped.count
        var codes: [Int32] = []
        var steps: [Int64?] = []
        var millionths: [Int32?] = []
        var times: [Int64?] = []
        var values: [Double] = []
        codes.reserveCapacity(count)
        steps.reserveCapacity(count)
        millionths.reserveCapacity(count)
        times.reserveCapacity(count)
        values.reserveCapacity(count)
        var skip = dropped.makeIterator()
        var next = skip.next()
        for row in 0..<view.count {
            if row == next {
                next = skip.next()
                continue
            }
            let code = Int(paths.codes[row])
            guard let step = fix.step(view.step[row], code), let value = fix.value(view.value[row] ?? .nan, code)
            else { continue }
            codes.append(renamed.codes[row])
            steps.append(step.step?.whole)
            millionths.append(step.step.flatMap { $0.millionths == 0 ? nil : $0.millionths })
            times.append(fix.time(view.time[row], code))
            values.append(value)
        }
        return try RecordBatch(
            .points,
            [
                ("path", .encodedText(EncodedText(texts: renamed.texts, codes: codes))), ("step", .int64(steps)),
                ("millionths", .int32(millionths)), ("time", .time(times)), ("value", .denseFloat64(values)),
            ])
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
            let (microseconds, overflow) = fallbackTime.multipliedReportingOverflow(by: 1000)
            return overflow ? .max / 1000 * 1000 : microseconds
        }
        if source < 0, !abilities.contains(.timesBefore1970) {
            early.add(paths.texts[code])
            changedRows = true
            return 0
        }
        if !abilities.contains(.microseconds), source % 1000 != 0 {
            finer.add(paths.texts[code])
            changedRows = true
            let towardsZero = source - source % 1000
            return source > 0 || towardsZero < .min + 1000 ? towardsZero : towardsZero - 1000
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
