// SPDX-License-Identifier: Apache-2.0

import HostCLI
import Testing

@Suite struct BarScreenTests {
    func text(_ columns: Int, _ snapshot: RunSnapshot = ScreenSamples.running, rows: Int = 24) -> String {
        BarLayout(
            ScreenSamples.terminal(columns, rows: rows), secondsLeft: 5_990, rowsPerSecond: (812_000, 790_000)
        ).lines(snapshot).joined(separator: "\n")
    }

    @Test func wide() {
        #expect(
            text(120)
                == """
                neptune3:ml/vision -> comet:research   job vision-2026   1,204 / 4,110 units  29%   00:41:10   about 1 h 40 min left
                points 88.2 M   series 1.10 M   files 3,310 (41.2 GiB)   read 812 k/s   written 790 k/s
                  1  VIS-1207                       points   1.90 M of 2.40 M
                  2  VIS-1208                       files    checkpoint.pt
                  3  准确率 🙂 of a very long name  waiting  neptune rate limit, 00:23
                retries 14   failed 0   losses 1,204 name.replaced, 18,022 step.rounded
                """)
    }

    @Test func usual() {
        #expect(
            text(80)
                == """
                neptune3:ml/vision -> comet:research   job vision-2026
                1,204 / 4,110 units  29%   00:41:10   about 1 h 40 min left
                points 88.2 M   series 1.10 M   files 3,310 (41.2 GiB)   read 812 k/s
                  1  VIS-1207                  points   1.90 M of 2.40 M
                  2  VIS-1208                  files    checkpoint.pt
                  3  准确率 🙂 of a very lon…  waiting  neptune rate limit, 00:23
                retries 14   failed 0   losses 1,204 name.replaced, 18,022 step.rounded
                """)
    }

    @Test func narrow() {
        #expect(
            text(40)
                == """
                neptune3:ml/vision -> comet:research
                1,204 / 4,110 units  29%
                00:41:10  about 1 h 40 min left
                points 88.2 M   series 1.10 M
                  1  VIS-1207      points   79%
                  2  VIS-1208      files    checkpoint.…
                  3  准确率 🙂 o…  waiting  neptune rat…
                retries 14   failed 0   losses 19,226
                """)
    }

    @Test(arguments: [1, 10, 39, 40, 41, 60, 79, 80, 100, 120, 200])
    func noLineIsWiderThanTheTerminal(columns: Int) {
        for line in text(columns).split(separator: "\n") { #expect(CellText.width(String(line)) <= columns) }
    }

    @Test func eightLinesAreTheMostHoweverManyWorkers() {
        var snapshot = ScreenSamples.running
        snapshot.workers = (1...32).map { WorkerLine(number: $0, unit: "RUN-\($0)", phase: "points") }
        snapshot.waiting = WaitingLine("rate limit", until: snapshot.elapsed + 23)
        let lines = text(80, snapshot).split(separator: "\n")
        #expect(lines.count == 8)
        #expect(lines[5] == "     and 30 more workers")
        #expect(lines[6] == "waiting: rate limit, 00:23")
        #expect(text(80, snapshot, rows: 5).split(separator: "\n").count == 4)
    }

    @Test func listingHasNoPercent() {
        var snapshot = ScreenSamples.running
        snapshot.unitsTotal = nil
        let text = BarLayout(ScreenSamples.terminal(120)).lines(snapshot).joined()
        #expect(text.contains("1,204 units, listing") && !text.contains("%"))
    }

    @Test func namesFromDataCannotDriveTheTerminal() {
        var snapshot = ScreenSamples.running
        snapshot.workers = [
            WorkerLine(number: 1, unit: "\u{1B}[2Jevil\r\n", phase: "a\u{7}", note: "\u{202E}x")
        ]
        snapshot.job = "\u{9B}31m"
        let text = text(120, snapshot)
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
        #expect(!text.unicodeScalars.contains("\u{202E}"))
    }

    @Test func framesComeFiveTimesASecondAndOnlyWhenSomethingChanged() {
        var screen = BarScreen(ScreenSamples.terminal(80))
        var snapshot = ScreenSamples.running
        #expect(screen.frame(snapshot) != nil)
        snapshot.elapsed += 0.1
        snapshot.failed += 1
        #expect(screen.frame(snapshot) == nil)
        snapshot.elapsed += 0.15
        let frame = screen.frame(snapshot)
        #expect(frame?.contains("failed 1") == true)
        snapshot.elapsed += 0.3
        #expect(screen.frame(snapshot) == nil)
        #expect(screen.frame(snapshot, isLast: true) == nil)
    }

    @Test func everyFrameLeavesTheScreenAsItsLinesSay() {
        var screen = BarScreen(ScreenSamples.terminal(60))
        var model = TerminalModel(columns: 60)
        var snapshot = ScreenSamples.running
        model.write("$ host run\r\n")
        for step in 0..<40 {
            snapshot.elapsed += 0.25
            snapshot.unitsDone += step
            snapshot.waiting = step % 5 == 0 ? WaitingLine("rate limit", until: snapshot.elapsed + 9) : nil
            snapshot.workers = (0..<(step % 4)).map {
                WorkerLine(number: $0, unit: String(repeating: "准", count: step))
            }
            if step == 20 {
                model.write(screen.cleared() + "a message\r\n")
            }
            // The same frame on a terminal where nothing stood before.
            var first = screen
            _ = first.cleared()
            var fresh = TerminalModel(columns: 60)
            fresh.write(first.frame(snapshot) ?? "")
            guard let frame = screen.frame(snapshot) else { continue }
            model.write(frame)
            #expect(model.lines.suffix(fresh.lines.count) == fresh.lines[...])
            let shown = model.lines.suffix(1 + model.lines.count).drop { !$0.hasPrefix("neptune3") }
            #expect(shown.first?.hasPrefix("neptune3:ml/vision -> comet:research") == true)
            #expect(shown.last?.hasPrefix("retries 14   failed 0") == true)
            #expect(shown.filter { $0.hasPrefix("retries") }.count == 1)
            #expect(shown.contains { $0.hasPrefix("waiting") } == (snapshot.waiting != nil))
        }
        #expect(model.lines.first == "$ host run")
        #expect(model.lines.contains("a message"))
        model.write(screen.cleared())
        #expect(model.lines == ["$ host run", "a message"])
    }
}

