// SPDX-License-Identifier: Apache-2.0
#include <arrow/c/bridge.h>

#include "Reader.hh"

struct archive_reader {
    std::string path;
    archive::Reader reader;
    bool is_files = false;
};

int32_t archive_open(const char *path, const archive_read_options *options, const archive_position *position,
                     archive_reader **reader, archive_error *error) {
    *reader = nullptr;
    return archive::guarded(error, path, [&] {
        archive_read_options chosen = options != nullptr ? *options : archive_read_options{};
        if (options == nullptr) chosen.tables = ARCHIVE_WANT_ALL;
        archive_position from = position != nullptr ? *position : archive_position{};
        *reader = new archive_reader{path, archive::Reader(path, chosen, from)};
        return ARCHIVE_OK;
    });
}

int32_t archive_next(archive_reader *reader, void *schema, void *array, int32_t *table,
                     archive_position *position, archive_error *error) {
    return archive::guarded(error, reader->path, [&] {
        reader->is_files = false;
        auto given = reader->reader.next();
        if (!given.has_value()) return ARCHIVE_END;
        if (given->batch != nullptr) {
            archive::check(arrow::ExportRecordBatch(*given->batch, static_cast<ArrowArray *>(array),
                                                    static_cast<ArrowSchema *>(schema)));
        }
        reader->is_files = given->table == ARCHIVE_FILES;
        *table = given->table;
        *position = given->next;
        return ARCHIVE_OK;
    });
}

const archive_file_row *archive_files(const archive_reader *reader, int64_t *count) {
    const auto &rows = reader->reader.files();
    *count = reader->is_files ? static_cast<int64_t>(rows.size()) : 0;
    return reader->is_files ? rows.data() : nullptr;
}

void archive_reader_counts(const archive_reader *reader, archive_counts *counts) {
    *counts = reader->reader.counts();
}

void archive_close(archive_reader *reader) { delete reader; }
