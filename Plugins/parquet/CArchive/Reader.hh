// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "Batch.hh"

namespace archive {

// Streams one part as batches of the record tables.
class Reader {
  public:
    Reader(const std::string &path, const archive_read_options &options, archive_position from);
    Reader(const Reader &) = delete;  // the batch points into it

    struct Given {
        int table;
        std::shared_ptr<arrow::RecordBatch> batch;  // null for files
        archive_position next;
    };
    std::optional<Given> next();

    const std::vector<archive_file_row> &files() const { return batch_.files().rows(); }
    const archive_counts &counts() const { return counts_; }

  private:
    bool fill();
    bool open_group();

    Part part_;
    archive_read_options options_;
    Names paths_;
    Names types_;
    Batch batch_;
    std::unique_ptr<Group> group_;
    archive_position begin_;  // of the batch being given out
    archive_position end_;    // of the rows read
    std::vector<int> tables_;
    size_t given_ = 0;
    archive_counts counts_{};
};

}  // namespace archive
