/* SPDX-License-Identifier: Apache-2.0
 *
 * frozen.c: the plugin that was compiled once, from the headers of ABI 0.1, and never again.
 *
 * Every later host has to run the binary beside this file (see README.md). So it uses all that 0.1 had: both roles, every
 * function of host_api, options, limits, cursors, plain and dictionary columns, byte readers and the blob service.
 *
 * The exporter makes up two runs. The loader writes one small text file a unit, which says what arrived: rows of each
 * table, and sums that no row can leave unchanged.
 */
#include "host/host.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const host_api *api;

static host_text text_of(const char *string) { return (host_text){string, (int64_t)strlen(string)}; }
static int is_text(host_text text, const char *literal) {
    return text.size == (int64_t)strlen(literal) && memcmp(text.data, literal, (size_t)text.size) == 0;
}
static host_status failed(host_call *call, host_status status, const char *subject, const char *message) {
    host_error_info info = {.struct_size = sizeof info, .status = status, .subject = text_of(subject),
                            .message = text_of(message), .remedy = text_of("Look at the frozen plugin's source.")};
    api->fail(call, &info);
    return status;
}

/* ---- Batches out: one block each, freed by whoever of schema and array is released last ---- */
enum { COLUMNS = 6, ROWS = 64, TEXT = 1024 };
typedef struct column {
    int32_t offsets[ROWS + 1], codes[ROWS];
    int64_t integers[ROWS];
    double floats[ROWS];
    uint8_t valid[ROWS / 8];
    char text[TEXT];
    const void *buffers[3], *word_buffers[3];
} column;
typedef struct batch {
    atomic_int owners;
    int columns, rows;
    column column[COLUMNS];
    struct ArrowSchema schema[COLUMNS], *schemas[COLUMNS], words_schema;
    struct ArrowArray array[COLUMNS], *arrays[COLUMNS], words_array;
    const void *none[1];
} batch;
static void let_go(batch *from) {
    if (atomic_fetch_sub(&from->owners, 1) == 1) free(from);
}
static void release_schema(struct ArrowSchema *s) { s->release = NULL, let_go(s->private_data); }
static void release_array(struct ArrowArray *a) { a->release = NULL, let_go(a->private_data); }
static void keep_schema(struct ArrowSchema *s) { s->release = NULL; }
static void keep_array(struct ArrowArray *a) { a->release = NULL; }

static column *add(batch *to, const char *name, const char *format) {
    int at = to->columns++;
    column *made = &to->column[at];
    int is_text_column = format[0] == 'u';
    memset(made->valid, 255, sizeof made->valid);
    made->buffers[0] = made->valid;
    made->buffers[1] = is_text_column ? (void *)made->offsets
                     : format[0] == 'g' ? (void *)made->floats
                     : format[0] == 'i' ? (void *)made->codes : (void *)made->integers;
    made->buffers[2] = made->text;
    to->schema[at] = (struct ArrowSchema){
        .format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .release = keep_schema};
    to->array[at] = (struct ArrowArray){.length = to->rows, .null_count = -1, .n_buffers = is_text_column ? 3 : 2,
                                        .buffers = made->buffers, .release = keep_array};
    to->schemas[at] = &to->schema[at];
    to->arrays[at] = &to->array[at];
    return made;
}
static void put(column *in, int row, const char *text) {
    int32_t at = in->offsets[row];
    in->offsets[row + 1] = at + snprintf(in->text + at, (size_t)(TEXT - at), "%s", text);
}
static void null(column *in, int row) { in->valid[row / 8] &= (uint8_t)~(1 << row % 8); }

