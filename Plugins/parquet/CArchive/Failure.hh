// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <functional>
#include <string>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

#include "archive.h"

namespace archive {

class Failure : public std::exception {
  public:
    Failure(int32_t code, std::string message, int system_errno = 0)
        : code(code), system_errno(system_errno), message(std::move(message)) {}
    const char *what() const noexcept override { return message.c_str(); }

    int32_t code;
    int system_errno;
    std::string message;
};

Failure failure(const arrow::Status &status);

inline void check(const arrow::Status &status) {
    if (!status.ok()) [[unlikely]]
        throw failure(status);
}

template <typename T>
T check(arrow::Result<T> result) {
    check(result.status());
    return std::move(result).ValueUnsafe();
}

// The exception in flight as a Failure. Parquet's own exceptions mean damaged data unless they carry a
// status.
Failure current_failure();

// Runs one call of the C API: the only place where exceptions end. `subject` is the file it is about.
int32_t guarded(archive_error *error, const std::string &subject,
                const std::function<int32_t()> &body) noexcept;

}  // namespace archive