/// As much of a terminal as the screen uses: text, CR, LF, cursor up, erase to the end of the line and below.
private struct TerminalModel {
    private var cells: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    private let columns: Int

    init(columns: Int) { self.columns = columns }

    var lines: [String] {
        var lines = cells.map { String(String($0).reversed().drop { $0 == " " }.reversed()) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    mutating func write(_ text: String) {
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "\r\n":
                column = 0
                row += 1
                if row == cells.count { cells.append([]) }
            case "\r": column = 0
            case "\u{1B}": escape(&rest)
            default: put(character)
            }
        }
    }

    private mutating func escape(_ rest: inout Substring) {
        rest.removeFirst()
        let digits = rest.prefix { $0.isNumber }
        rest = rest.dropFirst(digits.count)
        switch rest.popFirst() {
        case "A": row = max(0, row - (Int(digits) ?? 1))
        case "K": cells[row] = Array(cells[row].prefix(column))
        case "J":
            cells[row] = Array(cells[row].prefix(column))
            cells.removeLast(cells.count - row - 1)
        default: Issue.record("an escape that the model does not know")
        }
    }

    /// A wide character fills its second cell with nothing: a zero-width mark keeps the place.
    private mutating func put(_ character: Character) {
        let width = CellText.width(String(character))
        #expect(column + width <= columns, "a line that would wrap")
        for (offset, part) in ([character] + Array(repeating: "\u{200B}", count: max(0, width - 1)))
            .enumerated()
        {
            while cells[row].count <= column + offset { cells[row].append(" ") }
            cells[row][column + offset] = part
        }
        column += width
    }
}
