// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// An open exporter, wherever it runs.
///
/// Thread rule: any thread may call; an instance lets one in at a time, so that the plugin sees one thread although a
/// reader and a loader's blobs want it at once. `cancel` waits for nobody.
package protocol ExporterInstance: AnyObject, Sendable {
    var library: PluginLibrary { get }
    var context: CallContext { get }

    func check() throws(HostError)
    func list(projects: [String], from cursor: [UInt8]) throws(HostError) -> any BatchReader
    func paths(_ unit: UnitRef) throws(HostError) -> any BatchReader
    func read(_ unit: UnitRef, from cursor: [UInt8]) throws(HostError) -> any BatchReader
    /// Opens a file of the source; what is not a local file is spooled to an unlinked one first.
    func blob(_ ref: String) throws(HostError) -> SourceBlob
    func cancel()
}

extension ExporterInstance {
    package func list(projects: [String]) throws(HostError) -> any BatchReader {
        try list(projects: projects, from: [])
    }
}

/// Batches of an exporter, each checked before anybody reads it. Follows its exporter's thread rule.
package protocol BatchReader: AnyObject, Sendable {
    /// nil at the end. Losses that the exporter tells during the call reach the context's sink.
    func next() throws(HostError) -> (batch: RecordBatch, cursor: [UInt8])?
}

/// An open loader, wherever it runs.
///
/// Thread rule: one worker thread drives an instance and its loads; `cancel` may come from any.
package protocol LoaderInstance: AnyObject, Sendable {
    var library: PluginLibrary { get }
    var context: CallContext { get }

    func check() throws(HostError)
    func limits() throws(HostError) -> Limits
    func find(_ unit: UnitInfo) throws(HostError) -> Found
    func begin(
        _ unit: UnitInfo, found: Found, mode: BeginMode, resumeAfter: UInt64
    ) throws(HostError) -> any UnitWriter
    func cancel()
}

/// A unit being written. Follows its loader's thread rule; ends when it is released.
package protocol UnitWriter: AnyObject {
    /// Hands the batch over; the answer is the highest durable sequence number.
    func write(_ batch: RecordBatch, sequence: UInt64) throws(HostError) -> UInt64
    func flush(upTo sequence: UInt64) throws(HostError) -> UInt64
    func commit(_ summary: CommitSummary) throws(HostError) -> Target
}
