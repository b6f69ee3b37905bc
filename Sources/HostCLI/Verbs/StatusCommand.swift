// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "How far a job is.")
    func run() throws {}
}

struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "summary", abstract: "What a source holds.")
    func run() throws {}
}

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "Projects of a source, or its units.")
    func run() throws {}
}
