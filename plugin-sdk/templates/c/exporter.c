/* SPDX-License-Identifier: Apache-2.0
 *
 * exporter.c: the role that reads. A reader yields batches, each with a cursor: reading from it gives exactly the rest.
 */
#define _DEFAULT_SOURCE
#include "file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_ROWS = 8192, MOST_BYTES = 1 << 20, PAGE = 64, MOST_CELLS = 4096 };

/* One path with its role and its number of rows. */
typedef struct name_count {
    char *text;   /* the path, NUL, the role */
    int64_t size, path_size, rows;
    bool is_field;
} name_count;

struct host_reader {
    host_instance *instance;
    host_status (*next)(host_call *call, host_reader *reader, host_batch *out);
    struct dirent **entries; /* of a list: the folder's, in order */
    int entry_count, at;
    FILE *file;              /* of one unit */
    char *line;
    size_t room;
    name_count *names;       /* of paths, in order */
    int64_t name_total, name_at;
    char cursor[512];        /* lent to the host until the next call */
};

static host_status check(host_call *call, host_instance *instance) {
    if (is_stopped(call, instance)) return stopped(call);
    if (access(instance->folder, R_OK | X_OK) == 0) return HOST_OK;
    return host_fail_errno(api, call, errno, host_text_of(instance->folder), "can't be read");
}

static void close_reader(host_reader *reader) {
    for (int i = 0; i < reader->entry_count; i++) free(reader->entries[i]);
    for (int64_t i = 0; i < reader->name_total; i++) free(reader->names[i].text);
    free(reader->entries);
    free(reader->names);
    free(reader->line);
    if (reader->file != NULL) fclose(reader->file);
    free(reader);
}

static int is_run(const struct dirent *entry) {
    size_t size = strlen(entry->d_name);
    return entry->d_name[0] != '.' && size > 4 && size < 256 && strcmp(entry->d_name + size - 4, ".tsv") == 0;
}

static int by_bytes(const struct dirent **left, const struct dirent **right) {
    return strcmp((*left)->d_name, (*right)->d_name);
}

static host_text stem(const char *name) { return host_text_from(name, (int64_t)strlen(name) - 4); }

/* Whoever writes the file makes another revision of the unit. */
static int revision(FILE *file, char text[64]) {
    struct stat info;
    if (fstat(fileno(file), &info) != 0) return -1;
    return snprintf(text, 64, "%lld-%lld.%09ld", (long long)info.st_size, (long long)info.st_mtim.tv_sec,
                    info.st_mtim.tv_nsec);
}

static void add_unit(host_build *rows, const host_text *cells, host_text revision) {
    static const int texts[] = {CELL_PROJECT, CELL_ID, CELL_NAME, CELL_GROUP, CELL_STATE, CELL_OWNER};
    host_build_text(rows, 0, host_text_of(HOST_KIND_RUN));
    for (int i = 0; i < 6; i++) host_build_text(rows, 1 + i, cells[texts[i]]);
    for (int i = 0; i < 3; i++) {
        host_text time = cells[CELL_CREATED + i];
        if (time.data != NULL) host_build_time(rows, 7 + i, strtoll(time.data, NULL, 10));
    }
    host_build_text(rows, 10, revision);
    host_build_end_row(rows);
}

static host_build *new_units(void) {
    static const char *const texts[] = {"kind", "project", "id", "name", "group", "state", "owner"};
    static const char *const times[] = {"created", "started", "ended"};
    host_build *rows = host_build_new();
    for (int i = 0; i < 7; i++) (void)host_build_column(rows, texts[i], HOST_BUILD_TEXT);
    for (int i = 0; i < 3; i++) (void)host_build_column(rows, times[i], HOST_BUILD_TIME_MS);
    (void)host_build_column(rows, "revision", HOST_BUILD_TEXT);
    return rows;
}

static host_build *new_losses(void) {
    static const char *const texts[] = {"table", "path", "code", "note"};
    host_build *rows = host_build_new();
    for (int i = 0; i < 4; i++) (void)host_build_column(rows, texts[i], HOST_BUILD_TEXT);
    return rows;
}

