// SPDX-License-Identifier: Apache-2.0
#include "Part.hh"

#include <arrow/io/file.h>
#include <arrow/util/config.h>
#include <parquet/column_reader.h>

#include "ChunkStream.hh"
#include "Failure.hh"
#include "Memory.hh"

namespace archive {

namespace {

// Gives Arrow's column readers their pages from a ChunkStream.
class GroupContents final : public parquet::RowGroupReader::Contents {
  public:
    GroupContents(std::shared_ptr<arrow::io::RandomAccessFile> input, int64_t size,
                  std::shared_ptr<parquet::FileMetaData> file, int index,
                  const parquet::ReaderProperties *properties)
        : input_(std::move(input)),
          size_(size),
          file_(std::move(file)),
          group_(file_->RowGroup(index)),
          properties_(properties) {}

    const parquet::RowGroupMetaData *metadata() const override { return group_.get(); }
    const parquet::ReaderProperties *properties() const override { return properties_; }

    std::unique_ptr<parquet::PageReader> GetColumnPageReader(int column) override {
        auto chunk = group_->ColumnChunk(column);
        if (chunk->crypto_metadata() != nullptr) throw Failure(ARCHIVE_UNSUPPORTED, "it is encrypted");
        int64_t begin = chunk->data_page_offset();
        if (chunk->has_dictionary_page() && chunk->dictionary_page_offset() > 0) {
            begin = std::min(begin, chunk->dictionary_page_offset());
        }
        int64_t length = chunk->total_compressed_size();
        if (begin < 0 || length < 0 || begin > size_ || length > size_ - begin) {
            throw Failure(ARCHIVE_INVALID_DATA, "its pages lie outside the file");
        }
        // Before Arrow 3 compressed pages of version 2 were marked as not compressed.
        bool always_compressed =
            file_->writer_version().VersionLt(parquet::ApplicationVersion::PARQUET_CPP_10353_FIXED_VERSION());
        auto stream = std::make_shared<ChunkStream>(input_, begin, length);
#if ARROW_VERSION_MAJOR >= 25
        return parquet::PageReader::Open(stream, chunk->num_values(), chunk->compression(), *properties_,
                                         *file_->schema()->Column(column), always_compressed);
#else
        return parquet::PageReader::Open(stream, chunk->num_values(), chunk->compression(), *properties_,
                                         always_compressed);
#endif
    }

  private:
    std::shared_ptr<arrow::io::RandomAccessFile> input_;
    int64_t size_;
    std::shared_ptr<parquet::FileMetaData> file_;
    std::unique_ptr<parquet::RowGroupMetaData> group_;
    const parquet::ReaderProperties *properties_;
};

}  // namespace

static std::shared_ptr<arrow::io::RandomAccessFile> opened(const std::string &path) {
    auto file = arrow::io::ReadableFile::Open(path, memory());
    if (file.ok()) return *std::move(file);
    Failure reason = failure(file.status());
    if (file.status().IsIOError()) reason.code = ARCHIVE_IO;
    throw reason;
}

Part::Part(const std::string &path) : input_(opened(path)), properties_(memory()) {
    size_ = check(input_->GetSize());
    metadata = parquet::ParquetFileReader::Open(input_, properties_)->metadata();
    layout = std::make_unique<Layout>(*metadata->schema());
    for (Column column : {Path, Type, StepColumn, Timestamp}) {
        const Layout::Found &found = layout->at(column);
        if (found.state == ARCHIVE_COLUMN_UNUSABLE) {
            throw Failure(ARCHIVE_UNSUPPORTED, "column " + found.name + " is of type " + found.type);
        }
    }
    for (Column column : {Path, Type}) {
        const Layout::Found &found = layout->at(column);
        if (found.state == ARCHIVE_COLUMN_ABSENT) {
            throw Failure(ARCHIVE_INVALID_DATA, "no column " + found.name);
        }
    }
}

std::unique_ptr<parquet::RowGroupReader> Part::group(int index) {
    return std::make_unique<parquet::RowGroupReader>(
        std::make_unique<GroupContents>(input_, size_, metadata, index, &properties_));
}

}  // namespace archive
