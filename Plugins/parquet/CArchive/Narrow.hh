// SPDX-License-Identifier: Apache-2.0
//
// The batches of the record tables in the making.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <arrow/builder.h>
#include <arrow/record_batch.h>

#include "Memory.hh"
#include "Names.hh"
#include "Steps.hh"
#include "Times.hh"

namespace archive {

// Each batch is at most so long.
inline constexpr int64_t batch_rows = 32'768;
// Text and lists of a batch. The numbers beside them take up to 2 MiB more, which makes the 8 MiB promised.
inline constexpr int64_t batch_bytes = 6 * 1024 * 1024;

// A text column that repeats itself, with a dictionary of the entries that this batch uses.
class DictionaryColumn {
  public:
    // Returns the bytes that the entry added to the dictionary.
    int64_t append(int32_t number, std::string_view text);
    std::shared_ptr<arrow::Array> finish();
    static std::shared_ptr<arrow::DataType> type() {
        return arrow::dictionary(arrow::int32(), arrow::utf8());
    }

  private:
    arrow::Int32Builder indices_{memory()};
    arrow::StringBuilder dictionary_{memory()};
    std::vector<int32_t> local_;  // number → index in this batch, -1 when not used
    std::vector<int32_t> used_;
};

struct StepTime {
    bool has_step = false;
    bool has_time = false;
    Step step{0, 0};
    int64_t time = 0;
};

// The columns path, step, millionths and time that points, series and histograms share.
class StepRows {
  public:
    explicit StepRows(std::shared_ptr<arrow::DataType> time_type) : time_(time_type, memory()) {}

    int64_t append(int32_t path, std::string_view text, const StepTime &at);
    int64_t length() const { return step_.length(); }
    void finish(arrow::FieldVector &fields, arrow::ArrayVector &arrays);

  private:
    DictionaryColumn path_;
    arrow::Int64Builder step_{memory()};
    arrow::Int32Builder millionths_{memory()};
    arrow::TimestampBuilder time_;
};

class Points {
  public:
    explicit Points(std::shared_ptr<arrow::DataType> time_type) : rows_(std::move(time_type)) {}
    int64_t append(int32_t path, std::string_view text, const StepTime &at, double value);
    int64_t length() const { return rows_.length(); }
    std::shared_ptr<arrow::RecordBatch> take();

  private:
    StepRows rows_;
    arrow::DoubleBuilder value_{memory()};
};

class Series {
  public:
    explicit Series(std::shared_ptr<arrow::DataType> time_type) : rows_(std::move(time_type)) {}
    int64_t append(int32_t path, std::string_view text, const StepTime &at, std::string_view value);
    int64_t length() const { return rows_.length(); }
    std::shared_ptr<arrow::RecordBatch> take();

  private:
    StepRows rows_;
    arrow::StringBuilder text_{memory()};
};

class Histograms {
  public:
    explicit Histograms(std::shared_ptr<arrow::DataType> time_type);
    int64_t append(int32_t path, std::string_view text, const StepTime &at, std::string_view kind,
                   const std::vector<double> &edges, const std::vector<double> &values);
    int64_t length() const { return rows_.length(); }
    std::shared_ptr<arrow::RecordBatch> take();

  private:
    StepRows rows_;
    arrow::StringBuilder kind_{memory()};
    std::shared_ptr<arrow::DoubleBuilder> edge_;
    std::shared_ptr<arrow::DoubleBuilder> number_;
    arrow::ListBuilder edges_;
    arrow::ListBuilder values_;
};

class Fields {
  public:
    explicit Fields(std::shared_ptr<arrow::DataType> time_type);

    // Begins a row; exactly one of the value setters must follow.
    int64_t append(int32_t path, std::string_view text, bool is_system);
    void set_int(int64_t value);
    void set_float(double value);
    void set_text(std::string_view value);
    void set_bool(bool value);
    void set_time(int64_t value);
    void set_items(const std::vector<std::string> &items);

    int64_t length() const { return length_; }
    std::shared_ptr<arrow::RecordBatch> take();

  private:
    void type(int32_t number);
    void fill();

    int64_t length_ = 0;
    DictionaryColumn path_;
    DictionaryColumn role_;
    DictionaryColumn type_;
    arrow::Int64Builder int_{memory()};
    arrow::DoubleBuilder float_{memory()};
    arrow::StringBuilder text_{memory()};
    arrow::BooleanBuilder bool_{memory()};
    arrow::TimestampBuilder time_;
    std::shared_ptr<arrow::StringBuilder> item_;
    arrow::ListBuilder set_;
};

}  // namespace archive
