// SPDX-License-Identifier: Apache-2.0

/// Values as Python prints them: what users of Python trackers compare against.
public enum PythonText {
    /// `repr(float)`: `0.1`, `100.0`, `1e-05`, `1e+16`, `nan`, `inf`.
    public static func float(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        guard number != 0 else { return number.sign == .minus ? "-0.0" : "0.0" }
        let (digits, exponent) = shortest(number.magnitude)
        return (number < 0 ? "-" : "") + layout(digits, exponent)
    }

    public static func bool(_ flag: Bool) -> String { flag ? "True" : "False" }

    /// The shortest digits, without zeros at the ends, and the power of ten of the first one.
    private static func shortest(_ number: Double) -> (digits: String, exponent: Int) {
        let parts = number.description.split(separator: "e", maxSplits: 1)
        let mantissa = parts[0].split(separator: ".", maxSplits: 1)
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + mantissa[0].count - 1
        var digits = Substring(mantissa[0] + fraction)
        while digits.first == "0" {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        return (String(digits), exponent)
    }

    /// Python's rule for `repr`: exponents below -4 and from 16 on are written as such.
    private static func layout(_ digits: String, _ exponent: Int) -> String {
        if exponent < -4 || exponent >= 16 {
            let fraction = digits.dropFirst()
            let power = String(exponent.magnitude)
            return digits.prefix(1) + (fraction.isEmpty ? "" : ".") + fraction + (exponent < 0 ? "e-" : "e+")
                + (power.count < 2 ? "0" : "") + power
        }
        if exponent < 0 {
            return "0." + String(repeating: "0", count: -exponent - 1) + digits
        }
        guard digits.count > exponent + 1 else {
            return digits + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
        }
        return digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
    }
}