static void add_loss(host_build *rows, const char *name, const char *note) {
    const host_text cells[] = {host_text_of(HOST_TABLE_UNITS), host_text_of(name), host_text_of("unit.unreadable"),
                               host_text_of(note)};
    for (int i = 0; i < 4; i++) host_build_text(rows, i, cells[i]);
    host_build_end_row(rows);
}

/* Whether the last line says so. The end will do: a list must not cost as much as reading all runs. */
static bool ends_complete(FILE *file) {
    char tail[64];
    off_t size = fseeko(file, 0, SEEK_END) == 0 ? ftello(file) : -1;
    off_t start = size > (off_t)sizeof tail ? size - (off_t)sizeof tail : 0;
    if (size < 2 || fseeko(file, start, SEEK_SET) != 0) return false;
    size_t count = fread(tail, 1, sizeof tail, file);
    if (count < 2 || tail[count - 1] != '\n') return false;
    size_t line = count - 1;
    while (line > 0 && tail[line - 1] != '\n') line--;
    return strncmp(tail + line, "complete\t", 9) == 0;
}

/* NULL, or why the file is no unit that can be read. */
static const char *read_unit_line(host_reader *reader, const char *name, host_text cells[UNIT_CELLS], char text[64]) {
    FILE *file = open_file(reader->instance, stem(name), O_RDONLY);
    if (file == NULL) return "the file can't be opened";
    bool is_complete = ends_complete(file);
    rewind(file);
    ssize_t size = getline(&reader->line, &reader->room, file);
    bool is_unit = size > 5 && strncmp(reader->line, "unit\t", 5) == 0 && revision(file, text) > 0 &&
                   split_line(reader->line, size, cells, UNIT_CELLS) == UNIT_CELLS;
    fclose(file);
    if (!is_unit || cells[CELL_PROJECT].data == NULL || cells[CELL_ID].data == NULL) {
        return "the file does not begin with a unit";
    }
    return is_complete ? NULL : "it is incomplete: run the job that writes it again";
}

/* A page has units alone or losses alone, so that its cursor stands exactly behind it. */
static host_status next_units(host_call *call, host_reader *reader, host_batch *out) {
    host_build *units = NULL, *losses = NULL;
    for (int count = 0; count < PAGE && reader->at < reader->entry_count; count++, reader->at++) {
        host_text cells[UNIT_CELLS];
        char text[64];
        const char *name = reader->entries[reader->at]->d_name;
        const char *fault = read_unit_line(reader, name, cells, text);
        if (fault == NULL ? losses != NULL : units != NULL) break;
        if (fault == NULL) {
            if (units == NULL) units = new_units();
            add_unit(units, cells, host_text_of(text));
        } else {
            if (losses == NULL) losses = new_losses();
            add_loss(losses, name, fault);
        }
    }
    if (reader->at == 0 || (units == NULL && losses == NULL)) return HOST_END;
    int size = snprintf(reader->cursor, sizeof reader->cursor, "%s", reader->entries[reader->at - 1]->d_name);
    out->cursor = host_bytes_from(reader->cursor, size);
    bool is_good = units != NULL ? host_build_move(units, HOST_TABLE_UNITS, out)
                                 : host_build_move(losses, HOST_TABLE_LOSSES, out);
    return is_good ? HOST_OK : host_fail_memory(api, call);
}

/* `projects` would only save work: the host selects by itself, too. */
static host_status list(host_call *call, host_instance *instance, host_text projects, host_bytes cursor,
                        host_reader **out) {
    (void)projects;
    if (is_stopped(call, instance)) return stopped(call);
    host_reader *made = calloc(1, sizeof *made);
    if (made == NULL) return host_fail_memory(api, call);
    made->instance = instance;
    made->next = next_units;
    made->entry_count = scandir(instance->folder, &made->entries, is_run, by_bytes);
    if (made->entry_count < 0) {
        host_status status = host_fail_errno(api, call, errno, host_text_of(instance->folder), "can't be read");
        free(made);
        return status;
    }
    char after[256] = "";
    int64_t size = cursor.size < (int64_t)sizeof after ? cursor.size : (int64_t)sizeof after - 1;
    if (size > 0) memcpy(after, cursor.data, (size_t)size);
    while (made->at < made->entry_count && strcmp(made->entries[made->at]->d_name, after) <= 0) made->at++;
    *out = made;
    return HOST_OK;
}

