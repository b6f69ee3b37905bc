// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

namespace archive {

// The bytes of one column chunk through a small buffer. Arrow's own buffered stream lets its buffer grow with
// every page header that it looks ahead for, up to the size of the chunk.
class ChunkStream final : public arrow::io::InputStream {
  public:
    ChunkStream(std::shared_ptr<arrow::io::RandomAccessFile> file, int64_t begin, int64_t size)
        : file_(std::move(file)), offset_(begin), begin_(begin), end_(begin + size) {}

    arrow::Status Close() override;
    bool closed() const override { return is_closed_; }
    arrow::Result<int64_t> Tell() const override { return offset_ - begin_; }
    arrow::Result<int64_t> Read(int64_t count, void *into) override;
    arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t count) override;
    arrow::Result<std::string_view> Peek(int64_t count) override;

  private:
    arrow::Status buffer(int64_t count);

    std::shared_ptr<arrow::io::RandomAccessFile> file_;
    int64_t offset_;  // of the next byte to give
    int64_t begin_;
    int64_t end_;
    std::vector<char> buffer_;
    int64_t used_ = 0;    // bytes of the buffer already given
    int64_t filled_ = 0;  // bytes of the buffer that hold data
    bool is_closed_ = false;
};

}  // namespace archive
