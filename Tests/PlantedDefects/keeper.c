/* SPDX-License-Identifier: Apache-2.0
 *
 * keeper.c: a plugin that keeps units as files and gives them back bit by bit. It passes every level.
 *
 * Compiled with -DDEFECT=n it has one fault; the numbers and the rule that finds each are in defects.toml.
 * One folder for each unit, named by its key: `unit` (a row of units/1), `b-NUMBER` for each batch, `f-NUMBER-ROW`
 * for each file, and `complete` with the revision once it was committed.
 */
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef DEFECT
#define DEFECT 0
#endif

enum { PATH_SIZE = 4096, KEY_SIZE = 33 };

static const host_api *api;

/* ---- Errors ---- */
static host_status failed(host_call *call, host_status status, host_text subject, const char *message) {
    host_error_info info = {.struct_size = sizeof info, .status = status, .subject = subject};
    info.message = (host_text){message, (int64_t)strlen(message)};
    api->fail(call, &info);
    return status;
}
static host_text text_of(const char *text) { return (host_text){text, (int64_t)strlen(text)}; }
static int is(host_text text, const char *word) {
    return text.size == (int64_t)strlen(word) && memcmp(text.data, word, (size_t)text.size) == 0;
}
/* From an errno. */
static host_status trouble(host_call *call, int failure, const char *place) {
    if (failure == EILSEQ) return failed(call, HOST_INVALID_DATA, text_of(place), "The file is damaged.");
    if (failure == ENOMEM) return failed(call, HOST_INTERNAL, text_of(place), "There is no memory.");
    return failed(call, HOST_IO, text_of(place), strerror(failure));
}

/* ---- Instances of both roles ---- */
struct host_instance {
    char folder[PATH_SIZE];
    atomic_int cancelled;
};

#if DEFECT == 6
static void *sleeper(void *nothing) {
    for (;;) pause();
    return nothing;
}
#endif

static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    host_instance *made = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, (host_text){0}, "There is no memory.");
    for (uint32_t i = 0; i < args->value_count; i++) {
        const host_option_value *value = (const void *)((const char *)args->values + i * args->value_stride);
        if (value->index == 0 && value->text.size < PATH_SIZE - 200) {
            memcpy(made->folder, value->text.data, (size_t)value->text.size);
        }
    }
    if (made->folder[0] == 0) {
        free(made);
        return failed(call, HOST_INVALID_OPTION, text_of("folder"), "A folder is needed, with a path that is not too long.");
    }
#if DEFECT == 6
    pthread_t thread;
    pthread_create(&thread, NULL, sleeper, NULL);
#elif DEFECT == 13
    puts("opened");
    fflush(stdout);
#elif DEFECT == 14
    setenv("KEEPER", "open", 1);
#endif
    *out = made;
    return HOST_OK;
}

static host_status check(host_call *call, host_instance *instance) {
    return (void)call, instance->cancelled ? HOST_CANCELLED : HOST_OK;
}
static void cancel(host_instance *instance) {
    instance->cancelled = 1;
#if DEFECT == 9
    for (;;) pause();
#endif
}
static void close_instance(host_instance *instance) { free(instance); }
static int is_stopped(host_call *call, const host_instance *instance) {
    return instance->cancelled || api->cancelled(call);
}

/* ---- Names in a folder, in order ---- */
typedef struct names {
    char (*items)[64];
    size_t count;
} names;

static int by_name(const void *left, const void *right) { return strcmp(left, right); }

static int names_of(const char *folder, const char *prefix, names *out) {
    *out = (names){0};
    DIR *open = opendir(folder);
    if (open == NULL) return errno == ENOENT ? 0 : errno;
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0 || entry->d_name[0] == '.') continue;
        if (strlen(entry->d_name) >= sizeof out->items[0]) continue;
        if (out->count % 64 == 0) {
            void *grown = realloc(out->items, (out->count + 64) * sizeof out->items[0]);
            if (grown == NULL) break;
            out->items = grown;
        }
        strcpy(out->items[out->count++], entry->d_name);
    }
    closedir(open);
    if (out->count > 0) qsort(out->items, out->count, sizeof out->items[0], by_name);
    return 0;
}

static int is_key(const char *name) { return strlen(name) == 32 && strspn(name, "0123456789abcdef") == 32; }

