// SPDX-License-Identifier: Apache-2.0

/// First in, first out, both ends in constant time on average.
struct FIFO<Element> {
    private var items: [Element?] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }

    mutating func append(_ element: Element) { items.append(element) }

    mutating func popFirst() -> Element? {
        guard head < items.count else { return nil }
        let element = items[head]
        items[head] = nil
        head += 1
        if head == items.count {
            removeAll()
        } else if head > 64, head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return element
    }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        head = 0
    }

    mutating func removeAll(where isGone: (Element) -> Bool) {
        items.removeSubrange(..<head)
        head = 0
        items.removeAll { $0.map(isGone) ?? true }
    }
}
