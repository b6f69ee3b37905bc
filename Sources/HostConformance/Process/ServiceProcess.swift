// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// A server that the tests need, by the manifest's command: it prints `NAME=value` lines and then `ready`, and ends
/// when its standard input closes.
///
/// Thread rule: one thread.
final class ServiceProcess {
    private(set) var values: [String: String] = [:]
    private let process = Process()
    private let input = Pipe()
    private static let patience: TimeInterval = 120

    init(_ command: [String]) throws(HostError) {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = input
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw HostError(
                .unavailable, "The tests' service can't be started: \(error).", subject: command[0])
        }
        guard let lines = Self.lines(output.fileHandleForReading.fileDescriptor) else {
            stop()
            throw HostError(
                .unavailable, "The tests' service did not become ready.",
                subject: command.joined(separator: " "),
                remedy: "Run it by hand; its last line has to be 'ready'.")
        }
        for line in lines {
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            if pair.count == 2 { values[pair[0]] = pair[1] }
        }
    }

    /// Everything until the line `ready`; nil when the service ended or took too long.
    private static func lines(_ descriptor: Int32) -> [String]? {
        let deadline = Date().addingTimeInterval(patience)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while deadline.timeIntervalSinceNow > 0 {
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 1000) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            if let end = lines.firstIndex(of: "ready") { return Array(lines[..<end]) }
        }
        return nil
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        let deadline = Date().addingTimeInterval(20)
        while process.isRunning, deadline.timeIntervalSinceNow > 0 { usleep(50_000) }
        if process.isRunning { process.terminate() }
    }
}

extension ConformanceSetup {
    /// With the service's values in the place of their names.
    func replacing(_ values: [String: String]) -> ConformanceSetup {
        func put(_ text: String) -> String {
            values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
        }
        func put(_ end: EndpointText?) -> EndpointText? {
            end.map { EndpointText(text: put($0.text), options: $0.options.map(put)) }
        }
        var result = self
        result.exporter = put(exporter)
        result.loader = put(loader)
        result.count = count.map(put)
        return result
    }
}
