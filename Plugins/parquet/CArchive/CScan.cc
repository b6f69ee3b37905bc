// SPDX-License-Identifier: Apache-2.0
#include "Scan.hh"

struct archive_scan_result {
    archive::Scan scan;
};

int32_t archive_scan(const char *path, archive_scan_result **result, archive_error *error) {
    *result = nullptr;
    return archive::guarded(error, path, [&] {
        *result = new archive_scan_result{archive::Scan(path)};
        return ARCHIVE_OK;
    });
}

const archive_summary *archive_scan_summary(const archive_scan_result *result) {
    return &result->scan.summary();
}

void archive_scan_free(archive_scan_result *result) { delete result; }
