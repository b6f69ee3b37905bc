// SPDX-License-Identifier: Apache-2.0

/// Keeps values by file up to a limit; then the oldest go.
struct BoundedStore<Value> {
    private let limit: Int
    private let weigh: (Value) -> Int
    private var values: [FileReference: (value: Value, number: Int)] = [:]
    private var order: [(reference: FileReference, number: Int)] = []
    private var first = 0
    private var number = 0
    private var weight = 0

    init(limit: Int, weigh: @escaping (Value) -> Int) {
        self.limit = limit
        self.weigh = weigh
    }

    mutating func put(_ reference: FileReference, _ value: Value) {
        _ = take(reference)
        number += 1
        values[reference] = (value, number)
        order.append((reference, number))
        weight += weigh(value)
        while weight > limit, first < order.count {
            let oldest = order[first]
            first += 1
            if values[oldest.reference]?.number == oldest.number { _ = take(oldest.reference) }
        }
        if first > 1024 {
            order.removeFirst(first)
            first = 0
        }
    }

    func peek(_ reference: FileReference) -> Value? { values[reference]?.value }

    mutating func take(_ reference: FileReference) -> Value? {
        guard let found = values.removeValue(forKey: reference)?.value else { return nil }
        weight -= weigh(found)
        return found
    }
}
