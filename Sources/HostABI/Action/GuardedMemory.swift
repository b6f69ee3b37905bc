// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// Memory in which a function that does not fit its declaration is found out: texts can only be read and end
/// where a page begins that can't, results stand amid words that must stay as they are.
///
/// Lifetime: `retire` takes all access away and keeps the pages, so that a pointer that a plugin kept is seen
/// at its next use; only the end of the process gives them back. Thread rule: one thread.
final class GuardedMemory: ActionMemory {
    /// Of cells that nobody has written to, and of what lies around them: no byte of a likely result, and no
    /// text.
    private static let unwritten: UInt8 = 0xA6
    private static let guardByte: UInt8 = 0xB7

    private let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    private var areas: [UnsafeMutableRawBufferPointer] = []
    private var cells: [UnsafeMutableRawBufferPointer] = []

    /// A page that nobody may touch.
    let trap: UnsafeMutableRawPointer

    init() throws(HostError) {
        trap = try Self.map(page)
        areas.append(UnsafeMutableRawBufferPointer(start: trap, count: page))
    }

    /// Without memory the address is that of the trap: a wrong finding is better than a lost one.
    func place(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
        let size = (bytes.count + page - 1) / page * page
        guard size > 0, let start = try? Self.map(size + page),
            mprotect(start, size, PROT_READ | PROT_WRITE) == 0
        else { return UnsafeRawPointer(trap) }
        areas.append(UnsafeMutableRawBufferPointer(start: start, count: size))
        let place = start + (size - bytes.count)
        if let source = bytes.baseAddress { place.copyMemory(from: source, byteCount: bytes.count) }
        mprotect(start, size, PROT_READ)
        return UnsafeRawPointer(place)
    }

    func result(size: Int) -> UnsafeMutableRawPointer {
        guard let start = try? Self.map(3 * page), mprotect(start + page, page, PROT_READ | PROT_WRITE) == 0
        else {
            return trap
        }
        let middle = UnsafeMutableRawBufferPointer(start: start + page, count: page)
        areas.append(middle)
        _ = middle.initializeMemory(as: UInt8.self, repeating: Self.guardByte)
        let cell = UnsafeMutableRawBufferPointer(start: start + page + page / 2, count: size)
        _ = cell.initializeMemory(as: UInt8.self, repeating: Self.unwritten)
        cells.append(cell)
        return start + page + page / 2
    }

    /// What became of the cell at `index`, in the order of the results.
    func state(_ index: Int) -> (isGuardWhole: Bool, unwrittenWords: Int, words: Int) {
        guard cells.indices.contains(index), let start = cells[index].baseAddress,
            let area = areas.first(where: { $0.contains(start) })
        else { return (true, 0, 0) }
        let cell = cells[index]
        let isWhole = area.indices.allSatisfy { position in
            let address = UnsafeRawPointer(area.baseAddress.map { $0 + position })
            return cell.contains(address) || area[position] == Self.guardByte
        }
        let words = stride(from: 0, to: cell.count, by: 4).map { cell[$0..<$0 + 4] }
        return (isWhole, words.count { $0.allSatisfy { $0 == Self.unwritten } }, words.count)
    }

    func retire() {
        for area in areas { mprotect(area.baseAddress, area.count, PROT_NONE) }
    }

    private static func map(_ size: Int) throws(HostError) -> UnsafeMutableRawPointer {
        guard let place = mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), place != MAP_FAILED
        else {
            throw HostError(
                .limit, "No memory can be guarded: \(String(cString: strerror(errno))).", retry: .stop)
        }
        return place
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate func contains(_ address: UnsafeRawPointer?) -> Bool {
        guard let address, let start = baseAddress.map({ UnsafeRawPointer($0) }) else { return false }
        return address >= start && address < start + count
    }
}