static int compare_names(const name_count *one, const char *text, int64_t size, bool is_field) {
    if (one->is_field != is_field) return one->is_field ? -1 : 1;
    int order = memcmp(one->text, text, (size_t)(one->size < size ? one->size : size));
    return order != 0 ? order : one->size < size ? -1 : one->size > size;
}

/* Keeps the names in order, each once. */
static bool count_name(host_reader *reader, host_text path, host_text role, bool is_field) {
    int64_t size = path.size + 1 + role.size, low = 0, high = reader->name_total;
    char *text = malloc((size_t)size + 1);
    if (text == NULL) return false;
    memcpy(text, path.data, (size_t)path.size);
    text[path.size] = '\0';
    if (role.size > 0) memcpy(text + path.size + 1, role.data, (size_t)role.size);
    while (low < high) {
        int64_t middle = (low + high) / 2;
        int order = compare_names(&reader->names[middle], text, size, is_field);
        if (order == 0) {
            reader->names[middle].rows++;
            free(text);
            return true;
        }
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    name_count *grown = realloc(reader->names, ((size_t)reader->name_total + 1) * sizeof *grown);
    if (grown == NULL) return free(text), false;
    reader->names = grown;
    memmove(grown + low + 1, grown + low, (size_t)(reader->name_total - low) * sizeof *grown);
    grown[low] = (name_count){text, size, path.size, 1, is_field};
    reader->name_total++;
    return true;
}

static host_status read_names(host_call *call, host_reader *reader) {
    ssize_t size;
    for (int64_t row = 0; (size = getline(&reader->line, &reader->room, reader->file)) > 0; row++) {
        if (row % 4096 == 0 && is_stopped(call, reader->instance)) return stopped(call);
        bool is_field = strncmp(reader->line, "field\t", 6) == 0;
        if (!is_field && strncmp(reader->line, "point\t", 6) != 0) continue;
        host_text cells[2];
        if (split_line(reader->line, size, cells, 2) < 2 || cells[0].data == NULL) continue;
        if (!count_name(reader, cells[0], is_field ? cells[1] : host_text_of(""), is_field)) {
            return host_fail_memory(api, call);
        }
    }
    return HOST_OK;
}

static host_status next_names(host_call *call, host_reader *reader, host_batch *out) {
    if (reader->name_at == 0) {
        host_status status = read_names(call, reader);
        if (status != HOST_OK) return status;
    }
    if (reader->name_at == reader->name_total) return HOST_END;
    host_build *rows = host_build_new();
    int path = host_build_column(rows, "path", HOST_BUILD_TEXT);
    int table = host_build_column(rows, "table", HOST_BUILD_TEXT);
    int role = host_build_column(rows, "role", HOST_BUILD_TEXT);
    int count = host_build_column(rows, "rows", HOST_BUILD_INT64);
    for (int64_t i = 0; i < MOST_ROWS && reader->name_at < reader->name_total; i++, reader->name_at++) {
        const name_count *one = &reader->names[reader->name_at];
        host_build_text(rows, path, host_text_from(one->text, one->path_size));
        host_build_text(rows, table, host_text_of(one->is_field ? HOST_TABLE_FIELDS : HOST_TABLE_POINTS));
        host_build_text(rows, role, host_text_from(one->text + one->path_size + 1, one->size - one->path_size - 1));
        host_build_int64(rows, count, one->rows);
        host_build_end_row(rows);
    }
    return host_build_move(rows, HOST_TABLE_PATHS, out) ? HOST_OK : host_fail_memory(api, call);
}

static bool integer(host_text cell, int64_t *out) {
    char *end;
    if (cell.data == NULL) return false;
    *out = strtoll(cell.data, &end, 10);
    return end == cell.data + cell.size;
}

static bool number(host_text cell, double *out) {
    char *end;
    if (cell.data == NULL) return false;
    *out = strtod(cell.data, &end);
    return end == cell.data + cell.size;
}

static bool add_point(host_build *rows, const host_text *cells, int count) {
    int64_t step, millionths, time;
    double value;
    if (count != 5 || cells[0].data == NULL || !number(cells[4], &value)) return false;
    host_build_text(rows, 0, cells[0]);
    if (integer(cells[1], &step)) host_build_int64(rows, 1, step);
    if (integer(cells[2], &millionths)) host_build_int32(rows, 2, (int32_t)millionths);
    if (integer(cells[3], &time)) host_build_time(rows, 3, time);
    host_build_float64(rows, 4, value);
    host_build_end_row(rows);
    return true;
}

static bool add_field(host_build *rows, host_text *cells, int count) {
    int64_t whole, time, items;
    double value;
    if (count < 9 || cells[0].data == NULL || cells[1].data == NULL || cells[2].data == NULL) return false;
    for (int i = 0; i < 3; i++) host_build_text(rows, i, cells[i]);
    if (integer(cells[3], &whole)) host_build_int64(rows, 3, whole);
    if (number(cells[4], &value)) host_build_float64(rows, 4, value);
    host_build_text(rows, 5, cells[5]);
    if (cells[6].data != NULL) host_build_bool(rows, 6, host_text_is(cells[6], "true"));
    if (integer(cells[7], &time)) host_build_time(rows, 7, time);
    if (cells[8].data != NULL) {
        if (!integer(cells[8], &items) || items != count - 9) return false;
        host_build_texts(rows, 8, cells + 9, items);
    }
    host_build_end_row(rows);
    return true;
}

static host_build *new_rows(bool is_field) {
    static const host_build_type point[] = {HOST_BUILD_TEXT, HOST_BUILD_INT64, HOST_BUILD_INT32, HOST_BUILD_TIME,
                                            HOST_BUILD_FLOAT64};
    static const host_build_type field[] = {HOST_BUILD_TEXT, HOST_BUILD_TEXT, HOST_BUILD_TEXT, HOST_BUILD_INT64,
                                            HOST_BUILD_FLOAT64, HOST_BUILD_TEXT, HOST_BUILD_BOOL, HOST_BUILD_TIME,
                                            HOST_BUILD_TEXT_LIST};
    host_build *rows = host_build_new();
    for (int i = 0; (is_field ? FIELD : POINT)[i] != NULL; i++) {
        (void)host_build_column(rows, (is_field ? FIELD : POINT)[i], is_field ? field[i] : point[i]);
    }
    return rows;
}

/* Lines of one table until the batch is full, or a line of the other one comes. */
static host_status next_rows(host_call *call, host_reader *reader, host_batch *out) {
    host_text cells[MOST_CELLS];
    host_build *rows = NULL;
    bool is_field = false, is_good = true;
    off_t start = ftello(reader->file);
    ssize_t size;
    while (is_good && (rows == NULL || (rows->rows < MOST_ROWS && rows->bytes < MOST_BYTES)) &&
           (size = getline(&reader->line, &reader->room, reader->file)) > 0) {
        bool is_row = strncmp(reader->line, "field\t", 6) == 0 || strncmp(reader->line, "point\t", 6) == 0;
        bool meets = rows != NULL && is_row && is_field != (reader->line[0] == 'f');
        /* Another table, or a row so large that it has a batch for itself. */
        if (meets || (rows != NULL && size > MOST_BYTES)) {
            is_good = fseeko(reader->file, start, SEEK_SET) == 0;
            break;
        }
        start += size;
        if (!is_row) continue;
        is_field = reader->line[0] == 'f';
        if (rows == NULL && (rows = new_rows(is_field)) == NULL) return host_fail_memory(api, call);
        int count = split_line(reader->line, size, cells, MOST_CELLS);
        is_good = is_field ? add_field(rows, cells, count) : add_point(rows, cells, count);
    }
    if (!is_good || ferror(reader->file)) {
        host_build_free(rows);
        return host_fail(api, call, HOST_INVALID_DATA, host_text_of(NULL), "The file has a line that is no row.");
    }
    if (rows == NULL) return HOST_END;
    char text[64];
    if (revision(reader->file, text) < 0) text[0] = '\0';
    int length = snprintf(reader->cursor, sizeof reader->cursor, "%s %lld", text, (long long)start);
    out->cursor = host_bytes_from(reader->cursor, length);
    return host_build_move(rows, is_field ? HOST_TABLE_FIELDS : HOST_TABLE_POINTS, out) ? HOST_OK
                                                                                        : host_fail_memory(api, call);
}

/* The cursor is the revision of the file and a place where a line begins. */
static bool go_to(host_reader *reader, host_bytes cursor) {
    char text[64];
    int size = revision(reader->file, text);
    if (cursor.size == 0) return true;
    if (size < 0 || cursor.size <= size + 1 || cursor.size > size + 20) return false;
    if (memcmp(cursor.data, text, (size_t)size) != 0 || cursor.data[size] != ' ') return false;
    int64_t place;
    char digits[24];
    memcpy(digits, cursor.data + size + 1, (size_t)(cursor.size - size - 1));
    digits[cursor.size - size - 1] = '\0';
    if (!integer(host_text_of(digits), &place) || place < 1 || fseeko(reader->file, place - 1, SEEK_SET) != 0) {
        return false;
    }
    return getc(reader->file) == '\n';
}

/* A file is named by the key, not by the unit's id, so the file of a unit is looked for. */
static host_status open_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    host_reader *made;
    host_status status = list(call, instance, host_text_of(NULL), host_bytes_from(NULL, 0), &made);
    if (status != HOST_OK) return status;
    for (; made->at < made->entry_count; made->at++) {
        host_text cells[UNIT_CELLS];
        char text[64];
        FILE *file = open_file(instance, stem(made->entries[made->at]->d_name), O_RDONLY);
        ssize_t size = file == NULL ? -1 : getline(&made->line, &made->room, file);
        if (size > 5 && split_line(made->line, size, cells, UNIT_CELLS) == UNIT_CELLS && revision(file, text) > 0 &&
            host_text_equal(cells[CELL_ID], unit->id) && host_text_equal(cells[CELL_PROJECT], unit->project)) {
            made->file = file;
            *out = made;
            return HOST_OK;
        }
        if (file != NULL) fclose(file);
    }
    close_reader(made);
    return host_fail(api, call, HOST_NOT_FOUND, unit->id, "There is no unit of that id.");
}

