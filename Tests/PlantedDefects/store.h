/* SPDX-License-Identifier: Apache-2.0
 *
 * store.h: Arrow batches as checked bytes in files, for the plugin that keeps units in a folder.
 *
 * A file is a header, the table's name, the schema and the array as trees, and an FNV-1a of all before it, so that a
 * damaged file is told from a whole one without a look at what is in it. Only what tables.h allows.
 */
#ifndef STORE_H
#define STORE_H

#include <host/host.h>
#include <stdio.h>

/* A batch in memory of its own: freed when both its roots are released. */
typedef struct stored_batch {
    struct ArrowSchema schema;
    struct ArrowArray array;
    char table[32];
} stored_batch;

/* Writes under another name, syncs file and folder, then renames. 0, or errno. */
int store_bytes(const char *folder, const char *name, const void *bytes, size_t size);
int store_batch(const char *folder, const char *name, host_text table, const struct ArrowSchema *schema,
                const struct ArrowArray *array);

/* 0, an errno, or EILSEQ when the file is not whole. */
int load_batch(const char *folder, const char *name, stored_batch *out);
void release_batch(stored_batch *batch);

/* Text of a row in a column, absent for null and for a column that is not there. */
host_text text_at(const stored_batch *batch, const char *column, int64_t row);

/* Builders of batches; every column has `rows` rows. `release_batch` frees what was made. */
int make_batch(stored_batch *out, const char *table, int64_t rows);
int add_texts(stored_batch *batch, const char *name, const host_text *values);
int add_times(stored_batch *batch, const char *name, const int64_t *milliseconds); /* HOST_NO_TIME: null */
int add_numbers(stored_batch *batch, const char *name, const int64_t *values);
/* Puts texts in the place of a column. */
int replace_texts(stored_batch *batch, const char *name, const host_text *values);

#endif
