// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "Text.hh"

namespace archive {

// Rows of the file types; it owns their file texts. Paths and types are borrowed from Names.
class FileRows {
  public:
    void append(archive_file_row row, std::string_view file) {
        texts_.emplace_back(file);
        row.file = as_text(texts_.back());
        rows_.push_back(row);
    }
    void clear() {
        rows_.clear();
        texts_.clear();
    }
    const std::vector<archive_file_row> &rows() const { return rows_; }

  private:
    std::vector<archive_file_row> rows_;
    std::deque<std::string> texts_;
};

}  // namespace archive
