// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "Group.hh"

namespace archive {

struct SystemAttribute {
    std::string_view path;
    Kind kind;
};

// The attributes that describe a run; none of them need be there.
inline constexpr std::array<SystemAttribute, 13> system_attributes = {{
    {"sys/custom_run_id", Kind::String},
    {"sys/id", Kind::String},
    {"sys/name", Kind::String},
    {"sys/forking/parent", Kind::String},
    {"sys/forking/step", Kind::Float},
    {"sys/creation_time", Kind::Datetime},
    {"sys/modification_time", Kind::Datetime},
    {"sys/owner", Kind::String},
    {"sys/description", Kind::String},
    {"sys/group", Kind::String},
    {"sys/failed", Kind::Bool},
    {"sys/archived", Kind::Bool},
    {"sys/trashed", Kind::Bool},
}};

// The first value of each.
class SystemValues {
  public:
    // To be told of every row whose path begins with "sys/", group by group, and then to read what was met.
    void meet(const Names &paths, const Names &types, int32_t path, int32_t type, int64_t row);
    void read(Part &part, int group, Names &paths, Names &types);

    std::vector<archive_system> found() const;

  private:
    struct Met {
        int64_t row;
        size_t attribute;
    };
    struct Value {
        std::string text;
        double number = 0;
        int64_t time_ms = 0;
        bool truth = false;
    };

    std::optional<Value> value(const Layout &layout, Group &group, Met met) const;

    std::vector<Met> met_;
    std::array<std::optional<Value>, system_attributes.size()> values_;
};

}  // namespace archive
