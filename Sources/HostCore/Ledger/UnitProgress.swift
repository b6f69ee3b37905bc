// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// How far a unit has come when the loader says that its writes are durable.
///
/// Counts, checksums and losses are those of the rows up to `sequence`, so that a later process adds to them.
package struct UnitProgress: Sendable, Equatable {
    /// Number of the last durable batch, from 1.
    package var sequence: UInt64
    /// Where the exporter goes on; its own words.
    package var cursor: [UInt8]
    package var counts: CountsByTable
    package var checksums: ChecksumsByTable
    package var losses: LossTally

    package init(
        sequence: UInt64 = 0, cursor: [UInt8] = [], counts: CountsByTable = [:],
        checksums: ChecksumsByTable = [:],
        losses: LossTally = LossTally()
    ) {
        self.sequence = sequence
        self.cursor = cursor
        self.counts = counts
        self.checksums = checksums
        self.losses = losses
    }
}

extension UnitProgress: Codable {
    private enum CodingKeys: String, CodingKey {
        case sequence, cursor, counts, checksums, losses
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sequence = try container.decode(UInt64.self, forKey: .sequence)
        cursor = Array(try container.decode(Data.self, forKey: .cursor))
        counts = try container.decode(CountsByTable.self, forKey: .counts)
        checksums = try container.decode(ChecksumsByTable.self, forKey: .checksums)
        losses = try container.decode(LossTally.self, forKey: .losses)
    }

    /// The cursor goes as `Data`, which JSON holds as base64 and not as a list of numbers.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sequence, forKey: .sequence)
        try container.encode(Data(cursor), forKey: .cursor)
        try container.encode(counts, forKey: .counts)
        try container.encode(checksums, forKey: .checksums)
        try container.encode(losses, forKey: .losses)
    }
}

/// What a unit came to when its commit succeeded.
package struct UnitCompletion: Sendable {
    package var targetID: String
    package var targetURL: String?
    package var counts: CountsByTable
    package var checksums: ChecksumsByTable
    package var losses: LossTally
    /// The source's revision that was read.
    package var revision: String
    package var seconds: Double

    package init(
        targetID: String, targetURL: String? = nil, counts: CountsByTable, checksums: ChecksumsByTable = [:],
        losses: LossTally = LossTally(), revision: String = "", seconds: Double = 0
    ) {
        self.targetID = targetID
        self.targetURL = targetURL
        self.counts = counts
        self.checksums = checksums
        self.losses = losses
        self.revision = revision
        self.seconds = seconds
    }
}
