// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>

namespace archive {

// A part being written, under its temporary name.
class OpenPart {
  public:
    explicit OpenPart(const std::string &path);
    ~OpenPart();
    OpenPart(const OpenPart &) = delete;

    int64_t bytes() const;
    void write_group(const std::vector<std::shared_ptr<arrow::Array>> &columns);
    // Writes the footer and waits until the file is on disk.
    void close();

  private:
    int descriptor_ = -1;  // a second one of the same file: Arrow closes its own before we can sync
    std::shared_ptr<arrow::io::FileOutputStream> sink_;
    std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

// fsync of what lies at the path, a directory too.
void sync_path(const std::string &path);

}  // namespace archive
