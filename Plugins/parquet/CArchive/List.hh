// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include "Column.hh"

namespace archive {

// What a list holds of one row. Texts are copied, as one list may span pages.
template <typename Owned>
struct ListValue {
    bool present = false;  // null otherwise
    std::vector<Owned> items;
    int64_t left_out = 0;  // null texts
};

inline std::string owned(const parquet::ByteArray &value) {
    return std::string(reinterpret_cast<const char *>(value.ptr), value.len);
}
inline double owned(double value) { return value; }

// A null number in a list is a NaN that went through pandas; a null text has no such meaning.
inline void add_null(ListValue<std::string> &list) { ++list.left_out; }
inline void add_null(ListValue<double> &list) {
    list.items.push_back(std::numeric_limits<double>::quiet_NaN());
}

// A column of lists, of which few rows are wanted (see Sparse).
template <typename DType, typename Owned>
class SparseList {
  public:
    SparseList(parquet::RowGroupReader *group, int index, const char *name)
        : group_(group), index_(index), name_(name) {}

    // Null when the list is. Lasts until another row is asked for.
    const ListValue<Owned> *at(int64_t row) {
        if (index_ < 0) return nullptr;
        if (leaf_ == nullptr) open();
        for (; current_ < row; ++current_) next(current_ + 1 == row);
        return value_.present ? &value_ : nullptr;
    }

  private:
    static constexpr int64_t size = 1024;

    void open() {
        leaf_ = std::make_unique<Leaf<DType>>(*group_, index_, name_);
        // The level at which the list has an element: that of the repeated node among the leaf's ancestors.
        const parquet::schema::Node *node = leaf_->descriptor().schema_node().get();
        element_ = leaf_->max_definition();
        while (node != nullptr && !node->is_repeated()) {
            if (node->is_optional()) --element_;
            node = node->parent();
        }
    }

    bool refill() {
        if (!leaf_->has_next()) return false;
        level_ = next_ = 0;
        levels_ = leaf_->read(size, definitions_.data(), repetitions_.data(), values_.data(), &value_count_);
        return true;
    }

    // Reads one row's levels: the first of repetition 0, then all that repeat.
    void next(bool keep) {
        value_.present = false;
        value_.items.clear();
        value_.left_out = 0;
        if (level_ == levels_ && !refill()) {
            throw Failure(ARCHIVE_INVALID_DATA,
                          std::string("column ") + name_ + ": it has fewer rows than its row group");
        }
        bool first = true;
        while (level_ < levels_ || refill()) {
            size_t at = static_cast<size_t>(level_);
            if (!first && repetitions_[at] == 0) break;
            first = false;
            ++level_;
            take(definitions_[at], keep);
        }
    }

    void take(int16_t definition, bool keep) {
        bool has_value = definition == leaf_->max_definition();
        if (has_value && next_ == value_count_) {
            throw Failure(ARCHIVE_INVALID_DATA, "levels and values do not agree");
        }
        size_t at = static_cast<size_t>(has_value ? next_++ : 0);
        if (!keep) return;
        value_.present = value_.present || definition >= element_ - 1;
        if (has_value) {
            value_.items.push_back(owned(values_[at]));
        } else if (definition >= element_) {
            add_null(value_);
        }
    }

    parquet::RowGroupReader *group_;
    int index_;
    const char *name_;
    std::unique_ptr<Leaf<DType>> leaf_;
    int16_t element_ = 0;
    std::array<int16_t, size> definitions_{};
    std::array<int16_t, size> repetitions_{};
    std::array<typename DType::c_type, size> values_{};
    int64_t levels_ = 0;
    int64_t level_ = 0;
    int64_t value_count_ = 0;
    int64_t next_ = 0;
    int64_t current_ = -1;
    ListValue<Owned> value_;
};

}  // namespace archive
