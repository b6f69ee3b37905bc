// SPDX-License-Identifier: Apache-2.0
#include "Steps.hh"

#include <cmath>
#include <limits>

namespace archive {

using Wide = __int128;

static std::optional<Step> step_of_wide(Wide millionths) {
    Wide whole = millionths / 1'000'000;
    Wide rest = millionths % 1'000'000;
    if (rest < 0) {
        rest += 1'000'000;
        --whole;
    }
    if (whole < std::numeric_limits<int64_t>::min() || whole > std::numeric_limits<int64_t>::max()) {
        return std::nullopt;
    }
    return Step{static_cast<int64_t>(whole), static_cast<int32_t>(rest)};
}

std::optional<Step> step_of_decimal(const uint8_t *bytes, int64_t size, int32_t scale) {
    if (size <= 0 || bytes == nullptr) return std::nullopt;
    uint8_t sign = (bytes[0] & 0x80) != 0 ? 0xff : 0;
    for (; size > static_cast<int64_t>(sizeof(Wide)); ++bytes, --size) {
        if (bytes[0] != sign || ((bytes[1] ^ sign) & 0x80) != 0) return std::nullopt;
    }
    unsigned __int128 bits = sign != 0 ? ~static_cast<unsigned __int128>(0) : 0;
    for (int64_t i = 0; i < size; ++i) bits = (bits << 8) | bytes[i];
    auto unscaled = static_cast<Wide>(bits);
    for (; scale < 6; ++scale) {
        if (__builtin_mul_overflow(unscaled, static_cast<Wide>(10), &unscaled)) return std::nullopt;
    }
    for (; scale > 6 && unscaled != 0; --scale) {
        if (unscaled % 10 != 0) return std::nullopt;
        unscaled /= 10;
    }
    return step_of_wide(unscaled);
}

std::optional<Step> step_of_double(double value) {
    double whole = std::floor(value);
    if (!(whole >= -0x1p63 && whole < 0x1p63)) return std::nullopt;
    double millionths = std::nearbyint((value - whole) * 1e6);
    // Adding in the wider type rounds once, as reading the decimal text back would.
    if (static_cast<double>(static_cast<long double>(whole) + static_cast<long double>(millionths) / 1e6L) !=
        value) {
        return std::nullopt;
    }
    if (millionths == 1e6) return Step{static_cast<int64_t>(whole) + 1, 0};
    return Step{static_cast<int64_t>(whole), static_cast<int32_t>(millionths)};
}

}  // namespace archive
