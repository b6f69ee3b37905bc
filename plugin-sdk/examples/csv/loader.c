/* SPDX-License-Identifier: Apache-2.0
 *
 * loader.c: the role that writes.
 */
#define _POSIX_C_SOURCE 200809L
#include "loader.h"
#include "load.h"
#include "place.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A sync costs milliseconds, so rows wait for each other: at most this long, or this much. */
enum { SYNC_SECONDS = 2, SYNC_BYTES = 8 << 20 };

/* Any name will do. HOST_CHARS_ANY leaves control characters out, so those of ASCII and Latin-1 are added. */
#define ASCII_CONTROLS                                                                                              \
    "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37\177"
#define LATIN_CONTROLS                                                                                              \
    "\xC2\x80\xC2\x81\xC2\x82\xC2\x83\xC2\x84\xC2\x85\xC2\x86\xC2\x87\xC2\x88\xC2\x89\xC2\x8A\xC2\x8B\xC2\x8C\xC2\x8D" \
    "\xC2\x8E\xC2\x8F\xC2\x90\xC2\x91\xC2\x92\xC2\x93\xC2\x94\xC2\x95\xC2\x96\xC2\x97\xC2\x98\xC2\x99\xC2\x9A\xC2\x9B" \
    "\xC2\x9C\xC2\x9D\xC2\x9E\xC2\x9F"
#define ANY_NAME                                                                                                    \
    {.struct_size = sizeof(host_name_rule), .characters = HOST_CHARS_ANY,                                           \
     .extra = HOST_TEXT(ASCII_CONTROLS LATIN_CONTROLS), .replacement = '_'}
static const host_name_rule NAMES[HOST_SCOPE_COUNT] = {ANY_NAME, ANY_NAME, ANY_NAME, ANY_NAME};

const host_limits LIMITS = {
    .struct_size = sizeof LIMITS,
    .tables = HOST_TAKES_FIELDS | HOST_TAKES_POINTS | HOST_TAKES_SERIES | HOST_TAKES_HISTOGRAMS | HOST_TAKES_FILES |
              HOST_TAKES_LINKS | HOST_TAKES_GRANTS,
    .abilities = HOST_CAN_FRACTIONAL_STEPS | HOST_CAN_NAN | HOST_CAN_INFINITY | HOST_CAN_NEGATIVE_ZERO |
                 HOST_CAN_SET_TIMES | HOST_CAN_NO_TIME | HOST_CAN_TIMES_BEFORE_1970 | HOST_CAN_TYPES |
                 HOST_CAN_NESTING | HOST_CAN_FORKS | HOST_CAN_NO_STEP | HOST_CAN_NUL | HOST_CAN_MICROSECONDS |
                 HOST_CAN_DUPLICATE_POINTS,
    .kinds = HOST_TEXT("run experiment model model-version logged-model prompt trace dataset grants"),
    .names = NAMES, .name_count = HOST_SCOPE_COUNT, .name_stride = sizeof NAMES[0]};

static host_status open_loader(host_call *call, const host_open *args, host_instance **out) {
    return instance_open(call, args, false, out);
}

/* The folder is made with the first unit; here it is only seen whether it could be. */
static host_status check(host_call *call, host_instance *instance) {
    if (is_stopped(call, instance)) return stopped(call);
    char *place = strdup(instance->path);
    if (place == NULL) return host_fail_memory(api, call);
    struct stat info;
    while (stat(place, &info) != 0 && errno == ENOENT && strrchr(place, '/') > place) *strrchr(place, '/') = '\0';
    int error = stat(place, &info) != 0 ? errno : !S_ISDIR(info.st_mode) ? ENOTDIR
              : access(place, W_OK | X_OK) != 0 ? errno : 0;
    free(place);
    return error == 0 ? HOST_OK : failed_file(call, error, host_text_of(instance->path), "", "can't be written to");
}

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    (void)call, (void)instance;
    *out = &LIMITS;
    return HOST_OK;
}

