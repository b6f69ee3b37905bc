// SPDX-License-Identifier: Apache-2.0

internal import CFFI
internal import CHost
internal import HostRecords
internal import Synchronization

/// What libffi knows of a function's parameters: prepared once for each signature.
///
/// Lifetime: kept for ever, as the plugins' functions are. Thread rule: immutable after `init`; `call` may
/// run on several threads at once, since `ffi_call` only reads the interface.
final class CallInterface: @unchecked Sendable {
    private let cif: UnsafeMutablePointer<ffi_cif>
    private let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>
    let count: Int

    private static let known = Mutex<[[Cell]: CallInterface]>([:])

    /// How an argument is passed.
    enum Cell: Hashable, Sendable {
        case pointer, int32, int64, double

        init(_ word: ActionSignature.Word) {
            switch word {
            case .dryRun, .truth: self = .int32
            case .integer, .count: self = .int64
            case .number: self = .double
            default: self = .pointer
            }
        }

        fileprivate var type: UnsafeMutablePointer<ffi_type>? {
            switch self {
            case .pointer: host_ffi_pointer()
            case .int32: host_ffi_int32()
            case .int64: host_ffi_int64()
            case .double: host_ffi_double()
            }
        }
    }

    /// The interface of functions that take `cells` and return a `host_status`.
    static func of(_ cells: [Cell]) throws(HostError) -> CallInterface {
        let made = known.withLock { known -> CallInterface? in
            if let interface = known[cells] { return interface }
            let interface = CallInterface(cells)
            known[cells] = interface
            return interface
        }
        guard let made else { throw HostError(.internal, "libffi can't call functions of this signature.") }
        return made
    }

    private init?(_ cells: [Cell]) {
        count = cells.count
        cif = .allocate(capacity: 1)
        cif.initialize(to: ffi_cif())
        types = .allocate(capacity: cells.count)
        for (index, cell) in cells.enumerated() { (types + index).initialize(to: cell.type) }
        let status = ffi_prep_cif(cif, FFI_DEFAULT_ABI, UInt32(cells.count), host_ffi_int32(), types)
        guard status == FFI_OK else { return nil }
    }

    deinit {
        cif.deallocate()
        types.deallocate()
    }

    /// - Parameter values: the address of each argument, which is as wide as its cell says.
    func call(
        _ function: host_action_function, _ values: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> host_status {
        // libffi writes a whole register, however small the result.
        var answer: ffi_arg = 0
        ffi_call(cif, function, &answer, values)
        return host_status(truncatingIfNeeded: answer)
    }
}