/* A text column whose values lie in a dictionary. */
static column *add_encoded(batch *to, const char *name, const char *const *words, int count) {
    column *made = add(to, name, "i");
    for (int i = 0; i < count; i++) put(made, i, words[i]);
    made->word_buffers[1] = made->offsets, made->word_buffers[2] = made->text;
    to->words_schema = (struct ArrowSchema){.format = "u", .name = "", .release = keep_schema};
    to->words_array = (struct ArrowArray){
        .length = count, .n_buffers = 3, .buffers = made->word_buffers, .release = keep_array};
    to->schema[to->columns - 1].dictionary = &to->words_schema;
    to->array[to->columns - 1].dictionary = &to->words_array;
    return made;
}
static batch *rows_of(int rows) {
    batch *made = calloc(1, sizeof *made);
    if (made != NULL) made->rows = rows;
    return made;
}
static host_status hand_over(host_call *call, batch *from, const char *table, host_batch *out) {
    if (from == NULL) return failed(call, HOST_INTERNAL, table, "There is no memory.");
    atomic_init(&from->owners, 2);
    out->table = text_of(table);
    out->schema = (struct ArrowSchema){.format = "+s", .name = "", .n_children = from->columns,
                                       .children = from->schemas, .release = release_schema, .private_data = from};
    out->array = (struct ArrowArray){.length = from->rows, .n_buffers = 1, .buffers = from->none,
                                     .n_children = from->columns, .children = from->arrays,
                                     .release = release_array, .private_data = from};
    return HOST_OK;
}

/* ---- The records of each of the two runs ---- */
static const char *const RUNS[] = {"F-1", "F-2"};
static const char *const METRICS[] = {"loss", "val/acc"};
static const char FILE_BYTES[] = "frozen bytes\n";

static batch *units(int from) {
    batch *made = rows_of(1);
    if (made == NULL) return NULL;
    put(add(made, "kind", "u"), 0, HOST_KIND_RUN);
    put(add(made, "project", "u"), 0, "frozen");
    put(add(made, "id", "u"), 0, RUNS[from]);
    put(add(made, "state", "u"), 0, "finished");
    put(add(made, "revision", "u"), 0, "1");
    add(made, "created", "tsm:UTC")->integers[0] = 1700000000000 + from;
    return made;
}
static batch *paths(int64_t points) {
    static const struct { const char *path, *table, *role; } NAMES[] = {
        {"seed", HOST_TABLE_FIELDS, HOST_ROLE_PARAMETER}, {"lr", HOST_TABLE_FIELDS, HOST_ROLE_PARAMETER},
        {"note", HOST_TABLE_FIELDS, HOST_ROLE_NOTE},      {"loss", HOST_TABLE_POINTS, ""},
        {"val/acc", HOST_TABLE_POINTS, ""},               {"log", HOST_TABLE_SERIES, ""},
        {"model", HOST_TABLE_FILES, HOST_FILE_SINGLE}};
    int count = sizeof NAMES / sizeof NAMES[0];
    batch *made = rows_of(count);
    if (made == NULL) return NULL;
    column *path = add(made, "path", "u"), *table = add(made, "table", "u"), *role = add(made, "role", "u");
    column *rows = add(made, "rows", "l");
    for (int i = 0; i < count; i++) {
        put(path, i, NAMES[i].path), put(table, i, NAMES[i].table), put(role, i, NAMES[i].role);
        rows->integers[i] = is_text(text_of(NAMES[i].table), HOST_TABLE_POINTS) ? points / 2 : 1;
    }
    return made;
}
static batch *fields(void) {
    batch *made = rows_of(3);
    if (made == NULL) return NULL;
    column *path = add(made, "path", "u"), *role = add(made, "role", "u"), *type = add(made, "type", "u");
    column *integer = add(made, "int", "l"), *real = add(made, "float", "g"), *text = add(made, "text", "u");
    put(path, 0, "seed"), put(role, 0, HOST_ROLE_PARAMETER), put(type, 0, HOST_TYPE_INT), put(text, 0, "");
    put(path, 1, "lr"), put(role, 1, HOST_ROLE_PARAMETER), put(type, 1, HOST_TYPE_FLOAT), put(text, 1, "");
    put(path, 2, "note"), put(role, 2, HOST_ROLE_NOTE), put(type, 2, HOST_TYPE_TEXT), put(text, 2, "gr\xC3\xBC\xC3\x9F");
    integer->integers[0] = INT64_MAX, real->floats[1] = 0.1;
    null(integer, 1), null(integer, 2), null(real, 0), null(real, 2), null(text, 0), null(text, 1);
    return made;
}
static batch *points(int64_t from, int rows) {
    batch *made = rows_of(rows);
    if (made == NULL) return NULL;
    column *path = add_encoded(made, "path", METRICS, 2), *step = add(made, "step", "l");
    column *part = add(made, "millionths", "i"), *time = add(made, "time", "tsu:UTC"), *value = add(made, "value", "g");
    for (int row = 0; row < rows; row++) {
        int64_t n = from + row;
        path->codes[row] = (int32_t)(n % 2);
        step->integers[row] = n / 2;
        if (n % 2 != 0) part->codes[row] = 500000; else null(part, row);
        time->integers[row] = 1700000000000000 + n * 1000000;
        value->floats[row] = n % 7 == 3 ? -0.0 : 1.0 / (double)(n + 1);
    }
    return made;
}
static batch *series(void) {
    batch *made = rows_of(1);
    if (made == NULL) return NULL;
    put(add(made, "path", "u"), 0, "log"), add(made, "step", "l")->integers[0] = 1;
    put(add(made, "text", "u"), 0, "began");
    return made;
}
static batch *files(void) {
    batch *made = rows_of(1);
    if (made == NULL) return NULL;
    put(add(made, "path", "u"), 0, "model"), put(add(made, "role", "u"), 0, HOST_FILE_SINGLE);
    put(add(made, "name", "u"), 0, "model.txt"), put(add(made, "blob", "u"), 0, "frozen-file");
    add(made, "size", "l")->integers[0] = sizeof FILE_BYTES - 1;
    return made;
}

