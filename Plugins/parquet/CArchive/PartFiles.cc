// SPDX-License-Identifier: Apache-2.0
#include "PartFiles.hh"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <unistd.h>

#include "Failure.hh"
#include "OpenPart.hh"

namespace archive {

[[noreturn]] static void fail(const std::string &what) {
    int code = errno;
    throw Failure(ARCHIVE_IO, what + ": " + std::strerror(code), code);
}

static void remove(const std::string &path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("cannot delete " + path);
}

PartFiles::PartFiles(std::string directory, std::string stem)
    : directory_(std::move(directory)), stem_(std::move(stem)) {
    if (stem_.empty() || stem_.find('/') != std::string::npos || stem_.find('\0') != std::string::npos) {
        throw Failure(ARCHIVE_INVALID_STATE, "the stem is no file name");
    }
}

std::string PartFiles::finished(int64_t number) const {
    return directory_ + "/" + stem_ + "_part_" + std::to_string(number) + ".parquet";
}

// Part numbers on disk. The directory, which may hold tens of thousands of runs, is listed only if there is a
// sign of this one.
std::vector<int64_t> PartFiles::numbers(const std::string &suffix) const {
    bool is_any = false;
    for (int64_t number : {0, 1}) {
        is_any = is_any || ::access(finished(number).c_str(), F_OK) == 0 ||
                 ::access(unfinished(number).c_str(), F_OK) == 0;
    }
    std::vector<int64_t> result;
    if (!is_any) return result;
    std::unique_ptr<DIR, int (*)(DIR *)> listing(::opendir(directory_.c_str()), ::closedir);
    if (listing == nullptr) fail("cannot list " + directory_);
    std::string prefix = stem_ + "_part_";
    while (const dirent *entry = ::readdir(listing.get())) {
        std::string_view name(entry->d_name);
        if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
        name.remove_prefix(prefix.size());
        if (name.size() <= suffix.size()) continue;
        name.remove_suffix(suffix.size());
        int64_t number = -1;
        auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), number);
        bool is_number =
            status == std::errc() && end == name.data() + name.size() && std::to_string(number) == name;
        if (is_number && number >= 0) result.push_back(number);
    }
    std::sort(result.begin(), result.end());
    return result;
}

void PartFiles::remove_unfinished() const {
    for (int64_t number : numbers(".parquet.tmp")) remove(unfinished(number));
}

void PartFiles::publish(int64_t count) const {
    // Part 0 goes first and comes last: at no moment do old and new parts together look complete.
    for (int64_t number : numbers(".parquet")) remove(finished(number));
    sync_path(directory_);
    for (int64_t number = count - 1; number >= 0; --number) {
        if (number == 0 && count > 1) sync_path(directory_);
        if (::rename(unfinished(number).c_str(), finished(number).c_str()) != 0) {
            fail("cannot rename " + unfinished(number));
        }
    }
    sync_path(directory_);
}

}  // namespace archive