static host_status paths(host_call *call, host_instance *instance, const host_unit_ref *unit, host_reader **out) {
    host_status status = open_unit(call, instance, unit, out);
    if (status == HOST_OK) (*out)->next = next_names;
    return status;
}

static host_status read_unit(host_call *call, host_instance *instance, const host_unit_ref *unit, host_bytes cursor,
                             host_reader **out) {
    host_reader *made;
    host_status status = open_unit(call, instance, unit, &made);
    if (status != HOST_OK) return status;
    made->next = next_rows;
    if (!go_to(made, cursor)) {
        close_reader(made);
        return host_fail(api, call, HOST_INVALID_DATA, host_text_of("cursor"), "The file has changed since.");
    }
    *out = made;
    return HOST_OK;
}

static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    return is_stopped(call, reader->instance) ? stopped(call) : reader->next(call, reader, out);
}

/* These runs have no files; no function of a role may be left out, though. */
static host_status blob(host_call *call, host_instance *instance, host_text ref, host_blob *out) {
    (void)instance, (void)out;
    return host_fail(api, call, HOST_NOT_FOUND, ref, "There are no files.");
}

static host_status read_bytes(host_call *call, host_byte_reader *reader, uint8_t *to, int64_t size, int64_t *got) {
    (void)call, (void)reader, (void)to, (void)size;
    *got = 0;
    return HOST_END;
}

static void close_bytes(host_byte_reader *reader) { (void)reader; }

const host_exporter EXPORTER = {
    .struct_size = sizeof EXPORTER, .open = open_folder, .check = check, .list = list, .paths = paths,
    .read = read_unit, .next = next, .close_reader = close_reader, .blob = blob, .read_bytes = read_bytes,
    .close_bytes = close_bytes, .cancel = cancel, .close = close_folder};
