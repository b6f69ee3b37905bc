/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"
#include "place.h"
#include "value.h"
#include <errno.h>
#include <unistd.h>

enum { CELLS = 2 * TABLES + 2 };

static int64_t check_of(const mark *at) {
    uint64_t sum = at->sequence * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < TABLES; i++) {
        sum = (sum ^ (uint64_t)at->rows[i]) * 0x100000001B3u;
        sum = (sum ^ (uint64_t)at->bytes[i]) * 0x100000001B3u;
    }
    return (int64_t)(sum >> 1);
}

static bool parse(const csv_reader *reader, mark *out) {
    int64_t cells[CELLS];
    /* A line without its end was cut off, even if what is there of it makes sense. */
    if (reader->count != CELLS || reader->at == 0 || reader->block[reader->at - 1] != '\n') return false;
    for (int i = 0; i < CELLS; i++) {
        if (!parse_integer(csv_text(reader, i), &cells[i]) || cells[i] < 0) return false;
    }
    out->sequence = (uint64_t)cells[0];
    for (int i = 0; i < TABLES; i++) {
        out->rows[i] = cells[1 + 2 * i];
        out->bytes[i] = cells[2 + 2 * i];
    }
    return cells[CELLS - 1] == check_of(out);
}

int progress_read(int fd, uint64_t most, mark *out, int64_t *end) {
    csv_reader reader;
    mark line;
    *out = (mark){0};
    *end = 0;
    if (lseek(fd, 0, SEEK_SET) < 0) return errno;
    csv_open_file(&reader, fd);
    csv_result result = csv_next(&reader); /* the header */
    if (result == CSV_RECORD) *end = reader.offset;
    while (result == CSV_RECORD && (result = csv_next(&reader)) == CSV_RECORD && parse(&reader, &line)) {
        if (line.sequence > most) break;
        *out = line;
        *end = reader.offset;
    }
    int error = result == CSV_TROUBLE ? reader.error : result == CSV_NO_MEMORY ? ENOMEM : 0;
    csv_close(&reader);
    return error;
}

static int put_down(int fd, buffer *line) {
    int error = line->has_failed ? ENOMEM : write_all(fd, line->data, line->size);
    buffer_free(line);
    return error == 0 && fdatasync(fd) != 0 ? errno : error;
}

int progress_begin(int fd) {
    buffer line = {0};
    csv_put(&line, true, (host_text)HOST_TEXT("sequence"));
    for (int i = 0; i < TABLES; i++) {
        for (int what = 0; what < 2; what++) {
            buffer_add_string(&line, what == 0 ? ",rows of " : ",bytes of ");
            buffer_add_string(&line, LAYOUT[i].file);
        }
    }
    buffer_add_string(&line, ",check\n");
    return put_down(fd, &line);
}

int progress_append(int fd, const mark *at) {
    buffer line = {0};
    buffer_add_number(&line, (int64_t)at->sequence);
    for (int i = 0; i < TABLES; i++) {
        buffer_add(&line, ",", 1);
        buffer_add_number(&line, at->rows[i]);
        buffer_add(&line, ",", 1);
        buffer_add_number(&line, at->bytes[i]);
    }
    buffer_add(&line, ",", 1);
    buffer_add_number(&line, check_of(at));
    csv_end_record(&line);
    return put_down(fd, &line);
}
