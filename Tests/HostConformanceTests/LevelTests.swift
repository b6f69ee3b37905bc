// SPDX-License-Identifier: Apache-2.0

import HostConformance
import Testing

@Suite struct LevelTests {
    @Test func levelsAreNumberedFromZeroToEight() {
        #expect(Level.allCases.map(\.rawValue) == Array(0...8))
    }
}
