/* SPDX-License-Identifier: Apache-2.0
 *
 * file.h: the file of one run. Each line is a word and cells between tabs:
 *
 *     unit      what is known of the run, in the order of UNIT_CELLS
 *     field     path, role, type, and the value in the cell that the type names; a set is its size and its items
 *     point     path, step, millionths of the step, time in microseconds, value
 *     durable   all up to this batch is on disk
 *     complete  the run is whole
 */
#ifndef FILE_H
#define FILE_H

#include "plugin.h"
#include <stdio.h>
#include <sys/types.h>

enum { CELL_REVISION, CELL_PROJECT, CELL_ID, CELL_NAME, CELL_GROUP, CELL_STATE, CELL_OWNER, CELL_JOB, CELL_SOURCE,
       CELL_CREATED, CELL_STARTED, CELL_ENDED, UNIT_CELLS };

extern const char *const POINT[]; /* the columns of a point's cells, then NULL */
extern const char *const FIELD[];

void put_header(FILE *file, const host_unit *unit);
void put_rows(FILE *file, const host_batch *batch, const char *word, const char *const *names);

/* A file as it is. */
typedef struct scan {
    bool has_header, is_complete;
    char *revision;          /* the caller's to free */
    uint64_t durable;        /* the last batch that is marked, up to the one asked for */
    off_t end;               /* where its mark ends */
    int64_t points, fields;
} scan;
scan read_file(FILE *file, uint64_t most);

/* Cuts a line into its cells behind the word, in place; absent where a cell is empty. Answers how many there are. */
int split_line(char *line, ssize_t size, host_text *cells, int most);

/* On disk, not only in the system's memory. */
bool sync_file(FILE *file);
/* The file NAME.tsv; NULL and errno. */
FILE *open_file(const host_instance *instance, host_text name, int flags);

#endif