static int exists(const char *folder, const char *name) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* ---- The exporter ---- */
typedef enum { UNITS, PATHS, RECORDS } reader_kind;

struct host_reader {
    host_instance *instance;
    reader_kind kind;
    char folder[PATH_SIZE]; /* of the unit */
    char key[KEY_SIZE];
    names names; /* what is still to come, from `at` on */
    size_t at;
    int repeated;
    char cursor[64]; /* lent until the next call */
};

/* Cursors are `KEY` of the last unit that was listed, or `KEY.NAME` of the last batch that was read. */
static host_status start_after(host_call *call, host_reader *reader, host_bytes cursor) {
    if (cursor.size == 0) return HOST_OK;
    char text[64] = "";
    if (cursor.size < (int64_t)sizeof text) memcpy(text, cursor.data, (size_t)cursor.size);
    const char *name = text;
    if (reader->kind == RECORDS) {
        int is_own = strncmp(text, reader->key, 32) == 0 && text[32] == '.';
        name = is_own ? text + 33 : "";
    }
    while (reader->at < reader->names.count) {
        if (strcmp(reader->names.items[reader->at++], name) == 0) return HOST_OK;
    }
    return failed(call, HOST_INVALID_DATA, (host_text){0}, "The cursor is none of this unit's.");
}

static void close_reader(host_reader *reader) {
    free(reader->names.items);
    free(reader);
}

static host_status open_reader(host_call *call, host_instance *instance, reader_kind kind, const char *key,
                               host_bytes cursor, host_reader **out) {
    if (is_stopped(call, instance)) return HOST_CANCELLED;
    host_reader *made = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, (host_text){0}, "There is no memory.");
    made->instance = instance;
    made->kind = kind;
    snprintf(made->key, sizeof made->key, "%s", key);
    snprintf(made->folder, sizeof made->folder, "%.3000s%s%s", instance->folder, key[0] == 0 ? "" : "/", key);
    int failure = names_of(made->folder, kind == UNITS ? "" : "b-", &made->names);
    size_t kept = 0;
    for (size_t i = 0; kind == UNITS && i < made->names.count; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%.3000s/%.63s", instance->folder, made->names.items[i]);
        int is_unit = is_key(made->names.items[i]) && exists(path, "complete");
        if (is_unit) memmove(made->names.items[kept++], made->names.items[i], sizeof made->names.items[0]);
    }
    if (kind == UNITS) made->names.count = kept;
    host_status status = failure == 0 ? start_after(call, made, cursor) : trouble(call, failure, made->folder);
    if (status == HOST_OK) *out = made;
    else close_reader(made);
    return status;
}

/* The key of a unit, by its row. */
static host_status key_of(host_call *call, host_instance *instance, const host_unit_ref *unit, char key[KEY_SIZE]) {
    names all;
    int failure = names_of(instance->folder, "", &all);
    int is_found = 0;
    for (size_t i = 0; failure == 0 && !is_found && i < all.count; i++) {
        if (!is_key(all.items[i])) continue;
        char folder[PATH_SIZE];
        snprintf(folder, sizeof folder, "%.3000s/%.63s", instance->folder, all.items[i]);
        stored_batch row;
        if (load_batch(folder, "unit", &row) != 0) continue;
        host_text id = text_at(&row, "id", 0), project = text_at(&row, "project", 0), kind = text_at(&row, "kind", 0);
        is_found = id.size == unit->id.size && project.size == unit->project.size && kind.size == unit->kind.size
            && memcmp(id.data, unit->id.data, (size_t)id.size) == 0
            && memcmp(project.data, unit->project.data, (size_t)project.size) == 0
            && memcmp(kind.data, unit->kind.data, (size_t)kind.size) == 0;
        if (is_found) snprintf(key, KEY_SIZE, "%.32s", all.items[i]);
        release_batch(&row);
    }
    free(all.items);
    if (failure != 0) return trouble(call, failure, instance->folder);
    return is_found ? HOST_OK : failed(call, HOST_NOT_FOUND, unit->id, "There is no unit of that id.");
}

static host_status list(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out) {
    return (void)projects, open_reader(call, instance, UNITS, "", cursor, out);
}
static host_status paths(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    char key[KEY_SIZE];
    host_status status = key_of(call, instance, unit, key);
    return status == HOST_OK ? open_reader(call, instance, PATHS, key, (host_bytes){0}, out) : status;
}
static host_status read_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                             host_reader **out) {
    char key[KEY_SIZE];
    host_status status = key_of(call, instance, unit, key);
    return status == HOST_OK ? open_reader(call, instance, RECORDS, key, cursor, out) : status;
}

