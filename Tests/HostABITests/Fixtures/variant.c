/* SPDX-License-Identifier: Apache-2.0
 *
 * variant.c: one plugin that the macro VARIANT makes wrong, or that tells the host things through its table. What a
 * call is to do stands in the option `do`, so that one library serves many tests.
 */
#include "host/host.h"

#include <stdlib.h>
#include <string.h>

/* How the descriptor and the tables are wrong. 0: not at all. */
#define NO_SYMBOL 1
#define WRONG_MAGIC 2
#define SMALL_TABLE 3
#define SMALL_DESCRIPTOR 4
#define UNKNOWN_OPTION_TYPE 5
#define UPPER_CASE_NAME 6
#define EMPTY_NAME 7
#define SMALL_EXPORTER 8
#define NO_EXPORTER 9
#define FUNCTION_LEFT_OUT 10
#define SMALL_LIMITS 11
#define TOO_MANY_OPTIONS 12
#define SMALL_STRIDE 13
#define REFUSES 14
#define NO_TABLE 15
#define NEWER 16
#define LOADER_ONLY 17
#define EXPORTER_ONLY 18
#ifndef VARIANT
#define VARIANT 0
#endif

static const host_api *api;

struct host_instance { char what[32]; };
struct host_reader { host_instance *instance; int at; };
struct host_load { host_instance *instance; };
struct host_byte_reader { host_instance *instance; int at; };

static host_text view(const char *text) { return (host_text){text, (int64_t)strlen(text)}; }

static int does(const host_instance *instance, const char *what) { return strcmp(instance->what, what) == 0; }

static void tell_loss(host_call *call, int32_t kind, const char *table, int64_t rows) {
    host_loss loss = {.struct_size = sizeof loss, .kind = kind, .rows = rows, .table = view(table),
                      .code = view("value.moved"), .path = view("a/b"), .note = view("because")};
    api->loss(call, &loss);
}

static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    host_instance *made = calloc(1, sizeof *made);
    for (uint32_t i = 0; i < args->value_count; i++) {
        const host_option_value *value = (const void *)((const char *)args->values + i * args->value_stride);
        if (value->text.size < (int64_t)sizeof made->what) {
            memcpy(made->what, value->text.data, (size_t)value->text.size);
        }
    }
    if (does(made, "no instance")) return free(made), HOST_OK;
    if (does(made, "no open")) {
        host_error_info info = {
            .struct_size = sizeof info, .status = HOST_INTERNAL, .retry = HOST_RETRY_LATER, .http_status = 503,
            .retry_after_ms = 1500, .subject = view("the subject"), .message = view("The message, topsecret."),
            .remedy = view("The remedy, topsecret."), .detail = view("The detail.")};
        api->fail(call, &info);
        info.subject = info.message = view("gone");
        return free(made), HOST_RATE_LIMITED;
    }
    *out = made;
    return HOST_OK;
}

static host_status check(host_call *call, host_instance *instance) {
    if (does(instance, "fails silently")) return HOST_AUTH;
    if (does(instance, "unknown status")) return 77;
    if (does(instance, "small error")) {
        host_error_info info = {.struct_size = 8, .status = HOST_AUTH};
        return api->fail(call, &info), HOST_AUTH;
    }
    if (does(instance, "logs")) {
        api->log(call, HOST_LOG_WARNING, view("a line with topsecret"));
        api->log(call, 99, view("a level of its own"));
        return api->log(call, HOST_LOG_DEBUG, (host_text){NULL, 0}), HOST_OK;
    }
    if (does(instance, "asks cancelled")) return api->cancelled(call) ? HOST_CANCELLED : HOST_OK;
    if (does(instance, "loses")) {
        tell_loss(call, HOST_LOSS_MERGED, HOST_TABLE_POINTS, 3);
        tell_loss(call, 99, HOST_TABLE_POINTS, 4);
        tell_loss(call, HOST_LOSS_DROPPED, "nothing/1", 5);
        tell_loss(call, HOST_LOSS_DROPPED, HOST_TABLE_FILES, -5);
        tell_loss(call, HOST_LOSS_DROPPED, HOST_TABLE_FILES, INT64_MAX);
        host_loss small = {.struct_size = 8};
        return api->loss(call, &small), HOST_OK;
    }
    if (does(instance, "last error") || does(instance, "own error")) {
        /* A service that fails: no unit is being written, so there is no blob to open. */
        const host_blobs *blobs = api->service(view(HOST_BLOB_SERVICE));
        host_blob_handle *handle = NULL;
        int64_t size = 0;
        if (api->last_error(call) != NULL) return HOST_INTERNAL;
        host_status status = blobs->open(call, view("x"), &handle, &size);
        const host_error_info *info = api->last_error(call);
        if (info == NULL || info->status != status || status != HOST_INVALID_STATE) return HOST_INTERNAL;
        if (does(instance, "last error")) return status; /* the host remembers the rest */
        host_error_info own = *info;
        own.message = view("Told anew.");
        return api->fail(call, &own), HOST_IO;
    }
    if (does(instance, "overcomes")) {
        const host_blobs *blobs = api->service(view(HOST_BLOB_SERVICE));
        host_blob_handle *handle = NULL;
        int64_t size = 0;
        blobs->open(call, view("x"), &handle, &size);
        strcpy(instance->what, "fails silently");
        return HOST_OK;
    }
    if (does(instance, "services")) {
        const char *ids[] = {HOST_HTTP_SERVICE, HOST_BLOB_SERVICE, HOST_SECRET_SERVICE};
        for (int i = 0; i < 3; i++) if (api->service(view(ids[i])) == NULL) return HOST_INTERNAL;
        return api->service(view("host.tea/1")) == NULL ? HOST_OK : HOST_INTERNAL;
    }
    return HOST_OK;
}

