// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostABI
internal import HostRecords

/// Reads one unit on a thread of its own into a bounded queue.
final class UnitReader: @unchecked Sendable {
    let queue = BatchQueue()
    private let finished = DispatchSemaphore(value: 0)

    /// Losses that the exporter tells during a call go with the item that the call gave.
    private final class Told { var losses: [LossReport] = [] }

    func start(_ exporter: any ExporterInstance, _ unit: UnitKey, from cursor: [UInt8]) {
        let thread = Thread { [self] in
            let told = Told()
            exporter.context.onLoss = { told.losses.append($0) }
            do throws(HostError) {
                let reader = try exporter.read(unit, from: cursor)
                while let (batch, cursor) = try reader.next() {
                    var item = ReadItem(batch: batch, cursor: cursor, losses: told.losses)
                    told.losses.removeAll()
                    if batch.table == .losses {
                        item.losses += Self.reports(batch)
                        item.batch = nil
                    }
                    guard queue.put(item) else { break }
                }
                if !told.losses.isEmpty { _ = queue.put(ReadItem(batch: nil, losses: told.losses)) }
                queue.finish(.success(()))
            } catch {
                queue.finish(.failure(error))
            }
            exporter.context.onLoss = nil
            finished.signal()
        }
        thread.stackSize = 4 << 20
        thread.name = "reader"
        thread.start()
    }

    /// Gives up what is not taken yet and waits until the exporter is free again.
    func stop() {
        queue.abandon()
        finished.wait()
    }

    static func reports(_ batch: RecordBatch) -> [LossReport] {
        let tables = batch.text("table")
        let paths = batch.text("path")
        let codes = batch.text("code")
        let rows = batch.int64("rows")
        let notes = batch.text("note")
        let kinds = batch.text("kind")
        return (0..<batch.count).map { row in
            LossReport(
                kinds[row].flatMap { LossKind(label: $0) } ?? .dropped, Table(rawValue: tables[row] ?? "") ?? .fields,
                codes[row] ?? "", rows: rows[row] ?? 1, path: paths[row] ?? "", note: notes[row] ?? "")
        }
    }
}
