// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// A file of an experiment, as Comet has it.
struct Asset {
    enum Kind {
        case plain
        case image
        case sourceCode
        case histogram

        /// Comet's word; a plain asset has none.
        var type: String? {
            switch self {
            case .plain, .image: nil
            case .sourceCode: "source_code"
            case .histogram: "histogram3d"
            }
        }
    }

    var kind: Kind
    var name: String
    /// 32 hexadecimal digits, the same in every load: so an upload may be repeated.
    var id: String
    var step: Int64?
    /// A JSON object.
    var metadata: Fragment
    /// Milliseconds since 1970; archives want it.
    var time: Int64

    /// What stands behind the last dot, when it looks like an ending.
    var ending: String? { name.fileEnding }
}

extension String {
    /// What stands behind the last dot of the last part of a path, when it looks like an ending.
    var fileEnding: String? {
        let name = split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        let ending = name[name.index(after: dot)...]
        let isPlain = ending.utf8.allSatisfy {
            Character(Unicode.Scalar($0)).isLetter || $0 < 0x3A && $0 > 0x2F
        }
        guard !ending.isEmpty, ending.utf8.count <= 10, isPlain else { return nil }
        return String(ending)
    }

    func prefix(scalars count: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}

/// Where an asset's bytes are.
enum AssetBody {
    case bytes([UInt8])
    case blob(OpenBlob)

    var size: Int64 {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .blob(let blob): blob.size
        }
    }
}
