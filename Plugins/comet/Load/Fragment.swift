// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// One finished JSON value.
struct Fragment {
    let bytes: [UInt8]

    static func text(_ text: String) -> Fragment {
        var bytes: [UInt8] = []
        bytes.appendJSON(text)
        return Fragment(bytes: bytes)
    }

    static func make(_ fill: (inout JSONWriter) -> Void) -> Fragment {
        var json = JSONWriter()
        fill(&json)
        return Fragment(bytes: json.bytes)
    }
}
