// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostABI
import HostHTTP
import HostRecords
import Testing

/// What a plugin tells through the host's table during a call, and how calls end.
@Suite(.inBothPlaces) struct CallTests {
    let told = ToldByPlugin()

    @Test func failureArrivesWholeAndWithoutSecrets() throws {
        let error = try #require(hostError { _ = try told.exporter("no open") })
        #expect(error.status == .rateLimited, "the status returned counts")
        #expect(error.retryClass == .later && error.httpStatus == 503 && error.retryAfterMilliseconds == 1500)
        #expect(error.subject == "the subject" && error.detail == "The detail.")
        #expect(error.message == "The message, ***." && error.remedy == "The remedy, ***.")
    }

    @Test func failureWithoutAWordNamesTheFunction() throws {
        let error = try #require(hostError { try told.exporter("fails silently").check() })
        #expect(error.status == .auth && error.message.contains("check") && error.subject == "plugin (from)")
        #expect(hostError { try told.exporter("unknown status").check() }?.status == Status(rawValue: 77))
        #expect(hostError { try told.exporter("small error").check() }?.message.contains("too small") == true)
    }

    @Test func nothingInsteadOfAHandleIsTheirMistake() throws {
        #expect(hostError { _ = try told.exporter("no instance") }?.status == .internal)
        #expect(hostError { _ = try told.loader("no instance") }?.status == .internal)
        #expect(hostError { _ = try told.exporter("no reader").list(projects: []) }?.status == .internal)
        #expect(hostError { _ = try told.exporter("no blob").blob("x") }?.status == .internal)
        #expect(hostError { _ = try told.loader("no limits").limits() }?.status == .internal)
        let info = UnitInfo(ref: UnitRef(kind: "run", project: "p", id: "1"))
        #expect(
            hostError {
                _ = try told.loader("no load").begin(
                    info, found: Found(.partial), mode: .continue, resumeAfter: 7)
            }?.status == .internal)
    }

    @Test func logLinesHaveNoSecrets() throws {
        try told.exporter("logs").check()
        #expect(
            told.log == [
                "warning plugin (from): a line with ***", "info plugin (from): a level of its own",
                "debug plugin (from): ",
            ])
    }

    @Test func cancelledFlagIsSeen() throws {
        let exporter = try told.exporter("asks cancelled")
        try exporter.check()
        told.cancelFlag.set()
        #expect(hostError { try exporter.check() }?.message == "Stopped on request.")
    }

    @Test func cancelReachesTheInstance() throws {
        let exporter = try told.exporter("")
        try exporter.check()
        exporter.cancel()
        #expect(hostError { try exporter.check() }?.status == .auth)
    }

    @Test func lossesAreCountedAndWrongOnesToo() throws {
        let context = told.context()
        var losses: [LossReport] = []
        context.onLoss = { losses.append($0) }
        try told.exporter("loses", context: context).check()
        #expect(losses.map(\.kind) == [.merged, .dropped, .dropped, .dropped, .dropped, .dropped])
        #expect(losses.map(\.table) == [.points, .fields, .fields, .files, .files, .fields])
        #expect(
            losses.map(\.code)
                == [
                    "value.moved", "loss.invalid", "loss.invalid", "value.moved", "value.moved",
                    "loss.invalid",
                ])
        #expect(losses.map(\.rows) == [3, 4, 5, 0, LossReport.maxRows, 1])
        #expect(losses[0].path == "a/b" && losses[0].note == "because")
        #expect(told.log.count == 2)
    }

    @Test func lastErrorOfAServiceIsLentAndRemembered() throws {
        let remembered = hostError { try told.exporter("last error").check() }
        #expect(remembered?.status == .invalidState && remembered?.message.contains("no unit") == true)
        let anew = hostError { try told.exporter("own error").check() }
        #expect(anew?.status == .io && anew?.message == "Told anew.")
    }

    @Test func errorThatWasOvercomeIsForgotten() throws {
        let exporter = try told.exporter("overcomes")
        try exporter.check()
        #expect(hostError { try exporter.check() }?.message.contains("did not say why") == true)
        let reading = try told.exporter("ends with an error left")
        #expect(try reading.list(projects: []).next() == nil)
        #expect(hostError { try reading.check() }?.message.contains("did not say why") == true)
    }

    @Test func servicesAreFoundByTheirIds() throws {
        try told.exporter("services").check()
    }

    // MARK: batches and bytes

    @Test func batchOfAnUnknownTableIsRefusedAndReleased() throws {
        let error = hostError { _ = try told.exporter("unknown table").list(projects: []).next() }
        #expect(error?.status == .invalidData && error?.message.contains("tea/1") == true)
    }

    @Test func batchThatBreaksTheRulesIsRefused() throws {
        #expect(
            hostError { _ = try told.exporter("").list(projects: []).next() }?.message.contains(
                "required column") == true)
        #expect(
            hostError { _ = try told.exporter("moved away").list(projects: []).next() }?.status
                == .invalidData)
    }

    @Test func bytesAreSpooledToTheirEnd() throws {
        let blob = try told.exporter("").blob("x")
        #expect(blob.size == 3000)
        var bytes = [UInt8](repeating: 0, count: 3000)
        let got = try bytes.withUnsafeMutableBytes { try blob.source.read(at: 0, into: $0) }
        #expect(got == 3000)
        #expect(
            bytes == [UInt8](repeating: 97, count: 1000) + [UInt8](repeating: 98, count: 1000)
                + [UInt8](repeating: 99, count: 1000))
    }

    @Test(arguments: ["gives nothing", "gives too much"])
    func bytesWithoutAnEndAreTheirMistake(doing: String) throws {
        #expect(hostError { _ = try told.exporter(doing).blob("x") }?.status == .invalidState)
    }

    @Test func spoolThatBreaksOffFails() throws {
        #expect(hostError { _ = try told.exporter("breaks off").blob("x") }?.status == .unavailable)
    }
}
