// SPDX-License-Identifier: Apache-2.0
#include "Batch.hh"

#include <cmath>
#include <limits>

namespace archive {

Batch::Batch(const Layout &layout, const archive_read_options &options, Names &paths, Names &types)
    : layout_(layout),
      wanted_{options.tables},
      paths_(paths),
      types_(types),
      zone_(options, layout.timestamps),
      fields_(layout.datetimes.type()),
      points_(layout.timestamps.type()),
      series_(layout.timestamps.type()),
      histograms_(layout.timestamps.type()) {}

bool Batch::add(Group &group, int64_t row) {
    size_t slot = static_cast<size_t>(group.slot(row));
    int32_t path = group.path_numbers[slot];
    int32_t type = group.type_numbers[slot];
    Kind kind = type < 0 ? Kind::Unknown : types_[type].kind;
    int table = table_of(kind);
    if (path < 0 || table < 0) {
        if (!wanted_.has(ARCHIVE_LOSSES)) return true;
        if (is_full(64)) return false;
        bool is_named = path >= 0 && type >= 0;
        lose(table, path, is_named ? "type.unknown" : "row.unnamed",
             type < 0 ? "" : std::string_view(types_[type].text));
        return true;
    }
    if (!wanted_.has(table)) return true;
    if (length(table) == batch_rows) return false;
    if (table == ARCHIVE_FILES) return add_file(group, row, path, type, kind);
    return add_named(group, row, path, kind);
}

bool Batch::add_named(Group &group, int64_t row, int32_t path, Kind kind) {
    switch (kind) {
    case Kind::FloatSeries: return add_point(group, row, path);
    case Kind::StringSeries: return add_series(group, row, path);
    case Kind::HistogramSeries: return add_histogram(group, row, path);
    default: return add_field(group, row, path, kind);
    }
}

bool Batch::add_field(Group &group, int64_t row, int32_t path, Kind kind) {
    auto begin = [&] {
        const Names::Name &name = paths_[path];
        if (name.repaired) lose(ARCHIVE_FIELDS, path, "text.invalid");
        bytes_ += fields_.append(path, name.text, name.is_system);
    };
    switch (kind) {
    case Kind::Float: {
        size_t slot = static_cast<size_t>(group.slot(row));
        if (group.floats.states[slot] != State::Valid) {
            return without_value(group, row, path, kind, FloatValue);
        }
        begin();
        fields_.set_float(group.floats.values[slot]);
        return true;
    }
    case Kind::Int: {
        int64_t value = 0;
        if (group.integers.at(row, &value) != State::Valid) {
            return without_value(group, row, path, kind, IntValue);
        }
        begin();
        fields_.set_int(value);
        return true;
    }
    case Kind::String: {
        const Text *value = group.strings.at(row);
        if (value == nullptr) return without_value(group, row, path, kind, StringValue);
        if (is_full(value->len)) return false;
        begin();
        std::string_view sound_text = sound(view(*value), ARCHIVE_FIELDS, path);
        fields_.set_text(sound_text);
        bytes_ += static_cast<int64_t>(sound_text.size());
        return true;
    }
    case Kind::Bool: {
        const bool *value = group.booleans.at(row);
        if (value == nullptr) return without_value(group, row, path, kind, BoolValue);
        begin();
        fields_.set_bool(*value);
        return true;
    }
    case Kind::Datetime: {
        const int64_t *value = group.datetimes.at(row);
        if (value == nullptr) return without_value(group, row, path, kind, DatetimeValue);
        begin();
        bool is_rounded = false;
        fields_.set_time(layout_.datetimes.given(*value, &is_rounded));
        if (is_rounded) lose(ARCHIVE_FIELDS, path, "time.rounded");
        return true;
    }
    default: {
        const ListValue<std::string> *value = group.sets.at(row);
        if (value == nullptr) return without_value(group, row, path, kind, StringSetValue);
        int64_t size = 0;
        for (const std::string &item : value->items) size += static_cast<int64_t>(item.size()) + 4;
        if (is_full(size)) return false;
        begin();
        std::vector<std::string> items;
        for (const std::string &item : value->items) items.emplace_back(sound(item, ARCHIVE_FIELDS, path));
        fields_.set_items(items);
        if (value->left_out > 0) {
            lose(ARCHIVE_FIELDS, path, "value.null-item", "null among the items of a set");
        }
        bytes_ += size;
        return true;
    }
    }
}

bool Batch::add_point(Group &group, int64_t row, int32_t path) {
    size_t slot = static_cast<size_t>(group.slot(row));
    double value = group.floats.values[slot];
    if (group.floats.states[slot] != State::Valid) {
        // NaN is null in an archive: such a row has its step and time. Padding has neither.
        bool is_nan = group.floats.states[slot] == State::Null && !layout_.unusable(FloatValue) &&
                      (group.steps.states[slot] != State::Null || group.times.states[slot] != State::Null);
        if (!is_nan) return without_value(group, row, path, Kind::FloatSeries, FloatValue);
        value = std::numeric_limits<double>::quiet_NaN();
    }
    StepTime at;
    if (place(group, row, ARCHIVE_POINTS, path, at)) bytes_ += points_.append(path, text(path), at, value);
    return true;
}

bool Batch::add_series(Group &group, int64_t row, int32_t path) {
    const Text *value = group.strings.at(row);
    if (value == nullptr) return without_value(group, row, path, Kind::StringSeries, StringValue);
    if (is_full(value->len)) return false;
    StepTime at;
    if (!place(group, row, ARCHIVE_SERIES, path, at)) return true;
    std::string_view sound_text = sound(view(*value), ARCHIVE_SERIES, path);
    bytes_ += static_cast<int64_t>(sound_text.size()) + series_.append(path, text(path), at, sound_text);
    return true;
}

bool Batch::add_histogram(Group &group, int64_t row, int32_t path) {
    const Text *kind = group.histogram_kinds.at(row);
    const ListValue<double> *edges = group.histogram_edges.at(row);
    const ListValue<double> *values = group.histogram_values.at(row);
    if (kind == nullptr || edges == nullptr || values == nullptr) {
        return without_value(group, row, path, Kind::HistogramSeries, HistogramValue);
    }
    int64_t size =
        static_cast<int64_t>((edges->items.size() + values->items.size()) * sizeof(double)) + kind->len;
    if (is_full(size)) return false;
    StepTime at;
    if (!place(group, row, ARCHIVE_HISTOGRAMS, path, at)) return true;
    std::string_view word = sound(view(*kind), ARCHIVE_HISTOGRAMS, path);
    if (word == "COUNTING") word = "counts";
    if (word == "DENSITY") word = "densities";
    bytes_ += size + histograms_.append(path, text(path), at, word, edges->items, values->items);
    return true;
}

bool Batch::add_file(Group &group, int64_t row, int32_t path, int32_t type, Kind kind) {
    const Text *value = group.files.at(row);
    if (value == nullptr) return without_value(group, row, path, kind, FileValue);
    if (is_full(value->len)) return false;
    StepTime at;
    if (!place(group, row, ARCHIVE_FILES, path, at)) return true;
    archive_file_row file{};
    file.type = as_text(types_[type].text);
    file.path = as_text(text(path));
    file.has_step = at.has_step;
    file.step = at.step.whole;
    file.millionths = at.step.millionths;
    file.has_time = at.has_time && !__builtin_mul_overflow(
                                       at.time, 1000 / layout_.timestamps.per_millisecond(), &file.time_us);
    if (at.has_time && !file.has_time) lose(ARCHIVE_FILES, path, "time.unreadable");
    files_.append(file, sound(view(*value), ARCHIVE_FILES, path));
    bytes_ += value->len + static_cast<int64_t>(sizeof file);
    return true;
}

bool Batch::place(Group &group, int64_t row, int table, int32_t path, StepTime &at) {
    size_t slot = static_cast<size_t>(group.slot(row));
    if (group.steps.states[slot] == State::Unreadable) [[unlikely]] {
        lose(table, path, "step.unreadable");
        return false;
    }
    at.has_step = group.steps.states[slot] == State::Valid;
    if (at.has_step) at.step = group.steps.values[slot];
    at.has_time = group.times.states[slot] == State::Valid;
    if (at.has_time) {
        bool is_rounded = false;
        auto utc = zone_.utc(layout_.timestamps.given(group.times.values[slot], &is_rounded));
        if (is_rounded) lose(table, path, "time.rounded");
        if (!utc.has_value()) lose(table, path, "time.unreadable");
        at.has_time = utc.has_value();
        at.time = utc.value_or(0);
    }
    if (paths_[path].repaired) [[unlikely]]
        lose(table, path, "text.invalid");
    return true;
}

bool Batch::without_value(Group &group, int64_t row, int32_t path, Kind kind, Column column) {
    int table = table_of(kind);
    if (layout_.unusable(column)) {
        lose(table, path, "value.unreadable",
             layout_.at(column).name + " is of type " + layout_.at(column).type);
    } else if (group.has_other_value(row)) {
        lose(table, path, "value.unreadable",
             "the value is not that of type " + std::string(kind_names[static_cast<size_t>(kind)]));
    } else {
        ++padding[static_cast<size_t>(table)];
    }
    return true;
}

void Batch::lose(int table, int32_t path, const char *code, std::string_view note) {
    losses_.add(table, path, code, note);
    bytes_ += 64;
}

std::string_view Batch::sound(std::string_view text, int table, int32_t path) {
    if (is_utf8(text)) return text;
    lose(table, path, "text.invalid");
    repaired_ = repaired(text);
    return repaired_;
}

int64_t Batch::length(int table) const {
    switch (table) {
    case ARCHIVE_FIELDS: return fields_.length();
    case ARCHIVE_POINTS: return points_.length();
    case ARCHIVE_SERIES: return series_.length();
    case ARCHIVE_HISTOGRAMS: return histograms_.length();
    case ARCHIVE_FILES: return static_cast<int64_t>(files_.rows().size());
    default: return losses_.length();
    }
}

std::vector<int> Batch::tables() const {
    std::vector<int> result;
    for (int table = 0; table < ARCHIVE_TABLES; ++table) {
        if (length(table) > 0) result.push_back(table);
    }
    return result;
}

std::shared_ptr<arrow::RecordBatch> Batch::take(int table) {
    switch (table) {
    case ARCHIVE_FIELDS: return fields_.take();
    case ARCHIVE_POINTS: return points_.take();
    case ARCHIVE_SERIES: return series_.take();
    case ARCHIVE_HISTOGRAMS: return histograms_.take();
    default: return losses_.take(paths_);
    }
}

void Batch::clear() {
    bytes_ = 0;
    padding.fill(0);
    files_.clear();
}

}  // namespace archive
