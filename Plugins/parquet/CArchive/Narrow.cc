// SPDX-License-Identifier: Apache-2.0
#include "Narrow.hh"

#include <array>

#include "Failure.hh"

namespace archive {

static std::shared_ptr<arrow::Array> finished(arrow::ArrayBuilder &builder) {
    return check(builder.Finish());
}

int64_t DictionaryColumn::append(int32_t number, std::string_view text) {
    size_t at = static_cast<size_t>(number);
    if (at >= local_.size()) local_.resize(at + 1 + at / 2, -1);
    int64_t added = 0;
    if (local_[at] < 0) {
        local_[at] = static_cast<int32_t>(dictionary_.length());
        used_.push_back(number);
        check(dictionary_.Append(text));
        added = static_cast<int64_t>(text.size()) + 8;
    }
    check(indices_.Append(local_[at]));
    return added;
}

std::shared_ptr<arrow::Array> DictionaryColumn::finish() {
    for (int32_t number : used_) local_[static_cast<size_t>(number)] = -1;
    used_.clear();
    auto indices = finished(indices_);
    auto dictionary = finished(dictionary_);
    return std::make_shared<arrow::DictionaryArray>(type(), indices, dictionary);
}

int64_t StepRows::append(int32_t path, std::string_view text, const StepTime &at) {
    if (step_.length() == step_.capacity()) {
        int64_t more = std::min(batch_rows, step_.capacity() + 1024);
        check(step_.Reserve(more));
        check(millionths_.Reserve(more));
        check(time_.Reserve(more));
    }
    if (at.has_step) {
        step_.UnsafeAppend(at.step.whole);
    } else {
        step_.UnsafeAppendNull();
    }
    if (at.has_step && at.step.millionths != 0) {
        millionths_.UnsafeAppend(at.step.millionths);
    } else {
        millionths_.UnsafeAppendNull();
    }
    if (at.has_time) {
        time_.UnsafeAppend(at.time);
    } else {
        time_.UnsafeAppendNull();
    }
    return path_.append(path, text);
}

void StepRows::finish(arrow::FieldVector &fields, arrow::ArrayVector &arrays) {
    fields = {arrow::field("path", DictionaryColumn::type()), arrow::field("step", arrow::int64()),
              arrow::field("millionths", arrow::int32()), arrow::field("time", time_.type())};
    arrays = {path_.finish(), finished(step_), finished(millionths_), finished(time_)};
}

static std::shared_ptr<arrow::RecordBatch> batch(arrow::FieldVector fields, arrow::ArrayVector arrays) {
    int64_t length = arrays.front()->length();
    return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), length, std::move(arrays));
}

int64_t Points::append(int32_t path, std::string_view text, const StepTime &at, double value) {
    check(value_.Append(value));
    return rows_.append(path, text, at);
}

std::shared_ptr<arrow::RecordBatch> Points::take() {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    rows_.finish(fields, arrays);
    fields.push_back(arrow::field("value", arrow::float64()));
    arrays.push_back(finished(value_));
    return batch(std::move(fields), std::move(arrays));
}

int64_t Series::append(int32_t path, std::string_view text, const StepTime &at, std::string_view value) {
    check(text_.Append(value));
    return rows_.append(path, text, at);
}

std::shared_ptr<arrow::RecordBatch> Series::take() {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    rows_.finish(fields, arrays);
    fields.push_back(arrow::field("text", arrow::utf8()));
    arrays.push_back(finished(text_));
    return batch(std::move(fields), std::move(arrays));
}

Histograms::Histograms(std::shared_ptr<arrow::DataType> time_type)
    : rows_(std::move(time_type)),
      edge_(std::make_shared<arrow::DoubleBuilder>(memory())),
      number_(std::make_shared<arrow::DoubleBuilder>(memory())),
      edges_(memory(), edge_),
      values_(memory(), number_) {}

int64_t Histograms::append(int32_t path, std::string_view text, const StepTime &at, std::string_view kind,
                           const std::vector<double> &edges, const std::vector<double> &values) {
    check(kind_.Append(kind));
    check(edges_.Append());
    check(edge_->AppendValues(edges));
    check(values_.Append());
    check(number_->AppendValues(values));
    return rows_.append(path, text, at);
}

std::shared_ptr<arrow::RecordBatch> Histograms::take() {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    rows_.finish(fields, arrays);
    fields.push_back(arrow::field("kind", arrow::utf8()));
    fields.push_back(arrow::field("edges", arrow::list(arrow::float64())));
    fields.push_back(arrow::field("values", arrow::list(arrow::float64())));
    arrays.push_back(finished(kind_));
    arrays.push_back(finished(edges_));
    arrays.push_back(finished(values_));
    return batch(std::move(fields), std::move(arrays));
}

Fields::Fields(std::shared_ptr<arrow::DataType> time_type)
    : time_(std::move(time_type), memory()),
      item_(std::make_shared<arrow::StringBuilder>(memory())),
      set_(memory(), item_) {}

int64_t Fields::append(int32_t path, std::string_view text, bool is_system) {
    ++length_;
    role_.append(is_system ? 0 : 1, is_system ? "system" : "parameter");
    return path_.append(path, text);
}

void Fields::type(int32_t number) {
    static constexpr std::array<std::string_view, 6> names = {"int", "float", "text", "bool", "time", "set"};
    type_.append(number, names[static_cast<size_t>(number)]);
}

// Nulls in the columns that this row does not use.
void Fields::fill() {
    for (arrow::ArrayBuilder *column :
         std::initializer_list<arrow::ArrayBuilder *>{&int_, &float_, &text_, &bool_, &time_, &set_}) {
        if (column->length() < length_) check(column->AppendNull());
    }
}

void Fields::set_int(int64_t value) {
    type(0);
    check(int_.Append(value));
    fill();
}

void Fields::set_float(double value) {
    type(1);
    check(float_.Append(value));
    fill();
}

void Fields::set_text(std::string_view value) {
    type(2);
    check(text_.Append(value));
    fill();
}

void Fields::set_bool(bool value) {
    type(3);
    check(bool_.Append(value));
    fill();
}

void Fields::set_time(int64_t value) {
    type(4);
    check(time_.Append(value));
    fill();
}

void Fields::set_items(const std::vector<std::string> &items) {
    type(5);
    check(set_.Append());
    for (const std::string &item : items) check(item_->Append(item));
    fill();
}

std::shared_ptr<arrow::RecordBatch> Fields::take() {
    length_ = 0;
    auto time_type = time_.type();
    arrow::ArrayVector arrays = {path_.finish(),  role_.finish(),   type_.finish(),
                                 finished(int_),  finished(float_), finished(text_),
                                 finished(bool_), finished(time_),  finished(set_)};
    return batch(
        {arrow::field("path", DictionaryColumn::type()), arrow::field("role", DictionaryColumn::type()),
         arrow::field("type", DictionaryColumn::type()), arrow::field("int", arrow::int64()),
         arrow::field("float", arrow::float64()), arrow::field("text", arrow::utf8()),
         arrow::field("bool", arrow::boolean()), arrow::field("time", time_type),
         arrow::field("set", arrow::list(arrow::utf8()))},
        std::move(arrays));
}

}  // namespace archive
