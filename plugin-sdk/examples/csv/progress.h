/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.h: progress.csv, the journal of a unit that is being written.
 *
 * Each line says: up to this sequence number, the tables had so many rows and bytes, all of them on disk. It is
 * appended and synced before the host is told so. To go on after a crash, the files are cut to the line that the
 * host's ledger names; what lies behind it comes again.
 */
#ifndef CSV_PROGRESS_H
#define CSV_PROGRESS_H

#include "layout.h"

typedef struct mark {
    uint64_t sequence; /* 0: nothing is durable */
    int64_t rows[TABLES];
    int64_t bytes[TABLES];
} mark;

/* The last good line of a sequence number up to `most`, and where it ends in the file; a mark of 0 when there is
 * none. Lines that were cut off or do not add up end the journal. 0 or errno. */
int progress_read(int fd, uint64_t most, mark *out, int64_t *end);
/* 0 or errno; on disk when it returns. */
int progress_begin(int fd);
int progress_append(int fd, const mark *at);

#endif