static host_status hand_over(host_batch *out, stored_batch *batch, host_reader *reader) {
    static const char *const tables[] = {HOST_TABLE_UNITS,  HOST_TABLE_PATHS,      HOST_TABLE_FIELDS, HOST_TABLE_POINTS,
                                         HOST_TABLE_SERIES, HOST_TABLE_HISTOGRAMS, HOST_TABLE_FILES,  HOST_TABLE_LINKS,
                                         HOST_TABLE_GRANTS};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (strcmp(tables[i], batch->table) == 0) out->table = text_of(tables[i]);
    }
    out->schema = batch->schema;
    out->array = batch->array;
    out->cursor = (host_bytes){(const uint8_t *)reader->cursor, (int64_t)strlen(reader->cursor)};
    return HOST_OK;
}

/* One row for each name of each table and role of the unit. */
static host_status next_paths(host_call *call, host_reader *reader, host_batch *out) {
    if (reader->at == reader->names.count) return HOST_END;
    enum { TEXTS = 3 };
    host_text *cells[TEXTS] = {0};
    int64_t *counts = NULL;
    int64_t count = 0;
    int failure = 0;
    stored_batch *held = calloc(reader->names.count, sizeof *held);
    for (; held != NULL && failure == 0 && reader->at < reader->names.count; reader->at++) {
        stored_batch *batch = &held[reader->at];
        if ((failure = load_batch(reader->folder, reader->names.items[reader->at], batch)) != 0) break;
        int has_roles = strcmp(batch->table, HOST_TABLE_FIELDS) == 0 || strcmp(batch->table, HOST_TABLE_FILES) == 0;
        for (int64_t row = 0; failure == 0 && row < batch->array.length; row++) {
            host_text own[TEXTS] = {text_at(batch, "path", row), text_of(batch->table),
                                    has_roles ? text_at(batch, "role", row) : text_of("")};
            if (own[0].data == NULL) break;
            int64_t at = count;
            /* Rows of one name mostly stand together. */
            while (at > 0) {
                int same = 1;
                for (int i = 0; i < TEXTS; i++) {
                    same = same && own[i].size == cells[i][at - 1].size
                        && memcmp(own[i].data, cells[i][at - 1].data, (size_t)own[i].size) == 0;
                }
                if (same) break;
                at--;
            }
            if (at == 0) {
                for (int i = 0; i < TEXTS; i++) {
                    void *grown = realloc(cells[i], sizeof(host_text) * (size_t)(count + 1));
                    if (grown == NULL) failure = ENOMEM;
                    else cells[i] = grown;
                }
                void *grown = realloc(counts, sizeof(int64_t) * (size_t)(count + 1));
                if (grown == NULL) failure = ENOMEM;
                else counts = grown;
                if (failure != 0) break;
                for (int i = 0; i < TEXTS; i++) cells[i][count] = own[i];
                counts[count++] = 0;
                at = count;
            }
            counts[at - 1]++;
        }
    }
    stored_batch made = {0};
    if (failure == 0) failure = make_batch(&made, HOST_TABLE_PATHS, count);
    if (failure == 0) failure = add_texts(&made, "path", cells[0]);
    if (failure == 0) failure = add_texts(&made, "table", cells[1]);
    if (failure == 0) failure = add_texts(&made, "role", cells[2]);
    if (failure == 0) failure = add_numbers(&made, "rows", counts);
    for (size_t i = 0; held != NULL && i < reader->names.count; i++) release_batch(&held[i]);
    free(held);
    for (int i = 0; i < TEXTS; i++) free(cells[i]);
    free(counts);
    if (failure == 0) return hand_over(out, &made, reader);
    release_batch(&made);
    return trouble(call, failure, reader->folder);
}

/* Files are named by where their copy lies: `KEY/f-NUMBER-ROW`. */
static int with_own_blobs(stored_batch *batch, const host_reader *reader, const char *name) {
    int64_t rows = batch->array.length;
    host_text *texts = calloc((size_t)rows + 1, sizeof *texts);
    char *room = calloc((size_t)rows + 1, 128);
    int failure = texts == NULL || room == NULL ? ENOMEM : 0;
    for (int64_t row = 0; failure == 0 && row < rows; row++) {
        char *text = room + row * 128;
        snprintf(text, 128, "%s/f-%.40s-%lld", reader->key, name + 2, (long long)row);
        texts[row] = text_of(text);
    }
    if (failure == 0) failure = replace_texts(batch, "blob", texts);
    free(texts);
    free(room);
    return failure;
}

