// SPDX-License-Identifier: Apache-2.0
//
// Number columns of the physical types that an archive, or a file that only resembles one, may have.
#pragma once

#include <memory>
#include <vector>

#include "Column.hh"
#include "Steps.hh"

namespace archive {

enum class State : uint8_t {
    Null = 0,
    Valid = 1,
    Unreadable = 2  // there is a value, but the record tables cannot hold it exactly
};

// Values of some rows in a row, by row.
template <typename T>
struct Numbers {
    std::vector<T> values;
    std::vector<State> states;

    void clear(int64_t count) {
        values.resize(static_cast<size_t>(count));
        states.assign(static_cast<size_t>(count), State::Null);
    }
    void put(int64_t row, T value) {
        values[static_cast<size_t>(row)] = value;
        states[static_cast<size_t>(row)] = State::Valid;
    }
    void spoil(int64_t row) { states[static_cast<size_t>(row)] = State::Unreadable; }
};

// A column read in step with the rows. `index` -1 reads as null.
template <typename T>
class NumberColumn {
  public:
    virtual ~NumberColumn() = default;
    virtual void read(int64_t count, Numbers<T> &into) = 0;
    virtual void skip(int64_t count) = 0;
};

std::unique_ptr<NumberColumn<double>> float_column(parquet::RowGroupReader &group, int index);
std::unique_ptr<NumberColumn<Step>> step_column(parquet::RowGroupReader &group, int index);
std::unique_ptr<NumberColumn<int64_t>> time_column(parquet::RowGroupReader &group, int index);

// int_value, of which few rows are wanted.
class SparseInteger {
  public:
    SparseInteger(parquet::RowGroupReader *group, int index, const char *name);
    State at(int64_t row, int64_t *value);

  private:
    std::unique_ptr<Sparse<parquet::Int32Type>> narrow_;
    std::unique_ptr<Sparse<parquet::Int64Type>> wide_;
    bool is_unsigned_ = false;
};

}  // namespace archive
