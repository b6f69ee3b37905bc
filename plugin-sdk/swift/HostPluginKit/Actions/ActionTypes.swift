// SPDX-License-Identifier: Apache-2.0

public import CHost

// Parameters of an action's function, in Swift's words for the C types of `action.h`. Numbers are `Int64` and
// `Double`, truths `Int32`; the size of a text and the count of a list are an `Int64` behind it.

public typealias CallArgument = OpaquePointer?
public typealias InstanceArgument = OpaquePointer?
public typealias TextArgument = UnsafePointer<CChar>?
/// Of a parameter that may be repeated.
public typealias TextsArgument = UnsafePointer<host_text>?
public typealias IntResult = UnsafeMutablePointer<Int64>?
public typealias FloatResult = UnsafeMutablePointer<Double>?
public typealias BoolResult = UnsafeMutablePointer<Int32>?
public typealias TextResult = UnsafeMutablePointer<host_text>?

extension Action {
    /// A copy of a text argument; nil when it was not given.
    public static func text(_ data: TextArgument, _ size: Int64) -> String? {
        data.map { host_text(data: $0, size: size).string }
    }

    /// A copy of a list argument.
    public static func texts(_ items: TextsArgument, _ count: Int64) -> [String] {
        guard let items else { return [] }
        return (0..<Int(count)).map { items[$0].string }
    }
}

extension IntResult {
    public func set(_ value: Int64) { self?.pointee = value }
}

extension FloatResult {
    public func set(_ value: Double) { self?.pointee = value }
}

extension BoolResult {
    public func set(_ value: Bool) { self?.pointee = value ? 1 : 0 }
}

extension TextResult {
    /// The text is lent until the next action on this thread.
    public func set(_ value: String) { self?.pointee = LentResults.arena().text(value) }
}
