// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// A histogram in Comet's form: 1550 fixed bins, of which those that hold something are listed.
///
/// Bin edges are 0 and ±1e-12 · 1.1^k for k from 0 to 773; the outermost reach to infinity.
struct HistogramPicture {
    private static let start = 1e-12
    private static let growth = 1.1
    private static let middle = 775
    private static let last = 1549

    /// What counts were multiplied with, since Comet's are whole.
    let scale: Int64
    private let counts: [Int: Int64]

    init(_ edges: [Double], _ values: [Double], _ kind: String) {
        let bins = zip(zip(edges, edges.dropFirst()), values)
        let weights = bins.compactMap { edge, value -> (place: Double, weight: Double)? in
            let (low, high) = edge
            let width = high - low
            let weight = kind == "densities" ? value * width : value
            guard weight.isFinite, weight > 0, !low.isNaN, !high.isNaN else { return nil }
            let place = low.isFinite && high.isFinite ? low + width / 2 : low.isFinite ? low : high
            return (place.isFinite ? place : 0, weight)
        }
        let isWhole = weights.allSatisfy { $0.weight == $0.weight.rounded() && $0.weight < 0x1p53 }
        scale = isWhole ? 1 : 1_000_000
        var counts: [Int: Int64] = [:]
        for (place, weight) in weights {
            let count = Int64((min(weight, 0x1p40) * (isWhole ? 1 : 1_000_000)).rounded())
            if count > 0 { counts[Self.bin(of: place), default: 0] += count }
        }
        self.counts = counts
    }

    private static func bin(of value: Double) -> Int {
        guard abs(value) >= start else { return middle }
        let distance = Int((log(abs(value) / start) / log(growth)).rounded(.up))
        return value > 0 ? min(middle + distance, last) : max(middle - 1 - distance, 0)
    }

    var json: [UInt8] {
        let counts = counts
        return Fragment.make { json in
            json.beginObject()
            json.field("version", 2)
            json.key("index_values")
            json.beginArray()
            for (bin, count) in counts.sorted(by: { $0.key < $1.key }) {
                json.beginArray()
                json.value(Int64(bin))
                json.value(count)
                json.endArray()
            }
            json.endArray()
            json.key("values")
            json.null()
            json.field("offset", 0)
            json.field("start", Self.start)
            json.field("stop", 1e20)
            json.field("step", Self.growth)
            json.endObject()
        }.bytes
    }
}