static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    if (is_stopped(call, reader->instance)) return HOST_CANCELLED;
    if (reader->kind == PATHS) return next_paths(call, reader, out);
    if (reader->at >= reader->names.count) return HOST_END;
    const char *name = reader->names.items[reader->at];
    stored_batch batch;
    char folder[PATH_SIZE];
    snprintf(folder, sizeof folder, "%.3000s%s%.63s", reader->folder, reader->kind == UNITS ? "/" : "",
             reader->kind == UNITS ? name : "");
    int failure = load_batch(folder, reader->kind == UNITS ? "unit" : name, &batch);
    if (failure == 0 && strcmp(batch.table, HOST_TABLE_FILES) == 0) failure = with_own_blobs(&batch, reader, name);
    if (failure != 0) return trouble(call, failure, folder);
    snprintf(reader->cursor, sizeof reader->cursor, "%s%s%.28s", reader->key, reader->kind == UNITS ? "" : ".", name);
    if (reader->kind == UNITS) snprintf(reader->cursor, sizeof reader->cursor, "%.63s", name);
    reader->at++;
#if DEFECT == 12
    if (reader->kind == RECORDS && strcmp(batch.table, HOST_TABLE_FIELDS) == 0 && !reader->repeated++) reader->at--;
#endif
    return hand_over(out, &batch, reader);
}

static host_status blob(host_call *call, host_instance *instance, host_text ref, host_blob *out) {
    char path[PATH_SIZE], name[100] = "";
    if (ref.size < (int64_t)sizeof name) memcpy(name, ref.data, (size_t)ref.size);
    int is_own = strlen(name) > 35 && strncmp(name + 32, "/f-", 3) == 0 && strspn(name, "0123456789abcdef") == 32
        && strspn(name + 35, "0123456789-") == strlen(name + 35);
    if (!is_own) return failed(call, HOST_NOT_FOUND, ref, "There is no such file.");
    snprintf(path, sizeof path, "%.3000s/%s", instance->folder, name);
    struct stat facts;
    out->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (out->fd < 0) return failed(call, HOST_NOT_FOUND, ref, "There is no such file.");
    out->size = fstat(out->fd, &facts) == 0 ? facts.st_size : -1;
    return HOST_OK;
}
static host_status read_bytes(host_call *call, host_byte_reader *reader, uint8_t *to, int64_t size, int64_t *got) {
    return (void)call, (void)reader, (void)to, (void)size, *got = 0, HOST_END;
}
static void close_bytes(host_byte_reader *reader) { (void)reader; }

/* ---- The loader ---- */
static const host_limits LIMITS = {
    .struct_size = sizeof LIMITS, .tables = HOST_TAKES_FIELDS | HOST_TAKES_POINTS | HOST_TAKES_SERIES |
        HOST_TAKES_HISTOGRAMS | HOST_TAKES_FILES | HOST_TAKES_LINKS | HOST_TAKES_GRANTS,
    .abilities = HOST_CAN_FRACTIONAL_STEPS | HOST_CAN_NAN | HOST_CAN_INFINITY | HOST_CAN_NEGATIVE_ZERO |
        HOST_CAN_SET_TIMES | HOST_CAN_NO_TIME | HOST_CAN_TIMES_BEFORE_1970 | HOST_CAN_TYPES | HOST_CAN_NESTING |
        HOST_CAN_FORKS | HOST_CAN_NO_STEP | HOST_CAN_NUL | HOST_CAN_MICROSECONDS | HOST_CAN_DUPLICATE_POINTS,
    .kinds = HOST_TEXT("run experiment model model-version")};

struct host_load {
    host_instance *instance;
    char folder[PATH_SIZE], key[KEY_SIZE];
    char revision[1024];
    uint64_t last;
    int is_committed;
#if DEFECT == 2
    const char *id;
#elif DEFECT == 3
    struct ArrowArray kept;
#elif DEFECT == 4
    stored_batch late[64];
    int late_count;
#endif
};

