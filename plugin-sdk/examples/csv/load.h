/* SPDX-License-Identifier: Apache-2.0
 *
 * load.h: a unit being written, and how it becomes durable.
 */
#ifndef CSV_LOAD_H
#define CSV_LOAD_H

#include "instance.h"
#include "progress.h"
#include "unit.h"

typedef struct table_output {
    int fd;          /* -1 until there is a row */
    buffer pending;  /* lines that are not in the file yet */
    bool is_dirty;   /* the file was written to since it was synced */
} table_output;

struct host_load {
    host_instance *instance;
    int folder;          /* of the unit */
    int files;           /* the folder of its files, -1 until there is one */
    int progress;        /* progress.csv */
    unit_file unit;
    buffer target;       /* the id that the ledger keeps: the two folders' names */
    table_output table[TABLES];
    mark now;            /* rows and bytes with all that is pending */
    uint64_t durable;    /* sequence number */
    int64_t unsynced;    /* bytes */
    int64_t synced_at;   /* seconds of the monotonic clock */
    bool has_new_files;  /* the folder of files is to be synced */
    bool has_new_tables; /* the unit's folder is to be synced */
    bool has_failed;     /* a batch is there in part: only `end` may follow */
    bool is_complete;    /* committed */
};

/* Brings the unit's files to the state of a mark; what lies behind it goes. */
host_status load_restore(host_call *call, host_load *load, uint64_t resume_after);
/* Adds the rows of a batch. */
host_status load_rows(host_call *call, host_load *load, int table, const host_batch *batch);
/* All rows that were added are on disk, and the journal says so. */
host_status load_sync(host_call *call, host_load *load);
/* The rows that the files hold, counted by reading them; checks that the files of files.csv are there. */
host_status load_count(host_call *call, const host_instance *instance, int folder, int64_t rows[TABLES]);

#endif
