// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "Group.hh"
#include "SystemValues.hh"

namespace archive {

// What a part holds, learnt from its footer, its path and type columns, and of the others as little as
// possible.
class Scan {
  public:
    explicit Scan(const std::string &path);
    Scan(const Scan &) = delete;

    const archive_summary &summary() const { return summary_; }

  private:
    // Rows of one row group per entry; an entry is a number into `entries_`.
    struct GroupRows {
        std::vector<int64_t> of_entry;
        std::vector<int32_t> met;

        void add(int32_t entry);
    };

    void scan_group(int index);
    void count_rows(int index, GroupRows &rows);
    bool all_have_values(int index, const GroupRows &rows) const;
    void count_values(int index);
    int32_t entry(int32_t type, int32_t path);
    void scan_ids(int index, Column column, Names &names);
    void summarise();

    Part part_;
    Names paths_;
    Names types_;
    Names projects_;
    Names runs_;
    SystemValues system_;
    std::vector<std::vector<int32_t>> entry_of_;  // by type, then path; -1 when new
    std::vector<archive_entry> entries_;
    std::vector<archive_column> columns_;
    std::vector<archive_system> system_found_;
    archive_summary summary_{};
};

}  // namespace archive
