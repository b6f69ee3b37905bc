// SPDX-License-Identifier: Apache-2.0
//
// The columns of a narrow batch that comes in through the C data interface, in any of the formats that the
// record tables allow.
#pragma once

#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

#include <arrow/array.h>
#include <arrow/record_batch.h>

#include "Names.hh"

namespace archive {

class Incoming {
  public:
    explicit Incoming(std::shared_ptr<arrow::RecordBatch> batch) : batch_(std::move(batch)) {}

    int64_t length() const { return batch_->num_rows(); }
    // Null when the column is absent.
    std::shared_ptr<arrow::Array> column(const char *name) const { return batch_->GetColumnByName(name); }

  private:
    std::shared_ptr<arrow::RecordBatch> batch_;
};

class TextInput {
  public:
    TextInput(const Incoming &batch, const char *name);

    bool is_null(int64_t row) const;
    std::string_view at(int64_t row) const;  // of a row that is not null; fails for a null one
    // The text's number in `names`, looked up once for each entry of a dictionary.
    int32_t number(int64_t row, Names &names);

  private:
    std::string_view plain(int64_t index) const;

    const char *name_;
    std::shared_ptr<arrow::Array> texts_;  // or the dictionary
    const arrow::StringArray *small_ = nullptr;
    const arrow::LargeStringArray *large_ = nullptr;
    std::shared_ptr<arrow::Array> column_;
    const arrow::Int32Array *indices_ = nullptr;
    std::shared_ptr<arrow::Array> index_owner_;
    std::vector<int32_t> numbers_;
};

// A column of a fixed-width type; `Array` is Int64Array and the like. Absent reads as null.
template <typename Array>
class NumberInput {
  public:
    NumberInput(const Incoming &batch, const char *name) : name_(name), column_(batch.column(name)) {
        if (column_ == nullptr) return;
        array_ = dynamic_cast<const Array *>(column_.get());
        if (array_ == nullptr) {
            throw Failure(ARCHIVE_INVALID_DATA,
                          std::string("column ") + name + " is of type " + column_->type()->ToString());
        }
    }

    bool is_null(int64_t row) const { return array_ == nullptr || array_->IsNull(row); }
    auto at(int64_t row) const {
        if (is_null(row)) {
            throw Failure(ARCHIVE_INVALID_DATA, std::string("column ") + name_ + " is null in a row");
        }
        return array_->Value(row);
    }

  private:
    const char *name_;
    std::shared_ptr<arrow::Array> column_;
    const Array *array_ = nullptr;
};

// Timestamps as milliseconds.
class TimeInput {
  public:
    TimeInput(const Incoming &batch, const char *name);
    bool is_null(int64_t row) const { return times_.is_null(row); }
    int64_t milliseconds(int64_t row, bool *is_rounded) const;

  private:
    NumberInput<arrow::TimestampArray> times_;
    bool is_fine_ = false;
};

int64_t milliseconds_of(int64_t microseconds, bool *is_rounded);

// Texts with offsets of 64 bits as texts with 32; everything else as it is.
std::shared_ptr<arrow::Array> narrow_texts(const std::shared_ptr<arrow::Array> &items);

template <typename Items>
std::shared_ptr<arrow::Array> narrowed(std::shared_ptr<arrow::Array> items) {
    if constexpr (std::is_same_v<Items, arrow::StringArray>) return narrow_texts(items);
    return items;
}

// The items of a list column.
template <typename Items>
class ListInput {
  public:
    ListInput(const Incoming &batch, const char *name) : lists_(batch, name) {
        auto column = std::static_pointer_cast<arrow::ListArray>(batch.column(name));
        if (column == nullptr) return;
        owner_ = narrowed<Items>(column->values());
        items_ = dynamic_cast<const Items *>(owner_.get());
        if (items_ == nullptr) {
            throw Failure(ARCHIVE_INVALID_DATA,
                          std::string("column ") + name + " is of type " + column->type()->ToString());
        }
        column_ = std::move(column);
    }

    bool is_null(int64_t row) const { return lists_.is_null(row); }
    int64_t begin(int64_t row) const { return column_->value_offset(row); }
    int64_t end(int64_t row) const { return column_->value_offset(row + 1); }
    const Items &items() const { return *items_; }

  private:
    struct AnyList {
        AnyList(const Incoming &batch, const char *name) : column(batch.column(name)) {
            if (column != nullptr && column->type_id() != arrow::Type::LIST) {
                throw Failure(ARCHIVE_INVALID_DATA,
                              std::string("column ") + name + " is of type " + column->type()->ToString());
            }
        }
        bool is_null(int64_t row) const { return column == nullptr || column->IsNull(row); }
        std::shared_ptr<arrow::Array> column;
    };

    AnyList lists_;
    std::shared_ptr<arrow::ListArray> column_;
    std::shared_ptr<arrow::Array> owner_;
    const Items *items_ = nullptr;
};

}  // namespace archive
