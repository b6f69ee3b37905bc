/* SPDX-License-Identifier: Apache-2.0
 *
 * loader.h: the role that writes (`--to`).
 *
 * The life of a unit: find (never writes) → begin → write … write → flush → commit. The target shows the unit as
 * incomplete from begin until commit. The host decides what to do with what is found; a loader never skips on
 * its own. Sequence numbers count a unit's batches from 1.
 */
#ifndef HOST_LOADER_H
#define HOST_LOADER_H

#include "exporter.h"
#include "limits.h"

typedef struct host_load host_load; /* a unit being written; the plugin defines it */

/* What is known of a unit before its records. Times: milliseconds since 1970 UTC, or HOST_NO_TIME. */
typedef struct host_unit {
    uint32_t struct_size;
    uint32_t archived;
    host_text kind;
    host_text project;
    host_text id;
    host_text name;           /* absent: use the id */
    host_text group;          /* the experiment it belongs to at the source */
    host_text state;          /* running | finished | failed | killed | absent */
    host_text owner;
    host_text parent;         /* ids at the source */
    host_text fork_parent;
    host_text parent_target;  /* id in this target of parent or fork parent, when it is there */
    int64_t created_ms;
    int64_t started_ms;
    int64_t ended_ms;
    int64_t fork_step;
    int32_t fork_millionths;
    uint32_t has_fork_step;
    host_text revision;       /* the source's */
    host_text key;            /* idempotency key: 32 hexadecimal digits, stored in the target */
    host_text job;            /* name of the job, stored in the target */
    host_text source;         /* where it comes from, without secrets: "neptune3:org/project" */
} host_unit;

enum {
    HOST_FOUND_NOTHING = 0,
    HOST_FOUND_PARTIAL = 1,   /* ours, incomplete, writing can go on */
    HOST_FOUND_BROKEN = 2,    /* ours, incomplete, has to be made anew */
    HOST_FOUND_COMPLETE = 3,  /* ours, complete; `revision` as it was stored */
    HOST_FOUND_FOREIGN = 4    /* not ours: the same name, by another tool or a person */
};

typedef struct host_found {
    uint32_t struct_size;
    int32_t state;            /* HOST_FOUND_… */
    host_text target;         /* id in the target */
    host_text url;
    host_text revision;
    host_text note;           /* for people: what was found */
} host_found;

enum {
    HOST_BEGIN_NEW = 0,       /* make it, whatever lies there under that name */
    HOST_BEGIN_CONTINUE = 1,  /* go on with what find named; rows may come again and are not doubled */
    HOST_BEGIN_REPLACE = 2    /* what find named goes away (or is emptied), then as new */
};

typedef struct host_commit {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t points;           /* rows given to write by this load and the ones it continues,
                                 less those that were told as merged or dropped */
    int64_t fields;
    int64_t series;
    int64_t histograms;
    int64_t files;
    host_text checksum;       /* order-free, over all tables, hexadecimal */
} host_commit;

typedef struct host_target {
    uint32_t struct_size;
    uint32_t reserved;
    host_text id;
    host_text url;
} host_target;

typedef struct host_loader {
    uint32_t struct_size;
    uint32_t reserved;

    /* As for an exporter. [one-thread] @since 0.1 */
    host_status (*open)(host_call *call, const host_open *args, host_instance **out);

    /* As for an exporter; writes nothing. [one-thread] @since 0.1 */
    host_status (*check)(host_call *call, host_instance *instance);

    /* May refine the descriptor's limits by what the server is. [one-thread] @since 0.1 */
    host_status (*limits)(host_call *call, host_instance *instance, const host_limits **out);

    /* What the target holds under this unit's key or name. Never writes. [one-thread] @since 0.1 */
    host_status (*find)(host_call *call, host_instance *instance, const host_unit *unit, host_found *out);

    /* Makes or takes up the unit. `found` is what find said; `resume_after` the sequence number up to which the
     * ledger has it durable (0: all comes again). [one-thread] @since 0.1 */
    host_status (*begin)(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out);

    /* Takes one batch; schema and array are moved. *durable: highest sequence number such that it and all before
     * survive a crash of this process and of the target. [one-thread] @since 0.1 */
    host_status (*write)(host_call *call, host_load *load, host_batch *batch, uint64_t sequence, uint64_t *durable);

    /* All that was written is durable, or an error. [one-thread] @since 0.1 */
    host_status (*flush)(host_call *call, host_load *load, uint64_t *durable);

    /* Checks what it can against the target, takes the incomplete mark away and tells id and URL. May be called
     * again after an error. [one-thread] @since 0.1 */
    host_status (*commit)(host_call *call, host_load *load, const host_commit *summary, host_target *out);

    /* Ends a load, committed or not. What was not committed stays, marked incomplete. [one-thread] @since 0.1 */
    void (*end)(host_load *load);

    /* As for an exporter. [any-thread] @since 0.1 */
    void (*cancel)(host_instance *instance);

    /* As for an exporter; ends loads too. [one-thread] @since 0.1 */
    void (*close)(host_instance *instance);
} host_loader;

#endif
