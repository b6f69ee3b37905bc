/* SPDX-License-Identifier: Apache-2.0
 *
 * catalogue.c: every name of a unit with its table, role and number of rows, before any record is read.
 */
#define _POSIX_C_SOURCE 200809L
#include "reader.h"
#include "value.h"
#include <stdlib.h>
#include <unistd.h>

enum { MOST_ROWS = 8192 };

typedef struct entry {
    int64_t start, path_size, role_size; /* in `texts`: the path, then the role */
    int64_t rows;
    int table;
} entry;

typedef struct catalogue {
    struct host_reader base;
    int folder;
    buffer texts;
    entry *entries;
    int64_t count, room;
    int64_t *slots;      /* positions of entries plus one, 0: free; open addressing */
    int64_t slot_count;  /* a power of two, more than twice `count` */
    bool is_filled;
    int64_t at;          /* entries that were handed over */
} catalogue;

static uint64_t hash_of(int table, host_text path, host_text role) {
    uint64_t hash = 0xCBF29CE484222325u ^ (uint64_t)table;
    for (int64_t i = 0; i < path.size; i++) hash = (hash ^ (unsigned char)path.data[i]) * 0x100000001B3u;
    hash = (hash ^ 0xFF) * 0x100000001B3u;
    for (int64_t i = 0; i < role.size; i++) hash = (hash ^ (unsigned char)role.data[i]) * 0x100000001B3u;
    return hash ^ hash >> 32;
}

static host_text path_of(const catalogue *in, const entry *of) {
    return host_text_from(in->texts.data + of->start, of->path_size);
}

static host_text role_of(const catalogue *in, const entry *of) {
    return host_text_from(in->texts.data + of->start + of->path_size, of->role_size);
}

static int64_t *slot_of(const catalogue *in, int table, host_text path, host_text role) {
    uint64_t mask = (uint64_t)in->slot_count - 1;
    for (uint64_t at = hash_of(table, path, role) & mask;; at = (at + 1) & mask) {
        const entry *there = in->slots[at] == 0 ? NULL : &in->entries[in->slots[at] - 1];
        if (there == NULL || (there->table == table && host_text_equal(path_of(in, there), path) &&
                              host_text_equal(role_of(in, there), role))) {
            return &in->slots[at];
        }
    }
}

static bool grow(catalogue *in) {
    int64_t room = in->room == 0 ? 256 : in->room * 2;
    entry *entries = realloc(in->entries, (size_t)room * sizeof *entries);
    if (entries == NULL) return false;
    in->entries = entries;
    in->room = room;
    int64_t *slots = calloc((size_t)room * 4, sizeof *slots);
    if (slots == NULL) return false;
    free(in->slots);
    in->slots = slots;
    in->slot_count = room * 4;
    for (int64_t i = 0; i < in->count; i++) {
        const entry *known = &in->entries[i];
        *slot_of(in, known->table, path_of(in, known), role_of(in, known)) = i + 1;
    }
    return true;
}

static bool count_row(catalogue *in, int table, host_text path, host_text role) {
    if (in->count == in->room && !grow(in)) return false;
    int64_t *slot = slot_of(in, table, path, role);
    if (*slot == 0) {
        in->entries[in->count++] = (entry){in->texts.size, path.size, role.size, 0, table};
        *slot = in->count;
        buffer_add_text(&in->texts, path);
        buffer_add_text(&in->texts, role);
    }
    in->entries[*slot - 1].rows++;
    return !in->texts.has_failed;
}

/* Lines that are no rows are not announced; reading them tells a loss each. */
static host_status count_table(host_call *call, catalogue *in, int table) {
    csv_reader csv = {.fd = -1};
    layout_header header;
    int fd;
    host_status status = table_open(call, in->folder, table, &csv, &header, &fd);
    int role_column = layout_column_of(&LAYOUT[table], host_text_of("role"));
    csv_result result = CSV_RECORD;
    for (int64_t row = 0; status == HOST_OK && fd >= 0 && (result = csv_next(&csv)) == CSV_RECORD; row++) {
        if (row % 4096 == 0 && is_stopped(call, in->base.instance)) status = stopped(call);
        host_text path = csv_text(&csv, header.cell[0]);
        host_text role = role_column < 0 ? host_text_of("") : csv_text(&csv, header.cell[role_column]);
        if (status != HOST_OK || path.data == NULL || role.data == NULL || !is_utf8(path) || !is_utf8(role)) continue;
        if (!count_row(in, table, path, role)) status = host_fail_memory(api, call);
    }
    if (status == HOST_OK && fd >= 0 && result != CSV_END) status = table_trouble(call, table, &csv, result);
    csv_close(&csv);
    if (fd >= 0) close(fd);
    return status;
}

static host_status next(host_call *call, host_reader *base, host_batch *out) {
    catalogue *in = (catalogue *)base;
    host_status status = HOST_OK;
    /* Links and grants come last, and have no names. */
    for (int table = 0; table < TABLE_LINKS && !in->is_filled && status == HOST_OK; table++) {
        status = count_table(call, in, table);
    }
    if (status != HOST_OK) return status;
    in->is_filled = true;
    if (in->at == in->count) return HOST_END;
    host_build *build = host_build_new();
    int path = host_build_column(build, "path", HOST_BUILD_TEXT);
    int table = host_build_column(build, "table", HOST_BUILD_TEXT);
    int role = host_build_column(build, "role", HOST_BUILD_TEXT);
    int rows = host_build_column(build, "rows", HOST_BUILD_INT64);
    int64_t first = in->at;
    for (; in->at < in->count && in->at - first < MOST_ROWS; in->at++) {
        const entry *one = &in->entries[in->at];
        if (build != NULL && in->at > first && build->bytes + one->path_size > HOST_MAX_BATCH_BYTES) break;
        host_build_text(build, path, path_of(in, one));
        host_build_text(build, table, host_text_of(LAYOUT[one->table].table));
        host_build_text(build, role, role_of(in, one));
        host_build_int64(build, rows, one->rows);
        host_build_end_row(build);
    }
    return host_build_move(build, HOST_TABLE_PATHS, out) ? HOST_OK : host_fail_memory(api, call);
}

static void close_catalogue(host_reader *base) {
    catalogue *in = (catalogue *)base;
    close(in->folder);
    buffer_free(&in->texts);
    buffer_free(&base->cursor);
    free(in->entries);
    free(in->slots);
    free(in);
}

host_status catalogue_open(host_call *call, host_instance *instance, int folder, host_text position,
                           host_reader **out) {
    (void)position;
    catalogue *made = calloc(1, sizeof *made);
    *out = NULL;
    if (made == NULL) {
        close(folder);
        return host_fail_memory(api, call);
    }
    made->base = (struct host_reader){.next = next, .close = close_catalogue, .instance = instance};
    made->folder = folder;
    *out = &made->base;
    return HOST_OK;
}
