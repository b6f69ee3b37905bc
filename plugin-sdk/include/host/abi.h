/* SPDX-License-Identifier: Apache-2.0
 *
 * abi.h: versions and the two macros that every other header uses.
 *
 * The major version is in the name of the exported symbol (plugin.h). The minor version grows with
 * every field or function appended. Every struct that crosses the border begins with its own size, so
 * that either side can be older: bytes beyond the size given read as zero.
 */
#ifndef HOST_ABI_H
#define HOST_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define HOST_EXTERN_C extern "C"
#else
#define HOST_EXTERN_C extern
#endif

/* Marks the one symbol that a plugin exports. */
#define HOST_EXPORT HOST_EXTERN_C __attribute__((visibility("default")))

/* First field of `host_plugin`; a library whose table does not begin with it is not a plugin. */
#define HOST_MAGIC 0x54534F48u /* "HOST", little endian */

#define HOST_ABI_MAJOR 0
#define HOST_ABI_MINOR 2

/* True when a struct of `size` bytes contains the whole of `field`. */
#define HOST_HAS(type, field, size) \
    ((size) >= offsetof(type, field) + sizeof(((type *)0)->field))

/* A time that is not known. Times are milliseconds since 1970-01-01T00:00:00Z. */
#define HOST_NO_TIME INT64_MIN

/* Limits of everything that crosses. */
enum {
    HOST_MAX_BATCH_ROWS = 65536,
    HOST_MAX_BATCH_BYTES = 8 * 1024 * 1024, /* aim below it; above twice this a batch of several rows is refused */
    HOST_MAX_ROW_BYTES = 1 << 30,           /* a row can't be cut, so one alone may have this */
    HOST_MAX_CURSOR_BYTES = 4096,
    HOST_MAX_ERROR_BYTES = 4096,            /* of each text of an error; the host cuts what is longer */
    HOST_MAX_LOG_BYTES = 8192,              /* of a line; cut as well */
    HOST_MAX_OPTIONS = 128
};

#endif
