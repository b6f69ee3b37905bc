/* SPDX-License-Identifier: Apache-2.0
 *
 * limits.h: what a loader's target can hold.
 *
 * Limits belong to the plugin, mapping belongs to the host: from this struct it renames, finds collisions before
 * anything is written, scales steps, and counts a loss for every kind of change. So all loaders map alike, and a
 * plan can foretell each loss without touching the target.
 */
#ifndef HOST_LIMITS_H
#define HOST_LIMITS_H

#include "text.h"

/* Where names of the target live. Records of one scope share a name space. */
enum {
    HOST_SCOPE_PARAMETER = 0, /* fields with the roles parameter, system, summary, other */
    HOST_SCOPE_TAG = 1,
    HOST_SCOPE_METRIC = 2,    /* points */
    HOST_SCOPE_FILE = 3,      /* files, and the series and histograms of a target that keeps them as files */
    HOST_SCOPE_COUNT = 4
};

/* Classes of characters, to be added up. */
enum {
    HOST_CHARS_ASCII_LETTER = 1,
    HOST_CHARS_ASCII_DIGIT = 2,
    HOST_CHARS_WORD = 4,      /* letters (general category L*) and numerics of all scripts, and '_' */
    HOST_CHARS_ANY = 8        /* every character but control characters */
};

enum {
    HOST_NAME_NORMAL_PATH = 1, /* no empty, "." or ".." part between slashes, none at the ends */
    HOST_NAME_BYTES = 2        /* max_length counts bytes of UTF-8; else characters (code points) */
};

typedef struct host_name_rule {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t characters;      /* HOST_CHARS_… allowed everywhere */
    uint32_t first;           /* allowed first; 0: as everywhere */
    host_text extra;          /* further characters allowed everywhere */
    int32_t max_length;       /* 0: no limit */
    uint32_t replacement;     /* code point put for each character that is not allowed */
} host_name_rule;

enum {
    HOST_CAN_FRACTIONAL_STEPS = 1,
    HOST_CAN_NAN = 2,
    HOST_CAN_INFINITY = 4,
    HOST_CAN_NEGATIVE_ZERO = 8,
    HOST_CAN_SET_TIMES = 16,      /* of units and points */
    HOST_CAN_NO_TIME = 32,        /* points without a time */
    HOST_CAN_TIMES_BEFORE_1970 = 64,
    HOST_CAN_TYPES = 128,         /* fields keep int, float, bool, time, set; else the loader
                                     writes them as text and tells it (HOST_LOSS_RETYPED) */
    HOST_CAN_NESTING = 256,
    HOST_CAN_FORKS = 512,
    HOST_CAN_NO_STEP = 1024,      /* points without a step */
    HOST_CAN_NUL = 2048,          /* U+0000 inside text */
    HOST_CAN_MICROSECONDS = 4096, /* times finer than a millisecond */
    HOST_CAN_DUPLICATE_POINTS = 8192 /* equal path, step, time and value twice */
};

/* Tables that the target takes, to be added up. */
enum {
    HOST_TAKES_FIELDS = 1,
    HOST_TAKES_POINTS = 2,
    HOST_TAKES_SERIES = 4,
    HOST_TAKES_HISTOGRAMS = 8,
    HOST_TAKES_FILES = 16,
    HOST_TAKES_LINKS = 32,
    HOST_TAKES_GRANTS = 64
};

typedef struct host_limits {
    uint32_t struct_size;
    uint32_t tables;              /* HOST_TAKES_… */
    uint64_t abilities;           /* HOST_CAN_… */
    host_text kinds;              /* kinds of unit taken, separated by ' ' */
    const host_name_rule *names;  /* HOST_SCOPE_COUNT rules */
    uint32_t name_count;
    uint32_t name_stride;         /* sizeof(host_name_rule) as the plugin knows it */
    int64_t max_text;             /* longest text of a field, in characters; 0: no limit */
    int64_t max_batch_rows;       /* 0: HOST_MAX_BATCH_ROWS */
} host_limits;

#endif
