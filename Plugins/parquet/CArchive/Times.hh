// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <arrow/type.h>

#include "archive.h"

namespace archive {

// How a time column is read: milliseconds stay, anything finer is given out in microseconds.
struct TimeScale {
    int64_t ticks_per_microsecond =
        0;  // 1000 when the column has nanoseconds, 1 microseconds, 0 milliseconds

    std::shared_ptr<arrow::DataType> type() const {
        return arrow::timestamp(ticks_per_microsecond == 0 ? arrow::TimeUnit::MILLI : arrow::TimeUnit::MICRO,
                                "UTC");
    }
    int64_t per_millisecond() const { return ticks_per_microsecond == 0 ? 1 : 1000; }
    // The raw value in the unit given out, rounded down; `rounded` is set if that changed it.
    int64_t given(int64_t raw, bool *rounded) const {
        if (ticks_per_microsecond <= 1) return raw;
        int64_t rest = raw % ticks_per_microsecond;
        *rounded = rest != 0;
        return raw / ticks_per_microsecond - (rest < 0 ? 1 : 0);
    }
};

// Local times labelled UTC, put right.
class Zone {
  public:
    Zone() = default;
    Zone(const archive_read_options &options, TimeScale scale);

    // Nothing when the result does not fit.
    std::optional<int64_t> utc(int64_t local);

  private:
    std::vector<int64_t> from_;
    std::vector<int64_t> offset_;
    size_t last_ = 0;  // rows near each other in time share an entry
};

}  // namespace archive
