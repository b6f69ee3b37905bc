/* SPDX-License-Identifier: Apache-2.0
 *
 * loader.c: the role that writes. Its three promises: what it calls durable survives a crash; rows that come again are
 * not doubled; a run is incomplete from begin until commit.
 */
#define _DEFAULT_SOURCE
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct host_load { /* a unit being written */
    host_instance *instance;
    FILE *file;
    uint64_t last;     /* sequence number of the last batch that is durable */
    bool is_complete;
    char id[33];
};

/* The host maps names, cuts texts and counts losses by this, before anything is written. */
const host_limits LIMITS = {
    .struct_size = sizeof LIMITS, .tables = HOST_TAKES_FIELDS | HOST_TAKES_POINTS,
    .abilities = HOST_CAN_FRACTIONAL_STEPS | HOST_CAN_NAN | HOST_CAN_INFINITY | HOST_CAN_NEGATIVE_ZERO |
                 HOST_CAN_SET_TIMES | HOST_CAN_NO_TIME | HOST_CAN_TIMES_BEFORE_1970 | HOST_CAN_TYPES |
                 HOST_CAN_NO_STEP | HOST_CAN_NUL | HOST_CAN_MICROSECONDS | HOST_CAN_DUPLICATE_POINTS,
    .kinds = HOST_TEXT(HOST_KIND_RUN)};

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    (void)call, (void)instance;
    *out = &LIMITS;
    return HOST_OK;
}

/* The folder is made with the first run; here it is only seen whether what is there will do. */
static host_status check(host_call *call, host_instance *instance) {
    struct stat info;
    if (is_stopped(call, instance)) return stopped(call);
    if (stat(instance->folder, &info) != 0 && errno == ENOENT) return HOST_OK;
    int error = access(instance->folder, W_OK | X_OK) != 0 ? errno : !S_ISDIR(info.st_mode) ? ENOTDIR : 0;
    if (error == 0) return HOST_OK;
    return host_fail_errno(api, call, error, host_text_of(instance->folder), "can't be written to");
}

static host_status failed(host_call *call, const char *id) {
    return host_fail_errno(api, call, errno, host_text_of(id), "can't be written");
}

static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    out->state = HOST_FOUND_NOTHING;
    if (is_stopped(call, instance)) return stopped(call);
    FILE *file = open_file(instance, unit->key, O_RDONLY);
    if (file == NULL && errno == ENOENT) return HOST_OK;
    if (file == NULL) return host_fail_errno(api, call, errno, unit->key, "can't be read");
    scan found = read_file(file, UINT64_MAX);
    fclose(file);
    free(instance->revision);
    instance->revision = found.revision;
    out->state = found.is_complete ? HOST_FOUND_COMPLETE
               : found.has_header ? HOST_FOUND_PARTIAL : HOST_FOUND_BROKEN;
    out->revision = host_text_of(found.revision);
    out->target = unit->key;
    return HOST_OK;
}

/* Cuts the file to the last batch that the host's ledger has, or to nothing. What lies behind comes again. The lock
 * is for a process that was killed and is not gone yet; it goes with the file. */
static bool prepare(host_load *load, const host_unit *unit, uint64_t resume_after) {
    if (flock(fileno(load->file), LOCK_EX | LOCK_NB) != 0) return false;
    scan found = read_file(load->file, resume_after);
    off_t end = resume_after == 0 ? 0 : found.end;
    free(found.revision);
    if (resume_after > 0 && found.durable == 0) return errno = EEXIST, false; /* somebody changed the file */
    if (ftruncate(fileno(load->file), end) != 0 || fseeko(load->file, end, SEEK_SET) != 0) return false;
    if (end == 0) put_header(load->file, unit);
    load->last = resume_after;
    int folder = open(load->instance->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* has the file's name */
    bool is_good = sync_file(load->file) && folder >= 0 && fsync(folder) == 0;
    if (folder >= 0) close(folder);
    return is_good;
}

static void end(host_load *load) {
    if (load->file != NULL) fclose(load->file);
    free(load);
}

static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    (void)found;
    if (is_stopped(call, instance)) return stopped(call);
    host_load *load = calloc(1, sizeof *load);
    if (load == NULL) return host_fail_memory(api, call);
    load->instance = instance;
    snprintf(load->id, sizeof load->id, "%.*s", (int)unit->key.size, unit->key.data);
    bool has_folder = mkdir(instance->folder, 0777) == 0 || errno == EEXIST;
    load->file = has_folder ? open_file(instance, unit->key, O_RDWR | O_CREAT) : NULL;
    if (load->file != NULL && prepare(load, unit, how == HOST_BEGIN_CONTINUE ? resume_after : 0)) {
        *out = load;
        return HOST_OK;
    }
    host_status status = failed(call, load->id);
    end(load);
    return status;
}

static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    host_status status = HOST_OK;
    bool is_points = host_text_is(batch->table, HOST_TABLE_POINTS);
    if (is_stopped(call, load->instance)) status = stopped(call);
    else if (load->is_complete) status = host_fail(api, call, HOST_INVALID_STATE, batch->table, "It is complete.");
    else put_rows(load->file, batch, is_points ? "point" : "field", is_points ? POINT : FIELD); /* see LIMITS */
    host_batch_release(batch);
    if (status != HOST_OK) return status;
    fprintf(load->file, "durable\t%llu\n", (unsigned long long)sequence);
    if (!sync_file(load->file)) return failed(call, load->id);
    *durable = load->last = sequence;
    return HOST_OK;
}

/* Every batch is on disk when `write_batch` returns, so nothing is left to do. */
static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    *durable = load->last;
    return is_stopped(call, load->instance) ? stopped(call) : HOST_OK;
}

static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    if (is_stopped(call, load->instance)) return stopped(call);
    scan found = read_file(load->file, UINT64_MAX);
    free(found.revision);
    if (found.points != summary->points || found.fields != summary->fields) {
        return host_fail(api, call, HOST_CONFLICT, host_text_of(load->id), "The file lacks rows, or has too many.");
    }
    fseeko(load->file, 0, SEEK_END);
    if (!load->is_complete) fprintf(load->file, "complete\t%lld\n", (long long)(found.points + found.fields));
    if (!sync_file(load->file)) return failed(call, load->id);
    load->is_complete = true;
    out->id = host_text_of(load->id);
    return HOST_OK;
}

const host_loader LOADER = {
    .struct_size = sizeof LOADER, .open = open_folder, .check = check, .limits = limits, .find = find,
    .begin = begin, .write = write_batch, .flush = flush, .commit = commit, .end = end, .cancel = cancel,
    .close = close_folder};
