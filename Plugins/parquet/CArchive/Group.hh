// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "List.hh"
#include "Names.hh"
#include "Numbers.hh"
#include "Part.hh"

namespace archive {

using Text = parquet::ByteArray;

// Which columns are worth opening for the tables wanted.
struct Wanted {
    uint32_t tables = ARCHIVE_WANT_ALL;

    bool has(int table) const { return (tables & ARCHIVE_WANT(static_cast<unsigned>(table))) != 0; }
    bool has_steps() const {
        return (tables & ~(ARCHIVE_WANT(ARCHIVE_FIELDS) | ARCHIVE_WANT(ARCHIVE_LOSSES))) != 0;
    }
};

// The columns of one row group. Path, type, step, time and float are read in blocks that all rows pass
// through; the rest is looked up for the rows that need it.
class Group {
  public:
    Group(Part &part, int index, Wanted wanted, Names &paths, Names &types, int64_t first_row = 0);

    int64_t rows() const { return rows_; }

    // Makes the block hold `row`, which is the next one at its end, and tells the block's end.
    int64_t load(int64_t row);
    // Index of a row in the block.
    int64_t slot(int64_t row) const { return row - block_begin_; }

    std::vector<int32_t> path_numbers;
    std::vector<int32_t> type_numbers;
    Numbers<Step> steps;
    Numbers<int64_t> times;
    Numbers<double> floats;

  private:
    std::unique_ptr<parquet::RowGroupReader> group_;
    int64_t rows_;
    int64_t block_begin_;
    int64_t block_end_;
    NameColumn path_;
    NameColumn type_;
    std::unique_ptr<NumberColumn<Step>> step_;
    std::unique_ptr<NumberColumn<int64_t>> time_;
    std::unique_ptr<NumberColumn<double>> float_;

    int flat(const Part &part, Column column, bool is_wanted) const;

  public:
    SparseInteger integers;
    Sparse<parquet::ByteArrayType> strings;
    Sparse<parquet::BooleanType> booleans;
    Sparse<parquet::Int64Type> datetimes;
    SparseList<parquet::ByteArrayType, std::string> sets;
    Sparse<parquet::ByteArrayType> files;
    Sparse<parquet::ByteArrayType> histogram_kinds;
    SparseList<parquet::DoubleType, double> histogram_edges;
    SparseList<parquet::DoubleType, double> histogram_values;

    // A value in any of the columns looked up. Only those opened for the tables wanted are seen.
    bool has_other_value(int64_t row);
};

inline std::string_view view(const Text &value) {
    return value.len == 0 ? std::string_view("")
                          : std::string_view(reinterpret_cast<const char *>(value.ptr), value.len);
}

}  // namespace archive