static host_status limits(host_call *call, host_instance *instance, const host_limits **out) {
    return (void)call, (void)instance, *out = &LIMITS, HOST_OK;
}

static int unit_folder(const host_instance *instance, const host_unit *unit, char folder[PATH_SIZE], char key[KEY_SIZE]) {
    if (unit->key.size != 32) return EINVAL;
    snprintf(key, KEY_SIZE, "%.32s", unit->key.data);
    snprintf(folder, PATH_SIZE, "%.3000s/%s", instance->folder, key);
    return is_key(key) ? 0 : EINVAL;
}

static host_status find(host_call *call, host_instance *instance, const host_unit *unit, host_found *out) {
    static _Thread_local char folder[PATH_SIZE], key[KEY_SIZE], revision[1024];
    if (is_stopped(call, instance)) return HOST_CANCELLED;
    if (unit_folder(instance, unit, folder, key) != 0) {
        return failed(call, HOST_INVALID_STATE, unit->id, "The unit's key has not 32 hexadecimal digits.");
    }
    out->state = HOST_FOUND_NOTHING;
#if DEFECT == 15
    mkdir(instance->folder, 0700);
    store_bytes(instance->folder, "found", "", 0);
#endif
    if (access(folder, F_OK) != 0) return HOST_OK;
    out->target = text_of(key);
    out->state = exists(folder, "unit") ? HOST_FOUND_PARTIAL : HOST_FOUND_BROKEN;
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%.3000s/complete", folder);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return HOST_OK;
    ssize_t size = read(descriptor, revision, sizeof revision);
    close(descriptor);
    out->state = HOST_FOUND_COMPLETE;
    out->revision = (host_text){revision, size < 0 ? 0 : size};
    return HOST_OK;
}

/* Removes what begins with a letter and comes behind a number. */
static int remove_behind(const char *folder, const char *prefix, uint64_t number) {
    names all;
    int failure = names_of(folder, prefix, &all);
    for (size_t i = 0; failure == 0 && i < all.count; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%.3000s/%.63s", folder, all.items[i]);
        if (strtoull(all.items[i] + 2, NULL, 10) > number && unlink(path) != 0) failure = errno;
    }
    free(all.items);
    return failure;
}

static int store_unit(const char *folder, const host_unit *unit) {
    stored_batch row;
    int failure = make_batch(&row, HOST_TABLE_UNITS, 1);
    if (failure != 0) return failure;
    const struct { const char *name; const host_text *text; } texts[] = {
        {"kind", &unit->kind}, {"project", &unit->project}, {"id", &unit->id}, {"name", &unit->name},
        {"group", &unit->group}, {"state", &unit->state}, {"owner", &unit->owner}, {"parent", &unit->parent},
        {"fork_parent", &unit->fork_parent}, {"revision", &unit->revision}};
    for (size_t i = 0; failure == 0 && i < sizeof texts / sizeof texts[0]; i++) {
        failure = add_texts(&row, texts[i].name, texts[i].text);
    }
    if (failure == 0) failure = add_times(&row, "created", &unit->created_ms);
    if (failure == 0) failure = add_times(&row, "started", &unit->started_ms);
    if (failure == 0) failure = add_times(&row, "ended", &unit->ended_ms);
    if (failure == 0) failure = store_batch(folder, "unit", text_of(HOST_TABLE_UNITS), &row.schema, &row.array);
    release_batch(&row);
    return failure;
}

static host_status begin(host_call *call, host_instance *instance, const host_unit *unit, const host_found *found,
                         int32_t how, uint64_t resume_after, host_load **out) {
    (void)found;
    if (is_stopped(call, instance)) return HOST_CANCELLED;
    host_load *made = calloc(1, sizeof *made);
    if (made == NULL) return failed(call, HOST_INTERNAL, unit->id, "There is no memory.");
    made->instance = instance;
    made->last = resume_after;
    int failure = unit_folder(instance, unit, made->folder, made->key);
    if (unit->revision.size >= (int64_t)sizeof made->revision) failure = ENAMETOOLONG;
    else if (unit->revision.size > 0) memcpy(made->revision, unit->revision.data, (size_t)unit->revision.size);
    if (failure == 0 && mkdir(instance->folder, 0700) != 0 && errno != EEXIST) failure = errno;
    if (failure == 0 && mkdir(made->folder, 0700) != 0 && errno != EEXIST) failure = errno;
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%.3000s/complete", made->folder);
    if (failure == 0 && unlink(path) != 0 && errno != ENOENT) failure = errno;
    uint64_t kept = how == HOST_BEGIN_CONTINUE ? resume_after : 0;
#if DEFECT != 5
    if (failure == 0) failure = remove_behind(made->folder, "b-", kept);
    if (failure == 0) failure = remove_behind(made->folder, "f-", kept);
#else
    if (failure == 0 && how != HOST_BEGIN_CONTINUE) failure = remove_behind(made->folder, "b-", kept);
#endif
    if (failure == 0) failure = store_unit(made->folder, unit);
#if DEFECT == 2
    made->id = unit->id.data;
#endif
    if (failure == 0) {
        *out = made;
        return HOST_OK;
    }
    host_status status = trouble(call, failure, made->folder);
    free(made);
    return status;
}

