// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Names a file in Neptune's storage. It holds no address, since those are signed and end.
struct FileReference: Hashable {
    let project: String
    let path: String

    var text: String { "\(project)\n\(path)" }

    init(project: String, path: String) {
        self.project = project
        self.path = path
    }

    init(_ text: String) throws(HostError) {
        let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw HostError(.notFound, "This is not a file of a Neptune project.", subject: "blob")
        }
        project = String(parts[0])
        path = String(parts[1])
    }

    static func == (left: FileReference, right: FileReference) -> Bool {
        left.path.utf8.elementsEqual(right.path.utf8) && left.project.utf8.elementsEqual(right.project.utf8)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(ExactText(path)) }
}
