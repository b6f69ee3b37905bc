// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace archive {

// A step as the record tables have it: `whole` is the floor, `millionths` (0 to 999,999) what is above it.
struct Step {
    int64_t whole;
    int32_t millionths;
};

// From a count of millionths. Exact.
constexpr Step step_of_millionths(int64_t count) {
    int64_t whole = count / 1'000'000;
    int64_t rest = count % 1'000'000;
    return rest < 0 ? Step{whole - 1, static_cast<int32_t>(rest + 1'000'000)}
                    : Step{whole, static_cast<int32_t>(rest)};
}

// From unscaled / 10^scale, `unscaled` big-endian two's complement; nothing when it is finer than a millionth
// or its floor does not fit.
std::optional<Step> step_of_decimal(const uint8_t *bytes, int64_t size, int32_t scale);

// From a binary double, rounded to the millionth as archives have it; nothing when that changes the double.
std::optional<Step> step_of_double(double value);

// Millionths as decimal(18, 6) stores them; nothing when |step| >= 10^12.
constexpr std::optional<int64_t> stored_step(int64_t whole, int32_t millionths) {
    constexpr int64_t limit = 1'000'000'000'000;
    if (whole < -limit || whole >= limit || (whole == -limit && millionths == 0)) return std::nullopt;
    return whole * 1'000'000 + millionths;
}

}  // namespace archive
