// SPDX-License-Identifier: Apache-2.0
//
// One leaf column of one row group, read page by page: no more than a page and a small buffer is held,
// whatever the size of the row group. Values that point into a page (texts) last until the next call on the
// same column.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <parquet/column_reader.h>
#include <parquet/file_reader.h>

#include "Failure.hh"

namespace archive {

// Names the column in whatever goes wrong inside Arrow.
template <typename Body>
auto naming(const char *column, Body body) {
    try {
        return body();
    } catch (...) {
        Failure caught = current_failure();
        caught.message = "column " + std::string(column) + ": " + caught.message;
        throw caught;
    }
}

// True when statistics say that the chunk holds nulls alone, so that it need not be opened. Only for flat
// columns.
bool is_all_null(const parquet::RowGroupMetaData &metadata, int leaf);

template <typename DType>
class Leaf {
  public:
    using Value = typename DType::c_type;

    Leaf(parquet::RowGroupReader &group, int index, const char *name) : name_(name) {
        naming(name_, [&] {
            reader_ = std::dynamic_pointer_cast<parquet::TypedColumnReader<DType>>(group.Column(index));
            if (reader_ == nullptr) {
                throw Failure(ARCHIVE_INVALID_DATA, "its physical type is not the schema's");
            }
            max_definition_ = reader_->descr()->max_definition_level();
        });
    }

    int16_t max_definition() const { return max_definition_; }
    const parquet::ColumnDescriptor &descriptor() const { return *reader_->descr(); }

    // Reads up to `count` levels. `repetitions` is null for a flat column. Throws at the end of the chunk.
    int64_t read(int64_t count, int16_t *definitions, int16_t *repetitions, Value *values,
                 int64_t *value_count) {
        return naming(name_, [&] {
            int64_t levels = reader_->ReadBatch(count, max_definition_ > 0 ? definitions : nullptr,
                                                repetitions, values, value_count);
            if (levels <= 0) {
                throw Failure(ARCHIVE_INVALID_DATA, "it has fewer values than its row group has rows");
            }
            if (max_definition_ == 0) std::fill_n(definitions, levels, static_cast<int16_t>(0));
            return levels;
        });
    }

    void skip(int64_t count) {
        naming(name_, [&] {
            while (count > 0) {
                int64_t skipped = reader_->Skip(count);
                if (skipped <= 0) {
                    throw Failure(ARCHIVE_INVALID_DATA, "it has fewer values than its row group has rows");
                }
                count -= skipped;
            }
        });
    }

    bool has_next() {
        return naming(name_, [&] { return reader_->HasNext(); });
    }

  private:
    const char *name_;
    std::shared_ptr<parquet::TypedColumnReader<DType>> reader_;
    int16_t max_definition_ = 0;
};

// A flat column read in blocks, in step with the rows.
template <typename DType>
class Block {
  public:
    using Value = typename DType::c_type;

    Block(parquet::RowGroupReader &group, int index, const char *name) : leaf_(group, index, name) {}

    const parquet::ColumnDescriptor &descriptor() const { return leaf_.descriptor(); }
    void skip(int64_t count) { leaf_.skip(count); }

    // Calls `put(row, value)` for each non-null of the next `count` rows.
    template <typename Put>
    void read(int64_t count, Put put) {
        for (int64_t done = 0; done < count;) {
            int64_t value_count = 0;
            int64_t wanted = std::min<int64_t>(count - done, size);
            int64_t levels = leaf_.read(wanted, definitions_.data(), nullptr, values_.data(), &value_count);
            if (value_count == levels) {
                for (int64_t i = 0; i < levels; ++i) put(done + i, values_[static_cast<size_t>(i)]);
            } else {
                int64_t next = 0;
                for (int64_t i = 0; i < levels; ++i) {
                    if (definitions_[static_cast<size_t>(i)] != leaf_.max_definition()) continue;
                    if (next == value_count) {
                        throw Failure(ARCHIVE_INVALID_DATA, "levels and values do not agree");
                    }
                    put(done + i, values_[static_cast<size_t>(next++)]);
                }
            }
            done += levels;
        }
    }

  private:
    static constexpr int64_t size = 4096;

    Leaf<DType> leaf_;
    std::array<int16_t, size> definitions_;
    std::array<Value, size> values_;
};

// A flat column of which few rows are wanted: it is opened and moved forward only when one is asked for.
template <typename DType>
class Sparse {
  public:
    using Value = typename DType::c_type;

    // `index` -1: the column is absent and every row null.
    Sparse(parquet::RowGroupReader *group, int index, const char *name)
        : group_(group), index_(index), name_(name) {}

    // The value in `row` of the row group, or null. Rows are asked for in ascending order; the same one again
    // is free.
    const Value *at(int64_t row) {
        if (index_ < 0) return nullptr;
        if (row != current_) {
            advance(row);
            current_ = row;
        }
        return valid_ ? &value_ : nullptr;
    }

  private:
    static constexpr int64_t size = 256;

    void advance(int64_t row) {
        if (leaf_ == nullptr) leaf_ = std::make_unique<Leaf<DType>>(*group_, index_, name_);
        int64_t gap = row - current_ - 1;
        for (; gap > 0 && level_ < levels_; --gap) step();
        if (gap > 0) leaf_->skip(gap);
        if (level_ == levels_) {
            level_ = next_ = 0;
            levels_ = leaf_->read(size, definitions_.data(), nullptr, values_.data(), &value_count_);
        }
        valid_ = step();
        if (valid_) value_ = values_[static_cast<size_t>(next_ - 1)];
    }

    bool step() {
        if (definitions_[static_cast<size_t>(level_++)] != leaf_->max_definition()) return false;
        if (next_ == value_count_) throw Failure(ARCHIVE_INVALID_DATA, "levels and values do not agree");
        ++next_;
        return true;
    }

    parquet::RowGroupReader *group_;
    int index_;
    const char *name_;
    std::unique_ptr<Leaf<DType>> leaf_;
    std::array<int16_t, size> definitions_{};
    std::array<Value, size> values_{};
    int64_t levels_ = 0;
    int64_t level_ = 0;
    int64_t value_count_ = 0;
    int64_t next_ = 0;
    int64_t current_ = -1;
    Value value_{};
    bool valid_ = false;
};

}  // namespace archive
