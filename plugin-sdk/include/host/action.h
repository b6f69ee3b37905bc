/* SPDX-License-Identifier: Apache-2.0
 *
 * action.h: what a plugin can do beside moving records, as ordinary C functions (@since 0.2).
 *
 * A plugin declares each function with its parameters and results. The host parses the command line against that
 * (`host action call mlflow.delete-job --job J`), checks every value and calls the function through libffi. Its
 * arguments follow from the declaration, in this order:
 *
 *   host_call *call
 *   host_instance *instance             when `role` is not 0: made by `open` of that role
 *   int32_t dry_run                     when HOST_ACTION_DRY_RUN is set: 1 asks to say what would happen, and do nothing
 *   for each parameter:
 *     int64_t                           HOST_OPTION_INT, _DURATION (milliseconds), _SIZE (bytes)
 *     double                            HOST_OPTION_FLOAT
 *     int32_t                           HOST_OPTION_BOOL: 0 or 1
 *     const char *data, int64_t size    HOST_OPTION_TEXT, _PATH, _URL; NULL, 0 when it was not given
 *     const host_text *items, int64_t count   any of these three with HOST_OPTION_LIST
 *   for each result, unless HOST_ACTION_ROWS is set:
 *     int64_t *, double *, int32_t *    by its type, as above
 *     host_text *                       for text; borrowed until the next call of the plugin by this thread
 *
 * It returns host_status. With HOST_ACTION_ROWS the results are the columns of a table: the function hands each row
 * to `api->row` and has no result pointers. Parameters that are no texts are required or have a default (a
 * HOST_OPTION_BOOL without one is false), so that no value is needed for "not given".
 *
 * A declaration that does not fit its function is undefined behaviour. So derive both from one list
 * (kit/actions.h does it in C, the Swift kit compares the types), and let `host plugin test` call it with canaries.
 */
#ifndef HOST_ACTION_H
#define HOST_ACTION_H

#include "api.h"
#include "option.h"

enum { HOST_MAX_ACTIONS = 64, HOST_MAX_PARAMETERS = 14, HOST_MAX_RESULTS = 14 };

enum {
    HOST_EFFECT_READS = 1,
    HOST_EFFECT_WRITES = 2,
    HOST_EFFECT_DELETES = 3   /* the host asks for --yes, or a person at a terminal */
};

enum {
    HOST_ACTION_DRY_RUN = 1,  /* takes `dry_run` */
    HOST_ACTION_ROWS = 2      /* results are columns; see api->row */
};

typedef struct host_result {
    uint32_t struct_size;
    int32_t type;             /* HOST_OPTION_… */
    host_text name;           /* kebab-case */
    host_text summary;        /* one line */
} host_result;

typedef void (*host_action_function)(void); /* stands for the real type */

typedef struct host_action {
    uint32_t struct_size;
    int32_t effect;           /* HOST_EFFECT_… */
    uint32_t flags;           /* HOST_ACTION_… */
    uint32_t role;            /* HOST_ROLE_… whose `open` makes the instance; 0: none is needed */
    host_text name;           /* kebab-case */
    host_text summary;        /* one line */
    host_text help;           /* more, for `host action info`; may be absent */
    const host_option *parameters; /* `roles` and `environment` are not looked at */
    uint32_t parameter_count;
    uint32_t parameter_stride;
    const host_result *results;
    uint32_t result_count;
    uint32_t result_stride;
    host_action_function function;
} host_action;

#endif
