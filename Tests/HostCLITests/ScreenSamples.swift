// SPDX-License-Identifier: Apache-2.0

import HostCLI
import HostRecords

/// One run in the middle and one at its end, as the snapshot tests show them.
enum ScreenSamples {
    static let running = RunSnapshot(
        job: "vision-2026", from: "neptune3:ml/vision", to: "comet:research", unitsDone: 1_204,
        unitsTotal: 4_110,
        elapsed: 2_470,
        tables: [
            TableLine("fields", read: 0, written: 0),
            TableLine("points", read: 88_212_345, written: 88_100_000),
            TableLine("series", read: 1_100_000, written: 1_100_000),
            TableLine("files", read: 3_310, written: 3_310),
        ], fileBytes: 44_238_012_416, retries: 14,
        losses: [LossLine("name.replaced", rows: 1_204), LossLine("step.rounded", rows: 18_022)],
        workers: [
            WorkerLine(number: 1, unit: "VIS-1207", phase: "points", done: 1_900_000, of: 2_400_000),
            WorkerLine(number: 2, unit: "VIS-1208", phase: "files", note: "checkpoint.pt"),
            WorkerLine(
                number: 3, unit: "准确率 🙂 of a very long name", phase: "waiting",
                note: "neptune rate limit, 00:23"),
        ])

    static let ended = RunSummary(
        seen: 4_110, complete: 4_102, failed: 8,
        tables: [
            .init("fields", read: 212_990, written: 212_990, losses: [.renamed: 1_204]),
            .init(
                "points", read: 301_442_018, written: 301_442_016, losses: [.rounded: 18_022, .dropped: 2]),
            .init("files", read: 11_020, written: 11_020, losses: [.renamed: 12]),
            .init("series", read: 0, written: 0),
        ],
        losses: [
            .init(
                "name.replaced", table: "fields", rows: 1_204, example: "train@loss",
                note: "characters the target does not take"),
            .init("value.nan", table: "points", rows: 2, example: "a/b"),
        ],
        failures: [
            .init(
                unit: "VIS-7",
                error: HostError(
                    .unavailable, "no answer after 5 tries.", subject: "/api/runs", remedy: "Run again."))
        ],
        seconds: 9_000, advice: ["8 units failed: host retry vision-2026", "Report: vision-2026/report.html"])

    static func terminal(_ columns: Int, rows: Int = 24) -> TerminalTraits {
        TerminalTraits(isTerminal: true, columns: columns, rows: rows)
    }
}
