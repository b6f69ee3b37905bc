// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "archive.h"

namespace archive {

// The attribute types of an archive, in the order of `kind_names`.
enum class Kind : int8_t {
    Float,
    Int,
    String,
    Bool,
    Datetime,
    StringSet,
    FloatSeries,
    StringSeries,
    HistogramSeries,
    File,
    FileSeries,
    FileSet,
    Artifact,
    Unknown
};

inline constexpr std::array<std::string_view, 13> kind_names = {
    "float",        "int",           "string",           "bool", "datetime",    "string_set",
    "float_series", "string_series", "histogram_series", "file", "file_series", "file_set",
    "artifact"};

inline constexpr std::array<const char *, ARCHIVE_TABLES> table_names = {
    "fields/1", "points/1", "series/1", "histograms/1", "files/1", "losses/1"};

constexpr Kind kind_named(std::string_view name) {
    for (size_t i = 0; i < kind_names.size(); ++i) {
        if (kind_names[i] == name) return static_cast<Kind>(i);
    }
    return Kind::Unknown;
}

constexpr int table_of(Kind kind) {
    switch (kind) {
    case Kind::FloatSeries: return ARCHIVE_POINTS;
    case Kind::StringSeries: return ARCHIVE_SERIES;
    case Kind::HistogramSeries: return ARCHIVE_HISTOGRAMS;
    case Kind::File:
    case Kind::FileSeries:
    case Kind::FileSet:
    case Kind::Artifact: return ARCHIVE_FILES;
    case Kind::Unknown: return -1;
    default: return ARCHIVE_FIELDS;
    }
}

}  // namespace archive
