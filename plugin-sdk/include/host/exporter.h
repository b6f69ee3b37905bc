/* SPDX-License-Identifier: Apache-2.0
 *
 * exporter.h: the role that reads (`--from`).
 *
 * An instance and everything made from it (readers, byte readers) is called by one thread at a time: that is what
 * [one-thread] says. Only `cancel` may come from another thread while a call runs.
 */
#ifndef HOST_EXPORTER_H
#define HOST_EXPORTER_H

#include "api.h"
#include "arrow.h"
#include "option.h"
#include "tables.h"

typedef struct host_instance host_instance;       /* an open endpoint; the plugin defines it */
typedef struct host_reader host_reader;           /* yields batches */
typedef struct host_byte_reader host_byte_reader; /* yields the bytes of one blob */

typedef struct host_open {
    uint32_t struct_size;
    uint32_t value_count;
    uint32_t value_stride;    /* sizeof(host_option_value) as the host knows it */
    uint32_t reserved;
    const host_option_value *values;
    host_text scope;          /* the endpoint's location, as it was typed; may be absent */
} host_open;

/* Names one unit. */
typedef struct host_unit_ref {
    uint32_t struct_size;
    uint32_t reserved;
    host_text kind;
    host_text project;
    host_text id;
} host_unit_ref;

/* One batch of one table. `schema` and `array` are moved to the receiver. Texts and cursor stay with the reader and
 * are valid until the next call for it. */
typedef struct host_batch {
    uint32_t struct_size;
    uint32_t reserved;
    host_text table;
    struct ArrowSchema schema;
    struct ArrowArray array;
    host_bytes cursor;        /* opaque, portable, without secrets: all up to and with this batch lies behind it */
} host_batch;

/* The bytes of one file: either an open file descriptor (the receiver closes it), or a byte reader. */
typedef struct host_blob {
    uint32_t struct_size;
    int32_t fd;               /* -1: use reader */
    int64_t size;             /* -1: not known */
    host_byte_reader *reader;
} host_blob;

typedef struct host_exporter {
    uint32_t struct_size;
    uint32_t reserved;

    /* Makes an instance. No more network than is needed to fail early. The host has checked the options.
     * [one-thread] @since 0.1 */
    host_status (*open)(host_call *call, const host_open *args, host_instance **out);

    /* One cheap call that proves that source and credentials are good. [one-thread] @since 0.1 */
    host_status (*check)(host_call *call, host_instance *instance);

    /* A reader of units/1. Pages lazily; the order is stable under a cursor (empty: from the start).
     * `projects` holds patterns separated by newlines (glob: * ? []), absent: all. [one-thread] @since 0.1 */
    host_status (*list)(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out);

    /* A reader of paths/1 of one unit. [one-thread] @since 0.1 */
    host_status (*paths)(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out);

    /* A reader of one unit's tables from a cursor; deterministic for one revision of the unit.
     * [one-thread] @since 0.1 */
    host_status (*read)(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                        host_reader **out);

    /* The next batch, or HOST_END. [one-thread] @since 0.1 */
    host_status (*next)(host_call *call, host_reader *reader, host_batch *out);

    /* [one-thread] @since 0.1 */
    void (*close_reader)(host_reader *reader);

    /* The bytes behind the `blob` column of a files row. [one-thread] @since 0.1 */
    host_status (*blob)(host_call *call, host_instance *instance, host_text ref, host_blob *out);

    /* At most `capacity` bytes; HOST_END with *got 0 at the end. [one-thread] @since 0.1 */
    host_status (*read_bytes)(host_call *call, host_byte_reader *reader, uint8_t *buffer, int64_t capacity,
                              int64_t *got);

    /* [one-thread] @since 0.1 */
    void (*close_bytes)(host_byte_reader *reader);

    /* Makes the call that runs, and all later ones, return HOST_CANCELLED soon. [any-thread] @since 0.1 */
    void (*cancel)(host_instance *instance);

    /* Ends the instance and whatever was made from it. Never fails. [one-thread] @since 0.1 */
    void (*close)(host_instance *instance);
} host_exporter;

#endif
