/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.c: the records of one unit, table after table.
 */
#define _POSIX_C_SOURCE 200809L
#include "decode.h"
#include "place.h"
#include "reader.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_ROWS = 16384, MOST_BYTES = 2 << 20 };

typedef struct row_reader {
    struct host_reader base;
    int folder;
    char revision[17];
    buffer position;       /* PROJECT/UNIT/, which the place of a file is added to */
    int table;             /* TABLES at the end */
    int fd;                /* of the table, or -1 */
    int64_t offset, line;  /* where to go on in it; 0: behind the header */
    csv_reader csv;
    layout_header header;
    row_value row;
} row_reader;

host_status table_trouble(host_call *call, int table, const csv_reader *reader, csv_result result) {
    if (result == CSV_TROUBLE) {
        return host_fail_errno(api, call, reader->error, host_text_of(LAYOUT[table].file), "can't be read");
    }
    if (result == CSV_NO_MEMORY) return host_fail_memory(api, call);
    host_message message = {.size = 0};
    host_message_add_string(&message, "Near line ");
    host_message_add_number(&message, reader->line);
    host_message_add_string(&message, " ");
    host_message_add_string(&message, result == CSV_END ? "the file ends without a header" : reader->fault);
    host_message_add_string(&message, ".");
    return host_fail_as(api, call, HOST_INVALID_DATA, HOST_RETRY_NEVER, host_text_of(LAYOUT[table].file),
                        host_message_text(&message), NULL);
}

host_status table_open(host_call *call, int folder, int table, csv_reader *reader, layout_header *header, int *fd) {
    *fd = openat(folder, LAYOUT[table].file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0 && errno == ENOENT) return HOST_OK;
    if (*fd < 0) return host_fail_errno(api, call, errno, host_text_of(LAYOUT[table].file), "can't be opened");
    csv_open_file(reader, *fd);
    csv_result result = csv_next(reader);
    if (result != CSV_RECORD) return table_trouble(call, table, reader, result);
    host_text subject;
    const char *fault = layout_read_header(&LAYOUT[table], reader, header, &subject);
    if (fault == NULL) return HOST_OK;
    host_message where = {.size = 0};
    host_message_add_string(&where, LAYOUT[table].file);
    host_message_add_string(&where, " ");
    if (is_utf8(subject)) host_message_add(&where, subject);
    return host_fail(api, call, HOST_INVALID_DATA, host_message_text(&where), fault);
}

void loss_add(loss_rows *rows, const char *table, host_text path, const char *code, host_text note) {
    static const char *const columns[] = {"table", "path", "code", "note", "kind"};
    const host_text cells[] = {host_text_of(table), is_utf8(path) && path.data != NULL ? path : host_text_of(""),
                               host_text_of(code), note, host_text_of("dropped")};
    if (rows->build == NULL) {
        rows->build = host_build_new();
        for (int i = 0; i < 5; i++) (void)host_build_column(rows->build, columns[i], HOST_BUILD_TEXT);
        (void)host_build_column(rows->build, "rows", HOST_BUILD_INT64);
    }
    for (int i = 0; i < 5; i++) host_build_text(rows->build, i, cells[i]);
    host_build_int64(rows->build, 5, 1);
    host_build_end_row(rows->build);
    rows->count++;
}

host_status loss_move(host_call *call, loss_rows *rows, host_batch *out) {
    return host_build_move(rows->build, HOST_TABLE_LOSSES, out) ? HOST_OK : host_fail_memory(api, call);
}

static void close_table(row_reader *reader) {
    csv_close(&reader->csv);
    if (reader->fd >= 0) close(reader->fd);
    reader->fd = -1;
}

