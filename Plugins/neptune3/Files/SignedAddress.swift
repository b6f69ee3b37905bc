// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Where a file can be fetched for a while. The query holds a signature, so an address is in no message.
struct SignedAddress {
    let url: String
    let provider: String

    /// What an expired signature is answered with: Google and Amazon say 400, Azure 403; the others of these
    /// mean passing trouble there.
    static func isRefusal(_ status: Int) -> Bool { status == 400 || status == 401 || status == 403 }
}

/// Asks for addresses.
struct AddressRequest {
    /// Files in one request.
    static let maxFiles = 200

    let server: Server

    func addresses(
        _ references: [FileReference], _ call: Call
    ) throws(HostError) -> [FileReference: SignedAddress] {
        var found: [FileReference: SignedAddress] = [:]
        for start in stride(from: 0, to: references.count, by: Self.maxFiles) {
            let group = references[start..<min(start + Self.maxFiles, references.count)]
            try ask(group, &found, call)
            // The answer to another request, say.
            if group.contains(where: { found[$0] == nil }) { try ask(group, &found, call) }
            if let missing = group.first(where: { found[$0] == nil }) {
                throw HostError(
                    .invalidData, "The server gave no address of a file that it lists.",
                    subject: missing.path.shown,
                    retry: .later)
            }
        }
        return found
    }

    private func ask(
        _ references: ArraySlice<FileReference>, _ found: inout [FileReference: SignedAddress], _ call: Call
    ) throws(HostError) {
        var json = JSONWriter()
        json.beginObject()
        json.key("files")
        json.beginArray()
        for reference in references {
            json.beginObject()
            json.field("path", reference.path)
            json.field("permission", "read")
            json.field("project_identifier", reference.project)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        let answer = try server.askJSON(server.post(Path.signing, [], json.bytes), "addresses of files", call)
        let wanted = Set(references)
        for item in answer["files"]?.items ?? [] {
            guard let path = item["path"]?.text, let project = item["project_identifier"]?.text,
                let url = item["url"]?.text, !url.isEmpty
            else { continue }
            let reference = FileReference(project: project, path: path)
            // By what an answer names, not by its place among the answers.
            if wanted.contains(reference) {
                found[reference] = SignedAddress(url: url, provider: item["provider"]?.text ?? "")
            }
        }
    }
}
