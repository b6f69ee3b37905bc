// SPDX-License-Identifier: Apache-2.0

/// Times as people and as programs read them.
package enum TimeText {
    /// `00:41:10`; hours may have more than two digits.
    package static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds.isFinite ? seconds : 0))
        return "\(twoDigits(whole / 3_600)):\(twoDigits(whole / 60 % 60)):\(twoDigits(whole % 60))"
    }

    /// `00:23`: what is left to wait, rounded up; hours in front only when there are some.
    package static func countdown(_ seconds: Double) -> String {
        let whole = max(0, seconds.isFinite ? seconds : 0).rounded(.up)
        return whole < 3_600 ? String(clock(whole).dropFirst(3)) : clock(whole)
    }

    /// `about 1 h 40 min left`: no finer than an estimate is worth.
    package static func left(_ seconds: Double) -> String {
        switch seconds {
        case ..<60: return "under 1 min left"
        case ..<600: return "about \(Int((seconds / 60).rounded())) min left"
        case ..<3_300: return "about \(Int((seconds / 300).rounded()) * 5) min left"
        case ..<36_000:
            let tens = Int((seconds / 600).rounded())
            let minutes = tens % 6 * 10
            return "about \(tens / 6) h" + (minutes == 0 ? "" : " \(minutes) min") + " left"
        case ..<172_800: return "about \(Int((seconds / 3_600).rounded())) h left"
        default: return "about \(Int((min(seconds, 8e9) / 86_400).rounded())) days left"
        }
    }

    /// `2026-11-21T04:41:07.250Z` from milliseconds since 1970 UTC.
    package static func utc(milliseconds: Int64) -> String {
        let (days, rest) = floorDivision(milliseconds, 86_400_000)
        let (year, month, day) = date(daysSince1970: days)
        let seconds = rest / 1_000
        let thousandths = String(rest % 1_000)
        return "\(fourDigits(year))-\(twoDigits(month))-\(twoDigits(day))T\(clock(Double(seconds)))"
            + "." + String(repeating: "0", count: 3 - thousandths.count) + thousandths + "Z"
    }

    /// The Gregorian calendar counted from 1 March 0000, so that the leap day ends a year.
    private static func date(daysSince1970 days: Int64) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivision(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func fourDigits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