/* Stands on the next table that is there, behind what was read of it. HOST_END when there is none. */
static host_status open_next(host_call *call, row_reader *reader) {
    for (; reader->table < TABLES; reader->table++, reader->offset = 0) {
        host_status status = table_open(call, reader->folder, reader->table, &reader->csv, &reader->header, &reader->fd);
        if (status != HOST_OK) return status;
        if (reader->fd < 0) continue;
        if (reader->offset == 0 || csv_seek(&reader->csv, reader->offset, reader->line)) return HOST_OK;
        return host_fail_errno(api, call, errno, host_text_of(LAYOUT[reader->table].file), "can't be read");
    }
    return HOST_END;
}

/* NULL when the bytes of a files row are there as the row says. */
static const char *look_at_file(const row_reader *reader, const char **code) {
    struct stat info;
    const row_value *row = &reader->row;
    int fd = open_below(reader->folder, row->text[8]);
    if (fd < 0) {
        bool is_missing = errno == ENOENT;
        *code = is_missing ? "file.missing" : "file.unsafe-path";
        return is_missing ? "its file is not there" : "its file is a link, no file, or lies outside the unit's folder";
    }
    bool is_same = fstat(fd, &info) == 0 && (!row->has_integer || info.st_size == row->integer);
    close(fd);
    *code = "file.changed";
    return is_same ? NULL : "its file has another size than files.csv says";
}

static host_text reference(row_reader *reader, int64_t prefix) {
    reader->position.size = prefix;
    if (reader->table == TABLE_FILES) buffer_add_text(&reader->position, reader->row.text[8]);
    return buffer_text(&reader->position);
}

static void add_loss(const row_reader *reader, loss_rows *losses, const char *code, const char *fault, int64_t line) {
    host_message note = {.size = 0};
    int cell = reader->header.cell[0];
    host_message_add_string(&note, "line ");
    host_message_add_number(&note, line);
    host_message_add_string(&note, " of ");
    host_message_add_string(&note, LAYOUT[reader->table].file);
    host_message_add_string(&note, ": ");
    host_message_add_string(&note, fault);
    loss_add(losses, LAYOUT[reader->table].table, csv_text(&reader->csv, cell), code, host_message_text(&note));
}

/* Rows until the batch is full, the table ends, or good rows and bad ones would meet: a batch has one sort alone, so
 * that each cursor stands exactly behind its batch. */
static host_status fill(host_call *call, row_reader *reader, row_target *rows, loss_rows *losses) {
    int64_t prefix = reader->position.size;
    host_status status = HOST_OK;
    csv_result result = CSV_RECORD;
    for (int64_t count = 0; count < MOST_ROWS && status == HOST_OK; count++) {
        int64_t offset = reader->csv.offset, line = reader->csv.line;
        if (count % 1024 == 0 && is_stopped(call, reader->base.instance)) {
            status = stopped(call);
            break;
        }
        result = csv_next(&reader->csv);
        if (result != CSV_RECORD) break;
        const char *code = "row.malformed";
        const char *fault = row_parse(&LAYOUT[reader->table], &reader->header, &reader->csv, &reader->row);
        if (fault == NULL && reader->table == TABLE_FILES) fault = look_at_file(reader, &code);
        bool would_meet = fault == NULL ? losses->count > 0 : rows->build != NULL;
        /* One large row has a batch for itself. */
        bool is_full = rows->build != NULL && rows->build->bytes + reader->csv.text.size > MOST_BYTES;
        if (would_meet || is_full) {
            if (!csv_seek(&reader->csv, offset, line)) result = CSV_TROUBLE;
            reader->csv.error = errno;
            break;
        }
        if (fault != NULL) {
            add_loss(reader, losses, code, fault, line);
            continue;
        }
        if (rows->build == NULL) target_open(rows, &LAYOUT[reader->table]);
        row_add(rows, &reader->row, reference(reader, prefix));
        reader->position.size = prefix;
        if (rows->build == NULL || rows->build->has_failed) status = host_fail_memory(api, call);
    }
    if (status == HOST_OK && result != CSV_RECORD && result != CSV_END) {
        status = table_trouble(call, reader->table, &reader->csv, result);
    }
    return status;
}

