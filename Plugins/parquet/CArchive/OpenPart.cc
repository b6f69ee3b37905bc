// SPDX-License-Identifier: Apache-2.0
#include "OpenPart.hh"

#include <cerrno>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <unistd.h>

#include "Failure.hh"
#include "Memory.hh"
#include "Wide.hh"

namespace archive {

[[noreturn]] static void fail(const std::string &what) {
    int code = errno;
    throw Failure(ARCHIVE_IO, what + ": " + std::strerror(code), code);
}

// Newer Arrow ends a page after 20,000 rows; that which the peer uses knows no such limit.
template <typename Builder>
static void lift_page_rows(Builder &builder) {
    if constexpr (requires { builder.max_rows_per_page(int64_t{1}); }) {
        builder.max_rows_per_page(std::numeric_limits<int64_t>::max());
    }
}

static std::shared_ptr<parquet::WriterProperties> properties() {
    parquet::WriterProperties::Builder builder;
    builder.memory_pool(memory())
        ->version(parquet::ParquetVersion::PARQUET_2_6)
        ->compression(parquet::Compression::SNAPPY)
        ->disable_write_page_index();
    lift_page_rows(builder);
    return builder.build();
}

OpenPart::OpenPart(const std::string &path) {
    int opened = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (opened < 0) fail("cannot create " + path);
    descriptor_ = ::fcntl(opened, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) {
        int code = errno;
        ::close(opened);
        errno = code;
        fail("cannot create " + path);
    }
    sink_ = check(arrow::io::FileOutputStream::Open(opened));
    auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    writer_ = check(
        parquet::arrow::FileWriter::Open(*wide_schema(), memory(), sink_, properties(), arrow_properties));
}

OpenPart::~OpenPart() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

int64_t OpenPart::bytes() const { return check(sink_->Tell()); }

void OpenPart::write_group(const std::vector<std::shared_ptr<arrow::Array>> &columns) {
    check(writer_->NewRowGroup());
    for (const auto &column : columns) check(writer_->WriteColumnChunk(*column));
}

void OpenPart::close() {
    check(writer_->Close());
    check(sink_->Close());
    if (::fsync(descriptor_) != 0) fail("cannot write to disk");
    ::close(descriptor_);
    descriptor_ = -1;
}

void sync_path(const std::string &path) {
    int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) fail("cannot open " + path);
    int failed = ::fsync(opened);
    int code = errno;
    ::close(opened);
    errno = code;
    if (failed != 0) fail("cannot write " + path + " to disk");
}

}  // namespace archive
