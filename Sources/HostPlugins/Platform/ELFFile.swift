// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A shared library as bytes, looked at before the system's loader sees it: that one ends the process with
/// SIGBUS on a file that was cut off, and says little about a wrong machine.
///
/// Offsets and numbers are those of the ELF-64 specification (System V ABI, chapter 4).
struct ELFFile {
    private let path: String
    private let bytes: Data
    private let sections: [Section]

    private struct Section {
        var kind: Int
        var offset: Int
        var size: Int
        var link: Int
    }

    /// Refuses what this machine's loader could not take.
    init(_ path: String) throws(HostError) {
        self.path = path
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw HostError(.io, "The file can't be read: \(error).", subject: path, retry: .stop)
        }
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            throw Self.refusal(path, "It is no shared library: it does not begin as an ELF file does.")
        }
        guard bytes.count >= 64 else {
            throw Self.refusal(path, "It is cut off: \(bytes.count) bytes are there.")
        }
        guard bytes[4] == 2, bytes[5] == 1 else {
            throw Self.refusal(
                path,
                "It is built for a \(bytes[4] == 1 ? "32-bit" : "big-endian") machine; this is "
                    + "\(Platform.current).")
        }
        let machine = Self.number(bytes, 18, 2)
        let own: [String: Int] = ["x86_64": 62, "aarch64": 183]
        guard own.contains(where: { Platform.current.contains($0.key) && $0.value == machine }) else {
            let name = own.first { $0.value == machine }?.key ?? "machine \(machine)"
            throw Self.refusal(path, "It is built for \(name); this is \(Platform.current).")
        }
        guard Self.number(bytes, 16, 2) == 3 else {
            throw Self.refusal(path, "It is no shared library, but a program or a part of one.")
        }
        var end = 64
        var segments = Self.number(bytes, 32, 8)
        for _ in 0..<Self.number(bytes, 56, 2) {
            guard segments + 56 <= bytes.count else { throw Self.cutOff(path, bytes.count, segments + 56) }
            end = max(end, Self.number(bytes, segments + 8, 8) + Self.number(bytes, segments + 32, 8))
            segments += Self.number(bytes, 54, 2)
        }
        guard end <= bytes.count else { throw Self.cutOff(path, bytes.count, end) }

        let (first, size, count) = (
            Self.number(bytes, 40, 8), Self.number(bytes, 58, 2), Self.number(bytes, 60, 2)
        )
        let last = first + size * count
        guard last <= bytes.count else { throw Self.cutOff(path, bytes.count, last) }
        var sections: [Section] = []
        for at in stride(from: first, to: last, by: max(size, 64)) {
            sections.append(
                Section(
                    kind: Self.number(bytes, at + 4, 4), offset: Self.number(bytes, at + 24, 8),
                    size: Self.number(bytes, at + 32, 8), link: Self.number(bytes, at + 40, 4)))
        }
        self.sections = sections
    }

    /// The libraries that it needs; empty also when the file has no section that says so.
    var needed: [String] {
        guard let dynamic = sections.first(where: { $0.kind == 6 }) else { return [] }
        return entries(of: dynamic, size: 16).compactMap { at in
            Self.number(bytes, at, 8) == 1 ? text(dynamic, Self.number(bytes, at + 8, 8)) : nil
        }
    }

    /// Names of the functions and data that it gives to others; nil when the file has no section that says
    /// so.
    var exported: [String]? {
        guard let symbols = sections.first(where: { $0.kind == 11 }) else { return nil }
        return entries(of: symbols, size: 24).compactMap { at in
            // A section number of 0 marks what it takes from others; a binding of 0 what is its own alone.
            guard Self.number(bytes, at + 6, 2) != 0, bytes[at + 4] >> 4 != 0 else { return nil }
            return text(symbols, Self.number(bytes, at, 4))
        }
    }

    /// Refuses what is no plugin for this host, as far as it can be seen without running it.
    func checkPlugin() throws(HostError) {
        let isMusl = needed.contains {
            $0.hasPrefix("libc.musl") || $0.hasPrefix("ld-musl") || $0 == "libc.so"
        }
        let isGlibc = needed.contains("libc.so.6")
        if isMusl != isGlibc, isMusl != Platform.current.hasSuffix("-musl") {
            throw Self.refusal(
                path, "It is built for \(isMusl ? "musl" : "glibc"); this host is \(Platform.current).")
        }
        guard let exported, !exported.contains("host_plugin_v\(PluginABI.major)") else { return }
        guard let other = exported.first(where: { $0.hasPrefix("host_plugin_v") }) else {
            throw Self.refusal(
                path, "It has no function host_plugin_v\(PluginABI.major): not a plugin of host.")
        }
        throw Self.refusal(
            path,
            "It is made for major version \(other.dropFirst("host_plugin_v".count)) of the ABI; this host speaks "
                + "version \(PluginABI.major).")
    }

    private func entries(of section: Section, size: Int) -> [Int] {
        guard section.offset <= bytes.count, section.size <= bytes.count - section.offset else { return [] }
        return Array(stride(from: section.offset, through: section.offset + section.size - size, by: size))
    }

    /// From the table of texts that a section is linked to.
    private func text(_ section: Section, _ offset: Int) -> String? {
        guard sections.indices.contains(section.link) else { return nil }
        let table = sections[section.link]
        guard table.offset <= bytes.count, table.size <= bytes.count - table.offset, offset < table.size
        else {
            return nil
        }
        let text = bytes[(table.offset + offset)..<(table.offset + table.size)].prefix { $0 != 0 }
        return String(decoding: text, as: UTF8.self)
    }

    /// Little-endian; what lies outside the file, or is too large to be an offset in it, is a number that no
    /// check lets pass.
    private static func number(_ bytes: Data, _ offset: Int, _ size: Int) -> Int {
        guard offset >= 0, offset <= bytes.count - size else { return Int.max >> 8 }
        let value = (0..<size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[offset + $1]) }
        return Int(min(value, UInt64(Int.max >> 8)))
    }

    private static func cutOff(_ path: String, _ there: Int, _ wanted: Int) -> HostError {
        refusal(path, "It is cut off: \(there) bytes are there, at least \(wanted) are needed.")
    }

    private static func refusal(_ path: String, _ why: String) -> HostError {
        HostError(
            .invalidData, why, subject: path, remedy: "Install a build of it for \(Platform.current).",
            retry: .stop)
    }
}
