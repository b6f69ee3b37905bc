/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* flock */
#include "load.h"
#include "encode.h"
#include "payload.h"
#include "place.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PENDING = 1 << 20 };

static host_status failed(host_call *call, const host_load *load, int number, const char *name, const char *what) {
    return failed_file(call, number, buffer_text(&load->target), name, what);
}

static int64_t now_in_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static int cut(int folder, const char *name, int64_t bytes) {
    if (bytes == 0) return unlinkat(folder, name, 0) != 0 && errno != ENOENT ? errno : 0;
    struct stat info;
    int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return errno;
    int error = fstat(fd, &info) != 0 ? errno : info.st_size < bytes ? EIO : 0;
    if (error == 0 && ftruncate(fd, (off_t)bytes) != 0) error = errno;
    close(fd);
    return error;
}

/* The journal first: once it is short, a crash below leaves nothing worse than files that are too long. */
host_status load_restore(host_call *call, host_load *load, uint64_t resume_after) {
    load->progress = openat(load->folder, PROGRESS_FILE, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (load->progress < 0) return failed(call, load, errno, PROGRESS_FILE, "can't be opened");
    /* For a process that was killed and is not gone yet: two would write over each other. */
    if (flock(load->progress, LOCK_EX | LOCK_NB) != 0) {
        return failed(call, load, errno, PROGRESS_FILE, "can't be locked");
    }
    mark at = {0};
    int64_t end = 0;
    int error = 0;
    if (resume_after > 0) {
        error = progress_read(load->progress, resume_after, &at, &end);
        if (error == 0 && at.sequence == 0) {
            return host_fail(api, call, HOST_CONFLICT, buffer_text(&load->target),
                             "The ledger has rows of this unit as written that are not in its folder.");
        }
    }
    if (error == 0 && ftruncate(load->progress, (off_t)end) != 0) error = errno;
    if (error == 0) error = end == 0 ? progress_begin(load->progress) : fsync(load->progress) != 0 ? errno : 0;
    if (error != 0) return failed(call, load, error, PROGRESS_FILE, "can't be written");
    for (int i = 0; i < TABLES; i++) {
        error = cut(load->folder, LAYOUT[i].file, at.bytes[i]);
        if (error != 0) return failed(call, load, error, LAYOUT[i].file, "can't be brought to where it was");
    }
    load->files = open_folder(load->folder, FILES_FOLDER);
    int64_t bytes;
    if (load->files >= 0 ? payload_remove(load->files, at.rows[TABLE_FILES], false, &bytes) < 0 : errno != ENOENT) {
        return failed(call, load, errno, FILES_FOLDER, "can't be cleared");
    }
    if (fsync(load->folder) != 0) return failed(call, load, errno, "", "can't be synced");
    load->now = at;
    load->durable = at.sequence;
    load->synced_at = now_in_seconds();
    return HOST_OK;
}

static host_status open_table(host_call *call, host_load *load, int table) {
    table_output *output = &load->table[table];
    if (output->fd >= 0) return HOST_OK;
    output->fd = openat(load->folder, LAYOUT[table].file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (output->fd < 0) return failed(call, load, errno, LAYOUT[table].file, "can't be opened");
    if (load->now.bytes[table] == 0) {
        load->has_new_tables = true;
        layout_put_header(&LAYOUT[table], &output->pending);
    }
    return HOST_OK;
}

static host_status put_down(host_call *call, host_load *load, int table) {
    table_output *output = &load->table[table];
    if (output->pending.has_failed) return host_fail_memory(api, call);
    if (output->pending.size == 0) return HOST_OK;
    int error = write_all(output->fd, output->pending.data, output->pending.size);
    if (error != 0) return failed(call, load, error, LAYOUT[table].file, "can't be written");
    load->now.bytes[table] += output->pending.size;
    load->unsynced += output->pending.size;
    output->pending.size = 0;
    output->is_dirty = true;
    return HOST_OK;
}

static host_status store(host_call *call, host_load *load, const host_batch *batch, int64_t row, buffer *place,
                         stored_file *out) {
    host_column blob = host_column_find(batch, "blob"), name = host_column_find(batch, "name");
    host_column size = host_column_find(batch, "size"), path = host_column_find(batch, "path");
    if (load->files < 0) {
        load->files = make_folder(load->folder, FILES_FOLDER);
        if (load->files < 0) return failed(call, load, errno, FILES_FOLDER, "can't be made");
    }
    place->size = 0;
    host_status status = payload_store(call, load->instance, load->files, host_read_text(&blob, row),
                                       load->now.rows[TABLE_FILES] + 1, host_read_text(&name, row), place, &out->size);
    if (status != HOST_OK) return status;
    load->has_new_files = true;
    load->unsynced += out->size;
    int64_t told;
    out->place = buffer_text(place);
    out->has_size = host_read_int64(&size, row, &told);
    if (out->has_size && told != out->size) {
        host_tell_loss(api, call, HOST_LOSS_NOTED, HOST_TABLE_FILES, "size.corrected", 1, host_read_text(&path, row),
                       "the file has another size than its row said; files.csv has the true one");
    }
    return HOST_OK;
}

host_status load_rows(host_call *call, host_load *load, int table, const host_batch *batch) {
    row_source source;
    buffer place = {0};
    stored_file file = {0};
    table_output *output = &load->table[table];
    source_open(&source, &LAYOUT[table], batch);
    host_status status = batch->array.length > 0 ? open_table(call, load, table) : HOST_OK;
    for (int64_t row = 0; status == HOST_OK && row < batch->array.length; row++) {
        if (row % 1024 == 0 && is_stopped(call, load->instance)) status = stopped(call);
        if (status == HOST_OK && table == TABLE_FILES) status = store(call, load, batch, row, &place, &file);
        if (status == HOST_OK && !put_row(&output->pending, &source, row, &file)) {
            status = host_fail(api, call, HOST_UNSUPPORTED, host_read_text(&source.column[2], row),
                               "A field has a value of a type that this plugin does not know.");
        }
        load->now.rows[table]++;
        if (status == HOST_OK && output->pending.size > MOST_PENDING) status = put_down(call, load, table);
    }
    buffer_free(&place);
    return status == HOST_OK ? put_down(call, load, table) : status;
}

/* Rows, then the names of files that are new, then the journal: its line is true from its first byte on. */
host_status load_sync(host_call *call, host_load *load) {
    if (load->durable == load->now.sequence) return HOST_OK;
    for (int i = 0; i < TABLES; i++) {
        table_output *output = &load->table[i];
        if (!output->is_dirty) continue;
        if (fsync(output->fd) != 0) return failed(call, load, errno, LAYOUT[i].file, "can't be synced");
        output->is_dirty = false;
    }
    if ((load->has_new_files && fsync(load->files) != 0) || (load->has_new_tables && fsync(load->folder) != 0)) {
        return failed(call, load, errno, "", "can't be synced");
    }
    load->has_new_files = load->has_new_tables = false;
    int error = progress_append(load->progress, &load->now);
    if (error != 0) return failed(call, load, error, PROGRESS_FILE, "can't be written");
    load->durable = load->now.sequence;
    load->unsynced = 0;
    load->synced_at = now_in_seconds();
    return HOST_OK;
}
