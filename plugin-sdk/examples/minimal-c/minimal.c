/* SPDX-License-Identifier: Apache-2.0
 *
 * minimal.c: a whole plugin in one file, exporter and loader, to be read from top to bottom.
 *
 *     cc -std=c11 -shared -fPIC -I plugin-sdk/include -o libhost-plugin-minimal.so minimal.c
 *
 * It reads two runs that it makes up, and writes nowhere but counts what it is given. It needs no locks: an instance
 * and all that was made from it is called by one thread at a time. Only `cancel` comes from another one.
 */
#include "host/host.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const host_api *api; /* set by init, before anything else is called */

static host_text text_of(const char *string) { return (host_text){string, (int64_t)strlen(string)}; }

/* Tells why the call fails. The host copies, so views of the stack will do. */
static host_status failed(host_call *call, host_status status, host_text subject, const char *message) {
    host_error_info info = {
        .struct_size = sizeof info, .status = status, .subject = subject, .message = text_of(message)};
    api->fail(call, &info);
    return status;
}

static int is_text(host_text text, const char *literal) {
    return text.size == (int64_t)strlen(literal) && memcmp(text.data, literal, (size_t)text.size) == 0;
}

/* ---- Batches: rows cross the border as Arrow arrays, a struct array whose children are the columns ---- */
enum { MOST_COLUMNS = 4, MOST_ROWS = 8, MOST_TEXT = 256 };

typedef struct column {
    int32_t offsets[MOST_ROWS + 1]; /* row n is text[offsets[n]] to text[offsets[n + 1]] */
    char text[MOST_TEXT];
    int64_t integers[MOST_ROWS];
    double floats[MOST_ROWS];
    const void *buffers[3]; /* the first is for nulls, of which there are none here */
} column;

/* One block for all structs and values of a batch. The host releases schema and array one by one, on any thread and
 * in any order: the second one frees. */
typedef struct batch {
    atomic_int owners;
    int rows, columns;
    column column[MOST_COLUMNS];
    struct ArrowSchema schemas[MOST_COLUMNS], *schema_list[MOST_COLUMNS];
    struct ArrowArray arrays[MOST_COLUMNS], *array_list[MOST_COLUMNS];
    const void *no_nulls[1];
} batch;

static void let_go(batch *batch) {
    if (atomic_fetch_sub(&batch->owners, 1) == 1) free(batch);
}
/* A struct without a release function counts as released; that is the interface's rule. */
static void release_schema(struct ArrowSchema *schema) { schema->release = NULL, let_go(schema->private_data); }
static void release_array(struct ArrowArray *array) { array->release = NULL, let_go(array->private_data); }
/* Columns own nothing: the roots hold the block. */
static void release_column_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_column_array(struct ArrowArray *array) { array->release = NULL; }

/* Formats: "u" text, "l" 64-bit integers, "g" doubles. */
static column *add_column(batch *to, const char *name, const char *format, int rows) {
    int index = to->columns++;
    column *added = &to->column[index];
    to->rows = rows;
    added->buffers[1] = format[0] == 'u' ? (void *)added->offsets
                      : format[0] == 'l' ? (void *)added->integers : (void *)added->floats;
    added->buffers[2] = added->text;
    to->schemas[index] = (struct ArrowSchema){.format = format, .name = name, .release = release_column_schema};
    to->arrays[index] = (struct ArrowArray){.length = rows, .n_buffers = format[0] == 'u' ? 3 : 2,
                                            .buffers = added->buffers, .release = release_column_array};
    to->schema_list[index] = &to->schemas[index];
    to->array_list[index] = &to->arrays[index];
    return added;
}

/* Texts are put row after row: each begins where the one before ends. The texts of this file have room. */
static void put_text(column *in, int row, const char *text) {
    int32_t start = in->offsets[row];
    in->offsets[row + 1] = start + snprintf(in->text + start, (size_t)(MOST_TEXT - start), "%s", text);
}

/* Moves the batch to the host. */
static host_status hand_over(host_call *call, batch *from, const char *table, host_batch *out) {
    if (from == NULL) return failed(call, HOST_INTERNAL, text_of(table), "There is no memory for a batch.");
    atomic_init(&from->owners, 2);
    out->table = text_of(table);
    out->schema = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = from->columns, .children = from->schema_list,
        .release = release_schema, .private_data = from};
    out->array = (struct ArrowArray){
        .length = from->rows, .n_buffers = 1, .buffers = from->no_nulls, .n_children = from->columns,
        .children = from->array_list, .release = release_array, .private_data = from};
    return HOST_OK;
}

/* ---- The data: two runs, each with two parameters and some points of one metric ---- */
static const char *const RUNS[] = {"r-1", "r-2"};

/* Tables of texts. The first row names the columns, which are those of tables.h. */
static const char *const UNITS[][MOST_COLUMNS] = {
    {"kind", "project", "id"}, {HOST_KIND_RUN, "demo", "r-1"}, {HOST_KIND_RUN, "demo", "r-2"}};
