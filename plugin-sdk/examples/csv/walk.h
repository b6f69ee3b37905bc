/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.h: the units of a folder, one after the other, in the order of their folders' names.
 */
#ifndef CSV_WALK_H
#define CSV_WALK_H

#include "place.h"

typedef struct walk {
    int root;
    int project;          /* the open project folder, or -1 */
    names projects, units;
    int64_t next_project, next_unit;
    buffer after;         /* entries up to this position are passed over */
    buffer position;      /* of the entry: `PROJECT/UNIT` */
    int folder;           /* of the entry, closed by the next step; -1: it can't be opened, and `error` says why */
    int error;
} walk;

/* From behind a position; empty: from the start. */
void walk_open(walk *at, int root, host_text after);
/* 1: there is an entry, 0: there are no more, else a negative errno. */
int walk_next(walk *at);
void walk_close(walk *at);

#endif
