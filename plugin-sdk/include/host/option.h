/* SPDX-License-Identifier: Apache-2.0
 *
 * option.h: what a user can set for an endpoint, as static data.
 *
 * The host makes flags, help, checks, completion and documents of it. Values reach `open` typed and checked: a
 * plugin never parses a command line and never sees a key that it did not declare.
 */
#ifndef HOST_OPTION_H
#define HOST_OPTION_H

#include "text.h"

enum {
    HOST_OPTION_TEXT = 1,
    HOST_OPTION_INT = 2,
    HOST_OPTION_FLOAT = 3,
    HOST_OPTION_BOOL = 4,
    HOST_OPTION_DURATION = 5, /* milliseconds, in `integer` */
    HOST_OPTION_SIZE = 6,     /* bytes, in `integer` */
    HOST_OPTION_PATH = 7,     /* made absolute by the host */
    HOST_OPTION_URL = 8
};

enum {
    HOST_OPTION_REQUIRED = 1,
    HOST_OPTION_SECRET = 2,   /* never printed, logged or stored by the host */
    HOST_OPTION_ADVANCED = 4,
    HOST_OPTION_IDENTITY = 8, /* part of what the job is: a change asks for a new job */
    HOST_OPTION_LOCATION = 16, /* takes the part of the endpoint behind the colon */
    HOST_OPTION_LIST = 32     /* may be given more than once; for texts of actions only. @since 0.2 */
};

enum { HOST_ROLE_EXPORTER = 1, HOST_ROLE_LOADER = 2 };

typedef struct host_option {
    uint32_t struct_size;
    int32_t type;
    uint32_t flags;
    uint32_t roles;           /* which roles know it */
    host_text name;           /* kebab-case */
    host_text default_value;  /* as a user would type it; absent: none */
    host_text choices;        /* allowed values separated by '|'; absent: any */
    host_text environment;    /* well-known variables separated by ' ', first found wins */
    host_text summary;        /* one line */
    host_text example;
} host_option;

/* One value: of an option given to `open`, or of a cell given to `api->row`. `index` is the position in the
 * descriptor's options or the action's results. Options that were not set and have no default are left out. */
typedef struct host_option_value {
    uint32_t struct_size;
    uint32_t index;
    int64_t integer;          /* int, bool (0, 1), duration, size */
    double number;            /* float */
    host_text text;           /* text, path, URL */
} host_option_value;

#endif
