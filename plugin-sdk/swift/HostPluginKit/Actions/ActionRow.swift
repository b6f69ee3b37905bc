// SPDX-License-Identifier: Apache-2.0

internal import CHost

/// A value of one cell of the table that an action yields.
public protocol Cell {
    /// Puts itself into the member that the border has for its type.
    func fill(_ value: inout CellValue)
}

/// A cell on its way to the host.
public struct CellValue {
    var integer: Int64 = 0
    var number: Double = 0
    var text: String?
}

extension Int64: Cell {
    public func fill(_ value: inout CellValue) { value.integer = self }
}
extension Int: Cell {
    public func fill(_ value: inout CellValue) { value.integer = Int64(self) }
}
extension Bool: Cell {
    public func fill(_ value: inout CellValue) { value.integer = self ? 1 : 0 }
}
extension Double: Cell {
    public func fill(_ value: inout CellValue) { value.number = self }
}
extension String: Cell {
    public func fill(_ value: inout CellValue) { value.text = self }
}

extension Call {
    /// Hands over one row, a cell for each declared column; nil is an empty one.
    public func row(_ cells: (any Cell)?...) throws(HostError) {
        let arena = TextArena()
        var raw: [host_option_value] = []
        for (index, cell) in cells.enumerated() {
            guard let cell else { continue }
            var value = CellValue()
            cell.fill(&value)
            raw.append(
                host_option_value(
                    struct_size: UInt32(MemoryLayout<host_option_value>.size), index: UInt32(index),
                    integer: value.integer, number: value.number, text: arena.text(value.text)))
        }
        guard let api, Int(api.pointee.struct_size) >= MemoryLayout<host_api>.size, let row = api.pointee.row
        else {
            throw HostError(.unsupported, "This host takes no rows from actions.")
        }
        let status = raw.withUnsafeBufferPointer {
            row(handle, $0.baseAddress, UInt32($0.count), UInt32(MemoryLayout<host_option_value>.stride))
        }
        withExtendedLifetime(arena) {}
        try check(status)
    }
}
