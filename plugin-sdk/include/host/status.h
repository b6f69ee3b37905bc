/* SPDX-License-Identifier: Apache-2.0
 *
 * status.h: how a call ends, and what the host should do about it.
 *
 * Each function returns a status. Before it returns anything but HOST_OK or HOST_END it calls
 * `api->fail(call, &info)`, which copies: no side ever frees the other's error.
 */
#ifndef HOST_STATUS_H
#define HOST_STATUS_H

#include "text.h"

typedef int32_t host_status;

enum {
    HOST_OK = 0,
    HOST_END = 1,             /* a reader has no more */
    HOST_CANCELLED = 2,       /* cancel was seen */
    HOST_INVALID_OPTION = 3,  /* subject: the option's name */
    HOST_INVALID_STATE = 4,   /* calls in a wrong order: a bug in host or plugin */
    HOST_INTERNAL = 5,        /* any other bug */
    HOST_INVALID_DATA = 6,    /* the source gave something that cannot be read */
    HOST_UNSUPPORTED = 7,     /* not in this plugin, or not in this target */
    HOST_NOT_FOUND = 8,
    HOST_CONFLICT = 9,        /* exists with other content */
    HOST_LIMIT = 10,          /* the target refuses the size or number */
    HOST_AUTH = 11,           /* who you are is not accepted */
    HOST_FORBIDDEN = 12,      /* who you are may not do this */
    HOST_RATE_LIMITED = 13,   /* see retry_after_ms */
    HOST_UNAVAILABLE = 14,    /* passing trouble of the service or the network */
    HOST_TIMEOUT = 15,
    HOST_IO = 16              /* a local file or disk */
};

/* What to do next. HOST_RETRY_DEFAULT lets the status decide. */
enum {
    HOST_RETRY_DEFAULT = 0,
    HOST_RETRY_NEVER = 1,     /* this unit is failed for good */
    HOST_RETRY_LATER = 2,     /* passing: try the unit again after a pause */
    HOST_RETRY_STOP = 3       /* no unit can succeed: stop the job (credentials, disk full) */
};

typedef struct host_error_info {
    uint32_t struct_size;
    host_status status;
    int32_t retry;            /* HOST_RETRY_… */
    int32_t http_status;      /* 0 when none */
    int64_t retry_after_ms;   /* 0 when unknown */
    host_text subject;        /* what it is about: option, file, URL path, attribute */
    host_text message;        /* one sentence for the user: what is wrong and why */
    host_text remedy;         /* what to do; may be absent */
    host_text detail;         /* for a bug report; may be absent */
} host_error_info;

#endif
