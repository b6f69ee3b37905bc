/* SPDX-License-Identifier: Apache-2.0
 *
 * kit/arrow_read.h: the cells of a batch that a loader is given. Header only, no allocation.
 *
 *     host_column path = host_column_find(batch, "path"), step = host_column_find(batch, "step");
 *     for (int64_t row = 0; row < batch->array.length; row++) {
 *         host_text name = host_read_text(&path, row);
 *         int64_t whole;
 *         if (host_read_int64(&step, row, &whole)) …
 *     }
 *     host_batch_release(batch);
 *
 * Reads every form that tables.h allows: u and U text, dictionaries, both time units, validity bitmaps, offsets. The
 * host has checked the batch. A column that is not there reads as all null. Views are valid until the release.
 */
#ifndef HOST_KIT_ARROW_READ_H
#define HOST_KIT_ARROW_READ_H

#include "../exporter.h"
#include "text.h"

typedef struct host_column {
    const struct ArrowArray *array;  /* NULL: the column is not there */
    const struct ArrowArray *texts;  /* where the bytes lie: the array itself, or its dictionary */
    const struct ArrowSchema *item_schema; /* of a list's items, else NULL */
    int64_t first;                   /* position of row 0 in the buffers */
    char kind;                       /* u text, l int64, i int32, g double, b bool, t time, + list, 0 other */
    bool has_dictionary;
    bool is_wide;                    /* 64-bit text offsets */
    bool is_milliseconds;
} host_column;

/* A view of one array whose row 0 lies `skip` values behind the array's own offset. */
static inline host_column host_column_of(const struct ArrowSchema *schema, const struct ArrowArray *array,
                                         int64_t skip) {
    host_column made;
    memset(&made, 0, sizeof made);
    made.array = made.texts = array;
    made.first = array->offset + skip;
    const char *format = schema->format;
    if (schema->dictionary != NULL) {
        made.has_dictionary = true;
        made.texts = array->dictionary;
        format = schema->dictionary->format;
    }
    if (strcmp(format, "u") == 0 || strcmp(format, "U") == 0) {
        made.kind = 'u';
        made.is_wide = format[0] == 'U';
    } else if (strncmp(format, "ts", 2) == 0) {
        made.kind = 't';
        made.is_milliseconds = format[2] == 'm';
    } else if (strcmp(format, "+l") == 0) {
        made.kind = '+';
        made.item_schema = schema->children[0];
    } else if (format[0] != '\0' && format[1] == '\0') {
        made.kind = format[0];
    }
    return made;
}

/* Look columns up once a batch, not once a row. */
static inline host_column host_column_find(const host_batch *batch, const char *name) {
    for (int64_t i = 0; i < batch->schema.n_children; i++) {
        const struct ArrowSchema *schema = batch->schema.children[i];
        if (schema->name != NULL && strcmp(schema->name, name) == 0) {
            return host_column_of(schema, batch->array.children[i], batch->array.offset);
        }
    }
    host_column none;
    memset(&none, 0, sizeof none);
    return none;
}

static inline bool host_read_is_null(const host_column *column, int64_t row) {
    if (column->array == NULL) return true;
    const uint8_t *bits = (const uint8_t *)column->array->buffers[0];
    int64_t at = column->first + row;
    return bits != NULL && (bits[at >> 3] >> (at & 7) & 1) == 0;
}

static inline host_text host_read_text_at(const struct ArrowArray *texts, bool is_wide, int64_t at) {
    int64_t start, end;
    if (is_wide) {
        const int64_t *offsets = (const int64_t *)texts->buffers[1];
        start = offsets[at];
        end = offsets[at + 1];
    } else {
        const int32_t *offsets = (const int32_t *)texts->buffers[1];
        start = offsets[at];
        end = offsets[at + 1];
    }
    /* An empty text is not an absent one, and a buffer of no bytes may be NULL. */
    const char *data = (const char *)texts->buffers[2];
    return data == NULL ? host_text_from("", 0) : host_text_from(data + start, end - start);
}

/* Absent (`data` is NULL) when the cell is null. */
static inline host_text host_read_text(const host_column *column, int64_t row) {
    if (column->kind != 'u' || host_read_is_null(column, row)) return host_text_of(NULL);
    int64_t at = column->first + row;
    if (column->has_dictionary) {
        at = ((const int32_t *)column->array->buffers[1])[at] + column->texts->offset;
    }
    return host_read_text_at(column->texts, column->is_wide, at);
}

/* False when the cell is null, as with all that follow; int32 columns are read as well. */
static inline bool host_read_int64(const host_column *column, int64_t row, int64_t *out) {
    if ((column->kind != 'l' && column->kind != 'i') || host_read_is_null(column, row)) return false;
    int64_t at = column->first + row;
    *out = column->kind == 'l' ? ((const int64_t *)column->array->buffers[1])[at]
                               : ((const int32_t *)column->array->buffers[1])[at];
    return true;
}

static inline bool host_read_float64(const host_column *column, int64_t row, double *out) {
    if (column->kind != 'g' || host_read_is_null(column, row)) return false;
    *out = ((const double *)column->array->buffers[1])[column->first + row];
    return true;
}

static inline bool host_read_bool(const host_column *column, int64_t row, bool *out) {
    if (column->kind != 'b' || host_read_is_null(column, row)) return false;
    int64_t at = column->first + row;
    *out = (((const uint8_t *)column->array->buffers[1])[at >> 3] >> (at & 7) & 1) != 0;
    return true;
}

/* Microseconds since 1970 UTC. A time in milliseconds beyond their range (the year 294,000) becomes its end. */
static inline bool host_read_time(const host_column *column, int64_t row, int64_t *out) {
    if (column->kind != 't' || host_read_is_null(column, row)) return false;
    int64_t value = ((const int64_t *)column->array->buffers[1])[column->first + row];
    if (!column->is_milliseconds) *out = value;
    else if (value > INT64_MAX / 1000) *out = INT64_MAX;
    else if (value < INT64_MIN / 1000) *out = INT64_MIN;
    else *out = value * 1000;
    return true;
}

/* The items of one list cell; read item n of `items` as a row. */
typedef struct host_list {
    host_column items;
    int64_t count;
} host_list;

static inline bool host_read_list(const host_column *column, int64_t row, host_list *out) {
    if (column->kind != '+' || host_read_is_null(column, row)) return false;
    const int32_t *offsets = (const int32_t *)column->array->buffers[1] + column->first + row;
    out->items = host_column_of(column->item_schema, column->array->children[0], offsets[0]);
    out->count = offsets[1] - offsets[0];
    return true;
}

/* A loader owns the batches that it is given: release each, also when `write` fails. */
static inline void host_batch_release(host_batch *batch) {
    if (batch->array.release != NULL) batch->array.release(&batch->array);
    if (batch->schema.release != NULL) batch->schema.release(&batch->schema);
}

#endif
