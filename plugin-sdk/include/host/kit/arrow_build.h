/* SPDX-License-Identifier: Apache-2.0
 *
 * kit/arrow_build.h: making a batch for an exporter, row by row. Header only; memory by calloc and realloc.
 *
 *     host_build *rows = host_build_new();
 *     int path = host_build_column(rows, "path", HOST_BUILD_TEXT);
 *     int value = host_build_column(rows, "value", HOST_BUILD_FLOAT64);
 *     while (…) {
 *         host_build_text(rows, path, name);
 *         host_build_float64(rows, value, number);
 *         host_build_end_row(rows);
 *     }
 *     if (!host_build_move(rows, HOST_TABLE_POINTS, out)) return host_fail_memory(api, call);
 *
 * A cell that a row does not set is null. Nothing has to be checked on the way: the first failure (no memory, more
 * than 2 GiB of text, a value of another type, two values for one cell) is remembered, NULL for no memory at the
 * start included, and `host_build_move` tells it.
 */
#ifndef HOST_KIT_ARROW_BUILD_H
#define HOST_KIT_ARROW_BUILD_H

#include "../exporter.h"
#include "text.h"
#include <stdlib.h>

typedef enum host_build_type {
    HOST_BUILD_TEXT,
    HOST_BUILD_INT64,
    HOST_BUILD_INT32,
    HOST_BUILD_FLOAT64,
    HOST_BUILD_BOOL,
    HOST_BUILD_TIME,       /* microseconds since 1970 UTC */
    HOST_BUILD_TIME_MS,    /* milliseconds since 1970 UTC */
    HOST_BUILD_TEXT_LIST,
    HOST_BUILD_FLOAT_LIST
} host_build_type;

enum { HOST_BUILD_MOST_COLUMNS = 24 };

typedef struct host_build_buffer {
    uint8_t *data;
    int64_t size, capacity;
} host_build_buffer;

typedef struct host_build_values {
    const char *name;
    host_build_type type;
    int64_t rows, nulls;
    host_build_buffer validity, offsets, values, item_offsets;
    struct ArrowSchema schema, item_schema, *item_schemas[1];
    struct ArrowArray array, item_array, *item_arrays[1];
    const void *buffers[3], *item_buffers[3];
} host_build_values;

/* One block for all structs and values. Each schema and array that was handed out counts as an owner, since a
 * receiver may move the inner ones away and release them later, on any thread: the last one frees. */
typedef struct host_build {
    int64_t rows;
    int64_t bytes;         /* of values so far: cut batches by HOST_MAX_BATCH_ROWS and HOST_MAX_BATCH_BYTES */
    int32_t columns;
    int32_t owners;
    bool has_failed;
    host_build_values column[HOST_BUILD_MOST_COLUMNS];
    struct ArrowSchema *schemas[HOST_BUILD_MOST_COLUMNS];
    struct ArrowArray *arrays[HOST_BUILD_MOST_COLUMNS];
    const void *root_buffers[1];
} host_build;

static inline host_build *host_build_new(void) { return (host_build *)calloc(1, sizeof(host_build)); }

/* For a batch that is not moved. */
static inline void host_build_free(host_build *build) {
    if (build == NULL) return;
    for (int32_t i = 0; i < build->columns; i++) {
        free(build->column[i].validity.data);
        free(build->column[i].offsets.data);
        free(build->column[i].values.data);
        free(build->column[i].item_offsets.data);
    }
    free(build);
}

static inline void *host_build_fail(host_build *build) {
    build->has_failed = true;
    return NULL;
}

static inline uint8_t *host_build_room(host_build *build, host_build_buffer *into, int64_t count) {
    if (count > into->capacity - into->size) {
        if (count > INT64_MAX / 4 - into->size) return (uint8_t *)host_build_fail(build);
        int64_t capacity = (into->size + count) * 2 < 256 ? 256 : (into->size + count) * 2;
        uint8_t *grown = (uint8_t *)realloc(into->data, (size_t)capacity);
        if (grown == NULL) return (uint8_t *)host_build_fail(build);
        into->data = grown;
        into->capacity = capacity;
    }
    uint8_t *place = into->data + into->size;
    into->size += count;
    build->bytes += count;
    return place;
}

static inline void host_build_add(host_build *build, host_build_buffer *into, const void *data, int64_t count) {
    uint8_t *place = host_build_room(build, into, count);
    if (place != NULL && count > 0) memcpy(place, data, (size_t)count);
}

/* Arrow's 32-bit offsets end at 2 GiB. */
static inline void host_build_offset(host_build *build, host_build_buffer *offsets, int64_t end) {
    int32_t narrow = (int32_t)end;
    if (end > INT32_MAX) build->has_failed = true;
    else host_build_add(build, offsets, &narrow, (int64_t)sizeof narrow);
}

