// SPDX-License-Identifier: Apache-2.0
//
// dump PATH [times]: reads a part through and prints what was met, for measuring. `dump --scan PATH` scans
// it.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/resource.h>

#include <host/arrow.h>

#include "archive.h"

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static void report(double begin, const char *what) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%s: %.3f s, peak %.1f MB\n", what, now() - begin,
                static_cast<double>(usage.ru_maxrss) / 1024);
}

static int fail(const archive_error &error) {
    std::printf("error %d (%d): %s\n", error.code, error.system_errno, error.message);
    return 1;
}

static int scan(const char *path) {
    double begin = now();
    archive_error error{};
    archive_scan_result *result = nullptr;
    if (archive_scan(path, &result, &error) != ARCHIVE_OK) return fail(error);
    report(begin, "scan");
    const archive_summary &summary = *archive_scan_summary(result);
    std::printf("project %.*s (%ld) run %.*s (%ld) rows %ld in %d groups, unnamed %ld, entries %ld\n",
                static_cast<int>(summary.project_id.size), summary.project_id.data, summary.project_ids,
                static_cast<int>(summary.run_id.size), summary.run_id.data, summary.run_ids, summary.rows,
                summary.row_groups, summary.unnamed_rows, summary.entry_count);
    for (int64_t i = 0; i < summary.system_count; ++i) {
        const archive_system &value = summary.system[i];
        std::printf("  %.*s = %.*s %g %ld %d\n", static_cast<int>(value.path.size), value.path.data,
                    static_cast<int>(value.text.size), value.text.data != nullptr ? value.text.data : "",
                    value.number, value.time_ms, value.truth);
    }
    archive_scan_free(result);
    return 0;
}

int main(int count, char **arguments) {
    if (count == 3 && std::strcmp(arguments[1], "--scan") == 0) return scan(arguments[2]);
    if (count < 2) return 2;
    double begin = now();
    archive_error error{};
    archive_reader *reader = nullptr;
    archive_read_options options{};
    options.tables = count > 2 ? static_cast<uint32_t>(std::atoi(arguments[2])) : ARCHIVE_WANT_ALL;
    if (archive_open(arguments[1], &options, nullptr, &reader, &error) != ARCHIVE_OK) return fail(error);
    ArrowSchema schema{};
    ArrowArray array{};
    int32_t table;
    archive_position position;
    int64_t batches = 0;
    int32_t status;
    while ((status = archive_next(reader, &schema, &array, &table, &position, &error)) == ARCHIVE_OK) {
        ++batches;
        if (table == ARCHIVE_FILES) continue;
        schema.release(&schema);
        array.release(&array);
    }
    if (status != ARCHIVE_END) return fail(error);
    report(begin, "read");
    archive_counts counts{};
    archive_reader_counts(reader, &counts);
    std::printf("%ld batches;", batches);
    for (int i = 0; i < ARCHIVE_TABLES; ++i) std::printf(" %ld+%ld", counts.rows[i], counts.padding[i]);
    std::printf("\n");
    archive_close(reader);
    return 0;
}
