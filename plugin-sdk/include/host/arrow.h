/* SPDX-License-Identifier: Apache-2.0
 *
 * arrow.h: the Arrow C data interface, as its specification publishes it for copying
 * (https://arrow.apache.org/docs/format/CDataInterface.html). The guard is the canonical one, so this header
 * lives beside Arrow's own.
 *
 * Arrays are moved: the receiver calls `release`. The host checks every array before it reads one value.
 */
#ifndef HOST_ARROW_H
#define HOST_ARROW_H

#include <stdint.h>

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif
#endif