static inline void host_build_bit(host_build *build, host_build_buffer *bits, int64_t at, bool is_set) {
    if (at % 8 == 0) {
        uint8_t *fresh = host_build_room(build, bits, 1);
        if (fresh != NULL) *fresh = 0;
    }
    if (!build->has_failed && is_set) bits->data[at >> 3] = (uint8_t)(bits->data[at >> 3] | 1u << (at & 7));
}

/* Adds a column before the first row; `name` has to live for ever (a literal). Answers its position. */
static inline int host_build_column(host_build *build, const char *name, host_build_type type) {
    if (build == NULL || build->has_failed) return -1;
    if (build->columns == HOST_BUILD_MOST_COLUMNS || build->rows > 0) {
        build->has_failed = true;
        return -1;
    }
    host_build_values *made = &build->column[build->columns++];
    made->name = name;
    made->type = type;
    if (type == HOST_BUILD_TEXT || type == HOST_BUILD_TEXT_LIST || type == HOST_BUILD_FLOAT_LIST) {
        host_build_offset(build, &made->offsets, 0);
    }
    if (type == HOST_BUILD_TEXT_LIST) host_build_offset(build, &made->item_offsets, 0);
    return build->columns - 1;
}

/* Marks the next cell of a column as there or null; the bitmap is made at the first null. */
static inline void host_build_mark(host_build *build, host_build_values *column, bool is_there) {
    if (!is_there && column->validity.data == NULL) {
        for (int64_t row = 0; row < column->rows; row++) host_build_bit(build, &column->validity, row, true);
    }
    if (!is_there) column->nulls++;
    if (column->nulls > 0) host_build_bit(build, &column->validity, column->rows, is_there);
    column->rows++;
}

/* The column, ready for this row's value; NULL when none can be taken. */
static inline host_build_values *host_build_cell(host_build *build, int column, host_build_type type) {
    if (build == NULL || build->has_failed) return NULL;
    bool fits = column >= 0 && column < build->columns && build->column[column].type == type &&
                build->column[column].rows == build->rows;
    if (!fits) return (host_build_values *)host_build_fail(build);
    host_build_mark(build, &build->column[column], true);
    return &build->column[column];
}

/* Absent text leaves the cell null. */
static inline void host_build_text(host_build *build, int column, host_text text) {
    if (text.data == NULL) return;
    host_build_values *to = host_build_cell(build, column, HOST_BUILD_TEXT);
    if (to == NULL) return;
    host_build_add(build, &to->values, text.data, text.size);
    host_build_offset(build, &to->offsets, to->values.size);
}

static inline void host_build_int64(host_build *build, int column, int64_t value) {
    host_build_values *to = host_build_cell(build, column, HOST_BUILD_INT64);
    if (to != NULL) host_build_add(build, &to->values, &value, (int64_t)sizeof value);
}

static inline void host_build_int32(host_build *build, int column, int32_t value) {
    host_build_values *to = host_build_cell(build, column, HOST_BUILD_INT32);
    if (to != NULL) host_build_add(build, &to->values, &value, (int64_t)sizeof value);
}

static inline void host_build_float64(host_build *build, int column, double value) {
    host_build_values *to = host_build_cell(build, column, HOST_BUILD_FLOAT64);
    if (to != NULL) host_build_add(build, &to->values, &value, (int64_t)sizeof value);
}

static inline void host_build_bool(host_build *build, int column, bool value) {
    host_build_values *to = host_build_cell(build, column, HOST_BUILD_BOOL);
    if (to != NULL) host_build_bit(build, &to->values, to->rows - 1, value);
}

/* In the column's own unit: microseconds or milliseconds. */
static inline void host_build_time(host_build *build, int column, int64_t value) {
    bool is_known = build != NULL && column >= 0 && column < build->columns;
    bool is_coarse = is_known && build->column[column].type == HOST_BUILD_TIME_MS;
    host_build_values *to = host_build_cell(build, column, is_coarse ? HOST_BUILD_TIME_MS : HOST_BUILD_TIME);
    if (to != NULL) host_build_add(build, &to->values, &value, (int64_t)sizeof value);
}

static inline void host_build_texts(host_build *build, int column, const host_text *items, int64_t count) {
    host_build_values *to = host_build_cell(build, column, HOST_BUILD_TEXT_LIST);
    for (int64_t i = 0; to != NULL && i < count; i++) {
        host_build_add(build, &to->values, items[i].data, items[i].size);
        host_build_offset(build, &to->item_offsets, to->values.size);
    }
    if (to != NULL) host_build_offset(build, &to->offsets, to->item_offsets.size / 4 - 1);
}

static inline void host_build_floats(host_build *build, int column, const double *items, int64_t count) {
    host_build_values *to = host_build_cell(build, column, HOST_BUILD_FLOAT_LIST);
    if (to == NULL) return;
    host_build_add(build, &to->values, items, count * (int64_t)sizeof *items);
    host_build_offset(build, &to->offsets, to->values.size / 8);
}

