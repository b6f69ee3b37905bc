// SPDX-License-Identifier: Apache-2.0
#include <arrow/c/bridge.h>

#include "Text.hh"
#include "Writer.hh"

struct archive_writer {
    std::string subject;
    archive::Writer writer;
    // After a failure rows may be missing, so that the run must not become complete.
    bool is_spent = false;
};

// Runs a call that makes the writer useless when it fails.
template <typename Body>
static int32_t spending(archive_writer *writer, archive_error *error, Body body) {
    int32_t status = archive::guarded(error, writer->subject, [&] {
        if (writer->is_spent) {
            throw archive::Failure(ARCHIVE_INVALID_STATE, "the writer has finished or failed before");
        }
        body();
        return ARCHIVE_OK;
    });
    if (status != ARCHIVE_OK) writer->is_spent = true;
    return status;
}

int32_t archive_writer_open(const char *directory, const char *stem, archive_text project_id,
                            archive_text run_id, const archive_write_options *options,
                            archive_writer **writer, archive_error *error) {
    *writer = nullptr;
    std::string subject = std::string(directory) + "/" + stem;
    return archive::guarded(error, subject, [&] {
        *writer = new archive_writer{
            subject, archive::Writer(directory, stem, archive::as_view(project_id), archive::as_view(run_id),
                                     options != nullptr ? options->part_bytes : 0)};
        return ARCHIVE_OK;
    });
}

int32_t archive_writer_write(archive_writer *writer, int32_t table, void *schema, void *array,
                             archive_error *error) {
    // Outside the call proper: both structs are taken over whatever comes of it.
    auto batch =
        arrow::ImportRecordBatch(static_cast<ArrowArray *>(array), static_cast<ArrowSchema *>(schema));
    return spending(writer, error, [&] {
        archive::check(batch.status());
        archive::check((*batch)->Validate());
        writer->writer.write(table, archive::Incoming(*batch));
    });
}

int32_t archive_writer_files(archive_writer *writer, const archive_file_row *rows, int64_t count,
                             archive_error *error) {
    return spending(writer, error, [&] { writer->writer.write_files(rows, count); });
}

int32_t archive_writer_finish(archive_writer *writer, int64_t *parts, int64_t *rows, archive_error *error) {
    int32_t status = spending(writer, error, [&] {
        *parts = writer->writer.finish();
        *rows = writer->writer.rows();
    });
    writer->is_spent = true;
    return status;
}

void archive_writer_losses(const archive_writer *writer, archive_write_losses *losses) {
    const archive::Writer &from = writer->writer;
    losses->steps_out_of_range = from.steps_out_of_range.rows;
    losses->nan_fields = from.nan_fields.rows;
    losses->bare_nan_points = from.bare_nan_points.rows;
    losses->times_rounded = from.times_rounded.rows;
    losses->steps_example = archive::as_text(from.steps_out_of_range.example);
    losses->nan_example = archive::as_text(from.nan_fields.example);
    losses->bare_nan_example = archive::as_text(from.bare_nan_points.example);
    losses->times_example = archive::as_text(from.times_rounded.example);
}

void archive_writer_free(archive_writer *writer) { delete writer; }
