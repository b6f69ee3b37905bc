// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The `Retry-After` header of RFC 9110, section 10.2.3: seconds, or a date in one of three old forms.
package enum RetryAfter {
    /// nil when it says nothing that can be understood. A date in the past is zero.
    package static func parse(_ value: String, now: Int = time(nil)) -> Duration? {
        let text = value.drop { $0 == " " }.prefix { $0 != "\r" }
        // Some servers send fractions although the standard has whole seconds only.
        if let seconds = Double(text), seconds.isFinite, seconds >= 0 {
            return .milliseconds(Int64(min(seconds, 86400 * 365) * 1000))
        }
        guard let date = date(String(text)) else { return nil }
        return .seconds(max(0, date - now))
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
    /// `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: String) -> Int? {
        let words = text.split { " ,-".contains($0) }.map(String.init)
        guard words.count >= 5 else { return nil }
        let isCTimeForm = words[3].contains(":")
        let (day, month, year, clock) =
            isCTimeForm ? (words[2], words[1], words[4], words[3]) : (words[1], words[2], words[3], words[4])
        let times = clock.split(separator: ":").compactMap { Int($0) }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let day = Int(day), let monthIndex = months.firstIndex(of: month), var year = Int(year),
            times.count == 3, (1...31).contains(day), (0...9999).contains(year)
        else { return nil }
        if year < 100 { year += year < 70 ? 2000 : 1900 }
        return daysSince1970(year, monthIndex + 1, day) * 86400 + times[0] * 3600 + times[1] * 60 + times[2]
    }

    /// Proleptic Gregorian calendar, with years that begin in March so that the leap day comes last.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        return marchYear * 365 + leapDays + (marchMonth * 153 + 2) / 5 + day - 1 - 719_468
    }
}
