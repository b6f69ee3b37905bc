// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>

#include <arrow/record_batch.h>

#include "Names.hh"

namespace archive {

// The rows of one batch that could not be given out as they were.
class Losses {
  public:
    // `path` -1: the row has none.
    void add(int table, int32_t path, const char *code, std::string_view note = {});
    int64_t length() const { return static_cast<int64_t>(rows_.size()); }
    std::shared_ptr<arrow::RecordBatch> take(const Names &paths);

  private:
    struct Count {
        int64_t rows = 0;
        std::string note;  // of the first row
    };
    std::map<std::tuple<int, int32_t, std::string>, Count> rows_;
};

}  // namespace archive