/* ---- Instances ---- */
struct host_instance {
    int64_t points;
    char folder[512], target[600];
    atomic_int cancelled;
};
static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    host_instance *made = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, "", "There is no memory.");
    for (uint32_t i = 0; i < args->value_count; i++) {
        const host_option_value *value = (const void *)((const char *)args->values + i * args->value_stride);
        if (value->index == 0) made->points = value->integer;
        if (value->index == 1) {
            snprintf(made->folder, sizeof made->folder, "%.*s", (int)value->text.size, value->text.data);
        }
    }
    if (made->points < 0 || made->points % 2 != 0) {
        free(made);
        return failed(call, HOST_INVALID_OPTION, "points", "It has to be even and not below 0.");
    }
    return *out = made, HOST_OK;
}
static host_status check(host_call *call, host_instance *instance) { return (void)call, (void)instance, HOST_OK; }
static void cancel(host_instance *instance) { instance->cancelled = 1; }
static void close_instance(host_instance *instance) { free(instance); }
static int is_over(host_call *call, host_instance *instance) { return instance->cancelled || api->cancelled(call); }

/* ---- Exporter ---- */
typedef enum { UNITS, PATHS, RECORDS } reader_kind;
struct host_reader { host_instance *instance; reader_kind kind; int64_t at; char cursor[24]; };

static host_status reader(host_call *call, host_instance *instance, reader_kind kind, const host_unit_ref *unit,
                          host_bytes cursor, host_reader **out) {
    if (unit != NULL && !is_text(unit->id, RUNS[0]) && !is_text(unit->id, RUNS[1])) {
        return failed(call, HOST_NOT_FOUND, "unit", "There is no such run.");
    }
    host_reader *made = *out = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, "", "There is no memory.");
    *made = (host_reader){.instance = instance, .kind = kind};
    for (int64_t i = 0; i < cursor.size && i < 9; i++) made->at = made->at * 10 + (cursor.data[i] - '0');
    return HOST_OK;
}
static host_status list(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out) {
    return (void)projects, reader(call, instance, UNITS, NULL, cursor, out);
}
static host_status paths_of(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    return reader(call, instance, PATHS, unit, (host_bytes){0}, out);
}
static host_status read_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                             host_reader **out) {
    return reader(call, instance, RECORDS, unit, cursor, out);
}
static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    if (is_over(call, reader->instance)) return HOST_CANCELLED;
    int64_t at = reader->at++, all = reader->instance->points;
    out->cursor.data = (const uint8_t *)reader->cursor;
    out->cursor.size = snprintf(reader->cursor, sizeof reader->cursor, "%d", (int)reader->at);
    if (reader->kind == UNITS) return at < 2 ? hand_over(call, units((int)at), HOST_TABLE_UNITS, out) : HOST_END;
    if (reader->kind == PATHS) return at == 0 ? hand_over(call, paths(all), HOST_TABLE_PATHS, out) : HOST_END;
    if (at == 0) return hand_over(call, fields(), HOST_TABLE_FIELDS, out);
    if (at == 1) return hand_over(call, series(), HOST_TABLE_SERIES, out);
    if (at == 2) return hand_over(call, files(), HOST_TABLE_FILES, out);
    int64_t from = (at - 3) * ROWS, left = all - from;
    if (left <= 0) return HOST_END;
    return hand_over(call, points(from, left < ROWS ? (int)left : ROWS), HOST_TABLE_POINTS, out);
}
static void close_reader(host_reader *reader) { free(reader); }

