/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin.c: what {{name}} says of itself, and what both of its roles need.
 *
 * It keeps each run as one text file, KEY.tsv (file.h). It works as it stands: put your tracker in the place of the
 * files, and say in LIMITS what it can hold.
 */
#define _DEFAULT_SOURCE
#include "plugin.h"
#include <stdlib.h>

const host_api *api;

bool is_stopped(host_call *call, const host_instance *instance) {
    return __atomic_load_n(&instance->is_cancelled, __ATOMIC_RELAXED) != 0 || api->cancelled(call);
}

host_status stopped(host_call *call) {
    return host_fail(api, call, HOST_CANCELLED, host_text_of(NULL), "Stopped on request.");
}

void cancel(host_instance *instance) { __atomic_store_n(&instance->is_cancelled, 1, __ATOMIC_RELAXED); }

void close_folder(host_instance *instance) {
    free(instance->folder);
    free(instance->revision);
    free(instance);
}

host_status open_folder(host_call *call, const host_open *args, host_instance **out) {
    host_text folder = host_option_text(args, OPTION_FOLDER);
    host_instance *made = calloc(1, sizeof *made);
    if (made == NULL) return host_fail_memory(api, call);
    made->folder = strndup(folder.data, (size_t)folder.size);
    if (made->folder != NULL) {
        *out = made;
        return HOST_OK;
    }
    close_folder(made);
    return host_fail_memory(api, call);
}

/* In the order of the OPTION_ constants. */
static const host_option OPTIONS[] = {
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_PATH,
     .flags = HOST_OPTION_REQUIRED | HOST_OPTION_IDENTITY | HOST_OPTION_LOCATION,
     .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("folder"),
     .summary = HOST_TEXT("where the files are"), .example = HOST_TEXT("./runs")},
};

static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("{{name}}"),
    .version = HOST_TEXT("0.1.0"), .summary = HOST_TEXT("What {{name}} is, in one line."),
    .licence = HOST_TEXT("Apache-2.0"), .runtime = HOST_TEXT("c"), .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0], .option_stride = sizeof OPTIONS[0], .limits = &LIMITS};

static host_status init(const host_api *table) {
    api = table;
    return HOST_OK;
}

HOST_EXPORT const host_plugin *host_plugin_v0(void) {
    static const host_plugin plugin = {
        .struct_size = sizeof plugin, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR, .descriptor = &DESCRIPTOR,
        .init = init, .exporter = &EXPORTER, .loader = &LOADER};
    return &plugin;
}
