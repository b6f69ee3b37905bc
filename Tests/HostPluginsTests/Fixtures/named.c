/* SPDX-License-Identifier: Apache-2.0
 *
 * named.c: an exporter that can be told its NAME, VERSION and LICENCE, and that the macro WRONG makes useless in one
 * way. It reads nothing.
 */
#include "host/host.h"

#include <stdlib.h>
#include <unistd.h>

#define NO_SYMBOL 1
#define NEWER_MAJOR 2
#define UNDEFINED_FUNCTION 3
#define CRASHES 4
#define HANGS 5
#ifndef WRONG
#define WRONG 0
#endif
#ifndef NAME
#define NAME "named"
#endif
#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef LICENCE
#define LICENCE "Apache-2.0"
#endif

struct host_instance { int nothing; };

static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    return (void)call, (void)args, *out = calloc(1, sizeof **out), HOST_OK;
}

static host_status check(host_call *call, host_instance *instance) { return (void)call, (void)instance, HOST_OK; }

static host_status list(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out) {
    return (void)call, (void)instance, (void)projects, (void)cursor, (void)out, HOST_UNSUPPORTED;
}

static host_status paths(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    return (void)call, (void)instance, (void)unit, (void)out, HOST_UNSUPPORTED;
}

static host_status read_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                             host_reader **out) {
    return (void)call, (void)instance, (void)unit, (void)cursor, (void)out, HOST_UNSUPPORTED;
}

static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    return (void)call, (void)reader, (void)out, HOST_END;
}

static host_status blob(host_call *call, host_instance *instance, host_text ref, host_blob *out) {
    return (void)call, (void)instance, (void)ref, (void)out, HOST_UNSUPPORTED;
}

static host_status read_bytes(host_call *call, host_byte_reader *reader, uint8_t *buffer, int64_t capacity,
                              int64_t *got) {
    return (void)call, (void)reader, (void)buffer, (void)capacity, *got = 0, HOST_END;
}

static void close_reader(host_reader *reader) { (void)reader; }
static void close_bytes(host_byte_reader *reader) { (void)reader; }
static void cancel(host_instance *instance) { (void)instance; }
static void close_instance(host_instance *instance) { free(instance); }

static const host_exporter EXPORTER = {
    .struct_size = sizeof EXPORTER, .open = open_instance, .check = check, .list = list, .paths = paths,
    .read = read_unit, .next = next, .close_reader = close_reader, .blob = blob, .read_bytes = read_bytes,
    .close_bytes = close_bytes, .cancel = cancel, .close = close_instance};

static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_EXPORTER, .name = HOST_TEXT(NAME),
    .version = HOST_TEXT(VERSION), .summary = HOST_TEXT("Reads nothing."), .vendor = HOST_TEXT("nobody"),
    .licence = HOST_TEXT(LICENCE), .home = HOST_TEXT("https://example.org"), .runtime = HOST_TEXT("c")};

static host_status init(const host_api *api) { return (void)api, HOST_OK; }

static const host_plugin PLUGIN = {
    .struct_size = sizeof PLUGIN, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR, .descriptor = &DESCRIPTOR,
    .init = init, .exporter = &EXPORTER};

#if WRONG == UNDEFINED_FUNCTION
void nobody_defines_this(void);
#endif

#if WRONG == NO_SYMBOL
HOST_EXPORT const host_plugin *some_function(void) {
#elif WRONG == NEWER_MAJOR
HOST_EXPORT const host_plugin *host_plugin_v7(void) {
#else
HOST_EXPORT const host_plugin *host_plugin_v0(void) {
#endif
#if WRONG == UNDEFINED_FUNCTION
    nobody_defines_this();
#elif WRONG == CRASHES
    *(volatile int *)0 = 1;
#elif WRONG == HANGS
    for (;;) pause();
#endif
    return &PLUGIN;
}
