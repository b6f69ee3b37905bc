// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// How the files of a recording are named.
enum RecordingFolder {
    static func name(_ number: Int, _ method: String) -> String {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        // A method may hold characters with a meaning in paths.
        return "\(zeros)\(digits)-\(method.filter { $0.isASCII && $0.isLetter }).json"
    }

    static func files(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
    }
}
