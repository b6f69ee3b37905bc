/* SPDX-License-Identifier: Apache-2.0
 *
 * fragile.c: a loader that keeps one line for each unit ("ID ROWS") in the file that is its location, and breaks
 * down in `write` over the unit `at`, in the way of `how`. With `once` it does so only as long as that file is not there.
 */
#define _DEFAULT_SOURCE
#include "host/host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOCATION, AT, HOW, ONCE, OPTION_COUNT };

struct host_instance { char options[OPTION_COUNT][512]; };
struct host_load { host_instance *instance; char id[256]; int64_t rows; uint64_t sequence; };

static const host_api *api;

static host_status fail(host_call *call, host_status status, const char *message) {
    host_error_info info = {.struct_size = sizeof info, .status = status,
                            .message = {message, (int64_t)strlen(message)}};
    return api->fail(call, &info), status;
}

static void copy(char *to, size_t size, host_text text) {
    size_t count = text.size < (int64_t)size ? (size_t)text.size : size - 1;
    if (count > 0) memcpy(to, text.data, count);
    to[count] = 0;
}

static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    (void)call;
    host_instance *made = calloc(1, sizeof *made);
    for (uint32_t i = 0; i < args->value_count; i++) {
        const host_option_value *value = (const void *)((const char *)args->values + i * args->value_stride);
        if (value->index < OPTION_COUNT) copy(made->options[value->index], sizeof made->options[0], value->text);
    }
    return *out = made, HOST_OK;
}

static host_status check(host_call *call, host_instance *instance) { return (void)call, (void)instance, HOST_OK; }

static const host_limits LIMITS = {
    .struct_size = sizeof LIMITS, .kinds = HOST_TEXT("run"), .abilities = UINT64_MAX,
    .tables = HOST_TAKES_FIELDS | HOST_TAKES_POINTS | HOST_TAKES_SERIES | HOST_TAKES_HISTOGRAMS | HOST_TAKES_FILES};

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    return (void)call, (void)instance, *out = &LIMITS, HOST_OK;
}

static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    (void)call;
    FILE *file = fopen(instance->options[LOCATION], "r");
    char line[512], id[256];
    copy(id, sizeof id, unit->id);
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, id, strlen(id)) != 0 || line[strlen(id)] != ' ') continue;
        out->state = HOST_FOUND_COMPLETE;
        out->target = unit->id;
        out->revision = unit->revision;
    }
    if (file != NULL) fclose(file);
    return HOST_OK;
}

static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    (void)call, (void)found, (void)how, (void)resume_after;
    host_load *load = calloc(1, sizeof *load);
    load->instance = instance;
    copy(load->id, sizeof load->id, unit->id);
    return *out = load, HOST_OK;
}

static void break_down(const host_instance *instance) {
    const char *how = instance->options[HOW];
    if (strcmp(how, "segfault") == 0) *(volatile int *)8 = 1;
    if (strcmp(how, "abort") == 0) abort();
    if (strcmp(how, "trap") == 0) __builtin_trap();
    if (strcmp(how, "exit") == 0) exit(3);
    if (strcmp(how, "hang") == 0) for (;;) pause();
    if (strcmp(how, "leak") == 0) for (;;) memset(malloc(1 << 20), 1, 1 << 20), usleep(1000);
}

static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    (void)call;
    const host_instance *instance = load->instance;
    if (strcmp(load->id, instance->options[AT]) == 0) {
        const char *once = instance->options[ONCE];
        if (once[0] == 0 || access(once, F_OK) != 0) {
            if (once[0] != 0) close(open(once, O_CREAT | O_WRONLY, 0600));
            break_down(instance);
        }
    }
    load->rows += batch->array.length;
    load->sequence = sequence;
    batch->array.release(&batch->array);
    batch->schema.release(&batch->schema);
    return *durable = 0, HOST_OK;
}

static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    return (void)call, *durable = load->sequence, HOST_OK;
}

static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    int64_t told = summary->points + summary->fields + summary->series + summary->histograms + summary->files;
    if (told != load->rows) return fail(call, HOST_CONFLICT, "Not all rows came here.");
    char line[512];
    int size = snprintf(line, sizeof line, "%s %lld\n", load->id, (long long)load->rows);
    int file = open(load->instance->options[LOCATION], O_CREAT | O_WRONLY | O_APPEND, 0600);
    if (file < 0 || write(file, line, (size_t)size) != size) return fail(call, HOST_IO, "The file can't be written.");
    close(file);
    out->id = (host_text){load->id, (int64_t)strlen(load->id)};
    return HOST_OK;
}

static void end(host_load *load) { free(load); }
static void cancel(host_instance *instance) { (void)instance; }
static void close_instance(host_instance *instance) { free(instance); }

static const host_loader LOADER = {
    .struct_size = sizeof LOADER, .open = open_instance, .check = check, .limits = limits, .find = find, .begin = begin,
    .write = write_batch, .flush = flush, .commit = commit, .end = end, .cancel = cancel, .close = close_instance};

#define OPTION(text, kind, mark, line) \
    {.struct_size = sizeof(host_option), .type = kind, .flags = mark, .roles = HOST_ROLE_LOADER, \
     .name = HOST_TEXT(text), .summary = HOST_TEXT(line)}

static const host_option OPTIONS[] = {
    OPTION("file", HOST_OPTION_PATH, HOST_OPTION_REQUIRED | HOST_OPTION_LOCATION, "where the lines go"),
    OPTION("at", HOST_OPTION_TEXT, 0, "id of the unit to break down over"),
    OPTION("how", HOST_OPTION_TEXT, 0, "segfault, abort, trap, exit, hang or leak"),
    OPTION("once", HOST_OPTION_PATH, 0, "break down only until this file is there"),
};

static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_LOADER, .name = HOST_TEXT("fragile"),
    .version = HOST_TEXT("1.2"), .summary = HOST_TEXT("Breaks down over one unit."), .runtime = HOST_TEXT("c"),
    .options = OPTIONS, .option_count = OPTION_COUNT, .option_stride = sizeof OPTIONS[0], .limits = &LIMITS};

static host_status init(const host_api *given) { return api = given, HOST_OK; }

static const host_plugin PLUGIN = {.struct_size = sizeof PLUGIN, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR,
                                   .descriptor = &DESCRIPTOR, .init = init, .loader = &LOADER};

HOST_EXPORT const host_plugin *host_plugin_v0(void) { return &PLUGIN; }