/* Every name of a unit is announced, so that the host finds names that collide before anything is written. */
static const char *const PATHS[][MOST_COLUMNS] = {
    {"path", "table", "role"}, {"lr", HOST_TABLE_FIELDS, HOST_ROLE_PARAMETER},
    {"model", HOST_TABLE_FIELDS, HOST_ROLE_PARAMETER}, {"loss", HOST_TABLE_POINTS, ""}};
static const char *const FIELDS[][MOST_COLUMNS] = {
    {"path", "role", "type", "text"}, {"lr", HOST_ROLE_PARAMETER, HOST_TYPE_TEXT, "0.01"},
    {"model", HOST_ROLE_PARAMETER, HOST_TYPE_TEXT, "tiny"}};

static batch *texts(const char *const cells[][MOST_COLUMNS], int rows) {
    batch *made = calloc(1, sizeof *made);
    for (int i = 0; made != NULL && i < MOST_COLUMNS && cells[0][i] != NULL; i++) {
        column *column = add_column(made, cells[0][i], "u", rows);
        for (int row = 0; row < rows; row++) put_text(column, row, cells[row + 1][i]);
    }
    return made;
}

static batch *points(int64_t from, int rows) {
    batch *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    column *path = add_column(made, "path", "u", rows), *step = add_column(made, "step", "l", rows);
    column *value = add_column(made, "value", "g", rows);
    for (int row = 0; row < rows; row++) {
        put_text(path, row, "loss");
        step->integers[row] = from + row;
        value->floats[row] = 1.0 / (double)(from + row + 1);
    }
    return made;
}

/* ---- What both roles share ---- */
struct host_instance { int64_t points; };

/* The host has checked the options and given defaults; `stride` lets either side be newer than the other. */
static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    host_instance *made = *out = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, (host_text){0}, "There is no memory.");
    for (uint32_t i = 0; i < args->value_count; i++) {
        const host_option_value *value = (const void *)((const char *)args->values + i * args->value_stride);
        if (value->index == 0) made->points = value->integer;
    }
    if (made->points >= 0) return HOST_OK;
    free(made);
    return failed(call, HOST_INVALID_OPTION, text_of("points"), "There can't be fewer than none.");
}

static host_status check(host_call *call, host_instance *instance) { return (void)call, (void)instance, HOST_OK; }
/* No call here takes long; others set a flag that the call that runs looks at. */
static void cancel(host_instance *instance) { (void)instance; }
static void close_instance(host_instance *instance) { free(instance); }

/* ---- The exporter ---- */
typedef enum { LISTS_UNITS, LISTS_PATHS, READS_RECORDS } reader_kind;

struct host_reader {
    host_instance *instance;
    reader_kind kind;
    int64_t at;      /* batches that lie behind it; the cursor is this number */
    char cursor[24]; /* lent to the host until the next call */
};

static host_status open_reader(host_call *call, host_instance *instance, reader_kind kind, const host_unit_ref *unit,
                               host_bytes cursor, host_reader **out) {
    if (unit != NULL && !is_text(unit->id, RUNS[0]) && !is_text(unit->id, RUNS[1])) {
        return failed(call, HOST_NOT_FOUND, unit->id, "There is no run of that id.");
    }
    host_reader *made = *out = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, (host_text){0}, "There is no memory.");
    *made = (host_reader){.instance = instance, .kind = kind};
    if (cursor.size > 0 && cursor.size < (int64_t)sizeof made->cursor) {
        memcpy(made->cursor, cursor.data, (size_t)cursor.size);
        made->at = strtoll(made->cursor, NULL, 10);
    }
    return HOST_OK;
}

/* `projects` only saves work: the host selects by itself, too. */
static host_status list(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out) {
    return (void)projects, open_reader(call, instance, LISTS_UNITS, NULL, cursor, out);
}
static host_status paths(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    return open_reader(call, instance, LISTS_PATHS, unit, (host_bytes){0}, out);
}
static host_status read_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                             host_reader **out) {
    return open_reader(call, instance, READS_RECORDS, unit, cursor, out);
}

static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    if (api->cancelled(call)) return HOST_CANCELLED;
    int64_t at = reader->at++;
    out->cursor.data = (const uint8_t *)reader->cursor;
    out->cursor.size = snprintf(reader->cursor, sizeof reader->cursor, "%lld", (long long)reader->at);
    if (reader->kind != READS_RECORDS && at > 0) return HOST_END;
    if (reader->kind == LISTS_UNITS) return hand_over(call, texts(UNITS, 2), HOST_TABLE_UNITS, out);
    if (reader->kind == LISTS_PATHS) return hand_over(call, texts(PATHS, 3), HOST_TABLE_PATHS, out);
    if (at == 0) return hand_over(call, texts(FIELDS, 2), HOST_TABLE_FIELDS, out);
    int64_t from = (at - 1) * MOST_ROWS, left = reader->instance->points - from;
    if (left <= 0) return HOST_END;
    return hand_over(call, points(from, left < MOST_ROWS ? (int)left : MOST_ROWS), HOST_TABLE_POINTS, out);
}
static void close_reader(host_reader *reader) { free(reader); }