/* Copies the files of a batch beside it. */
static host_status copy_files(host_call *call, host_load *load, const stored_batch *batch, const char *number) {
    const host_blobs *blobs = api->service((host_text)HOST_TEXT(HOST_BLOB_SERVICE));
    if (blobs == NULL) return failed(call, HOST_UNSUPPORTED, text_of(HOST_BLOB_SERVICE), "This host has no files.");
    for (int64_t row = 0; row < batch->array.length; row++) {
        host_blob_handle *handle;
        int64_t size = 0, got = 0;
        host_text ref = text_at(batch, "blob", row);
        host_status status = blobs->open(call, ref, &handle, &size);
        if (status != HOST_OK) return status;
        uint8_t *bytes = malloc((size_t)size + 1);
        if (bytes == NULL) status = failed(call, HOST_INTERNAL, ref, "There is no memory.");
        if (status == HOST_OK) status = blobs->read(call, handle, 0, bytes, size, &got);
        blobs->close(handle);
        char name[96];
        snprintf(name, sizeof name, "f-%s-%lld", number, (long long)row);
        int failure = status == HOST_OK ? store_bytes(load->folder, name, bytes, (size_t)got) : 0;
        free(bytes);
        if (status != HOST_OK) return status;
        if (failure != 0) return trouble(call, failure, load->folder);
    }
    return HOST_OK;
}

static void release_both(host_batch *batch) {
    batch->array.release(&batch->array);
    batch->schema.release(&batch->schema);
}

static host_status write_batch(host_call *call, host_load *load, host_batch *batch, uint64_t sequence,
                               uint64_t *durable) {
    host_status status = HOST_OK;
    if (is_stopped(call, load->instance)) status = HOST_CANCELLED;
    else if (load->is_committed) status = failed(call, HOST_INVALID_STATE, text_of(load->key), "The unit is committed.");
    if (status != HOST_OK) return release_both(batch), status;
    char number[32], name[40];
    snprintf(number, sizeof number, "%020llu", (unsigned long long)sequence);
    snprintf(name, sizeof name, "b-%s", number);
#if DEFECT == 2
    if (load->id[0] == 0) return release_both(batch), HOST_OK;
#elif DEFECT == 3
    /* The rows of the batch before are looked at once more. */
    if (load->kept.length > 0 && ((const uint8_t *)load->kept.children[0]->buffers[1])[0] == 77) load->last++;
    load->kept = batch->array;
#elif DEFECT == 4
    /* Said to be durable, and kept in memory until the end. */
    if (load->late_count < 64) {
        load->late[load->late_count].schema = batch->schema;
        load->late[load->late_count].array = batch->array;
        snprintf(load->late[load->late_count++].table, 32, "%.*s", (int)batch->table.size, batch->table.data);
        batch->schema.release = NULL;
        batch->array.release = NULL;
        return *durable = load->last = sequence, HOST_OK;
    }
#elif DEFECT == 5
    /* What came before the crash lies under its own number; what comes again gets another. */
    while (exists(load->folder, name)) {
        snprintf(number, sizeof number, "%020llu", (unsigned long long)(sequence += 1000));
        snprintf(name, sizeof name, "b-%s", number);
    }
    sequence %= 1000;
#elif DEFECT == 11
    if (is(batch->table, HOST_TABLE_HISTOGRAMS)) {
        release_both(batch);
        return *durable = load->last = sequence, HOST_OK;
    }
#endif
    stored_batch view = {.schema = batch->schema, .array = batch->array};
    if (is(batch->table, HOST_TABLE_FILES)) status = copy_files(call, load, &view, number);
    if (status == HOST_OK) {
        int failure = store_batch(load->folder, name, batch->table, &batch->schema, &batch->array);
        if (failure != 0) status = trouble(call, failure, load->folder);
    }
    release_both(batch);
    if (status == HOST_OK) *durable = load->last = sequence;
    return status;
}

