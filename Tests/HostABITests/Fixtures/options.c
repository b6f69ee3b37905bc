/* SPDX-License-Identifier: Apache-2.0
 *
 * options.c: declares an option of every type. Nothing of it is ever called but init.
 */
#include "host/host.h"

static host_status never(void) { return HOST_UNSUPPORTED; }

/* Calls through a pointer of another type are not allowed; none is made. */
#define NEVER (void *)never

#define OPTION(NAME, TYPE, FLAGS, ROLES, ...)                                                              \
    {.struct_size = sizeof(host_option), .type = TYPE, .flags = FLAGS, .roles = ROLES, .name = HOST_TEXT(NAME), \
     .summary = HOST_TEXT("the " NAME), __VA_ARGS__}
#define BOTH (HOST_ROLE_EXPORTER | HOST_ROLE_LOADER)

static const host_option OPTIONS[] = {
    OPTION("token", HOST_OPTION_TEXT, HOST_OPTION_SECRET | HOST_OPTION_IDENTITY, BOTH,
           .environment = HOST_TEXT("TRACKER_TOKEN OLD_TOKEN")),
    OPTION("url", HOST_OPTION_URL, HOST_OPTION_REQUIRED | HOST_OPTION_LOCATION, BOTH,
           .environment = HOST_TEXT("TRACKER_URL")),
    OPTION("workers", HOST_OPTION_INT, 0, BOTH, .default_value = HOST_TEXT("4"),
           .environment = HOST_TEXT("TRACKER_WORKERS")),
    OPTION("ratio", HOST_OPTION_FLOAT, 0, BOTH, .example = HOST_TEXT("0.5")),
    OPTION("verify", HOST_OPTION_BOOL, HOST_OPTION_IDENTITY, BOTH, .default_value = HOST_TEXT("yes")),
    OPTION("timeout", HOST_OPTION_DURATION, 0, BOTH, .example = HOST_TEXT("30s")),
    OPTION("part-size", HOST_OPTION_SIZE, 0, BOTH, .example = HOST_TEXT("8MiB")),
    OPTION("files-path", HOST_OPTION_PATH, HOST_OPTION_IDENTITY, BOTH, .example = HOST_TEXT("./files")),
    OPTION("mode", HOST_OPTION_TEXT, 0, BOTH, .choices = HOST_TEXT("fast|safe")),
    OPTION("read-only", HOST_OPTION_BOOL, 0, HOST_ROLE_EXPORTER, .example = HOST_TEXT("true")),
};

static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = BOTH, .name = HOST_TEXT("options"), .version = HOST_TEXT("1"),
    .options = OPTIONS, .option_count = sizeof OPTIONS / sizeof OPTIONS[0], .option_stride = sizeof OPTIONS[0]};

static const host_exporter EXPORTER = {sizeof EXPORTER, 0,     NEVER, NEVER, NEVER, NEVER, NEVER,
                                       NEVER,           NEVER, NEVER, NEVER, NEVER, NEVER, NEVER};
static const host_loader LOADER = {sizeof LOADER, 0,     NEVER, NEVER, NEVER, NEVER, NEVER,
                                   NEVER,         NEVER, NEVER, NEVER, NEVER, NEVER};

static host_status init(const host_api *api) { return (void)api, HOST_OK; }

HOST_EXPORT const host_plugin *host_plugin_v0(void) {
    static const host_plugin plugin = {
        .struct_size = sizeof plugin, .magic = HOST_MAGIC, .abi_minor = 1, .descriptor = &DESCRIPTOR, .init = init,
        .exporter = &EXPORTER, .loader = &LOADER};
    return &plugin;
}