/* What goes before each cursor to tell it from all others: a place that was made up would stand inside a row. */
static uint64_t check_of(const char *revision, const int64_t place[3]) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (const char *at = revision; *at != '\0'; at++) hash = (hash ^ (unsigned char)*at) * 0x100000001B3u;
    for (int i = 0; i < 3; i++) hash = (hash ^ (uint64_t)place[i]) * 0x100000001B3u ^ hash >> 29;
    return hash >> 1;
}

/* A cursor is a check number, the position of a table, a place in its file and a line. */
static void put_cursor(buffer *to, const char *revision, int table, int64_t offset, int64_t line) {
    const int64_t place[3] = {table, offset, line};
    to->size = 0;
    buffer_add_number(to, (int64_t)check_of(revision, place));
    for (int i = 0; i < 3; i++) {
        buffer_add(to, " ", 1);
        buffer_add_number(to, place[i]);
    }
}

static host_status next(host_call *call, host_reader *base, host_batch *out) {
    row_reader *reader = (row_reader *)base;
    row_target rows = {0};
    loss_rows losses = {0};
    host_status status = HOST_OK;
    while (status == HOST_OK && rows.build == NULL && losses.count == 0) {
        if (reader->fd < 0) status = open_next(call, reader);
        if (status == HOST_OK) status = fill(call, reader, &rows, &losses);
        if (status != HOST_OK || rows.build != NULL || losses.count > 0) break;
        close_table(reader);
        reader->table++;
        reader->offset = 0;
    }
    if (status != HOST_OK) {
        host_build_free(rows.build);
        host_build_free(losses.build);
        return status;
    }
    put_cursor(&base->cursor, reader->revision, reader->table, reader->csv.offset, reader->csv.line);
    out->cursor = host_bytes_from(base->cursor.data, base->cursor.size);
    if (losses.count > 0) return loss_move(call, &losses, out);
    return host_build_move(rows.build, LAYOUT[reader->table].table, out) ? HOST_OK : host_fail_memory(api, call);
}

static void close_rows(host_reader *base) {
    row_reader *reader = (row_reader *)base;
    close_table(reader);
    row_free(&reader->row);
    close(reader->folder);
    buffer_free(&reader->position);
    buffer_free(&base->cursor);
    free(reader);
}

static bool parse_cursor(host_bytes cursor, const char *revision, int64_t place[3]) {
    int64_t numbers[4], start = 0;
    for (int i = 0; i < 4; i++) {
        int64_t end = start;
        while (end < cursor.size && cursor.data[end] != ' ') end++;
        if (start > cursor.size || (end == cursor.size) != (i == 3)) return false;
        if (!parse_integer(host_text_from((const char *)cursor.data + start, end - start), &numbers[i])) return false;
        start = end + 1;
    }
    memcpy(place, numbers + 1, 3 * sizeof *place);
    return numbers[0] == (int64_t)check_of(revision, place) && place[0] >= 0 && place[0] < TABLES;
}

host_status rows_open(host_call *call, host_instance *instance, int folder, host_text position, host_bytes cursor,
                      host_reader **out) {
    int64_t place[3] = {0, 0, 0};
    *out = NULL;
    row_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        close(folder);
        return host_fail_memory(api, call);
    }
    (void)unit_revision(folder, reader->revision);
    if (cursor.size > 0 && !parse_cursor(cursor, reader->revision, place)) {
        close(folder);
        free(reader);
        return host_fail(api, call, HOST_INVALID_DATA, host_text_of("cursor"),
                         "The cursor is none of this plugin, or the unit has changed since.");
    }
    reader->base = (struct host_reader){.next = next, .close = close_rows, .instance = instance};
    reader->folder = folder;
    reader->csv.fd = reader->fd = -1;
    reader->table = (int)place[0];
    reader->offset = place[1];
    reader->line = place[2];
    buffer_add_text(&reader->position, position);
    buffer_add_string(&reader->position, "/");
    *out = &reader->base;
    return HOST_OK;
}
