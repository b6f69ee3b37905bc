// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import HostRecords

/// What the reader hands to the writer: a batch, or only losses that the exporter told.
package struct ReadItem {
    /// nil: the source told losses only.
    package var batch: RecordBatch?
    package var cursor: [UInt8]
    package var losses: [LossReport]

    package init(batch: RecordBatch?, cursor: [UInt8] = [], losses: [LossReport] = []) {
        self.batch = batch
        self.cursor = cursor
        self.losses = losses
    }
}

/// Stands between the thread that reads a unit and the one that writes it; bounded in items and bytes, so a slow
/// target holds the source back instead of filling memory.
///
/// Thread rule: `put`, `finish` from the reader; `take`, `abandon` from the writer.
package final class BatchQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private let maxItems: Int
    private let maxBytes: Int
    private var items: [ReadItem] = []
    private var bytes = 0
    private var ending: Result<Void, HostError>?
    private var isAbandoned = false

    package init(maxItems: Int = 4, maxBytes: Int = 32 << 20) {
        self.maxItems = maxItems
        self.maxBytes = maxBytes
    }

    /// Waits for room. False when the writer has given up.
    package func put(_ item: ReadItem) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let size = item.batch?.byteCount ?? 0
        while !isAbandoned, !items.isEmpty, items.count >= maxItems || bytes + size > maxBytes { condition.wait() }
        guard !isAbandoned else { return false }
        items.append(item)
        bytes += size
        condition.broadcast()
        return true
    }

    package func finish(_ result: Result<Void, HostError>) {
        condition.lock()
        ending = result
        condition.broadcast()
        condition.unlock()
    }

    /// nil at the end; throws what ended the reading once all items before it were taken.
    package func take() throws(HostError) -> ReadItem? {
        condition.lock()
        defer { condition.unlock() }
        while items.isEmpty, ending == nil { condition.wait() }
        if let item = items.first {
            items.removeFirst()
            bytes -= item.batch?.byteCount ?? 0
            condition.broadcast()
            return item
        }
        try ending?.get()
        return nil
    }

    package func abandon() {
        condition.lock()
        isAbandoned = true
        items.removeAll()
        condition.broadcast()
        condition.unlock()
    }
}
