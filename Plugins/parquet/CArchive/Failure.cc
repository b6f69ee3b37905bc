// SPDX-License-Identifier: Apache-2.0
#include "Failure.hh"

#include <algorithm>
#include <cstring>
#include <new>

#include <arrow/util/io_util.h>
#include <parquet/exception.h>

namespace archive {

Failure failure(const arrow::Status &status) {
    int system_errno = arrow::internal::ErrnoFromStatus(status);
    if (status.IsOutOfMemory()) return {ARCHIVE_NO_MEMORY, status.message()};
    // Arrow also calls it an IOError when a damaged file ends too early.
    if (status.IsIOError() && system_errno != 0) {
        return {ARCHIVE_IO, status.message() + ": " + std::strerror(system_errno), system_errno};
    }
    if (status.IsNotImplemented()) return {ARCHIVE_UNSUPPORTED, status.message()};
    return {ARCHIVE_INVALID_DATA, status.message()};
}

Failure current_failure() {
    try {
        throw;
    } catch (const Failure &known) {
        return known;
    } catch (const parquet::ParquetStatusException &carrier) {
        return failure(carrier.status());
    } catch (const std::bad_alloc &) {
        return {ARCHIVE_NO_MEMORY, "out of memory"};
    } catch (const std::length_error &) {
        return {ARCHIVE_INVALID_DATA, "a length in the data is impossible"};
    } catch (const std::exception &other) {
        return {ARCHIVE_INVALID_DATA, other.what()};
    } catch (...) {
        return {ARCHIVE_INVALID_DATA, "unknown failure"};
    }
}

// Cuts at a character's border: the message must stay valid UTF-8.
static void copy_message(archive_error *error, const std::string &text) {
    size_t size = std::min(text.size(), sizeof error->message - 1);
    if (size < text.size()) {
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    }
    std::memcpy(error->message, text.data(), size);
    error->message[size] = 0;
}

int32_t guarded(archive_error *error, const std::string &subject,
                const std::function<int32_t()> &body) noexcept {
    try {
        try {
            return body();
        } catch (...) {
            Failure caught = current_failure();
            if (error != nullptr) {
                error->code = caught.code;
                error->system_errno = caught.system_errno;
                copy_message(error, subject.empty() ? caught.message : subject + ": " + caught.message);
            }
            return caught.code;
        }
    } catch (...) {
        if (error != nullptr) *error = {ARCHIVE_NO_MEMORY, 0, "out of memory"};
        return ARCHIVE_NO_MEMORY;
    }
}

}  // namespace archive
