/* SPDX-License-Identifier: Apache-2.0
 *
 * delete.c: the action `delete-job`. It takes away what the loader makes, by name, and leaves everything else: a
 * folder that holds anything besides stays, and is counted.
 */
#define _POSIX_C_SOURCE 200809L
#include "load.h"
#include "loader.h"
#include "payload.h"
#include "walk.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct tally {
    int64_t units, files, bytes, left;
} tally;

static int delete_one(int folder, const char *name, bool is_dry_run, tally *sum) {
    struct stat info;
    if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT ? 0 : errno;
    sum->files++;
    sum->bytes += info.st_size;
    return !is_dry_run && unlinkat(folder, name, 0) != 0 ? errno : 0;
}

/* unit.csv goes last, and says before that the unit is incomplete: whatever is left after a crash is not taken for a
 * whole unit, and is found again by the same action. */
static int delete_unit(int folder, unit_file *unit, bool is_dry_run, tally *sum) {
    int error = 0;
    if (!is_dry_run) {
        unit_set(unit, UNIT_STATUS, host_text_of(STATUS_INCOMPLETE));
        error = unit_write(folder, unit);
    }
    for (int i = 0; i < TABLES && error == 0; i++) error = delete_one(folder, LAYOUT[i].file, is_dry_run, sum);
    int files = open_folder(folder, FILES_FOLDER);
    if (files >= 0 && error == 0) {
        int64_t removed = payload_remove(files, 0, is_dry_run, &sum->bytes);
        if (removed < 0) error = errno;
        else sum->files += removed;
        if (error == 0 && !is_dry_run) (void)unlinkat(folder, FILES_FOLDER, AT_REMOVEDIR); /* stays while not empty */
    }
    if (files >= 0) close(files);
    if (error == 0) error = delete_one(folder, PROGRESS_FILE, is_dry_run, sum);
    if (error == 0) error = delete_one(folder, NEW_UNIT_FILE, is_dry_run, sum);
    if (error == 0) error = delete_one(folder, UNIT_FILE, is_dry_run, sum);
    return error;
}

static void remove_folders(host_instance *instance, walk *at, tally *sum) {
    const char *position = at->position.data;
    const char *slash = memchr(position, '/', (size_t)at->position.size);
    buffer name = {0};
    buffer_add(&name, slash + 1, at->position.size - (slash + 1 - position));
    buffer_add(&name, "", 1);
    if (!name.has_failed && unlinkat(at->project, name.data, AT_REMOVEDIR) != 0) sum->left++;
    name.size = 0;
    buffer_add(&name, position, slash - position);
    buffer_add(&name, "", 1);
    /* A project goes with its last unit. */
    if (!name.has_failed) (void)unlinkat(instance->root, name.data, AT_REMOVEDIR);
    buffer_free(&name);
}

static host_status delete_entry(host_call *call, host_instance *instance, bool is_dry_run, host_text job, walk *at,
                                tally *sum) {
    unit_file unit;
    int error;
    const char *fault = at->folder < 0 ? "" : unit_read(at->folder, &unit, &error);
    if (fault != NULL) return HOST_OK;
    if (host_text_equal(unit_get(&unit, UNIT_JOB), job)) {
        sum->units++;
        error = delete_unit(at->folder, &unit, is_dry_run, sum);
        if (error == 0 && !is_dry_run) remove_folders(instance, at, sum);
        if (error == 0) api->log(call, HOST_LOG_INFO, buffer_text(&at->position));
    }
    unit_free(&unit);
    return error == 0 ? HOST_OK : failed_file(call, error, buffer_text(&at->position), "", "can't be deleted");
}

host_status delete_job(host_call *call, host_instance *instance, int32_t dry_run, const char *job, int64_t job_size,
                       int64_t *units, int64_t *files, int64_t *bytes, int64_t *left) {
    tally sum = {0};
    walk at;
    int result;
    host_status status = HOST_OK;
    /* Folders that were made by hand name no job; an empty name must not mean them. */
    if (job_size == 0) {
        return host_fail(api, call, HOST_INVALID_OPTION, host_text_of("job"), "A job has a name.");
    }
    if (instance->root < 0) {
        return host_fail(api, call, HOST_NOT_FOUND, host_text_of(instance->path), "There is no such folder.");
    }
    walk_open(&at, instance->root, host_text_of(""));
    while (status == HOST_OK && (result = walk_next(&at)) != 0) {
        if (result < 0) status = failed_file(call, -result, host_text_of(instance->path), "", "can't be read");
        else if (is_stopped(call, instance)) status = stopped(call);
        else status = delete_entry(call, instance, dry_run != 0, host_text_from(job, job_size), &at, &sum);
    }
    walk_close(&at);
    *units = sum.units;
    *files = sum.files;
    *bytes = sum.bytes;
    *left = sum.left;
    return status;
}
