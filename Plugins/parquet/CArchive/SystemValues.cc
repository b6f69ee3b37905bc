// SPDX-License-Identifier: Apache-2.0
#include "SystemValues.hh"

#include "Text.hh"

namespace archive {

void SystemValues::meet(const Names &paths, const Names &types, int32_t path, int32_t type, int64_t row) {
    for (size_t i = 0; i < system_attributes.size(); ++i) {
        bool is_it =
            system_attributes[i].path == paths[path].text && system_attributes[i].kind == types[type].kind;
        if (is_it && !values_[i].has_value()) met_.push_back({row, i});
    }
}

void SystemValues::read(Part &part, int index, Names &paths, Names &types) {
    if (met_.empty()) return;
    Group group(part, index, Wanted{ARCHIVE_WANT(ARCHIVE_FIELDS)}, paths, types);
    int64_t end = 0;
    for (Met met : met_) {
        while (met.row >= end) end = group.load(end);
        if (!values_[met.attribute].has_value()) values_[met.attribute] = value(*part.layout, group, met);
    }
    met_.clear();
}

std::optional<SystemValues::Value> SystemValues::value(const Layout &layout, Group &group, Met met) const {
    Value value;
    switch (system_attributes[met.attribute].kind) {
    case Kind::String: {
        const Text *found = group.strings.at(met.row);
        if (found == nullptr) return std::nullopt;
        value.text = repaired(view(*found));
        return value;
    }
    case Kind::Float: {
        size_t slot = static_cast<size_t>(group.slot(met.row));
        if (group.floats.states[slot] != State::Valid) return std::nullopt;
        value.number = group.floats.values[slot];
        return value;
    }
    case Kind::Datetime: {
        const int64_t *found = group.datetimes.at(met.row);
        if (found == nullptr) return std::nullopt;
        bool ignored = false;
        int64_t given = layout.datetimes.given(*found, &ignored);
        int64_t per_millisecond = layout.datetimes.per_millisecond();
        value.time_ms = given / per_millisecond - (given % per_millisecond < 0 ? 1 : 0);
        return value;
    }
    default: {
        const bool *found = group.booleans.at(met.row);
        if (found == nullptr) return std::nullopt;
        value.truth = *found;
        return value;
    }
    }
}

std::vector<archive_system> SystemValues::found() const {
    std::vector<archive_system> result;
    for (size_t i = 0; i < values_.size(); ++i) {
        if (!values_[i].has_value()) continue;
        archive_system entry{};
        entry.path = as_text(system_attributes[i].path);
        switch (system_attributes[i].kind) {
        case Kind::String: entry.kind = ARCHIVE_SYSTEM_TEXT; break;
        case Kind::Float: entry.kind = ARCHIVE_SYSTEM_FLOAT; break;
        case Kind::Datetime: entry.kind = ARCHIVE_SYSTEM_TIME; break;
        default: entry.kind = ARCHIVE_SYSTEM_BOOL; break;
        }
        if (entry.kind == ARCHIVE_SYSTEM_TEXT) entry.text = as_text(values_[i]->text);
        entry.number = values_[i]->number;
        entry.time_ms = values_[i]->time_ms;
        entry.truth = values_[i]->truth;
        result.push_back(entry);
    }
    return result;
}

}  // namespace archive
