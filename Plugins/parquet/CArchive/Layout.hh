// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include <parquet/schema.h>

#include "Times.hh"
#include "archive.h"

namespace archive {

// The 14 columns of an archive, in their order.
enum Column : int {
    ProjectId,
    RunId,
    Path,
    Type,
    StepColumn,
    Timestamp,
    IntValue,
    FloatValue,
    StringValue,
    BoolValue,
    DatetimeValue,
    StringSetValue,
    FileValue,
    HistogramValue,
    ColumnCount
};

inline constexpr std::array<const char *, ColumnCount> column_names = {
    "project_id",     "run_id",           "attribute_path", "attribute_type", "step",
    "timestamp",      "int_value",        "float_value",    "string_value",   "bool_value",
    "datetime_value", "string_set_value", "file_value",     "histogram_value"};

// Where a file has the archive's columns, and in which shape.
class Layout {
  public:
    explicit Layout(const parquet::SchemaDescriptor &schema);

    struct Found {
        std::string name;
        std::string type;
        int32_t state = ARCHIVE_COLUMN_ABSENT;
    };

    const Found &at(Column column) const { return columns[static_cast<size_t>(column)]; }
    bool unusable(Column column) const { return at(column).state == ARCHIVE_COLUMN_UNUSABLE; }
    // Leaf index of a flat column, or of file_value.path and string_set_value's element; -1 when absent or
    // unusable.
    int leaf(Column column) const { return leaves[static_cast<size_t>(column)]; }

    std::vector<Found> columns;  // the 14, then the extra ones
    std::array<int, ColumnCount> leaves;
    int histogram_type = -1;
    int histogram_edges = -1;
    int histogram_values = -1;
    TimeScale timestamps;
    TimeScale datetimes;
    bool naive = false;

  private:
    void place(const parquet::SchemaDescriptor &schema, Column column, const std::vector<int> &candidates);
    void place_histogram(const parquet::SchemaDescriptor &schema, const std::vector<int> &candidates);
    bool fits(const parquet::ColumnDescriptor &leaf, Column column);
    bool fits_time(const parquet::ColumnDescriptor &leaf, TimeScale &scale);
};

}  // namespace archive
