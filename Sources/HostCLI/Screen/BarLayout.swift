// SPDX-License-Identifier: Apache-2.0

/// The lines of the progress screen for one snapshot. It draws nothing and remembers nothing.
package struct BarLayout: Sendable {
    package static let mostLines = 8

    package var traits: TerminalTraits
    package var secondsLeft: Double?
    package var rowsPerSecond: (read: Double, written: Double)?

    package init(
        _ traits: TerminalTraits, secondsLeft: Double? = nil,
        rowsPerSecond: (read: Double, written: Double)? = nil
    ) {
        self.traits = traits
        self.secondsLeft = secondsLeft
        self.rowsPerSecond = rowsPerSecond
    }

    package func lines(_ snapshot: RunSnapshot) -> [String] {
        let top = head(snapshot) + [records(snapshot)]
        let bottom = waiting(snapshot) + [troubles(snapshot)]
        // The line below the screen is the cursor's.
        let room = min(Self.mostLines, traits.rows - 1) - top.count - bottom.count
        let lines = top + workers(snapshot, room: room) + bottom
        return lines.suffix(max(1, traits.rows - 1)).map { cut($0) }
    }

    private func head(_ snapshot: RunSnapshot) -> [String] {
        let place = joined([clean("\(snapshot.from) -> \(snapshot.to)"), "job \(clean(snapshot.job))"])
        var pace = [units(snapshot), TimeText.clock(snapshot.elapsed)]
        if let secondsLeft { pace.append(TimeText.left(secondsLeft)) }
        if fits(joined([place] + pace)) { return [joined([place] + pace)] }
        // Where there is no room for both, the user knows the job's name and not how far it is.
        let first = fits(place) ? place : clean("\(snapshot.from) -> \(snapshot.to)")
        return [first]
            + (fits(joined(pace)) ? [joined(pace)] : [pace[0], joined(Array(pace.dropFirst()), gap: "  ")])
    }

    private func units(_ snapshot: RunSnapshot) -> String {
        let done = NumberText.grouped(snapshot.unitsDone)
        guard let total = snapshot.unitsTotal else { return "\(done) units, listing" }
        let share = NumberText.percent(Int64(snapshot.unitsDone), of: Int64(total))
        return "\(done) / \(NumberText.grouped(total)) units  \(share)"
    }

    /// Tables with rows, then the rates; what has no room is left out, the rates first.
    private func records(_ snapshot: RunSnapshot) -> String {
        var parts = snapshot.tables.filter { $0.read > 0 }.map { line in
            let size =
                line.table == "files" && snapshot.fileBytes > 0
                ? " (\(NumberText.bytes(snapshot.fileBytes)))" : ""
            return "\(clean(line.table)) \(NumberText.compact(line.read))\(size)"
        }
        if parts.isEmpty { parts = ["no records yet"] }
        if let rowsPerSecond {
            parts.append("read \(NumberText.compact(Int64(rowsPerSecond.read)))/s")
            parts.append("written \(NumberText.compact(Int64(rowsPerSecond.written)))/s")
        }
        while parts.count > 1 && !fits(joined(parts)) { parts.removeLast() }
        return joined(parts)
    }

    private func workers(_ snapshot: RunSnapshot, room: Int) -> [String] {
        if room <= 0 { return [] }
        let hidden = snapshot.workers.count > room ? snapshot.workers.count - room + 1 : 0
        let shown = snapshot.workers.prefix(snapshot.workers.count - hidden)
        let labelWidth = min(
            shown.map { CellText.width(clean($0.unit)) }.max() ?? 0, max(8, traits.columns * 3 / 10))
        let phaseWidth = shown.map { CellText.width(clean($0.phase)) }.max() ?? 0
        var lines = shown.map { worker in
            let number = CellText.padded(String(worker.number), to: 3, right: true)
            let label = CellText.padded(cut(clean(worker.unit), to: labelWidth), to: labelWidth)
            let phase = CellText.padded(clean(worker.phase), to: phaseWidth)
            let place = joined([number, label, phase], gap: "  ")
            let forms = amounts(worker).map { amount in
                joined([place] + [amount, clean(worker.note)].filter { !$0.isEmpty }, gap: "  ")
            }
            return forms.first(where: fits) ?? forms.last ?? place
        }
        if hidden > 0 { lines.append("     and \(hidden) more workers") }
        return lines
    }

    /// How far a worker is, the longest form first.
    private func amounts(_ worker: WorkerLine) -> [String] {
        guard let done = worker.done else { return [""] }
        guard let whole = worker.of else { return [NumberText.compact(done)] }
        return [
            "\(NumberText.compact(done)) of \(NumberText.compact(whole))",
            NumberText.percent(done, of: whole),
        ]
    }

    private func waiting(_ snapshot: RunSnapshot) -> [String] {
        snapshot.waiting.map {
            ["waiting: \(clean($0.reason)), \(TimeText.countdown($0.until - snapshot.elapsed))"]
        } ?? []
    }

    /// The failed come before the losses, which may be many; where those have no room, their sum stands for
    /// them.
    private func troubles(_ snapshot: RunSnapshot) -> String {
        let head = [
            "retries \(NumberText.grouped(snapshot.retries))",
            "failed \(NumberText.grouped(snapshot.failed))",
        ]
        let losses = snapshot.losses.map { "\(NumberText.grouped($0.rows)) \(clean($0.code))" }
        let whole = joined(head + ["losses \(losses.joined(separator: ", "))"])
        if !losses.isEmpty && fits(whole) { return whole }
        return joined(head + ["losses \(NumberText.grouped(snapshot.losses.reduce(0) { $0 + $1.rows }))"])
    }

    private func joined(_ parts: [String], gap: String = "   ") -> String {
        parts.joined(separator: gap)
    }

    private func fits(_ line: String) -> Bool { CellText.width(line) <= traits.columns }

    private func clean(_ text: String) -> String { CellText.cleaned(text) }

    private func cut(_ text: String, to cells: Int? = nil) -> String {
        CellText.cut(text, to: cells ?? traits.columns, mark: traits.cutMark)
    }
}
