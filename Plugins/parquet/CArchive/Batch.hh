// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "FileRows.hh"
#include "Group.hh"
#include "Losses.hh"
#include "Narrow.hh"

namespace archive {

// Sorts rows of the wide table into the narrow ones, until one of them is full. Where it stops depends on the
// rows alone from the first one on, so that a reader that begins there makes the same batch again.
class Batch {
  public:
    Batch(const Layout &layout, const archive_read_options &options, Names &paths, Names &types);

    // False when the row must begin the next batch; it was not taken.
    bool add(Group &group, int64_t row);

    std::vector<int> tables() const;  // those with rows, in order
    int64_t length(int table) const;
    std::shared_ptr<arrow::RecordBatch> take(int table);  // not for files
    const FileRows &files() const { return files_; }
    std::array<int64_t, ARCHIVE_TABLES> padding{};
    void clear();

  private:
    bool add_named(Group &group, int64_t row, int32_t path, Kind kind);
    bool add_field(Group &group, int64_t row, int32_t path, Kind kind);
    bool add_point(Group &group, int64_t row, int32_t path);
    bool add_series(Group &group, int64_t row, int32_t path);
    bool add_histogram(Group &group, int64_t row, int32_t path);
    bool add_file(Group &group, int64_t row, int32_t path, int32_t type, Kind kind);

    bool is_full(int64_t more) const { return bytes_ > 0 && bytes_ + more > batch_bytes; }
    void lose(int table, int32_t path, const char *code, std::string_view note = {});
    bool without_value(Group &group, int64_t row, int32_t path, Kind kind, Column column);
    // False when the row is to be left out.
    bool place(Group &group, int64_t row, int table, int32_t path, StepTime &at);
    std::string_view sound(std::string_view text, int table, int32_t path);
    std::string_view text(int32_t path) const { return paths_[path].text; }

    const Layout &layout_;
    Wanted wanted_;
    Names &paths_;
    Names &types_;
    Zone zone_;
    int64_t bytes_ = 0;
    std::string repaired_;
    Fields fields_;
    Points points_;
    Series series_;
    Histograms histograms_;
    FileRows files_;
    Losses losses_;
};

}  // namespace archive
