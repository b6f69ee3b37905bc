// SPDX-License-Identifier: Apache-2.0
//
// archive.h: reads and writes the parts of a parquet archive, one wide table of 14 columns, as the narrow
// record tables of the host (host/tables.h).
//
// Arrow structs are passed as `void *` so that this header needs no second definition of them: `schema` is a
// `struct ArrowSchema *`, `array` a `struct ArrowArray *` (host/arrow.h). No exception leaves a function. A
// handle is used by one thread at a time; different handles are independent.
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// UTF-8 without a terminator. `data` is NULL when the text is absent.
typedef struct archive_text {
    const char *data;
    int64_t size;
} archive_text;

enum {
    ARCHIVE_OK = 0,
    ARCHIVE_END = 1,           // a reader has no more
    ARCHIVE_IO = 2,            // see system_errno
    ARCHIVE_INVALID_DATA = 3,  // a damaged or truncated file, or a batch that breaks its table's rules
    ARCHIVE_NO_MEMORY = 4,
    ARCHIVE_UNSUPPORTED = 5,   // sound, but of a shape this code does not read
    ARCHIVE_INVALID_STATE = 6  // calls in a wrong order
};

// Written by a function that returns anything but OK and END. The message names the file, and the column if
// known.
typedef struct archive_error {
    int32_t code;
    int32_t system_errno;  // 0 when unknown
    char message[1016];    // UTF-8, ends with a NUL
} archive_error;

enum {
    ARCHIVE_FIELDS = 0,
    ARCHIVE_POINTS = 1,
    ARCHIVE_SERIES = 2,
    ARCHIVE_HISTOGRAMS = 3,
    ARCHIVE_FILES = 4,
    ARCHIVE_LOSSES = 5,
    ARCHIVE_TABLES = 6
};
#define ARCHIVE_WANT(table) (1u << (table))
#define ARCHIVE_WANT_ALL 0x3fu

// One (attribute type, path) of a part. `table` is -1 for an unknown type.
typedef struct archive_entry {
    archive_text path;
    archive_text type;
    int32_t table;
    int64_t rows;
    int64_t values;  // exact; rows - values is null padding
} archive_entry;

enum {
    ARCHIVE_COLUMN_PRESENT = 0,
    ARCHIVE_COLUMN_ABSENT = 1,    // reads as null
    ARCHIVE_COLUMN_UNUSABLE = 2,  // of a type that cannot be read as the column's
    ARCHIVE_COLUMN_EXTRA = 3      // not one of the 14: ignored
};

typedef struct archive_column {
    archive_text name;
    archive_text found;  // the parquet type in the file
    int32_t state;
} archive_column;

enum { ARCHIVE_SYSTEM_TEXT = 0, ARCHIVE_SYSTEM_FLOAT = 1, ARCHIVE_SYSTEM_TIME = 2, ARCHIVE_SYSTEM_BOOL = 3 };

// The first value of a `sys/` attribute that describes the run. Only those found are listed.
typedef struct archive_system {
    archive_text path;
    int32_t kind;  // which of the next members holds the value
    archive_text text;
    double number;
    int64_t time_ms;
    int32_t truth;
} archive_system;

typedef struct archive_summary {
    archive_text project_id;  // the first of the part
    archive_text run_id;
    int64_t project_ids;  // distinct ones: more than 1 means that the part mixes runs
    int64_t run_ids;
    int64_t rows;
    int64_t unnamed_rows;  // without path or type
    int32_t row_groups;
    int32_t naive_times;           // 1: the timestamps carry no zone; they are read as UTC
    const archive_entry *entries;  // in the order first seen
    int64_t entry_count;
    const archive_column *columns;
    int64_t column_count;
    const archive_system *system;
    int64_t system_count;
} archive_summary;

typedef struct archive_scan_result archive_scan_result;

int32_t archive_scan(const char *path, archive_scan_result **result, archive_error *error);
// Valid until the result is freed.
const archive_summary *archive_scan_summary(const archive_scan_result *result);
void archive_scan_free(archive_scan_result *result);

// Where the next batch begins. Portable: valid for the same file in any process.
typedef struct archive_position {
    int64_t row_group;
    int64_t row;    // within the row group
    int64_t batch;  // tables already given out of the batch that begins there
} archive_position;

