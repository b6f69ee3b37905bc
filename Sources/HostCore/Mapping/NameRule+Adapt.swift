// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// What was done to a name. The raw bits are not stored.
package struct NameChanges: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Characters that the target does not take were replaced, or one was put in front.
    package static let replaced = NameChanges(rawValue: 1)
    package static let shortened = NameChanges(rawValue: 2)
    /// Parts of a path that mean another place were taken out or replaced.
    package static let normalized = NameChanges(rawValue: 4)
    /// The name got a suffix because another has, or had, what would have been its own.
    package static let disambiguated = NameChanges(rawValue: 8)
}

extension NameRule {
    /// The allowed name nearest to this one, and how it differs. A valid name comes back as it is.
    ///
    /// A shortened name ends in a suffix made from the whole, so that what was cut still tells names apart.
    package func adapt(_ name: String) -> (name: String, changes: NameChanges) {
        if isValid(name) { return (name, []) }
        var changes: NameChanges = []
        var scalars = name.unicodeScalars.map { scalar in
            if allows(scalar) { return scalar }
            changes.insert(.replaced)
            return filler
        }
        if limit.isNormalPath {
            let path = normalPath(scalars)
            if path != scalars { changes.insert(.normalized) }
            scalars = path
        }
        if let first = scalars.first, !allowsFirst(first) {
            scalars.insert(firstFiller, at: 0)
            changes.insert(.replaced)
        }
        if scalars.isEmpty {
            scalars = [firstFiller]
            changes.insert(.replaced)
        }
        let whole = text(scalars)
        if fits(whole) { return (whole, changes) }
        return (suffixed(whole, source: name, attempt: 0), changes.union(.shortened))
    }

    /// An allowed name with eight digits made from the source's name behind it, cut before them where it
    /// must be.
    func suffixed(_ adapted: String, source: String, attempt: Int) -> String {
        var seed = Array(source.utf8)
        if attempt > 0 { seed += [0] + Array(String(attempt).utf8) }
        let hash = StableHash.folded(seed)
        let tag = [separator] + (0..<8).map { digits[Int(hash >> (28 - 4 * UInt32($0)) & 15)] }
        var head = Array(adapted.unicodeScalars)
        if limit.maxLength > 0 {
            let room = limit.maxLength - tag.reduce(0) { $0 + length($1) }
            head = prefix(of: head, length: room)
        }
        return text(head + tag)
    }

    private func prefix(of scalars: [Unicode.Scalar], length room: Int) -> [Unicode.Scalar] {
        var used = 0
        return Array(
            scalars.prefix { scalar in
                used += length(scalar)
                return used <= room
            })
    }

    private func normalPath(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let parts = scalars.split(separator: "/").enumerated().map { index, part -> [Unicode.Scalar] in
            let isDots = part.count <= 2 && part.allSatisfy { $0 == "." }
            if isDots { return part.map { _ in filler } }
            let leaves = index == 0 && part.starts(with: "..".unicodeScalars)
            return leaves ? [filler, filler] + part.dropFirst(2) : Array(part)
        }
        return Array(parts.joined(separator: ["/"]))
    }

    private func text(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
