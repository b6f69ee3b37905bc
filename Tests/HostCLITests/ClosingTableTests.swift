// SPDX-License-Identifier: Apache-2.0

import HostCLI
import HostRecords
import Testing

@Suite struct ClosingTableTests {
    func text(_ traits: TerminalTraits, _ summary: RunSummary = ScreenSamples.ended) -> String {
        ClosingTable(traits).lines(summary).joined(separator: "\n")
    }

    @Test func wide() {
        #expect(
            text(ScreenSamples.terminal(120))
                == """
                             source       target  renamed  rounded  dropped  failed
                units         4,110        4,102                                  8
                fields      212,990      212,990    1,204        0        0
                points  301,442,018  301,442,016        0   18,022        2
                files        11,020       11,020       12        0        0

                losses
                  name.replaced, 1,204 fields: characters the target does not take (train@loss)
                  value.nan, 2 points (a/b)

                failed
                  VIS-7: /api/runs: no answer after 5 tries. Run again. [unavailable]

                8 units failed: host retry vision-2026
                Report: vision-2026/report.html
                """)
    }

    @Test func usual() {
        #expect(
            text(ScreenSamples.terminal(80))
                == """
                             source       target  renamed  rounded  dropped  failed
                units         4,110        4,102                                  8
                fields      212,990      212,990    1,204        0        0
                points  301,442,018  301,442,016        0   18,022        2
                files        11,020       11,020       12        0        0

                losses
                  name.replaced, 1,204 fields: characters the target does not take (train@loss)
                  value.nan, 2 points (a/b)

                failed
                  VIS-7: /api/runs: no answer after 5 tries. Run again. [unavailable]

                8 units failed: host retry vision-2026
                Report: vision-2026/report.html
                """)
    }

    @Test func narrow() {
        #expect(
            text(ScreenSamples.terminal(40))
                == """
                             source       target
                units         4,110        4,102
                fields      212,990      212,990
                points  301,442,018  301,442,016
                files        11,020       11,020

                        renamed  rounded  dropped
                fields    1,204        0        0
                points        0   18,022        2
                files        12        0        0

                        failed
                units        8

                losses
                  name.replaced, 1,204 fields:
                      characters the target does not
                      take (train@loss)
                  value.nan, 2 points (a/b)

                failed
                  VIS-7: /api/runs: no answer after 5
                      tries. Run again. [unavailable]

                8 units failed: host retry vision-2026
                Report: vision-2026/report.html
                """)
    }

    @Test func pipeGetsWholeLinesAndPlainNumbers() {
        #expect(
            text(TerminalTraits(isTerminal: false, columns: 40))
                == """
                           source     target  renamed  rounded  dropped  failed
                units        4110       4102                                  8
                fields     212990     212990     1204        0        0
                points  301442018  301442016        0    18022        2
                files       11020      11020       12        0        0

                losses
                  name.replaced, 1204 fields: characters the target does not take (train@loss)
                  value.nan, 2 points (a/b)

                failed
                  VIS-7: /api/runs: no answer after 5 tries. Run again. [unavailable]

                8 units failed: host retry vision-2026
                Report: vision-2026/report.html
                """)
    }

    @Test func longListsAreCountedToTheirEnd() {
        var summary = ScreenSamples.ended
        summary.failed = 1_500
        summary.failures = (0..<1_500).map { .init(unit: "U-\($0)", error: HostError(.io, "no.")) }
        summary.losses = (0..<25).map { .init("code.\($0)", table: "points", rows: 1) }
        let text = text(ScreenSamples.terminal(80), summary)
        #expect(
            text.contains("  and 1,490 more, in the report") && text.contains("  and 5 more, in the report"))
        #expect(text.contains("U-9:") && !text.contains("U-10:"))
    }

    @Test func nothingToTellIsOneSmallTable() {
        #expect(
            text(ScreenSamples.terminal(80), RunSummary(seen: 0, complete: 0))
                == """
                       source  target  failed
                units       0       0       0
                """)
    }

    @Test func skippedUnitsHaveAColumn() {
        #expect(
            text(ScreenSamples.terminal(80), RunSummary(seen: 3, complete: 1, skipped: 2))
                == """
                       source  target  skipped  failed
                units       3       1        2       0
                """)
    }
}