typedef struct archive_read_options {
    uint32_t tables;  // ARCHIVE_WANT bits. ARCHIVE_LOSSES: also rows that belong to no known table
    // Local times wrongly labelled UTC, for the step records only (not datetime fields): from
    // local_from_ms[i] on, utc = local - offset_ms[i]. Sorted; before the first entry the first offset holds.
    // Copied.
    const int64_t *local_from_ms;
    const int64_t *offset_ms;
    int64_t zone_count;
} archive_read_options;

// A row of one of the file types. `step` and `millionths` as in host/tables.h.
typedef struct archive_file_row {
    archive_text type;  // file | file_series | file_set | artifact
    archive_text path;
    archive_text file;  // relative to the project's payload folder; untrusted
    int64_t step;
    int64_t time_us;
    int32_t millionths;  // 0 when whole
    int8_t has_step;
    int8_t has_time;
} archive_file_row;

// Since the reader was opened. A resumed reader does not count again what it skips.
typedef struct archive_counts {
    int64_t rows[ARCHIVE_TABLES];     // given out, by table
    int64_t padding[ARCHIVE_TABLES];  // rows without any value, by the table of their type
} archive_counts;

typedef struct archive_reader archive_reader;

// `position` may be NULL: from the start. `options` may be NULL: all tables, no zone.
int32_t archive_open(const char *path, const archive_read_options *options, const archive_position *position,
                     archive_reader **reader, archive_error *error);

// The next batch, of at most 65,536 rows and about 8 MiB unless one row is larger. `position` is where
// reading goes on after this batch. For ARCHIVE_FILES the structs are left alone and the rows are in
// archive_files.
//
// Codes in losses/1: type.unknown, value.unreadable, row.unnamed, step.unreadable: the row was left out;
// text.invalid (bytes that are no UTF-8 were replaced), time.rounded, time.unreadable (now null), value.null-item
// (left out of its set): the row was given out all the same.
int32_t archive_next(archive_reader *reader, void *schema, void *array, int32_t *table,
                     archive_position *position, archive_error *error);

// The rows of the batch just given out if it was one of files. Valid until the next archive_next.
const archive_file_row *archive_files(const archive_reader *reader, int64_t *count);
void archive_reader_counts(const archive_reader *reader, archive_counts *counts);
void archive_close(archive_reader *reader);

typedef struct archive_write_options {
    int64_t part_bytes;  // a part larger than this is followed by another; 0: 52,428,800 as the peer does
} archive_write_options;

// What could not be stored as it was. The example is the path of the first such row.
typedef struct archive_write_losses {
    int64_t steps_out_of_range;  // |step| >= 10^12: rows left out
    int64_t nan_fields;          // float fields that are NaN: stored as null, which readers take for padding
    int64_t bare_nan_points;     // NaN without step and time: likewise
    int64_t times_rounded;       // finer than a millisecond: cut to it
    archive_text steps_example;
    archive_text nan_example;
    archive_text bare_nan_example;
    archive_text times_example;
} archive_write_losses;

typedef struct archive_writer archive_writer;

// Deletes the unfinished parts of an earlier attempt. A finished one stays until archive_writer_finish.
// `stem` is a file name without `_part_N.parquet`. `options` may be NULL.
int32_t archive_writer_open(const char *directory, const char *stem, archive_text project_id,
                            archive_text run_id, const archive_write_options *options,
                            archive_writer **writer, archive_error *error);

// Takes a batch of fields/1, points/1, series/1 or histograms/1; both structs are released, also on failure.
int32_t archive_writer_write(archive_writer *writer, int32_t table, void *schema, void *array,
                             archive_error *error);
int32_t archive_writer_files(archive_writer *writer, const archive_file_row *rows, int64_t count,
                             archive_error *error);

// Makes the run complete: every part on disk, part 0 renamed last. `parts` is 0 if there was no row.
int32_t archive_writer_finish(archive_writer *writer, int64_t *parts, int64_t *rows, archive_error *error);
// Valid until the writer is freed.
void archive_writer_losses(const archive_writer *writer, archive_write_losses *losses);
// Frees the writer. Unless finished, its unfinished parts are deleted.
void archive_writer_free(archive_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
