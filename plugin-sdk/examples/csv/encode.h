/* SPDX-License-Identifier: Apache-2.0
 *
 * encode.h: the rows of a batch as lines of a table's file.
 */
#ifndef CSV_ENCODE_H
#define CSV_ENCODE_H

#include "instance.h"
#include "layout.h"

/* The columns of one batch, looked up once. */
typedef struct row_source {
    const table_layout *layout;
    host_column column[MOST_COLUMNS];
    host_column millionths;
    host_column integer, number, text, truth, time, set; /* of a field */
} row_source;

void source_open(row_source *source, const table_layout *layout, const host_batch *batch);

/* Where a file went; the row then says so. */
typedef struct stored_file {
    host_text place;
    int64_t size;
    bool has_size;
} stored_file;

/* False when the row has a value of a type that this plugin does not know. */
bool put_row(buffer *to, const row_source *source, int64_t row, const stored_file *file);

#endif
