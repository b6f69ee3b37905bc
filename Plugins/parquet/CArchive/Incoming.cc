// SPDX-License-Identifier: Apache-2.0
#include "Incoming.hh"

#include <arrow/builder.h>

#include "Memory.hh"

namespace archive {

TextInput::TextInput(const Incoming &batch, const char *name) : name_(name), column_(batch.column(name)) {
    if (column_ == nullptr) return;
    texts_ = column_;
    if (const auto *encoded = dynamic_cast<const arrow::DictionaryArray *>(column_.get())) {
        texts_ = encoded->dictionary();
        index_owner_ = encoded->indices();
        indices_ = dynamic_cast<const arrow::Int32Array *>(index_owner_.get());
        numbers_.assign(static_cast<size_t>(texts_->length()), -1);
    }
    small_ = dynamic_cast<const arrow::StringArray *>(texts_.get());
    large_ = dynamic_cast<const arrow::LargeStringArray *>(texts_.get());
    bool is_text =
        (small_ != nullptr || large_ != nullptr) && (index_owner_ == nullptr || indices_ != nullptr);
    if (!is_text) {
        throw Failure(ARCHIVE_INVALID_DATA,
                      std::string("column ") + name + " is of type " + column_->type()->ToString());
    }
}

bool TextInput::is_null(int64_t row) const {
    if (column_ == nullptr || column_->IsNull(row)) return true;
    return indices_ != nullptr && texts_->IsNull(indices_->Value(row));
}

std::string_view TextInput::plain(int64_t index) const {
    return small_ != nullptr ? small_->GetView(index) : large_->GetView(index);
}

std::string_view TextInput::at(int64_t row) const {
    if (is_null(row)) {
        throw Failure(ARCHIVE_INVALID_DATA, std::string("column ") + name_ + " is null in a row");
    }
    return plain(indices_ != nullptr ? indices_->Value(row) : row);
}

int32_t TextInput::number(int64_t row, Names &names) {
    if (indices_ == nullptr || column_->IsNull(row)) return names.number(at(row));
    int32_t &known = numbers_[static_cast<size_t>(indices_->Value(row))];
    if (known < 0) known = names.number(at(row));
    return known;
}

TimeInput::TimeInput(const Incoming &batch, const char *name) : times_(batch, name) {
    auto column = batch.column(name);
    if (column == nullptr) return;
    auto unit = static_cast<const arrow::TimestampType &>(*column->type()).unit();
    if (unit != arrow::TimeUnit::MILLI && unit != arrow::TimeUnit::MICRO) {
        throw Failure(ARCHIVE_INVALID_DATA,
                      std::string("column ") + name + " is of type " + column->type()->ToString());
    }
    is_fine_ = unit == arrow::TimeUnit::MICRO;
}

std::shared_ptr<arrow::Array> narrow_texts(const std::shared_ptr<arrow::Array> &items) {
    const auto *large = dynamic_cast<const arrow::LargeStringArray *>(items.get());
    if (large == nullptr) return items;
    arrow::StringBuilder narrow(memory());
    for (int64_t at = 0; at < large->length(); ++at) {
        check(large->IsNull(at) ? narrow.AppendNull() : narrow.Append(large->GetView(at)));
    }
    return check(narrow.Finish());
}

int64_t milliseconds_of(int64_t microseconds, bool *is_rounded) {
    int64_t rest = microseconds % 1000;
    *is_rounded = rest != 0;
    return microseconds / 1000 - (rest < 0 ? 1 : 0);
}

int64_t TimeInput::milliseconds(int64_t row, bool *is_rounded) const {
    *is_rounded = false;
    int64_t value = times_.at(row);
    return is_fine_ ? milliseconds_of(value, is_rounded) : value;
}

}  // namespace archive
