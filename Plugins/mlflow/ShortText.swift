// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

extension String {
    /// At most `length` code points, which is how Python counts; a longer text ends in a mark of the whole
    /// one, so that two long texts with one beginning stay apart.
    func cut(to length: Int) -> String {
        guard utf8.count > length, unicodeScalars.count > length else { return self }
        return "\(prefix(scalars: length - 9))-\(StableHash.mark(self))"
    }

    func prefix(scalars: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(scalars)))
    }

    /// Databases refuse U+0000 in text.
    var replacingNUL: String {
        utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
    }
}
