// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Groups that hold one user alone, as many systems make one for each user, with a umask that lets it write.
enum UserGroup {
    private static let bufferSize = 64 << 10

    /// Whether `group` is the primary group of `user`, is named like the user, and has no other member.
    ///
    /// A second user with it as primary group would not be seen; system tools that make users don't do that.
    static func isPrivate(_ group: UInt32, of user: UInt32) -> Bool {
        var buffer = [CChar](repeating: 0, count: bufferSize)
        var person = passwd()
        var foundPerson: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &person, &buffer, bufferSize, &foundPerson) == 0, foundPerson != nil,
            person.pw_gid == group, let name = person.pw_name.map({ String(cString: $0) })
        else { return false }

        var entry = Foundation.group()
        var foundEntry: UnsafeMutablePointer<Foundation.group>?
        var entryBuffer = [CChar](repeating: 0, count: bufferSize)
        guard getgrgid_r(group, &entry, &entryBuffer, bufferSize, &foundEntry) == 0, foundEntry != nil,
            entry.gr_name.map({ String(cString: $0) }) == name
        else { return false }
        var members = entry.gr_mem
        while let list = members, let member = list.pointee {
            if String(cString: member) != name { return false }
            members = list + 1
        }
        return true
    }

    /// The name of a user, for messages; the number when it has none.
    static func name(ofUser user: UInt32) -> String {
        var buffer = [CChar](repeating: 0, count: bufferSize)
        var person = passwd()
        var found: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &person, &buffer, bufferSize, &found) == 0, found != nil,
            let name = person.pw_name
        else { return "uid \(user)" }
        return String(cString: name)
    }
}
