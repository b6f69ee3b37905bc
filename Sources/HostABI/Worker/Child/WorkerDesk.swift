// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostHTTP
internal import HostRecords

/// Carries out the host's calls on the plugin of this process.
///
/// Thread rule: the process's main thread; `cancel` from the control thread.
final class WorkerDesk: @unchecked Sendable {
    private let channel: Channel
    private let context: CallContext
    private var library: PluginLibrary?
    private let lock = NSLock()
    private var exporter: (any ExporterInstance)?
    private var loader: (any LoaderInstance)?
    private var readers: [UInt64: any BatchReader] = [:]
    private var writers: [UInt64: any UnitWriter] = [:]
    private var lastNumber: UInt64 = 0

    init(_ channel: Channel, _ flag: CancelFlag) {
        self.channel = channel
        let services = RemoteServices(channel)
        let log: CallContext.LogSink = { severity, line in services.log(severity, line) }
        context = CallContext(
            label: "", queue: services, redactor: Redactor(), cancelFlag: flag, isLabelLogged: false, log: log)
        context.onLoss = { services.tell($0) }
        context.onSecret = { services.protect($0) }
        context.openBlob = { ref throws(HostError) in try services.openBlob(ref) }
    }

    func cancel() {
        lock.withLock { exporter }?.cancel()
        lock.withLock { loader }?.cancel()
    }

    /// Throws when the host can't be answered.
    func handle(_ frame: Frame) throws {
        var frame = frame
        do throws(HostError) {
            try answer(&frame)
        } catch {
            var head = WireWriter()
            head.put(error)
            try channel.send(.failed, head)
        }
    }

    private func answer(_ frame: inout Frame) throws(HostError) {
        switch frame.kind {
        case .describe: try describe(&frame.head)
        case .open: try open(&frame.head)
        case .check:
            if let exporter { try exporter.check() } else { try theLoader().check() }
            try ok()
        case .list:
            let projects = try frame.head.list { head throws(HostError) in try head.text() }
            let reader = try theExporter().list(projects: projects, from: try frame.head.blob())
            try ok(number: add(reader))
        case .paths: try ok(number: add(try theExporter().paths(try frame.head.unitRef())))
        case .read:
            let unit = try frame.head.unitRef()
            try ok(number: add(try theExporter().read(unit, from: try frame.head.blob())))
        case .call: try act(&frame.head)
        case .next: try next(try frame.head.number())
        case .closeReader:
            readers[try frame.head.number()] = nil
            try ok()
        case .blob:
            let blob = try theExporter().blob(try frame.head.text())
            try reply(.ok, WireWriter(), descriptor: blob.source.descriptor)
            withExtendedLifetime(blob) {}
        default: try answerLoader(&frame)
        }
    }

    private func answerLoader(_ frame: inout Frame) throws(HostError) {
        var head = WireWriter()
        switch frame.kind {
        case .limits: head.put(try theLoader().limits())
        case .find: head.put(try theLoader().find(try frame.head.unitInfo()))
        case .begin:
            let unit = try frame.head.unitInfo()
            let found = try frame.head.found()
            guard let mode = BeginMode(rawValue: try frame.head.number()) else { throw WireReader.damaged }
            let writer = try theLoader().begin(
                unit, found: found, mode: mode, resumeAfter: try frame.head.number())
            lastNumber += 1
            writers[lastNumber] = writer
            head.put(lastNumber)
        case .write:
            let writer = try writer(&frame.head)
            let sequence: UInt64 = try frame.head.number()
            let batch = try BatchDecoder.decode(&frame.head, frame.body)
            head.put(try writer.write(batch, sequence: sequence))
        case .flush: head.put(try writer(&frame.head).flush(upTo: try frame.head.number()))
        case .commit:
            let target = try writer(&frame.head).commit(try frame.head.summary())
            head.put(target.id)
            head.put(target.url)
        case .end: writers[try frame.head.number()] = nil
        default: throw HostError(.invalidState, "The host made a call that a worker does not know.")
        }
        try reply(.ok, head)
    }

    // MARK: parts

    private func describe(_ head: inout WireReader) throws(HostError) {
        let library = try PluginLibrary(path: try head.text())
        self.library = library
        var answer = WireWriter()
        answer.put(library.description)
        try reply(.ok, answer)
    }

    private func open(_ head: inout WireReader) throws(HostError) {
        let library = try PluginLibrary(path: try head.text())
        self.library = library
        context.label = try head.text()
        let role = Roles(rawValue: try head.number())
        let values = try head.optionValues()
        let scratch = try head.text()
        if role == .exporter {
            let opened = try library.openExporter(values, context: context, scratch: scratch)
            lock.withLock { exporter = opened }
        } else {
            let opened = try library.openLoader(values, context: context)
            lock.withLock { loader = opened }
        }
        try ok()
    }

    private func act(_ head: inout WireReader) throws(HostError) {
        let library = try PluginLibrary(path: try head.text())
        let index = Int(try head.number(UInt32.self))
        let arguments = try head.actionArguments()
        let hasOptions = try head.bool()
        let values = try head.optionValues()
        var answer = WireWriter()
        answer.put(
            try library.call(action: index, arguments, at: hasOptions ? values : nil, context: context))
        try reply(.ok, answer)
    }

    private func next(_ number: UInt64) throws(HostError) {
        guard let reader = readers[number] else { throw Self.noHandle }
        guard let (batch, cursor) = try reader.next() else { return try reply(.ended, WireWriter()) }
        var head = WireWriter()
        head.put(cursor)
        let message = BatchEncoder(batch, after: head)
        try reply(.ok, message.head, message.body)
        withExtendedLifetime(batch) {}
    }

    private func add(_ reader: any BatchReader) -> UInt64 {
        lastNumber += 1
        readers[lastNumber] = reader
        return lastNumber
    }

    private func writer(_ head: inout WireReader) throws(HostError) -> any UnitWriter {
        guard let writer = writers[try head.number()] else { throw Self.noHandle }
        return writer
    }

    private func theExporter() throws(HostError) -> any ExporterInstance {
        guard let exporter else { throw Self.noHandle }
        return exporter
    }

    private func theLoader() throws(HostError) -> any LoaderInstance {
        guard let loader else { throw Self.noHandle }
        return loader
    }

    private static let noHandle = HostError(.invalidState, "The worker has no such handle.")

    // MARK: answers

    private func ok() throws(HostError) { try reply(.ok, WireWriter()) }

    private func ok(number: UInt64) throws(HostError) {
        var head = WireWriter()
        head.put(number)
        try reply(.ok, head)
    }

    private func reply(
        _ kind: Message, _ head: WireWriter, _ body: BodySegments = BodySegments(), descriptor: Int32? = nil
    ) throws(HostError) {
        do throws(Channel.Failure) {
            try channel.send(kind, head, body, descriptor: descriptor)
        } catch {
            throw HostError(.cancelled, "The host is gone.", retry: .stop)
        }
    }
}
