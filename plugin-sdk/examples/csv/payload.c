/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "payload.h"
#include "layout.h"
#include "place.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 18 };

static void put_name(buffer *to, int64_t number, host_text name) {
    char digits[24];
    int64_t start = name.size;
    while (start > 0 && name.data[start - 1] != '/') start--;
    buffer_add(to, digits, snprintf(digits, sizeof digits, "%06lld-", (long long)number));
    put_safe_name(to, host_text_from(name.data + start, name.size - start));
    buffer_add(to, "", 1);
}

static host_status copy(host_call *call, const host_instance *instance, const host_blobs *blobs,
                        host_blob_handle *blob, int fd, const char *name, int64_t *size) {
    uint8_t *chunk = malloc(CHUNK);
    if (chunk == NULL) return host_fail_memory(api, call);
    host_status status = HOST_OK;
    for (*size = 0; status == HOST_OK;) {
        int64_t got = 0;
        if (is_stopped(call, instance)) status = stopped(call);
        else status = blobs->read(call, blob, *size, chunk, CHUNK, &got);
        if (status != HOST_OK || got == 0) break;
        int error = write_all(fd, (const char *)chunk, got);
        if (error != 0) status = failed_file(call, error, host_text_of(FILES_FOLDER), name, "can't be written");
        *size += got;
    }
    free(chunk);
    return status;
}

host_status payload_store(host_call *call, const host_instance *instance, int folder, host_text ref, int64_t number,
                          host_text name, buffer *place, int64_t *size) {
    const host_blobs *blobs = api->service((host_text)HOST_TEXT(HOST_BLOB_SERVICE));
    if (blobs == NULL) return host_fail(api, call, HOST_UNSUPPORTED, ref, "This host hands over no files.");
    buffer own = {0};
    put_name(&own, number, name);
    if (own.has_failed) return buffer_free(&own), host_fail_memory(api, call);
    host_blob_handle *blob;
    host_status status = blobs->open(call, ref, &blob, size);
    if (status != HOST_OK) return buffer_free(&own), status;
    int64_t expected = *size;
    int fd = openat(folder, own.data, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) {
        status = failed_file(call, errno, host_text_of(FILES_FOLDER), own.data, "can't be made");
    } else {
        status = copy(call, instance, blobs, blob, fd, own.data, size);
        if (status == HOST_OK && expected >= 0 && *size != expected) {
            status = host_fail_as(api, call, HOST_INVALID_DATA, HOST_RETRY_LATER, name,
                                  host_text_of("The file ended before its size."), NULL);
        }
        if (status == HOST_OK && fsync(fd) != 0) {
            status = failed_file(call, errno, host_text_of(FILES_FOLDER), own.data, "can't be synced");
        }
        close(fd);
    }
    blobs->close(blob);
    buffer_add_string(place, FILES_FOLDER "/");
    buffer_add(place, own.data, own.size - 1);
    buffer_free(&own);
    return status == HOST_OK && place->has_failed ? host_fail_memory(api, call) : status;
}

/* The number of a file that payload_store named; -1 for any other name. */
static int64_t number_of(const char *name) {
    char *end;
    if (name[0] < '0' || name[0] > '9') return -1;
    long long number = strtoll(name, &end, 10);
    return end - name >= 6 && *end == '-' && number > 0 ? (int64_t)number : -1;
}

int64_t payload_remove(int folder, int64_t most, bool is_dry_run, int64_t *bytes) {
    names found;
    int64_t removed = 0;
    int error = read_names(folder, &found);
    for (int64_t i = 0; error == 0 && i < found.count; i++) {
        struct stat info;
        if (number_of(found.name[i]) <= most) continue;
        if (fstatat(folder, found.name[i], &info, AT_SYMLINK_NOFOLLOW) == 0) *bytes += info.st_size;
        if (!is_dry_run && unlinkat(folder, found.name[i], 0) != 0) error = errno;
        removed++;
    }
    names_free(&found);
    errno = error;
    return error == 0 ? removed : -1;
}
