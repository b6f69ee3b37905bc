/* SPDX-License-Identifier: Apache-2.0
 *
 * unruly.c: a loader that breaks down in `check` the way its option `do` says.
 */
#define _DEFAULT_SOURCE
#include "host/host.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const host_api *api;

struct host_instance { char what[32]; };

static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    (void)call;
    host_instance *made = calloc(1, sizeof *made);
    if (args->value_count > 0) memcpy(made->what, args->values->text.data, (size_t)args->values->text.size);
    return *out = made, HOST_OK;
}

static host_status check(host_call *call, host_instance *instance) {
    const char *what = instance->what;
    if (strcmp(what, "segfault") == 0) return *(volatile int *)8;
    if (strcmp(what, "abort") == 0) abort();
    if (strcmp(what, "trap") == 0) __builtin_trap();
    if (strcmp(what, "exit") == 0) exit(3);
    if (strcmp(what, "print") == 0) {
        puts("what a plugin must not do");
        fflush(stdout);
        fputs("last words\n", stderr);
        abort();
    }
    if (strcmp(what, "hang") == 0) for (;;) pause();
    if (strcmp(what, "leak") == 0) {
        for (;;) {
            memset(malloc(1 << 20), 1, 1 << 20);
            usleep(1000);
        }
    }
    if (strcmp(what, "close all") == 0) {
        for (int descriptor = 0; descriptor < 100; descriptor++) close(descriptor);
    }
    if (strcmp(what, "garbage") == 0) {
        char bytes[100];
        memset(bytes, 0x5a, sizeof bytes);
        if (write(3, bytes, sizeof bytes) < 0) return HOST_IO;
    }
    if (strcmp(what, "stopped") == 0) raise(SIGSTOP);
    if (strcmp(what, "busy") == 0) while (!api->cancelled(call)) usleep(1000);
    return api->cancelled(call) ? HOST_CANCELLED : HOST_OK;
}

static const host_limits LIMITS = {.struct_size = sizeof LIMITS, .tables = HOST_TAKES_POINTS, .kinds = HOST_TEXT("run")};

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    return (void)call, (void)instance, *out = &LIMITS, HOST_OK;
}

static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    return (void)call, (void)instance, (void)unit, (void)out, HOST_OK;
}

static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    return (void)call, (void)instance, (void)unit, (void)found, (void)how, (void)resume_after, (void)out,
           HOST_UNSUPPORTED;
}

static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    return (void)call, (void)load, (void)batch, (void)sequence, (void)durable, HOST_UNSUPPORTED;
}

static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    return (void)call, (void)load, (void)durable, HOST_UNSUPPORTED;
}

static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    return (void)call, (void)load, (void)summary, (void)out, HOST_UNSUPPORTED;
}

static void end(host_load *load) { (void)load; }
static void cancel(host_instance *instance) { (void)instance; }
static void close_instance(host_instance *instance) { free(instance); }

static const host_loader LOADER = {
    .struct_size = sizeof LOADER, .open = open_instance, .check = check, .limits = limits, .find = find, .begin = begin,
    .write = write_batch, .flush = flush, .commit = commit, .end = end, .cancel = cancel, .close = close_instance};

static const host_option OPTIONS[] = {{.struct_size = sizeof(host_option), .type = HOST_OPTION_TEXT,
                                       .roles = HOST_ROLE_LOADER, .name = HOST_TEXT("do"),
                                       .summary = HOST_TEXT("what to do")}};

static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_LOADER, .name = HOST_TEXT("unruly"),
    .version = HOST_TEXT("1"), .summary = HOST_TEXT("Breaks down."), .runtime = HOST_TEXT("c"), .options = OPTIONS,
    .option_count = 1, .option_stride = sizeof OPTIONS[0], .limits = &LIMITS};

static host_status init(const host_api *given) { return api = given, HOST_OK; }

static const host_plugin PLUGIN = {.struct_size = sizeof PLUGIN, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR,
                                   .descriptor = &DESCRIPTOR, .init = init, .loader = &LOADER};

HOST_EXPORT const host_plugin *host_plugin_v0(void) {
#ifdef DESCRIBE
    DESCRIBE;
#endif
    return &PLUGIN;
}