struct host_byte_reader { size_t at; };
static host_status blob(host_call *call, host_instance *instance, host_text ref, host_blob *out) {
    (void)instance;
    if (!is_text(ref, "frozen-file")) return failed(call, HOST_NOT_FOUND, "blob", "There is no such file.");
    out->reader = calloc(1, sizeof *out->reader);
    if (out->reader == NULL) return failed(call, HOST_INTERNAL, "", "There is no memory.");
    return out->fd = -1, out->size = -1, HOST_OK;
}
static host_status read_bytes(host_call *call, host_byte_reader *from, uint8_t *to, int64_t capacity, int64_t *got) {
    size_t left = sizeof FILE_BYTES - 1 - from->at, count = left < 5 ? left : 5; /* in small pieces */
    if ((int64_t)count > capacity) count = (size_t)capacity;
    memcpy(to, FILE_BYTES + from->at, count);
    from->at += count;
    return (void)call, *got = (int64_t)count, count == 0 ? HOST_END : HOST_OK;
}
static void close_bytes(host_byte_reader *reader) { free(reader); }

/* ---- Loader ---- */
static const host_name_rule NAMES[HOST_SCOPE_COUNT] = {
    {.struct_size = sizeof(host_name_rule), .characters = HOST_CHARS_ANY, .max_length = 200, .replacement = '_'},
    {.struct_size = sizeof(host_name_rule), .characters = HOST_CHARS_ANY, .replacement = '_'},
    {.struct_size = sizeof(host_name_rule), .characters = HOST_CHARS_ANY, .replacement = '_'},
    {.struct_size = sizeof(host_name_rule), .characters = HOST_CHARS_ANY, .replacement = '_'}};
static const host_limits LIMITS = {
    .struct_size = sizeof LIMITS,
    .tables = HOST_TAKES_FIELDS | HOST_TAKES_POINTS | HOST_TAKES_SERIES | HOST_TAKES_FILES,
    .abilities = HOST_CAN_FRACTIONAL_STEPS | HOST_CAN_NAN | HOST_CAN_INFINITY | HOST_CAN_NEGATIVE_ZERO |
                 HOST_CAN_SET_TIMES | HOST_CAN_NO_TIME | HOST_CAN_TIMES_BEFORE_1970 | HOST_CAN_TYPES |
                 HOST_CAN_NO_STEP | HOST_CAN_NUL | HOST_CAN_MICROSECONDS | HOST_CAN_DUPLICATE_POINTS |
                 HOST_CAN_NESTING | HOST_CAN_FORKS,
    .kinds = HOST_TEXT("run"), .names = NAMES, .name_count = HOST_SCOPE_COUNT, .name_stride = sizeof NAMES[0]};

/* What came of one table: sums of hashes of its names, of the bits of its values, of its steps and times. */
typedef struct tally { int64_t rows; uint64_t names, values, steps, times; } tally;
enum { FIELDS, POINTS, SERIES, FILES, TABLES };
static const char *const TABLE_IDS[TABLES] = {
    HOST_TABLE_FIELDS, HOST_TABLE_POINTS, HOST_TABLE_SERIES, HOST_TABLE_FILES};