static host_status list(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out) {
    (void)projects, (void)cursor;
    if (does(instance, "no reader")) return HOST_OK;
    *out = calloc(1, sizeof **out);
    (*out)->instance = instance;
    return api->cancelled(call), HOST_OK;
}

static host_status paths(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    return (void)unit, list(call, instance, (host_text){0}, (host_bytes){0}, out);
}

static host_status read_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                             host_reader **out) {
    return (void)unit, list(call, instance, (host_text){0}, cursor, out);
}

static int released;
static void release_array(struct ArrowArray *array) { array->release = NULL, released++; }
static void release_schema(struct ArrowSchema *schema) { schema->release = NULL, released++; }

static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    static const void *buffers[1];
    static uint8_t cursor[HOST_MAX_CURSOR_BYTES + 1];
    host_instance *instance = reader->instance;
    if (does(instance, "ends with an error left")) {
        host_error_info info = {.struct_size = sizeof info, .status = HOST_IO, .message = view("Overcome.")};
        api->fail(call, &info);
        strcpy(instance->what, "fails silently");
        return HOST_END;
    }
    if (does(instance, "released")) api->log(call, HOST_LOG_INFO, view(released == 2 ? "two" : "not two"));
    if (reader->at++ > 0 || does(instance, "released")) return HOST_END;
    released = 0;
    out->schema = (struct ArrowSchema){.format = "+s", .name = "", .release = release_schema};
    out->array = (struct ArrowArray){.n_buffers = 1, .buffers = buffers, .release = release_array};
    out->table = view(does(instance, "unknown table") ? "tea/1" : HOST_TABLE_POINTS);
    if (does(instance, "long cursor")) {
        /* A whole empty batch: only the cursor is wrong. */
        out->table = view(HOST_TABLE_LOSSES);
        out->cursor = (host_bytes){cursor, sizeof cursor};
    }
    if (does(instance, "moved away")) out->array.release = NULL;
    return HOST_OK;
}

static void close_reader(host_reader *reader) { free(reader); }

static host_status blob(host_call *call, host_instance *instance, host_text ref, host_blob *out) {
    (void)call, (void)ref;
    if (does(instance, "no blob")) return HOST_OK;
    out->reader = calloc(1, sizeof *out->reader);
    out->reader->instance = instance;
    return HOST_OK;
}

static host_status read_bytes(host_call *call, host_byte_reader *reader, uint8_t *buffer, int64_t size, int64_t *got) {
    (void)call;
    if (does(reader->instance, "gives nothing")) return *got = 0, HOST_OK;
    if (does(reader->instance, "gives too much")) return *got = size + 1, HOST_OK;
    if (does(reader->instance, "breaks off") && reader->at == 1) return HOST_UNAVAILABLE;
    if (reader->at == 3) return *got = 0, HOST_END;
    memset(buffer, 'a' + reader->at++, 1000);
    return *got = 1000, HOST_OK;
}

static void close_bytes(host_byte_reader *reader) { free(reader); }
static void cancel(host_instance *instance) { strcpy(instance->what, "fails silently"); }
static void close_instance(host_instance *instance) { free(instance); }

static const host_name_rule RULES[] = {
    {.struct_size = sizeof(host_name_rule), .characters = HOST_CHARS_WORD, .first = HOST_CHARS_ASCII_LETTER,
     .extra = HOST_TEXT("/."), .max_length = 250, .replacement = '-', .flags = HOST_NAME_NORMAL_PATH},
    {.struct_size = sizeof(host_name_rule), .characters = HOST_CHARS_ANY, .flags = HOST_NAME_BYTES},
};

static const host_limits LIMITS = {
    .struct_size = VARIANT == SMALL_LIMITS ? 16 : sizeof LIMITS, .tables = HOST_TAKES_POINTS | HOST_TAKES_LINKS,
    .abilities = HOST_CAN_NAN | HOST_CAN_DUPLICATE_POINTS, .kinds = HOST_TEXT("run model"), .names = RULES,
    .name_count = 2, .name_stride = sizeof RULES[0], .max_text = 500, .max_batch_rows = 1000};

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    (void)call;
    if (!does(instance, "no limits")) *out = &LIMITS;
    return HOST_OK;
}

