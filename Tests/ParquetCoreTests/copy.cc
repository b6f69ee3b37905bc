// SPDX-License-Identifier: Apache-2.0
//
// copy PART DIRECTORY: writes what a part holds as a new run, for measuring the writer.
#include <chrono>
#include <cstdio>
#include <sys/resource.h>

#include <host/arrow.h>

#include "archive.h"

static int fail(const archive_error &error) {
    std::printf("error %d (%d): %s\n", error.code, error.system_errno, error.message);
    return 1;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    auto begin = std::chrono::steady_clock::now();
    archive_error error{};
    archive_reader *reader = nullptr;
    archive_writer *writer = nullptr;
    archive_text id{"w/p", 3};
    if (archive_open(arguments[1], nullptr, nullptr, &reader, &error) != ARCHIVE_OK ||
        archive_writer_open(arguments[2], "copy", id, id, nullptr, &writer, &error) != ARCHIVE_OK) {
        return fail(error);
    }
    for (;;) {
        ArrowSchema schema{};
        ArrowArray array{};
        int32_t table;
        archive_position position;
        int32_t status = archive_next(reader, &schema, &array, &table, &position, &error);
        if (status == ARCHIVE_END) break;
        if (status == ARCHIVE_OK && table == ARCHIVE_FILES) {
            int64_t rows = 0;
            const archive_file_row *files = archive_files(reader, &rows);
            status = archive_writer_files(writer, files, rows, &error);
        } else if (status == ARCHIVE_OK) {
            status = archive_writer_write(writer, table, &schema, &array, &error);
        }
        if (status != ARCHIVE_OK) return fail(error);
    }
    int64_t parts = 0, rows = 0;
    if (archive_writer_finish(writer, &parts, &rows, &error) != ARCHIVE_OK) return fail(error);
    archive_close(reader);
    archive_writer_free(writer);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%ld rows in %ld parts: %.3f s, peak %.1f MB\n", rows, parts,
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
                static_cast<double>(usage.ru_maxrss) / 1024);
    return 0;
}
