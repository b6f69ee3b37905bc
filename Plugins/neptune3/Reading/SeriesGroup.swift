// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// Some series that are read together, a page of all of them at a time.
///
/// Each page answers one request; the next is under way while the rows of the last are made. When the group
/// is released before its answer came, the answer is given back unread.
final class SeriesGroup {
    /// As many as Neptune's exporter asks for at once; their marks fit into a cursor.
    static let size = 128

    struct Series {
        let name: String
        var mark: SeriesMark = .fresh
        /// Where the server said to go on.
        var token: String?
        /// Points that came so far, in this process.
        var received = 0
        /// Of the last point that came.
        var lastStep: Double?
        /// Points that were handed over before the reading began here, and come again.
        var toSkip = 0
        private var wasAbsent = false

        init(_ name: String) { self.name = name }

        /// An answer did not have it, as when it was cut between two series: it is asked for once more.
        mutating func noteAbsence(_ subject: String) throws(HostError) {
            guard wasAbsent else {
                wasAbsent = true
                return
            }
            guard mark == .fresh, received == 0 else {
                throw HostError(
                    .invalidData, "The server stopped in the midst of the series \(name).", subject: subject,
                    retry: .later)
            }
            mark = .finished
        }
    }

    private let server: Server
    /// Positions in the catalogue's list.
    let range: Range<Int>
    var series: [Series]
    /// Points of each series in the page that is under way.
    private(set) var limit = 0
    private var pending: Pending?
    /// A page that had come before came again.
    private var hasRepeated = false

    init(_ server: Server, _ names: [String], _ range: Range<Int>, marks: [SeriesMark]) {
        self.server = server
        self.range = range
        series = range.map { Series(names[$0]) }
        for (index, mark) in marks.enumerated() where index < series.count { series[index].mark = mark }
    }

    deinit {
        if let pending { server.abandon(pending) }
    }

    var open: [Int] { series.indices.filter { series[$0].mark != .finished } }
    var isFinished: Bool { series.allSatisfy { $0.mark == .finished } }
    var isUnderWay: Bool { pending != nil }
    var marks: [SeriesMark] { series.map(\.mark) }

    func ask(_ request: HTTPRequest, limit: Int = 0, _ call: Call) throws(HostError) {
        self.limit = limit
        pending = try server.submit(request, call)
    }

    func answer<Page>(
        _ subject: String, _ call: Call, _ read: ([UInt8]) throws(HostError) -> Page
    ) throws(HostError) -> Page {
        guard let pending else { throw HostError(.internal, "A page is awaited that was not asked for.") }
        self.pending = nil
        return try server.answer(pending, subject, call, read)
    }

    /// The same page again is passing trouble once; then the server is not to be read.
    func noteRepetition(_ subject: String) throws(HostError) {
        if hasRepeated { throw CatalogueRequest.endless(subject) }
        hasRepeated = true
    }

    func noteProgress() { hasRepeated = false }

    /// The place at which this group stands.
    func place(_ phase: ReadPhase, of count: Int) -> ReadPlace {
        var place = ReadPlace()
        place.phase = phase
        place.position = isFinished ? range.upperBound : range.lowerBound
        if !isFinished { place.marks = marks }
        return place
    }
}

/// The groups of a phase: the first is read, those behind it are under way.
struct GroupWindow {
    private let names: [String]
    private let server: Server
    private let width: Int
    private var next: Int
    private var firstMarks: [SeriesMark]
    private(set) var groups: [SeriesGroup] = []

    init(_ source: RunSource, _ names: [String], at place: ReadPlace) throws(HostError) {
        guard place.position <= names.count, place.marks.count <= SeriesGroup.size else {
            throw HostError(.invalidData, "The cursor points behind the run's end.", subject: "cursor")
        }
        self.names = names
        server = source.server
        width = source.settings.inFlight
        next = place.position
        firstMarks = place.marks
    }

    /// The group that is read now; nil at the end.
    mutating func first(_ start: (SeriesGroup) throws(HostError) -> Void) throws(HostError) -> SeriesGroup? {
        while let group = groups.first, group.isFinished { groups.removeFirst() }
        while groups.count < width, next < names.count {
            // A group that is gone on with is as it was: its marks count its series.
            let size = firstMarks.isEmpty ? SeriesGroup.size : firstMarks.count
            let range = next..<min(next + size, names.count)
            let group = SeriesGroup(server, names, range, marks: firstMarks)
            firstMarks = []
            next = range.upperBound
            groups.append(group)
            if !group.isFinished { try start(group) }
        }
        return groups.first
    }
}
