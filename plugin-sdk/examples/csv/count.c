/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "load.h"
#include "place.h"
#include "value.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_stored(int folder, host_text place, host_text size) {
    struct stat info;
    int64_t expected;
    int fd = open_below(folder, place);
    if (fd < 0) return false;
    bool is_same = fstat(fd, &info) == 0 && (!parse_integer(size, &expected) || info.st_size == expected);
    close(fd);
    return is_same;
}

static host_status count_table(host_call *call, const host_instance *instance, int folder, int table, int fd,
                               int64_t *rows) {
    csv_reader reader;
    layout_header header;
    host_text subject = host_text_of(LAYOUT[table].file);
    csv_open_file(&reader, fd);
    csv_result result = csv_next(&reader);
    const char *fault = result == CSV_RECORD ? layout_read_header(&LAYOUT[table], &reader, &header, &subject) : NULL;
    host_status status = HOST_OK;
    *rows = 0;
    while (result == CSV_RECORD && fault == NULL && status == HOST_OK && (result = csv_next(&reader)) == CSV_RECORD) {
        if (++*rows % 4096 == 0 && is_stopped(call, instance)) status = stopped(call);
        if (table != TABLE_FILES) continue;
        host_text place = csv_text(&reader, header.cell[8]), size = csv_text(&reader, header.cell[5]);
        if (!is_stored(folder, place, size)) {
            status = host_fail(api, call, HOST_CONFLICT, place, "A file of the unit is not there, or not whole.");
        }
    }
    if (status == HOST_OK && (fault != NULL || result != CSV_END)) {
        status = host_fail(api, call, HOST_CONFLICT, subject, fault != NULL ? fault : "The table can't be read back.");
    }
    csv_close(&reader);
    return status;
}

host_status load_count(host_call *call, const host_instance *instance, int folder, int64_t rows[TABLES]) {
    for (int i = 0; i < TABLES; i++) {
        rows[i] = 0;
        int fd = openat(folder, LAYOUT[i].file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT) continue;
        if (fd < 0) return failed_file(call, errno, host_text_of(instance->path), LAYOUT[i].file, "can't be read");
        host_status status = count_table(call, instance, folder, i, fd, &rows[i]);
        close(fd);
        if (status != HOST_OK) return status;
    }
    return HOST_OK;
}