struct host_load { host_instance *instance; tally sum[TABLES]; uint64_t last; };

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    return (void)call, (void)instance, *out = &LIMITS, HOST_OK;
}
static void path_of(const host_instance *instance, host_text id, const char *ending, char *out, size_t size) {
    int at = snprintf(out, size, "%s/", instance->folder);
    for (int64_t i = 0; i < id.size && i < 60 && at + 1 < (int)size; i++) {
        char letter = id.data[i];
        int is_plain = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                       (letter >= 'A' && letter <= 'Z') || letter == '-';
        out[at++] = is_plain ? letter : '_';
    }
    snprintf(out + at, size - (size_t)at, "%s", ending);
}
static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    path_of(instance, unit->id, ".txt", instance->target, sizeof instance->target);
    out->state = access(instance->target, F_OK) == 0 ? HOST_FOUND_COMPLETE : HOST_FOUND_NOTHING;
    if (out->state == HOST_FOUND_COMPLETE) out->target = text_of(instance->target), out->revision = unit->revision;
    return (void)call, HOST_OK;
}
static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    (void)found, (void)how;
    if (resume_after != 0) return failed(call, HOST_INVALID_STATE, "", "Nothing here is durable before the end.");
    host_load *made = *out = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, "", "There is no memory.");
    made->instance = instance;
    path_of(instance, unit->id, ".txt", instance->target, sizeof instance->target);
    return HOST_OK;
}

static int is_null(const struct ArrowArray *array, int64_t row) {
    const uint8_t *valid = array->buffers[0];
    int64_t at = array->offset + row;
    return array->null_count != 0 && valid != NULL && !(valid[at / 8] >> (at % 8) & 1);
}
static host_text text_at(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row) {
    int64_t at = array->offset + row;
    if (is_null(array, row)) return (host_text){0};
    if (schema->dictionary != NULL) {
        return text_at(schema->dictionary, array->dictionary, ((const int32_t *)array->buffers[1])[at]);
    }
    const int32_t *narrow = array->buffers[1];
    const int64_t *wide = array->buffers[1];
    int is_wide = schema->format[0] == 'U';
    int64_t from = is_wide ? wide[at] : narrow[at], to = is_wide ? wide[at + 1] : narrow[at + 1];
    return (host_text){(const char *)array->buffers[2] + from, to - from};
}
static uint64_t hash(host_text text) {
    uint64_t value = 14695981039346656037u;
    for (int64_t i = 0; i < text.size; i++) value = (value ^ (uint8_t)text.data[i]) * 1099511628211u;
    return value;
}

/* The bytes of a file through the host's service, as the sum of what each is at its place. */
static host_status count_file(host_call *call, host_load *load, host_text ref, host_text path) {
    const host_blobs *blobs = api->service(text_of(HOST_BLOB_SERVICE));
    if (blobs == NULL) return failed(call, HOST_UNSUPPORTED, HOST_BLOB_SERVICE, "The host lacks it.");
    host_blob_handle *handle = NULL;
    int64_t size = 0, got = 0;
    host_status status = blobs->open(call, ref, &handle, &size);
    if (status != HOST_OK) {
        const host_error_info *why = api->last_error(call);
        host_loss loss = {.struct_size = sizeof loss, .kind = HOST_LOSS_DROPPED, .rows = 1,
                          .table = text_of(HOST_TABLE_FILES), .code = text_of("file.missing"), .path = path,
                          .note = why != NULL ? why->message : text_of("The source does not say why.")};
        load->sum[FILES].rows--; /* as the host counts: given, less what was told as dropped */
        return api->loss(call, &loss), HOST_OK;
    }
    uint8_t buffer[4096], digest[32];
    for (int64_t at = 0; status == HOST_OK; at += got) {
        status = blobs->read(call, handle, at, buffer, sizeof buffer, &got);
        for (int64_t i = 0; status == HOST_OK && i < got; i++) {
            load->sum[FILES].values += (uint64_t)buffer[i] * (uint64_t)(at + i + 1);
        }
        if (got < (int64_t)sizeof buffer) break;
    }
    if (status == HOST_OK) status = blobs->sha256(call, handle, digest);
    if (status == HOST_OK) load->sum[FILES].values += hash((host_text){(const char *)digest, sizeof digest});
    blobs->close(handle);
    return status;
}

