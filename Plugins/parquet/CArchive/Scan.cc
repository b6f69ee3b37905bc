// SPDX-License-Identifier: Apache-2.0
#include "Scan.hh"

#include <parquet/statistics.h>

#include "Text.hh"

namespace archive {

static constexpr int64_t block_rows = 4096;

Scan::Scan(const std::string &path) : part_(path) {
    for (int group = 0; group < part_.groups(); ++group) scan_group(group);
    summarise();
}

void Scan::GroupRows::add(int32_t entry) {
    size_t at = static_cast<size_t>(entry);
    if (at >= of_entry.size()) of_entry.resize(at + 1 + at / 2);
    if (of_entry[at]++ == 0) met.push_back(entry);
}

int32_t Scan::entry(int32_t type, int32_t path) {
    if (static_cast<size_t>(type) >= entry_of_.size()) entry_of_.resize(static_cast<size_t>(type) + 1);
    std::vector<int32_t> &by_path = entry_of_[static_cast<size_t>(type)];
    size_t at = static_cast<size_t>(path);
    if (at >= by_path.size()) by_path.resize(at + 1 + at / 2, -1);
    if (by_path[at] < 0) {
        by_path[at] = static_cast<int32_t>(entries_.size());
        archive_entry added{};
        added.path = as_text(paths_[path].text);
        added.type = as_text(types_[type].text);
        added.table = table_of(types_[type].kind);
        entries_.push_back(added);
    }
    return by_path[at];
}

void Scan::scan_group(int index) {
    scan_ids(index, ProjectId, projects_);
    scan_ids(index, RunId, runs_);
    GroupRows rows;
    count_rows(index, rows);
    for (int32_t entry : rows.met) {
        entries_[static_cast<size_t>(entry)].rows += rows.of_entry[static_cast<size_t>(entry)];
    }
    if (all_have_values(index, rows)) {
        for (int32_t met : rows.met) {
            entries_[static_cast<size_t>(met)].values += rows.of_entry[static_cast<size_t>(met)];
        }
    } else {
        count_values(index);
    }
    system_.read(part_, index, paths_, types_);
}

void Scan::count_rows(int index, GroupRows &rows) {
    auto group = part_.group(index);
    NameColumn path_column(*group, part_.layout->leaf(Path), "attribute_path", paths_);
    NameColumn type_column(*group, part_.layout->leaf(Type), "attribute_type", types_);
    std::vector<int32_t> paths, types;
    int64_t total = group->metadata()->num_rows();
    for (int64_t row = 0; row < total;) {
        int64_t count = std::min(total - row, block_rows);
        path_column.read(count, paths);
        type_column.read(count, types);
        for (size_t i = 0; i < static_cast<size_t>(count); ++i, ++row) {
            if (paths[i] < 0 || types[i] < 0) {
                ++summary_.unnamed_rows;
                continue;
            }
            rows.add(entry(types[i], paths[i]));
            if (paths_[paths[i]].is_system) system_.meet(paths_, types_, paths[i], types[i], row);
        }
    }
    summary_.rows += total;
}

// The column that holds the value of a kind, and how many of it a row group has. -1 when statistics are
// silent.
static int64_t values_in(const Part &part, int index, Column column) {
    int leaf = part.layout->leaf(column);
    if (leaf < 0) return 0;
    auto group = part.metadata->RowGroup(index);
    auto chunk = group->ColumnChunk(leaf);
    bool is_flat = part.metadata->schema()->Column(leaf)->max_repetition_level() == 0;
    if (!is_flat || !chunk->is_stats_set()) return -1;
    auto statistics = chunk->statistics();
    if (statistics == nullptr || !statistics->HasNullCount()) return -1;
    return group->num_rows() - statistics->null_count();
}

static Column column_of(Kind kind) {
    switch (kind) {
    case Kind::Float:
    case Kind::FloatSeries: return FloatValue;
    case Kind::Int: return IntValue;
    case Kind::String:
    case Kind::StringSeries: return StringValue;
    case Kind::Bool: return BoolValue;
    case Kind::Datetime: return DatetimeValue;
    case Kind::StringSet: return StringSetValue;
    case Kind::HistogramSeries: return HistogramValue;
    default: return FileValue;
    }
}

// Whether footer statistics suffice to tell that no row is padding: then no value column is read.
bool Scan::all_have_values(int index, const GroupRows &rows) const {
    std::array<int64_t, ColumnCount> expected{};
    bool has_only_points = true;
    for (int32_t met : rows.met) {
        const archive_entry &entry = entries_[static_cast<size_t>(met)];
        Kind kind = kind_named(as_view(entry.type));
        if (kind == Kind::Unknown) continue;
        has_only_points = has_only_points && kind == Kind::FloatSeries;
        expected[static_cast<size_t>(column_of(kind))] += rows.of_entry[static_cast<size_t>(met)];
    }
    for (int column = 0; column < ColumnCount; ++column) {
        int64_t count = expected[static_cast<size_t>(column)];
        if (count == 0 || values_in(part_, index, static_cast<Column>(column)) == count) continue;
        // A point without a value is NaN if it has a step or a time.
        int64_t all = part_.metadata->RowGroup(index)->num_rows();
        bool are_nan =
            column == FloatValue && has_only_points && count == all &&
            (values_in(part_, index, StepColumn) == all || values_in(part_, index, Timestamp) == all);
        if (!are_nan) return false;
    }
    return true;
}

void Scan::count_values(int index) {
    Group group(part_, index, Wanted{}, paths_, types_);
    for (int64_t row = 0; row < group.rows();) {
        int64_t end = group.load(row);
        for (; row < end; ++row) {
            size_t slot = static_cast<size_t>(group.slot(row));
            int32_t path = group.path_numbers[slot];
            int32_t type = group.type_numbers[slot];
            if (path < 0 || type < 0) continue;
            Kind kind = types_[type].kind;
            bool is_value = kind == Kind::Unknown || part_.layout->unusable(column_of(kind)) ||
                            group.has_other_value(row) ||
                            (kind == Kind::FloatSeries && (group.steps.states[slot] != State::Null ||
                                                           group.times.states[slot] != State::Null));
            entries_[static_cast<size_t>(entry(type, path))].values += is_value;
        }
    }
}

// Distinct ids of one row group. Statistics tell in nearly every file that there is just one.
void Scan::scan_ids(int index, Column column, Names &names) {
    int leaf = part_.layout->leaf(column);
    if (leaf < 0) return;
    auto group = part_.group(index);
    auto chunk = group->metadata()->ColumnChunk(leaf);
    auto statistics = chunk->is_stats_set() ? chunk->statistics() : nullptr;
    if (statistics != nullptr && statistics->HasMinMax() &&
        statistics->EncodeMin() == statistics->EncodeMax()) {
        names.number(statistics->EncodeMin());
        return;
    }
    NameColumn ids(*group, leaf, column_names[static_cast<size_t>(column)], names);
    std::vector<int32_t> numbers;
    int64_t rows = group->metadata()->num_rows();
    for (int64_t done = 0; done < rows; done += block_rows) {
        ids.read(std::min(rows - done, block_rows), numbers);
    }
}

void Scan::summarise() {
    system_found_ = system_.found();
    for (const Layout::Found &found : part_.layout->columns) {
        columns_.push_back({as_text(found.name), as_text(found.type), found.state});
    }
    if (projects_.count() > 0) summary_.project_id = as_text(projects_[0].text);
    if (runs_.count() > 0) summary_.run_id = as_text(runs_[0].text);
    summary_.project_ids = projects_.count();
    summary_.run_ids = runs_.count();
    summary_.row_groups = part_.groups();
    summary_.naive_times = part_.layout->naive;
    summary_.entries = entries_.data();
    summary_.entry_count = static_cast<int64_t>(entries_.size());
    summary_.columns = columns_.data();
    summary_.column_count = static_cast<int64_t>(columns_.size());
    summary_.system = system_found_.data();
    summary_.system_count = static_cast<int64_t>(system_found_.size());
}

}  // namespace archive
