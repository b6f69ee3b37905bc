// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostRecords

/// The entry of a child: `host __conform`, known to nobody but the kit.
package enum ConformanceChild {
    package static func isAsked(_ arguments: [String]) -> Bool {
        arguments.count == 2 && arguments[1] == ChildProcess.verb
    }

    /// Runs one stage of one test and ends the process.
    package static func main() -> Never {
        signal(SIGPIPE, SIG_IGN)
        CrashSignals.install()
        let pipe = EventPipe(descriptor: ChildProcess.eventDescriptor)
        guard let testCase = try? JSONDecoder().decode(TestCase.self, from: readCase()) else {
            _exit(64)
        }
        run(testCase, pipe)
        pipe.end()
        // Without the exit handlers of libraries: they are not what is tested here.
        _exit(0)
    }

    static func run(_ testCase: TestCase, _ pipe: EventPipe) {
        guard let test = Registry.test(testCase.test) else {
            pipe.finding(Finding("kit", expected: "a test of that name", happened: testCase.test))
            return
        }
        let bench = Bench(testCase, pipe)
        do {
            try test.run(bench)
        } catch let finding as Finding {
            pipe.finding(finding)
        } catch {
            pipe.finding(
                Finding(test.crashRule, expected: "\(pipe.blamedCall) succeeds", happened: "\(error)"))
        }
    }

    private static func readCase() -> Data {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(ChildProcess.caseDescriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            data.append(contentsOf: buffer[..<count])
        }
        close(ChildProcess.caseDescriptor)
        return data
    }
}
