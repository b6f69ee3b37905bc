// SPDX-License-Identifier: Apache-2.0

import HostPluginKit
import Testing

@Suite struct JSONTests {
    @Test func writerSeparatesAndEscapes() {
        var json = JSONWriter()
        json.beginObject()
        json.field("a\"\\\n\u{1}", "ü😀/")
        json.key("list")
        json.beginArray()
        json.value(Int64.min)
        json.value(-0.0)
        json.value(Double.nan)
        json.value(-Double.infinity)
        json.beginObject()
        json.endObject()
        json.value(true)
        json.null()
        json.endArray()
        json.field("one", 1)
        json.endObject()
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"a\"\\\n\u0001":"ü😀/","list":[-9223372036854775808,-0.0,"NaN","-Infinity",{},true,null],"one":1}"#
        )
    }

    @Test func everyDoubleReadsBackAsItself() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            var bytes: [UInt8] = []
            bytes.appendJSON(number)
            let back = try #require(try JSON(parsing: bytes).double)
            #expect(back.bitPattern == number.bitPattern, "\(number)")
        }
    }

    @Test func parserReadsWhatServersWrite() throws {
        let text =
            #" {"a": [1, -2.5e3, "NaN", NaN, -Infinity], "s": "\u00fc\ud83d\ude00\n\/", "n": null, "i": "42"} "#
        let value = try JSON(parsing: Array(text.utf8))
        #expect(value["s"]?.text == "ü😀\n/")
        #expect(value["i"]?.int == 42)
        #expect(value["n"] == .null)
        let items = value["a"]?.items ?? []
        #expect(items.count == 5)
        #expect(items[0].int == 1 && items[1].double == -2500)
        #expect(items[2].double?.isNaN == true && items[3].double?.isNaN == true)
        #expect(items[4].double == -.infinity)
        #expect(value["missing"]?["deeper"]?.text == nil)
    }

    @Test func wholeNumbersKeepAllTheirDigits() throws {
        #expect(try JSON(parsing: Array("9223372036854775807".utf8)) == .int(.max))
        #expect(try JSON(parsing: Array("9223372036854775808".utf8)).int == nil)
    }

    @Test func loneSurrogateBecomesReplacementCharacter() throws {
        #expect(try JSON(parsing: Array(#""a\ud800b\ud800\u0041""#.utf8)).text == "a\u{FFFD}b\u{FFFD}A")
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", "-", "1e", "\"\n\"", "\"\\x\"", "\"\\u12g4\"",
        "tru", "1 2",
        "<html>", "\"open", "nul",
    ])
    func parserRefuses(_ text: String) {
        #expect(throws: HostError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test func deepNestingIsRefusedAndNotFollowed() {
        #expect(throws: HostError.self) {
            try JSON(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 100_000))
        }
    }
}
