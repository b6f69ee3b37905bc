// SPDX-License-Identifier: Apache-2.0

import CompiledPlugin
import Foundation
import HostABI
import HostHTTP
import HostRecords
import Synchronization

/// How `Fixtures/variant.c` is wrong; the numbers are that file's.
enum Variant: Int, CaseIterable {
    case sound = 0
    case noSymbol, wrongMagic, smallTable, smallDescriptor, unknownOptionType, upperCaseName, emptyName
    case smallExporter, noExporter, functionLeftOut, smallLimits, tooManyOptions, smallStride, refuses,
        noTable, newer
    case loaderOnly, exporterOnly

    var path: String {
        get throws {
            try CompiledPlugin.build("Tests/HostABITests/Fixtures/variant.c", macros: ["VARIANT=\(rawValue)"])
        }
    }
}

/// Everything that the host's side of a call is told in a test.
final class ToldByPlugin: Sendable {
    private let lines = Mutex<[String]>([])
    let cancelFlag = CancelFlag()
    let redactor = Redactor()

    init() { redactor.protect("topsecret") }

    var log: [String] { lines.withLock { $0 } }

    func context() -> CallContext {
        CallContext(label: "plugin (from)", queue: nil, redactor: redactor, cancelFlag: cancelFlag) {
            [self] severity, line in lines.withLock { $0.append("\(severity.label) \(line)") }
        }
    }

    /// An exporter of the variant that does what `doing` says.
    func exporter(_ doing: String, context: CallContext? = nil) throws -> any ExporterInstance {
        try PluginPlace.open(Variant.sound.path).openExporter(
            OptionValues(scope: "place", values: [0: .text(doing)]),
            context: context ?? self.context(), scratch: NSTemporaryDirectory())
    }

    func loader(_ doing: String) throws -> any LoaderInstance {
        try PluginPlace.open(Variant.sound.path).openLoader(
            OptionValues(scope: "place", values: [0: .text(doing)]),
            context: context())
    }
}

/// The error that `body` must throw.
func hostError(_ body: () throws -> Void) -> HostError? {
    do {
        try body()
        return nil
    } catch {
        return error as? HostError
    }
}