static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    (void)call;
    out->state = does(instance, "unknown state") ? 99 : HOST_FOUND_PARTIAL;
    out->target = unit->key; /* borrowed until the call returns */
    out->note = unit->name;
    return HOST_OK;
}

static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    (void)call, (void)unit;
    if (does(instance, "no load")) return HOST_OK;
    if (how != HOST_BEGIN_CONTINUE || found->state != HOST_FOUND_PARTIAL || resume_after != 7) return HOST_INTERNAL;
    *out = calloc(1, sizeof **out);
    (*out)->instance = instance;
    return HOST_OK;
}

static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    (void)call;
    /* A loader that fails before it takes the batch leaves it to the host. */
    if (does(load->instance, "does not take")) return HOST_UNAVAILABLE;
    batch->array.release(&batch->array);
    batch->schema.release(&batch->schema);
    *durable = does(load->instance, "boasts") ? sequence + 1 : sequence;
    return HOST_OK;
}

static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    return (void)call, (void)load, *durable = 7, HOST_OK;
}

static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    (void)call, (void)load;
    if (summary->points != 1 || summary->fields != 2 || summary->series != 3 || summary->histograms != 4 ||
        summary->files != 5) return HOST_INTERNAL;
    out->id = summary->checksum;
    out->url = view("https://example.com/1");
    return HOST_OK;
}

static void end(host_load *load) { free(load); }

static const host_option OPTIONS[] = {
    {.struct_size = sizeof(host_option), .type = VARIANT == UNKNOWN_OPTION_TYPE ? 99 : HOST_OPTION_TEXT,
     .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("do"), .choices = HOST_TEXT("a|b"),
     .environment = HOST_TEXT("VARIANT_DO DO"), .summary = HOST_TEXT("what to do"), .flags = HOST_OPTION_ADVANCED},
};

#if VARIANT == UPPER_CASE_NAME
#define NAME "Variant"
#elif VARIANT == EMPTY_NAME
#define NAME ""
#else
#define NAME "variant-1"
#endif

static const host_descriptor DESCRIPTOR = {
    .struct_size = VARIANT == SMALL_DESCRIPTOR ? 8 : sizeof DESCRIPTOR,
    .roles = (VARIANT == LOADER_ONLY ? 0 : HOST_ROLE_EXPORTER) | (VARIANT == EXPORTER_ONLY ? 0 : HOST_ROLE_LOADER),
    .name = HOST_TEXT(NAME),
    .version = HOST_TEXT("2.1"), .options = OPTIONS,
    .option_count = VARIANT == TOO_MANY_OPTIONS ? HOST_MAX_OPTIONS + 1 : 1,
    .option_stride = VARIANT == SMALL_STRIDE ? 16 : sizeof OPTIONS[0], .limits = &LIMITS};

static const host_exporter EXPORTER = {
    .struct_size = VARIANT == SMALL_EXPORTER ? 16 : sizeof EXPORTER, .open = open_instance, .check = check,
    .list = list, .paths = paths, .read = read_unit, .next = next, .close_reader = close_reader, .blob = blob,
    .read_bytes = read_bytes, .close_bytes = close_bytes, .cancel = VARIANT == FUNCTION_LEFT_OUT ? NULL : cancel,
    .close = close_instance};

static const host_loader LOADER = {
    .struct_size = sizeof LOADER, .open = open_instance, .check = check, .limits = limits, .find = find,
    .begin = begin, .write = write_batch, .flush = flush, .commit = commit, .end = end, .cancel = cancel,
    .close = close_instance};

static host_status init(const host_api *table) {
    return api = table, VARIANT == REFUSES ? HOST_UNSUPPORTED : HOST_OK;
}

/* A plugin that was built with newer headers has more behind the fields that this host knows. */
static const struct { host_plugin plugin; void *more; } TABLE = {
    .plugin = {.struct_size = VARIANT == SMALL_TABLE ? 32 : VARIANT == NEWER ? sizeof TABLE : sizeof(host_plugin),
               .magic = VARIANT == WRONG_MAGIC ? 1 : HOST_MAGIC, .abi_minor = VARIANT == NEWER ? 9 : 1,
               .descriptor = &DESCRIPTOR, .init = init, .exporter = VARIANT == NO_EXPORTER || VARIANT == LOADER_ONLY ? NULL : &EXPORTER,
               .loader = &LOADER}};

#if VARIANT == NO_SYMBOL
HOST_EXPORT const host_plugin *another_name(void) {
#else
HOST_EXPORT const host_plugin *host_plugin_v0(void) {
#endif
    return VARIANT == NO_TABLE ? NULL : &TABLE.plugin;
}