/* Adds one value that is not null to the sums; a file's bytes are its value. */
static host_status add_value(host_call *call, host_load *load, tally *sum, const host_batch *batch, int64_t index,
                             int64_t row) {
    const struct ArrowSchema *schema = batch->schema.children[index];
    const struct ArrowArray *array = batch->array.children[index];
    const char *name = schema->name, kind = schema->dictionary != NULL ? 'u' : schema->format[0];
    int64_t at = array->offset + row;
    if (is_null(array, row)) return HOST_OK;
    if (kind == 'u' || kind == 'U') {
        host_text text = text_at(schema, array, row);
        if (strcmp(name, "blob") == 0) return count_file(call, load, text, text_of("a file"));
        if (strcmp(name, "path") == 0) sum->names += hash(text);
        if (strcmp(name, "text") == 0) sum->values += hash(text);
    } else if (kind == 'i') {
        sum->steps += (uint64_t)((const int32_t *)array->buffers[1])[at] * 31;
    } else if (strcmp(name, "time") == 0) {
        sum->times += ((const uint64_t *)array->buffers[1])[at] * (schema->format[2] == 'm' ? 1000 : 1);
    } else if (strcmp(name, "step") == 0) {
        sum->steps += ((const uint64_t *)array->buffers[1])[at];
    } else if (kind == 'l' || kind == 'g') {
        sum->values += ((const uint64_t *)array->buffers[1])[at]; /* the bits, also of a double */
    }
    return HOST_OK;
}

static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    host_status status = is_over(call, load->instance) ? HOST_CANCELLED : HOST_OK;
    for (int table = 0; table < TABLES; table++) {
        if (!is_text(batch->table, TABLE_IDS[table])) continue;
        tally *sum = &load->sum[table];
        sum->rows += batch->array.length;
        for (int64_t index = 0; index < batch->schema.n_children; index++) {
            for (int64_t row = 0; status == HOST_OK && row < batch->array.length; row++) {
                status = add_value(call, load, sum, batch, index, row);
            }
        }
    }
    batch->array.release(&batch->array);
    batch->schema.release(&batch->schema);
    return *durable = 0, load->last = sequence, status;
}

/* Sums are durable when they are written at the end; until then all comes again. Flush is where the end begins. */
static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    char part[620];
    snprintf(part, sizeof part, "%s.part", load->instance->target);
    FILE *file = fopen(part, "w");
    if (file == NULL) return failed(call, HOST_IO, part, "The file can't be made.");
    for (int table = 0; table < TABLES; table++) {
        const tally *sum = &load->sum[table];
        fprintf(file, "%s rows %lld names %016llx values %016llx steps %016llx times %016llx\n", TABLE_IDS[table],
                (long long)sum->rows, (unsigned long long)sum->names, (unsigned long long)sum->values,
                (unsigned long long)sum->steps, (unsigned long long)sum->times);
    }
    int is_good = fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (fclose(file) != 0 || !is_good) return failed(call, HOST_IO, part, "The file can't be written.");
    return *durable = load->last, HOST_OK;
}
static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    char part[620];
    if (summary->points != load->sum[POINTS].rows || summary->fields != load->sum[FIELDS].rows ||
        summary->series != load->sum[SERIES].rows || summary->files != load->sum[FILES].rows) {
        return failed(call, HOST_CONFLICT, load->instance->target, "Not all rows came here.");
    }
    snprintf(part, sizeof part, "%s.part", load->instance->target);
    if (rename(part, load->instance->target) != 0) return failed(call, HOST_IO, part, "It can't be named.");
    api->log(call, HOST_LOG_INFO, text_of("frozen: a unit is written"));
    return out->id = text_of(load->instance->target), HOST_OK;
}
static void end(host_load *load) { free(load); }

/* ---- The plugin ---- */
static const host_option OPTIONS[] = {
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_INT, .roles = HOST_ROLE_EXPORTER,
     .name = HOST_TEXT("points"), .default_value = HOST_TEXT("200"), .summary = HOST_TEXT("Points of each run.")},
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_PATH, .flags = HOST_OPTION_REQUIRED | HOST_OPTION_LOCATION,
     .roles = HOST_ROLE_LOADER, .name = HOST_TEXT("folder"), .summary = HOST_TEXT("An existing folder for the sums.")},
};
static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("frozen"),
    .version = HOST_TEXT("0.1.0"), .summary = HOST_TEXT("Compiled once, from the headers of ABI 0.1."),
    .licence = HOST_TEXT("Apache-2.0"), .runtime = HOST_TEXT("c"), .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0], .option_stride = sizeof OPTIONS[0], .limits = &LIMITS};
static const host_exporter EXPORTER = {
    .struct_size = sizeof EXPORTER, .open = open_instance, .check = check, .list = list, .paths = paths_of,
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
