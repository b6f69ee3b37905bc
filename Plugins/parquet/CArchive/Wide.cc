// SPDX-License-Identifier: Apache-2.0
#include "Wide.hh"

#include <arrow/util/decimal.h>

#include "Failure.hh"

namespace archive {

// A row group of so many points takes some 2.5 MiB in memory and 0.75 MiB on disk.
static constexpr int64_t group_rows = 65'536;
static constexpr int64_t group_bytes = 16 * 1024 * 1024;

const std::shared_ptr<arrow::Schema> &wide_schema() {
    static const std::shared_ptr<arrow::Schema> schema = [] {
        auto time = arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");
        auto numbers = arrow::list(arrow::float64());
        const std::vector<std::shared_ptr<arrow::DataType>> types = {
            arrow::utf8(),
            arrow::utf8(),
            arrow::utf8(),
            arrow::utf8(),
            arrow::decimal128(18, 6),
            time,
            arrow::int64(),
            arrow::float64(),
            arrow::utf8(),
            arrow::boolean(),
            time,
            arrow::list(arrow::utf8()),
            arrow::struct_({arrow::field("path", arrow::utf8())}),
            arrow::struct_({arrow::field("type", arrow::utf8()), arrow::field("edges", numbers),
                            arrow::field("values", numbers)})};
        arrow::FieldVector fields;
        for (size_t i = 0; i < types.size(); ++i) fields.push_back(arrow::field(column_names[i], types[i]));
        return arrow::schema(std::move(fields));
    }();
    return schema;
}

LazyColumn::LazyColumn(Column column) : type_(wide_schema()->field(column)->type()) {}

void LazyColumn::fill(int64_t rows) {
    if (builder_ == nullptr) builder_ = check(arrow::MakeBuilder(type_, memory()));
    if (builder_->length() < rows) check(builder_->AppendNulls(rows - builder_->length()));
}

std::shared_ptr<arrow::Array> LazyColumn::finish(int64_t rows) {
    if (builder_ == nullptr || builder_->length() == 0) {
        return check(arrow::MakeArrayOfNull(type_, rows, memory()));
    }
    fill(rows);
    return check(builder_->Finish());
}

Wide::Wide() {
    for (int column = 0; column < ColumnCount; ++column) columns_.emplace_back(static_cast<Column>(column));
}

bool Wide::is_full() const { return length_ >= group_rows || bytes_ >= group_bytes; }

void Wide::begin(int32_t path, std::string_view text, Kind kind) {
    bytes_ += paths_.append(path, text);
    types_.append(static_cast<int32_t>(kind), kind_names[static_cast<size_t>(kind)]);
    ++length_;
}

void Wide::set_step(int64_t millionths) {
    check(column(StepColumn).at<arrow::Decimal128Builder>(length_ - 1).Append(arrow::Decimal128(millionths)));
}

void Wide::set_time(int64_t milliseconds) {
    check(column(Timestamp).at<arrow::TimestampBuilder>(length_ - 1).Append(milliseconds));
}

void Wide::set_int(int64_t value) {
    check(column(IntValue).at<arrow::Int64Builder>(length_ - 1).Append(value));
}

void Wide::set_float(double value) {
    check(column(FloatValue).at<arrow::DoubleBuilder>(length_ - 1).Append(value));
}

void Wide::set_string(std::string_view value) {
    check(column(StringValue).at<arrow::StringBuilder>(length_ - 1).Append(value));
    bytes_ += static_cast<int64_t>(value.size());
}

void Wide::set_bool(bool value) {
    check(column(BoolValue).at<arrow::BooleanBuilder>(length_ - 1).Append(value));
}

void Wide::set_datetime(int64_t milliseconds) {
    check(column(DatetimeValue).at<arrow::TimestampBuilder>(length_ - 1).Append(milliseconds));
}

void Wide::set_file(std::string_view value) {
    auto &builder = column(FileValue).at<arrow::StructBuilder>(length_ - 1);
    check(builder.Append());
    check(static_cast<arrow::StringBuilder *>(builder.field_builder(0))->Append(value));
    bytes_ += static_cast<int64_t>(value.size());
}

arrow::StringBuilder &Wide::begin_set() {
    auto &builder = column(StringSetValue).at<arrow::ListBuilder>(length_ - 1);
    check(builder.Append());
    return static_cast<arrow::StringBuilder &>(*builder.value_builder());
}

void Wide::set_histogram(std::string_view kind, const double *edges, int64_t edge_count, const double *values,
                         int64_t value_count) {
    auto &builder = column(HistogramValue).at<arrow::StructBuilder>(length_ - 1);
    check(builder.Append());
    check(static_cast<arrow::StringBuilder *>(builder.field_builder(0))->Append(kind));
    auto append = [&](int child, const double *numbers, int64_t count) {
        auto *list = static_cast<arrow::ListBuilder *>(builder.field_builder(child));
        check(list->Append());
        check(static_cast<arrow::DoubleBuilder *>(list->value_builder())->AppendValues(numbers, count));
    };
    append(1, edges, edge_count);
    append(2, values, value_count);
    bytes_ += (edge_count + value_count) * static_cast<int64_t>(sizeof(double));
}

static std::shared_ptr<arrow::Array> repeated(std::string_view text, int64_t length) {
    arrow::Int32Builder indices(memory());
    check(indices.AppendEmptyValues(length));
    arrow::StringBuilder dictionary(memory());
    check(dictionary.Append(text));
    return std::make_shared<arrow::DictionaryArray>(DictionaryColumn::type(), check(indices.Finish()),
                                                    check(dictionary.Finish()));
}

std::vector<std::shared_ptr<arrow::Array>> Wide::take(std::string_view project_id, std::string_view run_id) {
    std::vector<std::shared_ptr<arrow::Array>> arrays = {
        repeated(project_id, length_), repeated(run_id, length_), paths_.finish(), types_.finish()};
    for (int column = StepColumn; column < ColumnCount; ++column) {
        arrays.push_back(columns_[static_cast<size_t>(column)].finish(length_));
    }
    length_ = bytes_ = 0;
    return arrays;
}

}  // namespace archive