static host_status flush(host_call *call, host_load *load, uint64_t *durable) {
    if (is_stopped(call, load->instance)) return HOST_CANCELLED;
#if DEFECT == 4
    for (int i = 0; i < load->late_count; i++) {
        char name[40], number[32];
        snprintf(number, sizeof number, "%020llu", (unsigned long long)(load->last - (uint64_t)(load->late_count - 1 - i)));
        snprintf(name, sizeof name, "b-%s", number);
        if (strcmp(load->late[i].table, HOST_TABLE_FILES) == 0) copy_files(call, load, &load->late[i], number);
        store_batch(load->folder, name, text_of(load->late[i].table), &load->late[i].schema, &load->late[i].array);
        release_batch(&load->late[i]);
    }
    load->late_count = 0;
#endif
    return *durable = load->last, HOST_OK;
}

static host_status commit(host_call *call, host_load *load, const host_commit *summary, host_target *out) {
    if (is_stopped(call, load->instance)) return HOST_CANCELLED;
    int64_t points = 0, fields = 0;
    names all;
    int failure = names_of(load->folder, "b-", &all);
    for (size_t i = 0; failure == 0 && i < all.count; i++) {
        stored_batch batch;
        if ((failure = load_batch(load->folder, all.items[i], &batch)) != 0) break;
        if (strcmp(batch.table, HOST_TABLE_POINTS) == 0) points += batch.array.length;
        if (strcmp(batch.table, HOST_TABLE_FIELDS) == 0) fields += batch.array.length;
        release_batch(&batch);
    }
    free(all.items);
    if (failure != 0) return trouble(call, failure, load->folder);
#if DEFECT == 4 || DEFECT == 5
    (void)summary;
#else
    if (points != summary->points || fields != summary->fields) {
        return failed(call, HOST_CONFLICT, text_of(load->key), "Not all rows of the unit came here.");
    }
#endif
    failure = store_bytes(load->folder, "complete", load->revision, strlen(load->revision));
    if (failure != 0) return trouble(call, failure, load->folder);
    load->is_committed = 1;
    out->id = text_of(load->key);
    return HOST_OK;
}

static void end(host_load *load) {
#if DEFECT == 4
    for (int i = 0; i < load->late_count; i++) release_batch(&load->late[i]);
#endif
    free(load);
}

/* ---- Actions ---- */
static host_status count_units(host_call *call, host_instance *instance, const char *prefix, int64_t size,
                               int64_t *count) {
    names all;
    int failure = names_of(instance->folder, "", &all);
    *count = 0;
    for (size_t i = 0; failure == 0 && i < all.count; i++) {
        *count += is_key(all.items[i]) && strncmp(all.items[i], size == 0 ? "" : prefix, (size_t)size) == 0;
    }
    free(all.items);
    return failure == 0 ? HOST_OK : trouble(call, failure, instance->folder);
}

static host_status remove_unit(host_call *call, host_instance *instance, int32_t dry_run, const char *key,
                               int64_t size, int32_t *is_there) {
    char folder[PATH_SIZE], name[KEY_SIZE] = "";
    if (size == 32) memcpy(name, key, 32);
    snprintf(folder, sizeof folder, "%.3000s/%s", instance->folder, name);
    *is_there = is_key(name) && access(folder, F_OK) == 0;
    if (dry_run || !*is_there) return HOST_OK;
    int failure = remove_behind(folder, "b-", 0);
    return failure == 0 ? HOST_OK : trouble(call, failure, folder);
}

static const host_option PREFIX[] = {
#if DEFECT == 10
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_INT, .name = HOST_TEXT("prefix"),
     .default_value = HOST_TEXT("5"), .summary = HOST_TEXT("only units whose key begins with it")},
#else
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_TEXT, .name = HOST_TEXT("prefix"),
     .summary = HOST_TEXT("only units whose key begins with it")},
