/* SPDX-License-Identifier: Apache-2.0
 *
 * ext/blob.h: the bytes of files, "host.blob/1".
 *
 * A loader opens the `blob` column of a files row. Bytes that lie in a local file are read from there; others are
 * spooled to the job's scratch folder first, so size and SHA-256 are known and an upload can be tried again.
 */
#ifndef HOST_EXT_BLOB_H
#define HOST_EXT_BLOB_H

#include "../api.h"

#define HOST_BLOB_SERVICE "host.blob/1"

typedef struct host_blob_handle host_blob_handle;

typedef struct host_blobs {
    uint32_t struct_size;
    uint32_t reserved;

    /* [one-thread] @since 0.1 */
    host_status (*open)(host_call *call, host_text ref, host_blob_handle **out, int64_t *size);

    /* Fills `buffer` from `offset`; *got is smaller than `capacity` only at the end. [one-thread] @since 0.1 */
    host_status (*read)(host_call *call, host_blob_handle *blob, int64_t offset, uint8_t *buffer, int64_t capacity,
                        int64_t *got);

    /* 32 bytes. Reads the whole blob once. [one-thread] @since 0.1 */
    host_status (*sha256)(host_call *call, host_blob_handle *blob, uint8_t *digest);

    /* A request that still sends it keeps what it needs. [one-thread] @since 0.1 */
    void (*close)(host_blob_handle *blob);
} host_blobs;

#endif
