// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// Finds points that equal an earlier one of their path in step, time and value, for targets that keep such points
/// once. With them counted here, the number of points in the target can be checked exactly.
///
/// Trackers store a path's points in the order of their steps, so a repeat stands among the points of the same
/// step: that group is all that has to be remembered. A path whose steps run backwards gets a set of all its
/// points from that group on. All sets together hold at most `capacity` points; beyond that memory counts for more,
/// and a repeat that slips through shows when the loader compares counts.
package struct RepeatFilter {
    package static let usualCapacity = 1_000_000

    private struct Point: Hashable {
        var step: Step?
        var time: Int64?
        var bits: UInt64
    }

    private struct Track {
        var step: Step?
        /// Of the group of `step`, or of all points once `isUnordered`.
        var first: Point?
        var others: Set<Point> = []
        var isUnordered = false
    }

    private var tracks: [Track] = []
    private var positions: [ExactText: Int] = [:]
    private var remembered = 0
    private let capacity: Int

    package init(capacity: Int = usualCapacity) { self.capacity = capacity }

    /// A slot for each path, for `isRepeat`.
    package mutating func slots(of paths: [String]) -> [Int] {
        paths.map { path in
            let key = ExactText(path)
            if let position = positions[key] { return position }
            positions[key] = tracks.count
            tracks.append(Track())
            return tracks.count - 1
        }
    }

    @inline(__always)
    package mutating func isRepeat(_ slot: Int, _ step: Step?, _ time: Int64?, _ value: Double) -> Bool {
        let point = Point(step: step, time: time, bits: value.isNaN ? 0x7FF8_0000_0000_0000 : value.bitPattern)
        if !tracks[slot].isUnordered {
            if tracks[slot].first == nil || Self.isAfter(step, tracks[slot].step) {
                tracks[slot].step = step
                tracks[slot].first = point
                if !tracks[slot].others.isEmpty {
                    remembered -= tracks[slot].others.count
                    tracks[slot].others.removeAll(keepingCapacity: true)
                }
                return false
            }
            if Self.isAfter(tracks[slot].step, step) { tracks[slot].isUnordered = true }
        }
        if tracks[slot].first == point || tracks[slot].others.contains(point) { return true }
        if remembered < capacity {
            tracks[slot].others.insert(point)
            remembered += 1
        }
        return false
    }

    private static func isAfter(_ left: Step?, _ right: Step?) -> Bool {
        switch (left, right) {
        case (let left?, let right?): left > right
        case (.some, nil): true
        default: false
        }
    }
}