static inline void host_build_null(host_build *build, host_build_values *column) {
    static const int64_t zero = 0;
    switch (column->type) {
    case HOST_BUILD_TEXT: host_build_offset(build, &column->offsets, column->values.size); break;
    case HOST_BUILD_TEXT_LIST: host_build_offset(build, &column->offsets, column->item_offsets.size / 4 - 1); break;
    case HOST_BUILD_FLOAT_LIST: host_build_offset(build, &column->offsets, column->values.size / 8); break;
    case HOST_BUILD_BOOL: host_build_bit(build, &column->values, column->rows, false); break;
    case HOST_BUILD_INT32: host_build_add(build, &column->values, &zero, 4); break;
    default: host_build_add(build, &column->values, &zero, 8); break;
    }
    host_build_mark(build, column, false);
}

/* Ends the row; cells that were not set become null. */
static inline void host_build_end_row(host_build *build) {
    if (build == NULL) return;
    for (int32_t i = 0; i < build->columns && !build->has_failed; i++) {
        if (build->column[i].rows == build->rows) host_build_null(build, &build->column[i]);
    }
    build->rows++;
}

static inline void host_build_let_go(void *block) {
    host_build *build = (host_build *)block;
    if (__atomic_sub_fetch(&build->owners, 1, __ATOMIC_ACQ_REL) == 0) host_build_free(build);
}

/* A child without a release function was moved away by the receiver. */
static inline void host_build_release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL) schema->children[i]->release(schema->children[i]);
    }
    schema->release = NULL;
    host_build_let_go(schema->private_data);
}

static inline void host_build_release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL) array->children[i]->release(array->children[i]);
    }
    array->release = NULL;
    host_build_let_go(array->private_data);
}

static inline void host_build_describe(host_build *build, struct ArrowSchema *schema, struct ArrowArray *array,
                                       const char *format, const char *name, int64_t length) {
    schema->format = format;
    schema->name = name;
    schema->flags = ARROW_FLAG_NULLABLE;
    schema->release = host_build_release_schema;
    schema->private_data = build;
    array->length = length;
    array->release = host_build_release_array;
    array->private_data = build;
    build->owners += 2;
}

static inline void host_build_finish_column(host_build *build, host_build_values *column) {
    static const char *const formats[] = {"u", "l", "i", "g", "b", "tsu:UTC", "tsm:UTC", "+l", "+l"};
    host_build_describe(build, &column->schema, &column->array, formats[column->type], column->name, column->rows);
    struct ArrowArray *array = &column->array;
    array->null_count = column->nulls;
    array->buffers = column->buffers;
    column->buffers[0] = column->nulls > 0 ? column->validity.data : NULL;
    bool is_list = column->type == HOST_BUILD_TEXT_LIST || column->type == HOST_BUILD_FLOAT_LIST;
    if (!is_list) {
        bool is_text = column->type == HOST_BUILD_TEXT;
        array->n_buffers = is_text ? 3 : 2;
        column->buffers[1] = is_text ? column->offsets.data : column->values.data;
        column->buffers[2] = column->values.data;
        return;
    }
    bool has_texts = column->type == HOST_BUILD_TEXT_LIST;
    array->n_buffers = 2;
    column->buffers[1] = column->offsets.data;
    int64_t items = has_texts ? column->item_offsets.size / 4 - 1 : column->values.size / 8;
    host_build_describe(build, &column->item_schema, &column->item_array, has_texts ? "u" : "g", "item", items);
    column->item_array.n_buffers = has_texts ? 3 : 2;
    column->item_array.buffers = column->item_buffers;
    column->item_buffers[1] = has_texts ? column->item_offsets.data : column->values.data;
    column->item_buffers[2] = column->values.data;
    column->item_schemas[0] = &column->item_schema;
    column->item_arrays[0] = &column->item_array;
    column->schema.n_children = array->n_children = 1;
    column->schema.children = column->item_schemas;
    array->children = column->item_arrays;
}

/* Moves the rows into `out`; the builder is gone either way. `table` has to live for ever (HOST_TABLE_…). False, and
 * nothing in `out`, when a step on the way failed. The cursor is the caller's to set. */
static inline bool host_build_move(host_build *build, const char *table, host_batch *out) {
    if (build == NULL || build->has_failed) {
        host_build_free(build);
        return false;
    }
    for (int32_t i = 0; i < build->columns; i++) {
        host_build_finish_column(build, &build->column[i]);
        build->schemas[i] = &build->column[i].schema;
        build->arrays[i] = &build->column[i].array;
    }
    memset(&out->schema, 0, sizeof out->schema);
    memset(&out->array, 0, sizeof out->array);
    host_build_describe(build, &out->schema, &out->array, "+s", "", build->rows);
    out->schema.flags = 0;
    out->schema.n_children = out->array.n_children = build->columns;
    out->schema.children = build->schemas;
    out->array.children = build->arrays;
    out->array.n_buffers = 1;
    out->array.buffers = build->root_buffers;
    out->table = host_text_of(table);
    return true;
}

#endif
