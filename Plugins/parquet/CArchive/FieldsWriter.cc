// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "Writer.hh"

namespace archive {

struct FieldInput {
    explicit FieldInput(const Incoming &batch)
        : path(batch, "path"),
          type(batch, "type"),
          integer(batch, "int"),
          number(batch, "float"),
          text(batch, "text"),
          truth(batch, "bool"),
          time(batch, "time"),
          set(batch, "set") {}

    TextInput path;
    TextInput type;
    NumberInput<arrow::Int64Array> integer;
    NumberInput<arrow::DoubleArray> number;
    TextInput text;
    NumberInput<arrow::BooleanArray> truth;
    TimeInput time;
    ListInput<arrow::StringArray> set;
};

static Kind kind_of_field(std::string_view type) {
    if (type == "int") return Kind::Int;
    if (type == "float") return Kind::Float;
    if (type == "text") return Kind::String;
    if (type == "bool") return Kind::Bool;
    if (type == "time") return Kind::Datetime;
    if (type == "set") return Kind::StringSet;
    throw Failure(ARCHIVE_INVALID_DATA, "a field is of the unknown type " + std::string(type));
}

void Writer::write_fields(const Incoming &batch) {
    FieldInput input(batch);
    for (int64_t row = 0; row < batch.length(); ++row) {
        int32_t path = input.path.number(row, paths_);
        Kind kind = kind_of_field(input.type.at(row));
        anchored_.begin(path, paths_[path].text, kind);
        write_field(anchored_, paths_[path].text, row, kind, input);
        added(anchored_);
    }
}

void Writer::write_field(Wide &wide, std::string_view path, int64_t row, Kind kind, const FieldInput &input) {
    switch (kind) {
    case Kind::Int: return wide.set_int(input.integer.at(row));
    case Kind::String: return wide.set_string(input.text.at(row));
    case Kind::Bool: return wide.set_bool(input.truth.at(row));
    case Kind::Float: {
        double value = input.number.at(row);
        std::isnan(value) ? nan_fields.add(path) : wide.set_float(value);
        return;
    }
    case Kind::Datetime: {
        bool is_rounded = false;
        wide.set_datetime(input.time.milliseconds(row, &is_rounded));
        if (is_rounded) times_rounded.add(path);
        return;
    }
    default: {
        if (input.set.is_null(row)) throw Failure(ARCHIVE_INVALID_DATA, "column set is null in a row");
        arrow::StringBuilder &items = wide.begin_set();
        for (int64_t item = input.set.begin(row); item < input.set.end(row); ++item) {
            if (input.set.items().IsNull(item)) {
                throw Failure(ARCHIVE_INVALID_DATA, "an item of a set is null");
            }
            std::string_view text = input.set.items().GetView(item);
            check(items.Append(text));
            wide.add_bytes(static_cast<int64_t>(text.size()));
        }
    }
    }
}

}  // namespace archive