/* Its runs have no files; no function of a role may be left out, though. */
static host_status blob(host_call *call, host_instance *instance, host_text ref, host_blob *out) {
    return (void)instance, (void)out, failed(call, HOST_NOT_FOUND, ref, "There are no files.");
}
static host_status read_bytes(host_call *call, host_byte_reader *reader, uint8_t *to, int64_t size, int64_t *got) {
    return (void)call, (void)reader, (void)to, (void)size, *got = 0, HOST_END;
}
static void close_bytes(host_byte_reader *reader) { (void)reader; }

/* ---- The loader ---- */
/* It takes numbers as they are, so nothing is mapped; fields and points only, under any name. */
static const host_limits LIMITS = {
    .struct_size = sizeof LIMITS, .tables = HOST_TAKES_FIELDS | HOST_TAKES_POINTS,
    .abilities = HOST_CAN_FRACTIONAL_STEPS | HOST_CAN_NAN | HOST_CAN_INFINITY | HOST_CAN_NEGATIVE_ZERO |
                 HOST_CAN_SET_TIMES | HOST_CAN_NO_TIME | HOST_CAN_TIMES_BEFORE_1970 | HOST_CAN_TYPES |
                 HOST_CAN_NO_STEP | HOST_CAN_NUL | HOST_CAN_MICROSECONDS | HOST_CAN_DUPLICATE_POINTS,
    .kinds = HOST_TEXT(HOST_KIND_RUN)};

struct host_load { int64_t points, fields; uint64_t last; int is_resumed; char id[64]; };

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    return (void)call, (void)instance, *out = &LIMITS, HOST_OK;
}
static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    /* What it counts is forgotten at the end. */
    return (void)call, (void)instance, (void)unit, out->state = HOST_FOUND_NOTHING, HOST_OK;
}

static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    (void)instance, (void)found, (void)how;
    host_load *made = *out = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, unit->id, "There is no memory.");
    *made = (host_load){.last = resume_after, .is_resumed = resume_after > 0};
    snprintf(made->id, sizeof made->id, "counted-%.*s", (int)unit->id.size, unit->id.data);
    return HOST_OK;
}

/* Schema and array were moved here, so they are released here. A loader that sends later is durable later. */
static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    if (is_text(batch->table, HOST_TABLE_POINTS)) load->points += batch->array.length;
    if (is_text(batch->table, HOST_TABLE_FIELDS)) load->fields += batch->array.length;
    batch->array.release(&batch->array);
    batch->schema.release(&batch->schema);
    return (void)call, *durable = load->last = sequence, HOST_OK;
}
static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    return (void)call, *durable = load->last, HOST_OK;
}

/* A load that was resumed has counted the rest only. */
static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    if (!load->is_resumed && (load->points != summary->points || load->fields != summary->fields)) {
        return failed(call, HOST_CONFLICT, (host_text){0}, "Not all rows of the unit came here.");
    }
    char line[80];
    snprintf(line, sizeof line, "%lld points, %lld fields", (long long)load->points, (long long)load->fields);
    api->log(call, HOST_LOG_INFO, text_of(line));
    out->id = text_of(load->id);
    return HOST_OK;
}
static void end(host_load *load) { free(load); }

/* ---- The plugin: constant tables, valid for ever ---- */
static const host_option OPTIONS[] = {
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_INT, .roles = HOST_ROLE_EXPORTER,
     .name = HOST_TEXT("points"), .default_value = HOST_TEXT("10"), .summary = HOST_TEXT("points of each run")},
};
static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("minimal"),
    .version = HOST_TEXT("1.0"), .summary = HOST_TEXT("makes up two runs, counts what it is given"),
    .licence = HOST_TEXT("Apache-2.0"), .runtime = HOST_TEXT("c"), .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0], .option_stride = sizeof OPTIONS[0], .limits = &LIMITS};
static const host_exporter EXPORTER = {
    .struct_size = sizeof EXPORTER, .open = open_instance, .check = check, .list = list, .paths = paths,
    .read = read_unit, .next = next, .close_reader = close_reader, .blob = blob, .read_bytes = read_bytes,
    .close_bytes = close_bytes, .cancel = cancel, .close = close_instance};
static const host_loader LOADER = {
    .struct_size = sizeof LOADER, .open = open_instance, .check = check, .limits = limits, .find = find,
    .begin = begin, .write = write_batch, .flush = flush, .commit = commit, .end = end, .cancel = cancel,
    .close = close_instance};

static host_status init(const host_api *table) { return api = table, HOST_OK; }
HOST_EXPORT const host_plugin *host_plugin_v0(void) {
    static const host_plugin plugin = {
        .struct_size = sizeof plugin, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR, .descriptor = &DESCRIPTOR,
        .init = init, .exporter = &EXPORTER, .loader = &LOADER};
    return &plugin;
}
