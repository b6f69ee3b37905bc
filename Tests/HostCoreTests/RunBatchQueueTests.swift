// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostCore
import HostRecords
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct RunBatchQueueTests {
    private static func batch(rows: Int) throws -> RecordBatch {
        try RecordBatch(
            .points,
            [
                ("path", .encodedText(EncodedText(texts: ["a"], codes: Array(repeating: 0, count: rows)))),
                ("value", .denseFloat64((0..<rows).map { Double($0) })),
            ])
    }

    /// Runs `body` on a thread of its own; the semaphore is signalled at its end.
    private static func thread(_ body: @escaping @Sendable () -> Void) -> DispatchSemaphore {
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            body()
            done.signal()
        }
        return done
    }

    @Test func itemsComeInOrderAndNeverMoreThanTheBoundAhead() throws {
        let queue = BatchQueue(maxItems: 3, maxBytes: 1 << 20)
        let put = Atomic(0)
        let batch = try Self.batch(rows: 5)
        let done = Self.thread {
            for number in 0..<500 {
                guard queue.put(ReadItem(batch: batch, cursor: Array("\(number)".utf8))) else { return }
                put.add(1, ordering: .sequentiallyConsistent)
            }
            queue.finish(.success(()))
        }
        var taken = 0
        while let item = try queue.take() {
            #expect(item.cursor == Array("\(taken)".utf8))
            taken += 1
            let ahead = put.load(ordering: .sequentiallyConsistent) - taken
            #expect(ahead <= 3)
        }
        done.wait()
        #expect(taken == 500)
        #expect(try queue.take() == nil, "the end stays the end")
    }

    @Test func bytesAreBoundedToo() throws {
        let seed: UInt64 = 5
        var random = SeededGenerator(seed: seed)
        let batches = try (0..<200).map { _ in try Self.batch(rows: Int.random(in: 1...300, using: &random)) }
        let most = 4_000
        let queue = BatchQueue(maxItems: 50, maxBytes: most)
        let inside = Atomic(0)
        let done = Self.thread {
            for batch in batches {
                guard queue.put(ReadItem(batch: batch)) else { return }
                inside.add(batch.byteCount, ordering: .sequentiallyConsistent)
            }
            queue.finish(.success(()))
        }
        var count = 0
        while let size = try queue.take()?.batch?.byteCount {
            // What has been put and not been taken: the item just taken may stand beside a full queue.
            let left = inside.load(ordering: .sequentiallyConsistent) - size
            #expect(left <= most, "seed \(seed)")
            inside.subtract(size, ordering: .sequentiallyConsistent)
            count += 1
        }
        done.wait()
        #expect(count == 200)
    }

    @Test func itemLargerThanTheBoundPassesAlone() throws {
        let queue = BatchQueue(maxItems: 4, maxBytes: 10)
        let large = try Self.batch(rows: 1_000)
        let done = Self.thread {
            for _ in 0..<3 { _ = queue.put(ReadItem(batch: large)) }
            queue.finish(.success(()))
        }
        for _ in 0..<3 { #expect(try queue.take()?.batch?.count == 1_000) }
        #expect(try queue.take() == nil)
        done.wait()
    }

    @Test func errorComesAfterTheItemsBeforeIt() throws {
        let queue = BatchQueue()
        #expect(queue.put(ReadItem(batch: nil, losses: [LossReport(.noted, .points, "a", note: "")])))
        #expect(queue.put(ReadItem(batch: nil)))
        queue.finish(.failure(HostError(.unavailable, "gone")))
        #expect(try queue.take()?.losses.count == 1)
        #expect(try queue.take() != nil)
        #expect(hostError { _ = try queue.take() }?.status == .unavailable)
        #expect(hostError { _ = try queue.take() }?.status == .unavailable)
    }

    @Test func abandoningFreesAReaderThatWaits() throws {
        let queue = BatchQueue(maxItems: 1, maxBytes: 1 << 20)
        let refused = Atomic(false)
        #expect(queue.put(ReadItem(batch: nil)))
        let done = Self.thread {
            while queue.put(ReadItem(batch: nil)) {}
            refused.store(true, ordering: .sequentiallyConsistent)
        }
        queue.abandon()
        done.wait()
        let wasRefused = refused.load(ordering: .sequentiallyConsistent)
        #expect(wasRefused)
        #expect(!queue.put(ReadItem(batch: nil)))
    }
}
