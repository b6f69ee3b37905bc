// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// Several values in one option, or in a file.
enum OptionList {
    /// Between commas; blanks around a value do not count.
    static func values(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
            !$0.isEmpty
        }
    }

    /// The lines of a file as they are, without empty ones.
    static func lines(ofFile path: String, option: String) throws(HostError) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HostError(
                .invalidOption, "The file can't be read.", subject: "\(option) \(path.shown)",
                remedy: "Give a text file with one name a line.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw HostError(
                .invalidOption, "The file is not text in UTF-8.", subject: "\(option) \(path.shown)",
                remedy: "Give a text file with one name a line.")
        }
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }

    /// Each value once, in the order of their first places.
    static func unique(_ values: [String]) -> [String] {
        var seen: Set<ExactText> = []
        return values.filter { seen.insert(ExactText($0)).inserted }
    }
}
