// SPDX-License-Identifier: Apache-2.0

package import HostHTTP
package import HostRecords

/// The bytes of one file of the source, behind a file descriptor that it owns.
///
/// Thread rule: immutable; reads are positional, so any thread may read.
package final class SourceBlob: Sendable {
    package let source: FileBodySource

    /// Takes over `descriptor`.
    package init(descriptor: Int32) throws(HostError) {
        source = try FileBodySource(fd: descriptor)
    }

    package var size: Int64 { source.size }
}
