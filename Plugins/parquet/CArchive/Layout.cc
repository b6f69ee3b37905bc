// SPDX-License-Identifier: Apache-2.0
#include "Layout.hh"

#include <map>

namespace archive {

using Physical = parquet::Type;

static bool is_text(const parquet::ColumnDescriptor &leaf) {
    return leaf.physical_type() == Physical::BYTE_ARRAY &&
           (leaf.logical_type()->is_string() || leaf.logical_type()->is_none());
}

static bool is_whole_number(const parquet::ColumnDescriptor &leaf) {
    return (leaf.physical_type() == Physical::INT32 || leaf.physical_type() == Physical::INT64) &&
           (leaf.logical_type()->is_none() || leaf.logical_type()->is_int());
}

static bool is_float(const parquet::ColumnDescriptor &leaf) {
    return leaf.physical_type() == Physical::DOUBLE || leaf.physical_type() == Physical::FLOAT;
}

static bool is_decimal(const parquet::ColumnDescriptor &leaf) {
    switch (leaf.physical_type()) {
    case Physical::INT32:
    case Physical::INT64:
    case Physical::BYTE_ARRAY:
    case Physical::FIXED_LEN_BYTE_ARRAY:
        return leaf.logical_type()->is_decimal() && leaf.type_scale() >= 0 && leaf.type_scale() <= 76;
    default: return false;
    }
}

static std::string describe(const parquet::ColumnDescriptor &leaf) {
    std::string text = parquet::TypeToString(leaf.physical_type());
    if (!leaf.logical_type()->is_none()) text += " " + leaf.logical_type()->ToString();
    return leaf.max_repetition_level() > 0 ? "repeated " + text : text;
}

Layout::Layout(const parquet::SchemaDescriptor &schema) {
    leaves.fill(-1);
    std::map<std::string, std::vector<int>> by_root;
    std::vector<std::string> order;
    for (int i = 0; i < schema.num_columns(); ++i) {
        const std::string &root = schema.GetColumnRoot(i)->name();
        auto [place, added] = by_root.try_emplace(root);
        if (added) order.push_back(root);
        place->second.push_back(i);
    }
    for (const char *name : column_names) columns.push_back({name, "", ARCHIVE_COLUMN_ABSENT});
    for (int column = 0; column < ColumnCount; ++column) {
        auto candidates = by_root.find(column_names[static_cast<size_t>(column)]);
        if (candidates != by_root.end()) place(schema, static_cast<Column>(column), candidates->second);
    }
    for (const std::string &root : order) {
        bool known = false;
        for (const char *name : column_names) known = known || root == name;
        if (!known) {
            columns.push_back({root, describe(*schema.Column(by_root[root].front())), ARCHIVE_COLUMN_EXTRA});
        }
    }
}

void Layout::place(const parquet::SchemaDescriptor &schema, Column column,
                   const std::vector<int> &candidates) {
    Found &found = columns[static_cast<size_t>(column)];
    for (int leaf : candidates) {
        found.type += (found.type.empty() ? "" : ", ") + describe(*schema.Column(leaf));
    }
    found.state = ARCHIVE_COLUMN_UNUSABLE;
    if (column == HistogramValue) return place_histogram(schema, candidates);
    for (int leaf : candidates) {
        std::string path = schema.Column(leaf)->path()->ToDotString();
        if (column == FileValue && path != "file_value.path") continue;
        if (column != FileValue && candidates.size() > 1) continue;
        if (!fits(*schema.Column(leaf), column)) continue;
        leaves[static_cast<size_t>(column)] = leaf;
        found.state = ARCHIVE_COLUMN_PRESENT;
        return;
    }
}

void Layout::place_histogram(const parquet::SchemaDescriptor &schema, const std::vector<int> &candidates) {
    for (int leaf : candidates) {
        const parquet::ColumnDescriptor &descriptor = *schema.Column(leaf);
        const std::vector<std::string> parts = descriptor.path()->ToDotVector();
        if (parts.size() < 2) continue;
        bool numbers =
            descriptor.max_repetition_level() == 1 && descriptor.physical_type() == Physical::DOUBLE;
        if (parts[1] == "type" && descriptor.max_repetition_level() == 0 && is_text(descriptor)) {
            histogram_type = leaf;
        }
        if (parts[1] == "edges" && numbers) histogram_edges = leaf;
        if (parts[1] == "values" && numbers) histogram_values = leaf;
    }
    if (histogram_type < 0 || histogram_edges < 0 || histogram_values < 0) return;
    leaves[HistogramValue] = histogram_type;
    columns[HistogramValue].state = ARCHIVE_COLUMN_PRESENT;
}

bool Layout::fits(const parquet::ColumnDescriptor &leaf, Column column) {
    if (column == StringSetValue) return leaf.max_repetition_level() == 1 && is_text(leaf);
    if (leaf.max_repetition_level() != 0) return false;
    switch (column) {
    case StepColumn:
        return is_decimal(leaf) || is_whole_number(leaf) ||
               (is_float(leaf) && leaf.logical_type()->is_none());
    case Timestamp: return fits_time(leaf, timestamps);
    case DatetimeValue: return fits_time(leaf, datetimes);
    case IntValue: return is_whole_number(leaf);
    case FloatValue: return is_float(leaf) || is_whole_number(leaf);
    case BoolValue: return leaf.physical_type() == Physical::BOOLEAN;
    default: return is_text(leaf);
    }
}

bool Layout::fits_time(const parquet::ColumnDescriptor &leaf, TimeScale &scale) {
    if (leaf.physical_type() != Physical::INT64 || !leaf.logical_type()->is_timestamp()) return false;
    const auto &type = static_cast<const parquet::TimestampLogicalType &>(*leaf.logical_type());
    switch (type.time_unit()) {
    case parquet::LogicalType::TimeUnit::MILLIS: scale.ticks_per_microsecond = 0; break;
    case parquet::LogicalType::TimeUnit::MICROS: scale.ticks_per_microsecond = 1; break;
    case parquet::LogicalType::TimeUnit::NANOS: scale.ticks_per_microsecond = 1000; break;
    default: return false;
    }
    naive = naive || !type.is_adjusted_to_utc();
    return true;
}

}  // namespace archive
