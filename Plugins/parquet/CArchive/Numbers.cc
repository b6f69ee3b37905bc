// SPDX-License-Identifier: Apache-2.0
#include "Numbers.hh"

#include "Layout.hh"

namespace archive {

namespace {

template <typename T>
class AbsentColumn final : public NumberColumn<T> {
  public:
    void read(int64_t count, Numbers<T> &into) override { into.clear(count); }
    void skip(int64_t) override {}
};

// `Convert` is called with (into, row, raw value).
template <typename T, typename DType, typename Convert>
class ConvertedColumn final : public NumberColumn<T> {
  public:
    ConvertedColumn(parquet::RowGroupReader &group, int index, const char *name, Convert convert)
        : block_(group, index, name), convert_(convert) {}

    void read(int64_t count, Numbers<T> &into) override {
        into.clear(count);
        block_.read(count, [&](int64_t row, auto value) { convert_(into, row, value); });
    }
    void skip(int64_t count) override { block_.skip(count); }

  private:
    Block<DType> block_;
    Convert convert_;
};

template <typename T, typename DType, typename Convert>
std::unique_ptr<NumberColumn<T>> converted(parquet::RowGroupReader &group, int index, Column column,
                                           Convert convert) {
    return std::make_unique<ConvertedColumn<T, DType, Convert>>(
        group, index, column_names[static_cast<size_t>(column)], convert);
}

void put_step(Numbers<Step> &into, int64_t row, std::optional<Step> step) {
    step.has_value() ? into.put(row, *step) : into.spoil(row);
}

bool has_unsigned(const parquet::ColumnDescriptor &descriptor) {
    return descriptor.logical_type()->is_int() &&
           !static_cast<const parquet::IntLogicalType &>(*descriptor.logical_type()).is_signed();
}

const parquet::ColumnDescriptor &descriptor(parquet::RowGroupReader &group, int index) {
    return *group.metadata()->schema()->Column(index);
}

}  // namespace

std::unique_ptr<NumberColumn<double>> float_column(parquet::RowGroupReader &group, int index) {
    if (index < 0) return std::make_unique<AbsentColumn<double>>();
    bool is_unsigned = has_unsigned(descriptor(group, index));
    auto widen = [](Numbers<double> &into, int64_t row, auto value) { into.put(row, value); };
    auto whole = [is_unsigned](Numbers<double> &into, int64_t row, int64_t value) {
        double number = static_cast<double>(value);
        bool exact = number < 0x1p63 && static_cast<int64_t>(number) == value && !(is_unsigned && value < 0);
        exact ? into.put(row, number) : into.spoil(row);
    };
    auto half = [is_unsigned](Numbers<double> &into, int64_t row, int32_t value) {
        into.put(row, is_unsigned ? static_cast<double>(static_cast<uint32_t>(value)) : value);
    };
    switch (descriptor(group, index).physical_type()) {
    case parquet::Type::DOUBLE:
        return converted<double, parquet::DoubleType>(group, index, FloatValue, widen);
    case parquet::Type::FLOAT: return converted<double, parquet::FloatType>(group, index, FloatValue, widen);
    case parquet::Type::INT32: return converted<double, parquet::Int32Type>(group, index, FloatValue, half);
    default: return converted<double, parquet::Int64Type>(group, index, FloatValue, whole);
    }
}

std::unique_ptr<NumberColumn<int64_t>> time_column(parquet::RowGroupReader &group, int index) {
    if (index < 0) return std::make_unique<AbsentColumn<int64_t>>();
    auto put = [](Numbers<int64_t> &into, int64_t row, int64_t value) { into.put(row, value); };
    return converted<int64_t, parquet::Int64Type>(group, index, Timestamp, put);
}

static std::unique_ptr<NumberColumn<Step>> decimal_column(parquet::RowGroupReader &group, int index) {
    const parquet::ColumnDescriptor &type = descriptor(group, index);
    int32_t scale = type.type_scale();
    int32_t length = type.type_length();
    // The archive's own shape, decimal(18, 6) in eight bytes, is worth a path without wide arithmetic.
    auto eight = [](Numbers<Step> &into, int64_t row, parquet::FixedLenByteArray value) {
        uint64_t bits;
        std::memcpy(&bits, value.ptr, sizeof bits);
        into.put(row, step_of_millionths(static_cast<int64_t>(__builtin_bswap64(bits))));
    };
    auto fixed = [scale, length](Numbers<Step> &into, int64_t row, parquet::FixedLenByteArray value) {
        put_step(into, row, step_of_decimal(value.ptr, length, scale));
    };
    auto variable = [scale](Numbers<Step> &into, int64_t row, parquet::ByteArray value) {
        put_step(into, row, step_of_decimal(value.ptr, value.len, scale));
    };
    auto number = [scale](Numbers<Step> &into, int64_t row, int64_t value) {
        uint64_t bits = __builtin_bswap64(static_cast<uint64_t>(value));
        put_step(into, row, step_of_decimal(reinterpret_cast<const uint8_t *>(&bits), sizeof bits, scale));
    };
    switch (type.physical_type()) {
    case parquet::Type::FIXED_LEN_BYTE_ARRAY:
        if (length == 8 && scale == 6) {
            return converted<Step, parquet::FLBAType>(group, index, StepColumn, eight);
        }
        return converted<Step, parquet::FLBAType>(group, index, StepColumn, fixed);
    case parquet::Type::BYTE_ARRAY:
        return converted<Step, parquet::ByteArrayType>(group, index, StepColumn, variable);
    case parquet::Type::INT32: return converted<Step, parquet::Int32Type>(group, index, StepColumn, number);
    default: return converted<Step, parquet::Int64Type>(group, index, StepColumn, number);
    }
}

std::unique_ptr<NumberColumn<Step>> step_column(parquet::RowGroupReader &group, int index) {
    if (index < 0) return std::make_unique<AbsentColumn<Step>>();
    const parquet::ColumnDescriptor &type = descriptor(group, index);
    if (type.logical_type()->is_decimal()) return decimal_column(group, index);
    bool is_unsigned = has_unsigned(type);
    auto whole = [is_unsigned](Numbers<Step> &into, int64_t row, int64_t value) {
        is_unsigned &&value < 0 ? into.spoil(row) : into.put(row, Step{value, 0});
    };
    auto half = [is_unsigned](Numbers<Step> &into, int64_t row, int32_t value) {
        into.put(row, Step{is_unsigned ? static_cast<int64_t>(static_cast<uint32_t>(value)) : value, 0});
    };
    auto binary = [](Numbers<Step> &into, int64_t row, double value) {
        put_step(into, row, step_of_double(value));
    };
    switch (type.physical_type()) {
    case parquet::Type::INT32: return converted<Step, parquet::Int32Type>(group, index, StepColumn, half);
    case parquet::Type::INT64: return converted<Step, parquet::Int64Type>(group, index, StepColumn, whole);
    case parquet::Type::FLOAT: return converted<Step, parquet::FloatType>(group, index, StepColumn, binary);
    default: return converted<Step, parquet::DoubleType>(group, index, StepColumn, binary);
    }
}

SparseInteger::SparseInteger(parquet::RowGroupReader *group, int index, const char *name) {
    if (index < 0) return;
    const parquet::ColumnDescriptor &type = descriptor(*group, index);
    is_unsigned_ = has_unsigned(type);
    if (type.physical_type() == parquet::Type::INT32) {
        narrow_ = std::make_unique<Sparse<parquet::Int32Type>>(group, index, name);
    } else {
        wide_ = std::make_unique<Sparse<parquet::Int64Type>>(group, index, name);
    }
}

State SparseInteger::at(int64_t row, int64_t *value) {
    if (narrow_ != nullptr) {
        const int32_t *found = narrow_->at(row);
        if (found == nullptr) return State::Null;
        *value = is_unsigned_ ? static_cast<int64_t>(static_cast<uint32_t>(*found)) : *found;
        return State::Valid;
    }
    const int64_t *found = wide_ != nullptr ? wide_->at(row) : nullptr;
    if (found == nullptr) return State::Null;
    *value = *found;
    return is_unsigned_ && *found < 0 ? State::Unreadable : State::Valid;
}

}  // namespace archive
