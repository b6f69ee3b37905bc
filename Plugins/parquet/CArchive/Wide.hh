// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <arrow/builder.h>

#include "Kind.hh"
#include "Layout.hh"
#include "Narrow.hh"

namespace archive {

// The schema of an archive, as the peer writes it.
const std::shared_ptr<arrow::Schema> &wide_schema();

// A column of which most rows may be null: nothing is built before its first value.
class LazyColumn {
  public:
    explicit LazyColumn(Column column);

    // The builder, filled with nulls up to `row`, for the value of that row.
    template <typename Builder>
    Builder &at(int64_t row) {
        fill(row);
        return static_cast<Builder &>(*builder_);
    }
    std::shared_ptr<arrow::Array> finish(int64_t rows);

  private:
    void fill(int64_t rows);

    std::shared_ptr<arrow::DataType> type_;
    std::unique_ptr<arrow::ArrayBuilder> builder_;
};

// Rows of the wide table that wait to become a row group. A row begins with `begin`; values follow in any
// order.
class Wide {
  public:
    Wide();

    void begin(int32_t path, std::string_view text, Kind kind);
    void set_step(int64_t millionths);
    void set_time(int64_t milliseconds);
    void set_int(int64_t value);
    void set_float(double value);
    void set_string(std::string_view value);
    void set_bool(bool value);
    void set_datetime(int64_t milliseconds);
    void set_file(std::string_view value);
    arrow::StringBuilder &begin_set();
    void set_histogram(std::string_view kind, const double *edges, int64_t edge_count, const double *values,
                       int64_t value_count);

    int64_t length() const { return length_; }
    bool is_full() const;
    void add_bytes(int64_t bytes) { bytes_ += bytes; }
    // The 14 columns; repeated text is dictionary encoded.
    std::vector<std::shared_ptr<arrow::Array>> take(std::string_view project_id, std::string_view run_id);

  private:
    LazyColumn &column(Column column) { return columns_[static_cast<size_t>(column)]; }

    int64_t length_ = 0;
    int64_t bytes_ = 0;
    DictionaryColumn paths_;
    DictionaryColumn types_;
    std::vector<LazyColumn> columns_;
};

}  // namespace archive
