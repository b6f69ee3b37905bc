// SPDX-License-Identifier: Apache-2.0

import HostPluginKit
import Testing

@Suite struct TextTests {
    /// Expected texts: Python 3.11, `repr`.
    @Test(
        arguments: [
            (0.1, "0.1"), (100, "100.0"), (1e-5, "1e-05"), (1e16, "1e+16"), (1e15, "1000000000000000.0"),
            (12_345_678_901_234_568, "1.2345678901234568e+16"), (0.0001, "0.0001"),
            (0.00012345, "0.00012345"),
            (-2.5e-7, "-2.5e-07"), (1.5e300, "1.5e+300"), (.leastNonzeroMagnitude, "5e-324"),
            (123_456.75, "123456.75"),
            (-0.0, "-0.0"), (0, "0.0"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (9_007_199_254_740_993, "9007199254740992.0"),
        ] as [(Double, String)])
    func floatsReadAsInPython(_ number: Double, _ text: String) {
        #expect(PythonText.float(number) == text)
    }

    @Test func pythonFloatsReadBackAsThemselves() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            #expect(Double(PythonText.float(number))?.bitPattern == number.bitPattern)
        }
    }

    /// Expected texts: Python 3.11, `isoformat` of UTC datetimes.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00+00:00"), (1_736_150_820_137_000, "2025-01-06T08:07:00.137000+00:00"),
            (-1, "1969-12-31T23:59:59.999999+00:00"), (951_782_400_000_000, "2000-02-29T00:00:00+00:00"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00+00:00"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00+00:00"),
            (253_402_300_799_000_001, "9999-12-31T23:59:59.000001+00:00"),
        ] as [(Int64, String)])
    func timesReadAsInPython(_ microseconds: Int64, _ text: String) {
        #expect(UTCTime(microseconds: microseconds).isoText == text)
    }

    @Test func extremeTimesDoNotTrap() {
        #expect(UTCTime(microseconds: .min).isoText.hasPrefix("-290308-"))
        #expect(UTCTime(microseconds: .max).isoText.hasPrefix("294247-01-10"))
        #expect(UTCTime(milliseconds: .max) == UTCTime(microseconds: .max))
    }

    @Test func spacedTimeReadsAsStrOfDatetime() {
        #expect(UTCTime(milliseconds: 1_736_150_400_000).spacedText == "2025-01-06 08:00:00+00:00")
    }

    @Test func onlyUnreservedCharactersStay() {
        #expect(PercentEncoding.segment("a/b c#%ü~") == "a%2Fb%20c%23%25%C3%BC~")
        #expect(PercentEncoding.path("a/b c?") == "a/b%20c%3F")
        #expect(PercentEncoding.query([("k", "a&b=c"), ("k", "+")]) == "k=a%26b%3Dc&k=%2B")
    }

    /// The test vectors of RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64(_ text: String, _ encoded: String) {
        #expect(Base64.encode(text) == encoded)
    }

    /// The offset basis and a published value of FNV-1a.
    @Test func stableHashIsFNV1a() {
        #expect(StableHash.of("") == 0xcbf2_9ce4_8422_2325)
        #expect(StableHash.of("foobar") == 0x8594_4171_f739_67e8)
        #expect(StableHash.mark("a").count == 8)
    }
}
