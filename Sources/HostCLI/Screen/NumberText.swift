// SPDX-License-Identifier: Apache-2.0

/// Numbers as people read them. Text for programs uses `String(describing:)`.
package enum NumberText {
    /// `1,204`.
    package static func grouped(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    package static func grouped(_ number: Int) -> String { grouped(Int64(number)) }

    /// Three digits and a unit from 100,000: `88.2 M`.
    package static func compact(_ number: Int64) -> String {
        if number.magnitude < 100_000 { return grouped(number) }
        return scaled(Double(number), 1_000, ["", "k", "M", "G", "T", "P", "E"])
    }

    /// `41.2 GiB`.
    package static func bytes(_ number: Int64) -> String {
        if number.magnitude < 1_024 { return "\(number) B" }
        return scaled(Double(number), 1_024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
    }

    /// Rounded down, so that 100 % is said of nothing that is not whole.
    package static func percent(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0 else { return "0%" }
        return "\(Int(Double(min(max(part, 0), whole)) / Double(whole) * 100))%"
    }

    private static func scaled(_ number: Double, _ base: Double, _ units: [String]) -> String {
        var value = number
        var unit = 0
        // 999.5 would be shown as 1000.
        while value.magnitude >= base * 0.9995 && unit < units.count - 1 {
            value /= base
            unit += 1
        }
        let decimals = value.magnitude < 9.995 ? 2 : value.magnitude < 99.95 ? 1 : 0
        return "\(fixed(value, decimals)) \(units[unit])"
    }

    /// Rounded half up; `value` is below 1,100 here, so its thousandths are exact enough.
    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        let power = decimals == 2 ? 100 : decimals == 1 ? 10 : 1
        let units = Int((value.magnitude * Double(power)).rounded())
        let sign = value < 0 ? "-" : ""
        if decimals == 0 { return "\(sign)\(units)" }
        let fraction = String(units % power)
        return "\(sign)\(units / power)." + String(repeating: "0", count: decimals - fraction.count)
            + fraction
    }
}
