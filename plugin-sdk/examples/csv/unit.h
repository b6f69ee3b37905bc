/* SPDX-License-Identifier: Apache-2.0
 *
 * unit.h: unit.csv, the file that makes a folder a unit: lines of a name and a value.
 */
#ifndef CSV_UNIT_H
#define CSV_UNIT_H

#include "instance.h"
#include "layout.h"

typedef enum unit_name {
    UNIT_KIND, UNIT_PROJECT, UNIT_ID, UNIT_NAME, UNIT_GROUP, UNIT_STATE, UNIT_OWNER, UNIT_PARENT, UNIT_FORK_PARENT,
    UNIT_FORK_STEP, UNIT_CREATED, UNIT_STARTED, UNIT_ENDED, UNIT_ARCHIVED, UNIT_REVISION, UNIT_KEY, UNIT_JOB,
    UNIT_SOURCE,
    UNIT_STATUS, /* incomplete from the first row until the commit, then complete */
    UNIT_ROWS,   /* the first of TABLES: how many rows each table has */
    UNIT_NAMES = UNIT_ROWS + TABLES
} unit_name;

extern const char *const UNIT_NAME_TEXT[UNIT_NAMES];

#define STATUS_COMPLETE "complete"
#define STATUS_INCOMPLETE "incomplete"

typedef struct unit_file {
    buffer texts[UNIT_NAMES];
    bool is_there[UNIT_NAMES];
} unit_file;

/* Sets a value; absent text takes it away. */
void unit_set(unit_file *unit, unit_name name, host_text text);
/* Absent when it is not there. */
host_text unit_get(const unit_file *unit, unit_name name);
/* What the host tells of a unit. */
void unit_take(unit_file *unit, const host_unit *from);

/* Reads unit.csv. NULL, or what is wrong: a literal; *error is errno where the file could not be read, else 0. */
const char *unit_read(int folder, unit_file *out, int *error);
/* 0 or errno. Durable and at once. */
int unit_write(int folder, const unit_file *unit);
void unit_free(unit_file *unit);

/* A folder without a status was made by hand or by another program, and counts as complete. */
bool unit_is_complete(const unit_file *unit);

/* Of size and time of change of each table: whoever writes one makes another revision of the unit. 16 digits. */
host_text unit_revision(int folder, char text[17]);

/* An open endpoint: see instance.h for the calls. */
struct host_instance {
    char *path;       /* of the folder, absolute */
    int root;         /* the folder, or -1 while a loader has not made it */
    int is_cancelled; /* written by `cancel` on any thread: use is_stopped */
    unit_file found;  /* what `find` lends to the host, until the next call */
    buffer target;
    buffer last;      /* position of the unit that was read last: the next one is most likely behind it */
};

/* The names of a unit's two folders, each ending in NUL. */
void unit_folders(const host_unit *unit, buffer *project, buffer *folder);

#endif
