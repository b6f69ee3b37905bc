// SPDX-License-Identifier: Apache-2.0
#include "Group.hh"

namespace archive {

static constexpr int64_t block_rows = 4096;

static int listed(const Part &part, Column column, bool is_wanted) {
    return is_wanted ? part.layout->leaf(column) : -1;
}

int Group::flat(const Part &part, Column column, bool is_wanted) const {
    int leaf = listed(part, column, is_wanted);
    return leaf >= 0 && is_all_null(*group_->metadata(), leaf) ? -1 : leaf;
}

Group::Group(Part &part, int index, Wanted wanted, Names &paths, Names &types, int64_t first_row)
    : group_(part.group(index)),
      rows_(group_->metadata()->num_rows()),
      block_begin_(first_row),
      block_end_(first_row),
      path_(*group_, part.layout->leaf(Path), "attribute_path", paths),
      type_(*group_, part.layout->leaf(Type), "attribute_type", types),
      step_(step_column(*group_, flat(part, StepColumn, wanted.has_steps()))),
      time_(time_column(*group_, flat(part, Timestamp, wanted.has_steps()))),
      float_(float_column(*group_,
                          flat(part, FloatValue, wanted.has(ARCHIVE_FIELDS) || wanted.has(ARCHIVE_POINTS)))),
      integers(group_.get(), flat(part, IntValue, wanted.has(ARCHIVE_FIELDS)), "int_value"),
      strings(group_.get(), flat(part, StringValue, wanted.has(ARCHIVE_FIELDS) || wanted.has(ARCHIVE_SERIES)),
              "string_value"),
      booleans(group_.get(), flat(part, BoolValue, wanted.has(ARCHIVE_FIELDS)), "bool_value"),
      datetimes(group_.get(), flat(part, DatetimeValue, wanted.has(ARCHIVE_FIELDS)), "datetime_value"),
      sets(group_.get(), listed(part, StringSetValue, wanted.has(ARCHIVE_FIELDS)), "string_set_value"),
      files(group_.get(), flat(part, FileValue, wanted.has(ARCHIVE_FILES)), "file_value"),
      histogram_kinds(group_.get(), listed(part, HistogramValue, wanted.has(ARCHIVE_HISTOGRAMS)),
                      "histogram_value"),
      histogram_edges(group_.get(), wanted.has(ARCHIVE_HISTOGRAMS) ? part.layout->histogram_edges : -1,
                      "histogram_value"),
      histogram_values(group_.get(), wanted.has(ARCHIVE_HISTOGRAMS) ? part.layout->histogram_values : -1,
                       "histogram_value") {
    if (first_row < 0 || first_row > rows_) {
        throw Failure(ARCHIVE_INVALID_DATA, "the position lies outside the file");
    }
    if (first_row == 0) return;
    path_.skip(first_row);
    type_.skip(first_row);
    step_->skip(first_row);
    time_->skip(first_row);
    float_->skip(first_row);
}

int64_t Group::load(int64_t row) {
    if (row < block_end_) return block_end_;
    int64_t count = std::min(rows_ - block_end_, block_rows);
    path_.read(count, path_numbers);
    type_.read(count, type_numbers);
    step_->read(count, steps);
    time_->read(count, times);
    float_->read(count, floats);
    block_begin_ = block_end_;
    block_end_ += count;
    return block_end_;
}

bool Group::has_other_value(int64_t row) {
    int64_t ignored;
    return floats.states[static_cast<size_t>(slot(row))] != State::Null ||
           integers.at(row, &ignored) != State::Null || strings.at(row) != nullptr ||
           booleans.at(row) != nullptr || datetimes.at(row) != nullptr || sets.at(row) != nullptr ||
           files.at(row) != nullptr || histogram_kinds.at(row) != nullptr ||
           histogram_edges.at(row) != nullptr || histogram_values.at(row) != nullptr;
}

}  // namespace archive