/* Whether the journal and the files it speaks of are there. */
static bool can_go_on(int folder) {
    mark at;
    int64_t end;
    int progress = openat(folder, PROGRESS_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (progress < 0) return false;
    bool is_good = progress_read(progress, UINT64_MAX, &at, &end) == 0;
    close(progress);
    for (int i = 0; i < TABLES && is_good; i++) {
        struct stat info;
        if (at.bytes[i] == 0) continue;
        is_good = fstatat(folder, LAYOUT[i].file, &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_size >= at.bytes[i];
    }
    return is_good;
}

static bool is_empty(int folder) {
    names found;
    if (read_names(folder, &found) != 0) return false;
    /* A crash between the folder and its first file leaves no more than this. */
    bool is_empty = found.count == 0 || (found.count == 1 && strcmp(found.name[0], NEW_UNIT_FILE) == 0);
    names_free(&found);
    return is_empty;
}

static void look(host_instance *instance, int folder, const host_unit *unit, host_found *out) {
    unit_file *there = &instance->found;
    int error;
    out->state = HOST_FOUND_FOREIGN;
    unit_free(there);
    if (unit_read(folder, there, &error) != NULL) {
        if (error == ENOENT && is_empty(folder)) out->state = HOST_FOUND_NOTHING;
        else out->note = host_text_of("a folder without a unit.csv of this plugin");
    } else if (!host_text_equal(unit_get(there, UNIT_KEY), unit->key)) {
        out->note = host_text_of("a unit of that id that came from another source");
    } else if (unit_is_complete(there)) {
        out->state = HOST_FOUND_COMPLETE;
        out->revision = unit_get(there, UNIT_REVISION);
    } else {
        bool is_partial = can_go_on(folder);
        out->state = is_partial ? HOST_FOUND_PARTIAL : HOST_FOUND_BROKEN;
        out->note = host_text_of("its writing was interrupted");
    }
}

/* What is lent to the host lies in the instance, until the next call for it. */
static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    if (is_stopped(call, instance)) return stopped(call);
    out->state = HOST_FOUND_NOTHING;
    if (instance->root < 0) instance->root = open(instance->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (instance->root < 0) {
        return errno == ENOENT ? HOST_OK : failed_file(call, errno, host_text_of(instance->path), "", "can't be opened");
    }
    buffer project = {0}, name = {0};
    unit_folders(unit, &project, &name);
    host_status status = project.has_failed || name.has_failed ? host_fail_memory(api, call) : HOST_OK;
    int outer = status == HOST_OK ? open_folder(instance->root, project.data) : -1;
    int folder = outer < 0 ? -1 : open_folder(outer, name.data);
    if (status == HOST_OK && folder < 0 && errno != ENOENT) {
        status = failed_file(call, errno, host_text_of(name.data), "", "can't be opened");
    }
    if (folder >= 0) {
        look(instance, folder, unit, out);
        close(folder);
        instance->target.size = 0;
        buffer_add(&instance->target, project.data, project.size - 1);
        buffer_add_string(&instance->target, "/");
        buffer_add(&instance->target, name.data, name.size - 1);
        if (out->state != HOST_FOUND_NOTHING) out->target = buffer_text(&instance->target);
    }
    if (outer >= 0) close(outer);
    buffer_free(&project);
    buffer_free(&name);
    return status;
}

static void end(host_load *load) {
    for (int i = 0; i < TABLES; i++) {
        if (load->table[i].fd >= 0) close(load->table[i].fd);
        buffer_free(&load->table[i].pending);
    }
    if (load->progress >= 0) close(load->progress);
    if (load->files >= 0) close(load->files);
    if (load->folder >= 0) close(load->folder);
    unit_free(&load->unit);
    buffer_free(&load->target);
    free(load);
}

static host_status make_folders(host_call *call, host_load *load, const host_unit *unit) {
    host_instance *instance = load->instance;
    buffer project = {0}, name = {0};
    unit_folders(unit, &project, &name);
    if (instance->root < 0) instance->root = make_path(instance->path);
    int outer = instance->root < 0 || project.has_failed ? -1 : make_folder(instance->root, project.data);
    if (outer >= 0 && !name.has_failed) load->folder = make_folder(outer, name.data);
    int error = errno;
    if (outer >= 0) close(outer);
    if (!project.has_failed && !name.has_failed) {
        buffer_add(&load->target, project.data, project.size - 1);
        buffer_add_string(&load->target, "/");
        buffer_add(&load->target, name.data, name.size - 1);
    }
    buffer_free(&project);
    buffer_free(&name);
    if (load->target.has_failed || load->target.size == 0) return host_fail_memory(api, call);
    return load->folder >= 0 ? HOST_OK
                             : failed_file(call, error, host_text_of(instance->path), load->target.data, "can't be made");
}

/* From here on unit.csv says that the unit is incomplete, whatever it was before. */
static host_status prepare(host_call *call, host_load *load, const host_unit *unit, uint64_t resume_after) {
    host_status status = make_folders(call, load, unit);
    if (status != HOST_OK) return status;
    unit_take(&load->unit, unit);
    unit_set(&load->unit, UNIT_STATUS, host_text_of(STATUS_INCOMPLETE));
    int error = unit_write(load->folder, &load->unit);
    if (error != 0) return failed_file(call, error, buffer_text(&load->target), UNIT_FILE, "can't be written");
    return load_restore(call, load, resume_after);
}

static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    *out = NULL;
    if (is_stopped(call, instance)) return stopped(call);
    if (how == HOST_BEGIN_CONTINUE && found->state == HOST_FOUND_FOREIGN) {
        return host_fail_as(api, call, HOST_CONFLICT, HOST_RETRY_NEVER, found->target,
                            host_text_of("The folder has a unit of that id that is not this one."),
                            "Choose another folder, or --on-existing update to replace it.");
    }
    host_load *load = calloc(1, sizeof *load);
    if (load == NULL) return host_fail_memory(api, call);
    load->instance = instance;
    load->folder = load->files = load->progress = -1;
    for (int i = 0; i < TABLES; i++) load->table[i].fd = -1;
    host_status status = prepare(call, load, unit, how == HOST_BEGIN_CONTINUE ? resume_after : 0);
    if (status != HOST_OK) end(load);
    else *out = load;
    return status;
}

static bool is_time_to_sync(const host_load *load) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return load->unsynced >= SYNC_BYTES || now.tv_sec - load->synced_at >= SYNC_SECONDS;
}

