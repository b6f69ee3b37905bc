// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <parquet/file_reader.h>

#include "Layout.hh"

namespace archive {

// One part file, its footer read.
class Part {
  public:
    explicit Part(const std::string &path);

    int groups() const { return metadata->num_row_groups(); }
    std::unique_ptr<parquet::RowGroupReader> group(int index);

    std::shared_ptr<parquet::FileMetaData> metadata;
    std::unique_ptr<Layout> layout;

  private:
    std::shared_ptr<arrow::io::RandomAccessFile> input_;
    int64_t size_;
    parquet::ReaderProperties properties_;
};

}  // namespace archive
