// SPDX-License-Identifier: Apache-2.0

internal import CHost
internal import HostRecords

/// Text of a descriptor with what is wrong about it.
package enum DescribedText {
    /// A sentence when the text is not what rule R-DESCRIBE-2 asks for.
    static func problem(_ text: host_text) -> String? {
        guard let data = text.data else { return text.size == 0 ? nil : "NULL with a size of \(text.size)" }
        guard text.size >= 0, text.size < 1 << 20 else { return "a size of \(text.size)" }
        let bytes = UnsafeRawBufferPointer(start: data, count: Int(text.size))
        guard String(validating: bytes, as: UTF8.self) != nil else { return "bytes that are not UTF-8" }
        return bytes.contains(0) ? "a NUL inside, so its size is wrong" : nil
    }

    /// Letters of a word, its parts joined by `-`.
    package static func isKebab(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        return name.utf8.count <= 63 && name.first?.isLetter == true
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
            }
    }
}

struct DescribeTexts: ConformanceTest {
    let name = "describe-texts"
    let level = Level.describe
    let summary = "all text is UTF-8 of its exact size; name, version, summary, licence and runtime are there"
    let crashRule = "R-DESCRIBE-2"

    func run(_ bench: Bench) throws {
        let plugin = try RawPlugin(path: bench.testCase.library)
        bench.events.call("reading the descriptor")
        let all = plugin.descriptor
        var texts: [(String, host_text)] = [
            ("name", all.name), ("version", all.version), ("summary", all.summary), ("vendor", all.vendor),
            ("licence", all.licence), ("home", all.home), ("runtime", all.runtime),
        ]
        for option in plugin.options { texts += Self.texts(option, "option") }
        for action in plugin.actions {
            let name = action.name.string
            texts += [
                ("action \(name)", action.name), ("\(name).summary", action.summary),
                ("\(name).help", action.help),
            ]
            for parameter in RawPlugin.walk(
                action.parameters, action.parameter_count, action.parameter_stride)
            {
                texts += Self.texts(parameter, "\(name)'s parameter")
            }
            for result in RawPlugin.walk(action.results, action.result_count, action.result_stride) {
                texts += [("\(name)'s result", result.name), ("\(name)'s result's summary", result.summary)]
            }
        }
        if let limits = all.limits { texts.append(("limits.kinds", limits.pointee.kinds)) }
        for (what, text) in texts {
            if let problem = DescribedText.problem(text) {
                bench.note("R-DESCRIBE-2", expected: "\(what) is UTF-8 of its size", happened: problem)
            }
        }
        let name = all.name.string
        bench.expect(
            DescribedText.isKebab(name), "R-DESCRIBE-1",
            expected: "a name of lower-case letters, digits and '-', at most 63 bytes", happened: "'\(name)'")
        for (what, text) in [("version", all.version), ("summary", all.summary), ("licence", all.licence)] {
            bench.expect(!text.string.isEmpty, "R-DESCRIBE-3", expected: "a \(what)", happened: "none")
        }
        let runtime = all.runtime.string
        bench.expect(
            ["c", "cxx", "rust", "swift", "go", "other"].contains(runtime), "R-DESCRIBE-3",
            expected: "runtime is c, cxx, rust, swift, go or other", happened: "'\(runtime)'")
    }

    private static func texts(_ option: host_option, _ owner: String) -> [(String, host_text)] {
        let name = "\(owner) \(option.name.string)"
        return [
            (name, option.name), ("\(name)'s default", option.default_value),
            ("\(name)'s choices", option.choices),
            ("\(name)'s environment", option.environment), ("\(name)'s summary", option.summary),
            ("\(name)'s example", option.example),
        ]
    }
}
