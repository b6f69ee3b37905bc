// SPDX-License-Identifier: Apache-2.0
#include "ChunkStream.hh"

#include <algorithm>
#include <cstring>

#include <arrow/buffer.h>

#include "Memory.hh"

namespace archive {

static constexpr int64_t buffer_bytes = 64 * 1024;

arrow::Status ChunkStream::Close() {
    is_closed_ = true;
    return arrow::Status::OK();
}

// Makes `count` bytes lie in the buffer, or as many as the chunk still has.
arrow::Status ChunkStream::buffer(int64_t count) {
    count = std::min(count, end_ - offset_);
    if (filled_ - used_ >= count) return arrow::Status::OK();
    if (used_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + used_, static_cast<size_t>(filled_ - used_));
        filled_ -= used_;
        used_ = 0;
    }
    int64_t wanted = std::min(std::max(count, buffer_bytes), end_ - offset_);
    if (static_cast<int64_t>(buffer_.size()) < wanted) buffer_.resize(static_cast<size_t>(wanted));
    ARROW_ASSIGN_OR_RAISE(int64_t read,
                          file_->ReadAt(offset_ + filled_, wanted - filled_, buffer_.data() + filled_));
    filled_ += read;
    return arrow::Status::OK();
}

arrow::Result<std::string_view> ChunkStream::Peek(int64_t count) {
    ARROW_RETURN_NOT_OK(buffer(count));
    return std::string_view(buffer_.data() + used_, static_cast<size_t>(std::min(count, filled_ - used_)));
}

arrow::Result<int64_t> ChunkStream::Read(int64_t count, void *into) {
    count = std::clamp<int64_t>(count, 0, end_ - offset_);
    if (count <= buffer_bytes / 4) ARROW_RETURN_NOT_OK(buffer(count));
    int64_t from_buffer = std::min(count, filled_ - used_);
    if (from_buffer > 0) std::memcpy(into, buffer_.data() + used_, static_cast<size_t>(from_buffer));
    used_ += from_buffer;
    offset_ += from_buffer;
    if (from_buffer == count) return count;
    ARROW_ASSIGN_OR_RAISE(
        int64_t read, file_->ReadAt(offset_, count - from_buffer, static_cast<char *>(into) + from_buffer));
    offset_ += read;
    return from_buffer + read;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> ChunkStream::Read(int64_t count) {
    count = std::clamp<int64_t>(count, 0, end_ - offset_);
    ARROW_ASSIGN_OR_RAISE(auto result, arrow::AllocateResizableBuffer(count, memory()));
    ARROW_ASSIGN_OR_RAISE(int64_t read, Read(count, result->mutable_data()));
    ARROW_RETURN_NOT_OK(result->Resize(read, false));
    return std::shared_ptr<arrow::Buffer>(std::move(result));
}

}  // namespace archive
