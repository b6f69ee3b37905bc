/* SPDX-License-Identifier: Apache-2.0
 *
 * exporter.c: the role that reads.
 */
#define _POSIX_C_SOURCE 200809L
#include "reader.h"
#include "walk.h"
#include <fcntl.h>
#include <unistd.h>

static host_status open_exporter(host_call *call, const host_open *args, host_instance **out) {
    return instance_open(call, args, true, out);
}

static host_status check(host_call *call, host_instance *instance) {
    names found;
    if (is_stopped(call, instance)) return stopped(call);
    int error = read_names(instance->root, &found);
    if (error != 0) return failed_file(call, error, host_text_of(instance->path), "", "can't be read");
    names_free(&found);
    return HOST_OK;
}

/* `projects` would only save work: the host selects by itself, too. */
static host_status list(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out) {
    (void)projects;
    *out = NULL;
    return is_stopped(call, instance) ? stopped(call) : list_open(call, instance, cursor, out);
}

static bool is_unit(int folder, const host_unit_ref *wanted) {
    unit_file unit;
    int error;
    if (folder < 0 || unit_read(folder, &unit, &error) != NULL) return false;
    bool is_same = unit_is_complete(&unit) && host_text_equal(unit_get(&unit, UNIT_ID), wanted->id) &&
                   host_text_equal(unit_get(&unit, UNIT_PROJECT), wanted->project) &&
                   host_text_equal(unit_get(&unit, UNIT_KIND), wanted->kind);
    unit_free(&unit);
    return is_same;
}

/* Looks at the units from a position on; leaves the one that is wanted in `last` and its folder open. */
static host_status search(host_call *call, host_instance *instance, const host_unit_ref *wanted, host_text after,
                          int *folder) {
    walk at;
    int result;
    host_status status = HOST_OK;
    walk_open(&at, instance->root, after);
    while (*folder < 0 && status == HOST_OK && (result = walk_next(&at)) != 0) {
        if (result < 0) status = failed_file(call, -result, host_text_of(instance->path), "", "can't be read");
        else if (is_stopped(call, instance)) status = stopped(call);
        else if (is_unit(at.folder, wanted)) {
            *folder = dup(at.folder);
            if (*folder < 0) status = failed_file(call, errno, buffer_text(&at.position), "", "can't be opened");
            instance->last.size = 0;
            buffer_add_text(&instance->last, buffer_text(&at.position));
        }
    }
    walk_close(&at);
    return status;
}

/* Folders made by hand have any name, so a unit is found by its unit.csv. Units are read in the order of the list,
 * most of them, so the search goes on from where the last one lay, and from the start only then. */
static host_status find_unit(host_call *call, host_instance *instance, const host_unit_ref *wanted, int *folder) {
    *folder = -1;
    host_unit unit = {.kind = wanted->kind, .project = wanted->project, .id = wanted->id};
    buffer own = {0}, name = {0};
    unit_folders(&unit, &own, &name);
    if (own.size > 0) own.data[own.size - 1] = '/';
    buffer_add(&own, name.data, name.size - 1);
    host_status status = own.has_failed || name.has_failed ? host_fail_memory(api, call) : HOST_OK;
    if (status == HOST_OK) {
        own.data[own.size - name.size] = '\0';
        int project = open_folder(instance->root, own.data);
        own.data[own.size - name.size] = '/';
        *folder = project < 0 ? -1 : open_folder(project, name.data);
        if (project >= 0) close(project);
        if (*folder >= 0 && !is_unit(*folder, wanted)) {
            close(*folder);
            *folder = -1;
        }
        if (*folder >= 0) {
            instance->last.size = 0;
            buffer_add_text(&instance->last, buffer_text(&own));
        }
    }
    buffer_free(&own);
    buffer_free(&name);
    if (status != HOST_OK || *folder >= 0) return status;
    buffer before = {0};
    buffer_add_text(&before, buffer_text(&instance->last));
    status = search(call, instance, wanted, buffer_text(&before), folder);
    if (status == HOST_OK && *folder < 0) status = search(call, instance, wanted, host_text_of(""), folder);
    buffer_free(&before);
    if (status != HOST_OK || *folder >= 0) return status;
    return host_fail(api, call, HOST_NOT_FOUND, wanted->id, "There is no complete unit of that id.");
}

static host_status paths(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    int folder;
    *out = NULL;
    host_status status = find_unit(call, instance, unit, &folder);
    return status != HOST_OK ? status : catalogue_open(call, instance, folder, buffer_text(&instance->last), out);
}

static host_status read_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                             host_reader **out) {
    int folder;
    *out = NULL;
    host_status status = find_unit(call, instance, unit, &folder);
    return status != HOST_OK ? status : rows_open(call, instance, folder, buffer_text(&instance->last), cursor, out);
}

static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    return is_stopped(call, reader->instance) ? stopped(call) : reader->next(call, reader, out);
}

static void close_reader(host_reader *reader) { reader->close(reader); }

/* The host gets the open file and reads it by itself. */
static host_status blob(host_call *call, host_instance *instance, host_text ref, host_blob *out) {
    if (is_stopped(call, instance)) return stopped(call);
    out->fd = open_below(instance->root, ref);
    return out->fd >= 0 ? HOST_OK : host_fail_errno(api, call, errno, ref, "can't be opened");
}

static host_status read_bytes(host_call *call, host_byte_reader *reader, uint8_t *to, int64_t size, int64_t *got) {
    (void)call, (void)reader, (void)to, (void)size;
    *got = 0;
    return HOST_END;
}

static void close_bytes(host_byte_reader *reader) { (void)reader; }

const host_exporter EXPORTER = {
    .struct_size = sizeof EXPORTER, .open = open_exporter, .check = check, .list = list, .paths = paths,
    .read = read_unit, .next = next, .close_reader = close_reader, .blob = blob, .read_bytes = read_bytes,
    .close_bytes = close_bytes, .cancel = instance_cancel, .close = instance_close};