#endif
};
static const host_option KEY[] = {{.struct_size = sizeof(host_option), .type = HOST_OPTION_TEXT,
                                   .flags = HOST_OPTION_REQUIRED, .name = HOST_TEXT("key"),
                                   .summary = HOST_TEXT("the unit's key")}};
static const host_result COUNT[] = {{.struct_size = sizeof(host_result), .type = HOST_OPTION_INT,
                                     .name = HOST_TEXT("units"), .summary = HOST_TEXT("how many there are")}};
static const host_result IS_THERE[] = {{.struct_size = sizeof(host_result), .type = HOST_OPTION_BOOL,
                                        .name = HOST_TEXT("found"), .summary = HOST_TEXT("whether there is one")}};
static const host_action ACTIONS[] = {
    {.struct_size = sizeof(host_action), .effect = HOST_EFFECT_READS, .role = HOST_ROLE_EXPORTER,
     .name = HOST_TEXT("count-units"), .summary = HOST_TEXT("counts units"), .parameters = PREFIX,
     .parameter_count = 1, .parameter_stride = sizeof PREFIX[0], .results = COUNT, .result_count = 1,
     .result_stride = sizeof COUNT[0], .function = (host_action_function)count_units},
    {.struct_size = sizeof(host_action), .effect = HOST_EFFECT_DELETES, .flags = HOST_ACTION_DRY_RUN,
     .role = HOST_ROLE_LOADER, .name = HOST_TEXT("remove-unit"), .summary = HOST_TEXT("removes a unit's records"),
     .parameters = KEY, .parameter_count = 1, .parameter_stride = sizeof KEY[0], .results = IS_THERE,
     .result_count = 1, .result_stride = sizeof IS_THERE[0], .function = (host_action_function)remove_unit},
};

/* ---- The plugin ---- */
static const host_option OPTIONS[] = {
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_PATH, .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER,
     .flags = HOST_OPTION_REQUIRED | HOST_OPTION_LOCATION | HOST_OPTION_IDENTITY, .name = HOST_TEXT("folder"),
     .summary = HOST_TEXT("where the units lie")},
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_INT, .roles = HOST_ROLE_LOADER,
     .name = HOST_TEXT("level"),
#if DEFECT == 16
     .default_value = HOST_TEXT("many"),
#else
     .default_value = HOST_TEXT("1"),
#endif
     .summary = HOST_TEXT("is not used")},
};
static const host_descriptor DESCRIPTOR = {
#if DEFECT == 1
    .struct_size = sizeof DESCRIPTOR + 16,
#else
    .struct_size = sizeof DESCRIPTOR,
#endif
    .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("keeper"), .version = HOST_TEXT("1.0"),
#if DEFECT == 17
    .summary = HOST_TEXT("keeps units \xFF as files"),
#else
    .summary = HOST_TEXT("keeps units as files"),
#endif
    .licence = HOST_TEXT("Apache-2.0"), .runtime = HOST_TEXT("c"), .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0], .option_stride = sizeof OPTIONS[0], .limits = &LIMITS,
    .actions = ACTIONS, .action_count = sizeof ACTIONS / sizeof ACTIONS[0], .action_stride = sizeof ACTIONS[0]};
static const host_exporter EXPORTER = {
    .struct_size = sizeof EXPORTER, .open = open_instance, .check = check, .list = list, .paths = paths,
    .read = read_unit, .next = next, .close_reader = close_reader, .blob = blob, .read_bytes = read_bytes,
    .close_bytes = close_bytes, .cancel = cancel, .close = close_instance};
static const host_loader LOADER = {
    .struct_size = sizeof LOADER, .open = open_instance, .check = check, .limits = limits, .find = find,
    .begin = begin, .write = write_batch, .flush = flush, .commit = commit, .end = end, .cancel = cancel,
    .close = close_instance};

static host_status init(const host_api *table) { return api = table, HOST_OK; }

#if DEFECT == 7
HOST_EXPORT int json_parse(void);
int json_parse(void) { return 7; }
#endif

HOST_EXPORT const host_plugin *host_plugin_v0(void) {
    static const host_plugin plugin = {
        .struct_size = sizeof plugin, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR, .descriptor = &DESCRIPTOR,
        .init = init, .exporter = &EXPORTER, .loader = &LOADER};
#if DEFECT == 8
    volatile int *nothing = NULL;
    *nothing = 1;
#endif
    return &plugin;
}
