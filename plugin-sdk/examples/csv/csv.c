/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "csv.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 18, MOST_CELLS = 1 << 24 };

void csv_open_file(csv_reader *reader, int fd) {
    *reader = (csv_reader){.fd = fd, .line = 1};
}

void csv_open_text(csv_reader *reader, host_text text) {
    /* The block of a text is only read, never freed: see csv_close. */
    *reader = (csv_reader){.fd = -1, .line = 1, .block = (char *)(uintptr_t)text.data, .filled = text.size};
}

void csv_close(csv_reader *reader) {
    if (reader->fd >= 0) free(reader->block);
    buffer_free(&reader->text);
    free(reader->cells);
    *reader = (csv_reader){.fd = -1};
}

bool csv_seek(csv_reader *reader, int64_t offset, int64_t line) {
    if (lseek(reader->fd, (off_t)offset, SEEK_SET) < 0) return false;
    reader->at = reader->filled = 0;
    reader->offset = offset;
    reader->line = line;
    return true;
}

/* The next byte without taking it; -1 at the end, -2 after an error. */
static int peek(csv_reader *reader) {
    if (reader->at < reader->filled) return (unsigned char)reader->block[reader->at];
    if (reader->fd < 0) return -1;
    if (reader->block == NULL && (reader->block = malloc(BLOCK)) == NULL) {
        reader->error = ENOMEM;
        return -2;
    }
    ssize_t count;
    do count = read(reader->fd, reader->block, BLOCK); while (count < 0 && errno == EINTR);
    reader->at = 0;
    reader->filled = count < 0 ? 0 : count;
    if (count < 0) reader->error = errno;
    return count < 0 ? -2 : count == 0 ? -1 : (unsigned char)reader->block[0];
}

static void take(csv_reader *reader) {
    if (reader->block[reader->at] == '\n') reader->line++;
    reader->at++;
    reader->offset++;
}

/* Copies bytes up to the next one that means something. */
static void take_plain(csv_reader *reader, bool in_quotes) {
    int64_t end = reader->at;
    while (end < reader->filled) {
        char byte = reader->block[end];
        if (byte == '"' || (!in_quotes && (byte == ',' || byte == '\n' || byte == '\r'))) break;
        if (byte == '\n') reader->line++;
        end++;
    }
    buffer_add(&reader->text, reader->block + reader->at, end - reader->at);
    reader->offset += end - reader->at;
    reader->at = end;
}

static csv_result ended(csv_reader *reader, int byte) {
    if (byte == -2) return reader->error == ENOMEM ? CSV_NO_MEMORY : CSV_TROUBLE;
    return reader->text.has_failed ? CSV_NO_MEMORY : CSV_RECORD;
}

static csv_result broken(csv_reader *reader, const char *fault) {
    reader->fault = fault;
    return CSV_BROKEN;
}

static csv_result take_quoted(csv_reader *reader) {
    take(reader);
    for (;;) {
        take_plain(reader, true);
        int byte = peek(reader);
        if (byte == -2) return ended(reader, byte);
        if (byte == -1) return broken(reader, "a quote is never closed");
        if (byte != '"') continue; /* the block ended inside the cell */
        take(reader);
        if (peek(reader) != '"') return CSV_RECORD;
        take(reader);
        buffer_add(&reader->text, "\"", 1);
    }
}

static csv_result take_cell(csv_reader *reader) {
    csv_cell *cell = &reader->cells[reader->count++];
    *cell = (csv_cell){.start = reader->text.size};
    if (peek(reader) == '"') {
        cell->is_quoted = true;
        csv_result result = take_quoted(reader);
        if (result != CSV_RECORD) return result;
    } else {
        int64_t before;
        do {
            before = reader->offset;
            take_plain(reader, false);
        } while (reader->offset > before && peek(reader) >= 0 && reader->at == 0);
    }
    cell->size = reader->text.size - cell->start;
    return CSV_RECORD;
}

static bool add_room(csv_reader *reader) {
    int room = reader->room == 0 ? 16 : reader->room * 2;
    csv_cell *grown = realloc(reader->cells, (size_t)room * sizeof *grown);
    if (grown == NULL) return false;
    reader->cells = grown;
    reader->room = room;
    return true;
}

static csv_result take_record(csv_reader *reader) {
    for (;;) {
        if (reader->count == MOST_CELLS) return broken(reader, "the line has too many cells");
        if (reader->count == reader->room && !add_room(reader)) return CSV_NO_MEMORY;
        csv_result result = take_cell(reader);
        if (result != CSV_RECORD) return result;
        int byte = peek(reader);
        if (byte < 0) return ended(reader, byte);
        if (byte == ',') {
            take(reader);
            continue;
        }
        if (byte == '\r') {
            take(reader);
            byte = peek(reader);
        }
        if (byte == '\n') take(reader);
        else if (byte != -1) return broken(reader, "a quote or a carriage return stands where none can");
        return ended(reader, byte == -2 ? -2 : 0);
    }
}

csv_result csv_next(csv_reader *reader) {
    for (;;) {
        reader->text.size = 0;
        reader->count = 0;
        int byte = peek(reader);
        if (byte == -1) return CSV_END;
        if (byte == -2) return ended(reader, byte);
        if (reader->offset == 0 && reader->filled >= 3 && memcmp(reader->block, "\xEF\xBB\xBF", 3) == 0) {
            reader->at += 3;
            reader->offset += 3;
            continue;
        }
        csv_result result = take_record(reader);
        bool is_blank = result == CSV_RECORD && reader->count == 1 && reader->text.size == 0 &&
                        !reader->cells[0].is_quoted;
        if (!is_blank) return result;
    }
}

host_text csv_text(const csv_reader *reader, int cell) {
    if (cell < 0 || cell >= reader->count) return (host_text){0};
    const csv_cell *at = &reader->cells[cell];
    if (at->size == 0) return at->is_quoted ? (host_text)HOST_TEXT("") : (host_text){0};
    return (host_text){reader->text.data + at->start, at->size};
}

void csv_put(buffer *to, bool is_first, host_text text) {
    if (!is_first) buffer_add(to, ",", 1);
    if (text.data == NULL) return;
    bool needs_quotes = text.size == 0;
    for (int64_t i = 0; i < text.size && !needs_quotes; i++) {
        char byte = text.data[i];
        needs_quotes = byte == '"' || byte == ',' || byte == '\n' || byte == '\r';
    }
    /* At the head of a file these bytes would be taken for a byte order mark. */
    needs_quotes = needs_quotes || (is_first && (unsigned char)text.data[0] == 0xEF);
    if (!needs_quotes) {
        buffer_add_text(to, text);
        return;
    }
    buffer_add(to, "\"", 1);
    for (int64_t start = 0; start < text.size;) {
        const char *quote = memchr(text.data + start, '"', (size_t)(text.size - start));
        int64_t end = quote == NULL ? text.size : quote - text.data + 1;
        buffer_add(to, text.data + start, end - start);
        if (quote != NULL) buffer_add(to, "\"", 1);
        start = end;
    }
    buffer_add(to, "\"", 1);
}

void csv_end_record(buffer *to) { buffer_add(to, "\n", 1); }
