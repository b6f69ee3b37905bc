// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import HostPluginKit

/// How far the clocks of a time zone were from UTC, by local time; to undo the shift of Neptune 2 series times.
///
/// The exporter took local times for UTC. In the hour that a zone repeats in autumn two moments have one local time;
/// the earlier one (summer time) is meant here until the second begins.
struct ZoneTable {
    let localFrom: [Int64]
    let offsets: [Int64]

    init(_ name: String) throws(HostError) {
        guard let zone = TimeZone(identifier: name) else {
            throw HostError(
                .invalidOption, "There is no time zone '\(name.prefix(64))'.", subject: "repair-zone",
                remedy: "Use a name of the tz database, such as Europe/Warsaw.")
        }
        // Neptune began in 2017; times outside of these years keep the nearest offset.
        var moment = Date(timeIntervalSince1970: 1_262_304_000)
        let end = Date(timeIntervalSince1970: 2_208_988_800)
        var localFrom: [Int64] = [Self.local(moment, zone)]
        var offsets = [Int64(zone.secondsFromGMT(for: moment)) * 1000]
        while let next = zone.nextDaylightSavingTimeTransition(after: moment), next < end, next > moment {
            let offset = Int64(zone.secondsFromGMT(for: next)) * 1000
            let before = offsets[offsets.count - 1]
            // Local time at which the new offset alone is right: after a turn back, the end of the repeated hour.
            localFrom.append(Int64(next.timeIntervalSince1970 * 1000) + max(offset, before))
            offsets.append(offset)
            moment = next
        }
        self.localFrom = localFrom
        self.offsets = offsets
    }

    private static func local(_ moment: Date, _ zone: TimeZone) -> Int64 {
        (Int64(moment.timeIntervalSince1970) + Int64(zone.secondsFromGMT(for: moment))) * 1000
    }
}