/* HOST_OK when the load can be gone on with. */
static host_status ready(host_call *call, const host_load *load) {
    if (is_stopped(call, load->instance)) return stopped(call);
    if (!load->has_failed) return HOST_OK;
    return host_fail(api, call, HOST_INVALID_STATE, buffer_text(&load->target), "A write of this unit failed before.");
}

static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    int table = layout_of(batch->table);
    host_status status = ready(call, load);
    if (status == HOST_OK && load->is_complete) {
        status = host_fail(api, call, HOST_INVALID_STATE, buffer_text(&load->target), "The unit is complete.");
    } else if (status == HOST_OK && table == TABLES) {
        status = host_fail(api, call, HOST_UNSUPPORTED, batch->table, "This folder has no file for that table.");
    } else if (status == HOST_OK) {
        status = load_rows(call, load, table, batch);
        load->has_failed = status != HOST_OK;
    }
    host_batch_release(batch);
    if (status != HOST_OK) return status;
    load->now.sequence = sequence;
    if (is_time_to_sync(load)) status = load_sync(call, load);
    *durable = load->durable;
    return status;
}

static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    host_status status = ready(call, load);
    if (status == HOST_OK) status = load_sync(call, load);
    *durable = load->durable;
    return status;
}

static host_status compare(host_call *call, const host_load *load, const int64_t rows[TABLES],
                           const host_commit *summary) {
    const int64_t told[TABLES] = {
        [TABLE_FIELDS] = summary->fields, [TABLE_POINTS] = summary->points, [TABLE_SERIES] = summary->series,
        [TABLE_HISTOGRAMS] = summary->histograms, [TABLE_FILES] = summary->files,
        [TABLE_LINKS] = load->now.rows[TABLE_LINKS], [TABLE_GRANTS] = load->now.rows[TABLE_GRANTS]};
    for (int i = 0; i < TABLES; i++) {
        if (rows[i] == told[i] && rows[i] == load->now.rows[i]) continue;
        host_message message = {.size = 0};
        host_message_add_string(&message, LAYOUT[i].file);
        host_message_add_string(&message, " has ");
        host_message_add_number(&message, rows[i]);
        host_message_add_string(&message, " rows, not the ");
        host_message_add_number(&message, told[i]);
        host_message_add_string(&message, " that were handed over.");
        return host_fail_as(api, call, HOST_CONFLICT, HOST_RETRY_DEFAULT, buffer_text(&load->target),
                            host_message_text(&message), "Run again with --on-existing update.");
    }
    return HOST_OK;
}

static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    int64_t rows[TABLES];
    host_status status = ready(call, load);
    if (status == HOST_OK) status = load_sync(call, load);
    if (status == HOST_OK) status = load_count(call, load->instance, load->folder, rows);
    if (status == HOST_OK) status = compare(call, load, rows, summary);
    if (status != HOST_OK) return status;
    for (int i = 0; i < TABLES; i++) {
        unit_set(&load->unit, (unit_name)(UNIT_ROWS + i), host_text_of(""));
        buffer_add_number(&load->unit.texts[UNIT_ROWS + i], rows[i]);
    }
    unit_set(&load->unit, UNIT_STATUS, host_text_of(STATUS_COMPLETE));
    int error = unit_write(load->folder, &load->unit);
    if (error != 0) return failed_file(call, error, buffer_text(&load->target), UNIT_FILE, "can't be written");
    /* Nobody needs the journal of a complete unit; one that stays is harmless. */
    (void)unlinkat(load->folder, PROGRESS_FILE, 0);
    load->is_complete = true;
    out->id = buffer_text(&load->target);
    return HOST_OK;
}

const host_loader LOADER = {
    .struct_size = sizeof LOADER, .open = open_loader, .check = check, .limits = limits, .find = find,
    .begin = begin, .write = write_batch, .flush = flush, .commit = commit, .end = end,
    .cancel = instance_cancel, .close = instance_close};
