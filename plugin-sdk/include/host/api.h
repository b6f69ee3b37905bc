/* SPDX-License-Identifier: Apache-2.0
 *
 * api.h: what the host offers to a plugin, given once at `init`.
 *
 * Every call into a plugin carries a `host_call`: the host's record of that call (which endpoint, which unit). It
 * is valid until the call returns, and it is how errors, losses and log lines find their unit.
 */
#ifndef HOST_API_H
#define HOST_API_H

#include "option.h"
#include "status.h"

typedef struct host_call host_call;

enum { HOST_LOG_DEBUG = 1, HOST_LOG_INFO = 2, HOST_LOG_WARNING = 3, HOST_LOG_ERROR = 4 };

/* What happened to records that cannot arrive as they were. */
enum {
    HOST_LOSS_NOTED = 0,      /* nothing of the record is gone: kept in another place or form */
    HOST_LOSS_RENAMED = 1,
    HOST_LOSS_ROUNDED = 2,
    HOST_LOSS_TRUNCATED = 3,
    HOST_LOSS_RETYPED = 4,
    HOST_LOSS_REDATED = 5,
    HOST_LOSS_MERGED = 6,     /* rows that the target counts as one: not written again */
    HOST_LOSS_DROPPED = 7     /* rows that are not in the target */
};

typedef struct host_loss {
    uint32_t struct_size;
    int32_t kind;             /* HOST_LOSS_… */
    int64_t rows;
    host_text table;          /* "points/1" */
    host_text code;           /* stable, for machines: "value.moved" */
    host_text path;           /* an example */
    host_text note;           /* what became of it, for people */
} host_loss;

typedef struct host_api {
    uint32_t struct_size;
    uint32_t abi_minor;

    /* Says why the call is going to return something else than HOST_OK. Copies. [any-thread] @since 0.1 */
    void (*fail)(host_call *call, const host_error_info *info);

    /* Counts a loss of the call's unit. A loss is final once it is told: tell it when the record is handled,
     * within the call that is handed the record or makes it durable. Copies. [one-thread] @since 0.1 */
    void (*loss)(host_call *call, const host_loss *loss);

    /* One line for the job's log. Copies. [any-thread] @since 0.1 */
    void (*log)(host_call *call, int32_t level, host_text line);

    /* Not 0 once the user asked to stop; a call longer than a second asks now and then. [any-thread] @since 0.1 */
    int32_t (*cancelled)(host_call *call);

    /* Why the last service call made with this call failed: borrowed until the next one. A plugin that returns the
     * status it was given need not ask, since the host remembers the error. [one-thread] @since 0.1 */
    const host_error_info *(*last_error)(host_call *call);

    /* A service by its id (ext/ headers), or NULL. Valid for ever. [any-thread] @since 0.1 */
    const void *(*service)(host_text id);

    /* One row of the table that an action yields (HOST_ACTION_ROWS): a cell for each column that is not empty.
     * Copies. Not HOST_OK: the call carries no such table, or a cell is not of its column. [one-thread] @since 0.2 */
    host_status (*row)(host_call *call, const host_option_value *cells, uint32_t count, uint32_t stride);
} host_api;

#endif
