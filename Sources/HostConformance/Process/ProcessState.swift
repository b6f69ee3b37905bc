// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What belongs to the whole process and not to one of its libraries.
struct ProcessState {
    let threads: Int
    /// What each open descriptor leads to.
    let descriptors: [String: String]
    let folder: String
    let mask: mode_t
    let locale: String
    let environment: [String: String]
    let handlers: [Int32: UInt]
    let limits: [UInt64]
    /// Bytes in memory.
    let resident: Int

    init() {
        threads = Self.names("/proc/self/task").count
        var descriptors: [String: String] = [:]
        for name in Self.names("/proc/self/fd") {
            var buffer = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/self/fd/\(name)", &buffer, buffer.count - 1)
            // The one that lists the folder itself is gone by now.
            guard count > 0 else { continue }
            descriptors[name] = String(
                decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        self.descriptors = descriptors
        folder = FileManager.default.currentDirectoryPath
        mask = umask(0)
        umask(mask)
        locale = setlocale(LC_ALL, nil).map { String(cString: $0) } ?? ""
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let pair = String(cString: entry).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            next += 1
        }
        environment = variables
        var handlers: [Int32: UInt] = [:]
        for number in Int32(1)..<32 where number != SIGKILL && number != SIGSTOP {
            var action = sigaction()
            sigaction(number, nil, &action)
            handlers[number] = UInt(
                bitPattern: unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self))
        }
        self.handlers = handlers
        limits = [RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_AS, RLIMIT_STACK].map { kind in
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(kind.rawValue), &limit)
            return UInt64(limit.rlim_cur)
        }
        let sizes =
            (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        resident = (sizes.count > 1 ? Int(sizes[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// Sentences for everything but memory.
    func differences(to later: ProcessState) -> [String] {
        var found = processWide(later)
        if later.threads > threads { found.append("\(later.threads - threads) more threads") }
        let new = later.descriptors.filter { descriptors[$0.key] == nil }
        if !new.isEmpty {
            let places = Set(new.values).sorted().prefix(3).joined(separator: ", ")
            found.append("\(new.count) more open files: \(places)")
        }
        return found
    }

    /// What no library may change at any time.
    func processWide(_ later: ProcessState) -> [String] {
        var found: [String] = []
        if later.folder != folder { found.append("the working folder is now \(later.folder)") }
        if later.mask != mask { found.append("umask is now \(String(later.mask, radix: 8))") }
        if later.locale != locale { found.append("the locale is now \(later.locale)") }
        let names = Set(environment.keys).union(later.environment.keys)
        for name in names.sorted() where environment[name] != later.environment[name] {
            found.append("the variable \(name) was changed")
        }
        for (number, handler) in handlers.sorted(by: { $0.key < $1.key })
        where later.handlers[number] != handler {
            found.append("signal \(number) has another handler")
        }
        if later.limits != limits { found.append("limits of the process were changed") }
        return found
    }
}
