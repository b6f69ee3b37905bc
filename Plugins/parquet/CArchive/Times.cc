// SPDX-License-Identifier: Apache-2.0
#include "Times.hh"

#include <algorithm>

#include "Failure.hh"

namespace archive {

Zone::Zone(const archive_read_options &options, TimeScale scale) {
    for (int64_t i = 0; i < options.zone_count; ++i) {
        int64_t offset;
        if (__builtin_mul_overflow(options.offset_ms[i], scale.per_millisecond(), &offset)) {
            throw Failure(ARCHIVE_INVALID_STATE, "a zone offset is out of range");
        }
        int64_t from;
        if (__builtin_mul_overflow(options.local_from_ms[i], scale.per_millisecond(), &from)) {
            from = options.local_from_ms[i] < 0 ? INT64_MIN : INT64_MAX;
        }
        if (!from_.empty() && from < from_.back()) {
            throw Failure(ARCHIVE_INVALID_STATE, "the zone's entries are not sorted");
        }
        from_.push_back(from);
        offset_.push_back(offset);
    }
}

std::optional<int64_t> Zone::utc(int64_t local) {
    if (from_.empty()) return local;
    bool holds = from_[last_] <= local && (last_ + 1 == from_.size() || local < from_[last_ + 1]);
    if (!holds) {
        auto after = std::upper_bound(from_.begin(), from_.end(), local);
        last_ = after == from_.begin() ? 0 : static_cast<size_t>(after - from_.begin()) - 1;
    }
    int64_t result;
    if (__builtin_sub_overflow(local, offset_[last_], &result)) return std::nullopt;
    return result;
}

}  // namespace archive
