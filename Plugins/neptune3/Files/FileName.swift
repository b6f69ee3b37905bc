// SPDX-License-Identifier: Apache-2.0

/// The name of a file that has none: Neptune knows the attribute's path and the media type.
enum FileName {
    static func of(_ path: String, _ mediaType: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? "file"
        if let dot = last.lastIndex(of: "."), dot != last.startIndex, last.index(after: dot) != last.endIndex
        {
            return last
        }
        let essence = mediaType.prefix { $0 != ";" }.lowercased()
        return last + (endings[essence] ?? "")
    }

    /// The usual types of experiment files (https://www.iana.org/assignments/media-types).
    private static let endings: [String: String] = [
        "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/css": ".css",
        "text/xml": ".xml",
        "text/markdown": ".md", "text/x-python": ".py", "text/javascript": ".js",
        "text/tab-separated-values": ".tsv",
        "application/json": ".json", "application/xml": ".xml", "application/pdf": ".pdf",
        "application/zip": ".zip", "application/gzip": ".gz", "application/x-tar": ".tar",
        "application/yaml": ".yaml", "application/x-yaml": ".yaml", "application/javascript": ".js",
        "application/x-hdf5": ".h5", "application/x-hdf": ".hdf",
        "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/svg+xml": ".svg",
        "image/webp": ".webp", "image/tiff": ".tiff", "image/bmp": ".bmp",
        "audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav", "audio/ogg": ".ogg",
        "audio/flac": ".flac",
        "video/mp4": ".mp4", "video/webm": ".webm", "video/quicktime": ".mov", "video/x-msvideo": ".avi",
    ]
}
