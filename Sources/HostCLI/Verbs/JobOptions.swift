// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import HostCore
internal import HostHTTP
internal import HostRecords

/// What `run` and `plan` share: the two ends, the selection, the mapping.
struct JobOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where records come from.", valueName: "endpoint"))
    var from: String

    @Option(help: ArgumentHelp("Where they go.", valueName: "endpoint"))
    var to: String

    @Option(
        name: .customLong("from-opt"), parsing: .singleValue,
        help: ArgumentHelp("An option of the source; see host plugin info.", valueName: "name=value"))
    var fromOptions: [String] = []

    @Option(
        name: .customLong("to-opt"), parsing: .singleValue,
        help: ArgumentHelp("An option of the target.", valueName: "name=value"))
    var toOptions: [String] = []

    @Option(
        name: .customLong("project"), parsing: .singleValue,
        help: ArgumentHelp("Only projects that match; may be repeated.", valueName: "glob"))
    var projects: [String] = []

    @Option(
        name: .customLong("run"), parsing: .singleValue,
        help: ArgumentHelp("Only units whose id or name matches; may be repeated.", valueName: "regex"))
    var runs: [String] = []

    @Option(help: ArgumentHelp("Multiply steps, for targets with whole steps only.", valueName: "n"))
    var stepMultiplier: Int64 = 1

    @Option(help: ArgumentHelp("Name of the job; by default made of the ends and the selection.", valueName: "name"))
    var job: String?

    @Option(help: ArgumentHelp("Where job folders lie; by default in HOST_STATE_DIR/jobs.", valueName: "folder"))
    var jobDir: String?

    func settings(transfers: Int, onExisting: ExistingPolicy, isFresh: Bool) throws(HostError) -> JobSettings {
        JobSettings(
            name: try JobPlace.checked(job ?? ""), folder: JobPlace.root(jobDir), from: try Endpoint(parsing: from),
            to: try Endpoint(parsing: to), fromOptions: fromOptions, toOptions: toOptions,
            selection: try Selection(projects: projects, runs: runs), transfers: transfers,
            stepScale: try StepScale(stepMultiplier), onExisting: onExisting, isFresh: isFresh)
    }
}

/// How the HTTP service behaves; the same for both ends.
struct NetworkOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Requests a second to one server, at most.", valueName: "n"))
    var tps: Double?

    @Option(help: ArgumentHelp("Bytes a second, at most: 500k, 10M.", valueName: "rate"))
    var bwlimit: String?

    @Option(help: ArgumentHelp("How long a request that fails in passing is tried again.", valueName: "seconds"))
    var retryFor: Int?

    @Option(help: ArgumentHelp("Proxy; by default from the environment.", valueName: "url"))
    var proxy: String?

    @Option(help: ArgumentHelp("Certificate authorities to trust, PEM.", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("Keep every exchange in this folder, without secrets.", valueName: "folder"))
    var record: String?

    @Option(help: ArgumentHelp("Answer from exchanges kept by --record instead of the network.", valueName: "folder"))
    var replay: String?

    func settings() throws(HostError) -> HTTPSettings {
        var settings = HTTPSettings()
        settings.requestsPerSecond = tps
        if let bwlimit { settings.bandwidthBytesPerSecond = try ByteRate.parse(bwlimit) }
        if let retryFor { settings.retry.budget = .seconds(retryFor) }
        settings.proxy = proxy
        settings.caFile = caFile
        settings.recordFolder = record
        settings.replayFolder = replay
        settings.userAgent = "host/\(HostProgram.version)"
        return settings
    }
}

enum ByteRate {
    static func parse(_ text: String) throws(HostError) -> Int {
        let scales: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9]
        let scale = text.last.flatMap { scales[$0] }
        guard let number = Double(scale == nil ? text : String(text.dropLast())), number > 0 else {
            throw HostError(.invalidOption, "'\(text)' is not a rate.", subject: "--bwlimit", remedy: "Write 500k or 10M.")
        }
        return Int(number * (scale ?? 1))
    }
}

/// Where jobs live.
enum JobPlace {
    static func root(_ jobDir: String?) -> String {
        if let jobDir { return URL(fileURLWithPath: jobDir).standardizedFileURL.path }
        let environment = ProcessInfo.processInfo.environment
        if let state = environment["HOST_STATE_DIR"], !state.isEmpty {
            return URL(fileURLWithPath: state).standardizedFileURL.path + "/jobs"
        }
        let state = environment["XDG_STATE_HOME"] ?? (environment["HOME"] ?? "") + "/.local/state"
        return state + "/host/jobs"
    }

    /// A job's name is the name of a folder.
    static func checked(_ name: String) throws(HostError) -> String {
        guard name.count <= 128, !name.hasPrefix("."),
            name.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0) })
        else {
            throw HostError(
                .invalidOption, "A job's name has letters, digits, '-', '_' and '.', and does not begin with a dot.",
                subject: "--job \(name)")
        }
        return name
    }
}
