/* SPDX-License-Identifier: Apache-2.0
 *
 * list.c: the units of the folder, a page at a time; each is looked at when its turn comes.
 */
#define _POSIX_C_SOURCE 200809L
#include "load.h"
#include "reader.h"
#include "value.h"
#include "walk.h"
#include <stdlib.h>

enum { PAGE = 64 };

static const char *const TEXTS[] = {"kind", "project", "id", "name", "group", "state", "owner", "parent", "fork_parent"};
static const unit_name TEXT_NAMES[] = {UNIT_KIND, UNIT_PROJECT, UNIT_ID, UNIT_NAME, UNIT_GROUP, UNIT_STATE, UNIT_OWNER,
                                       UNIT_PARENT, UNIT_FORK_PARENT};
static const char *const TIMES[] = {"created", "started", "ended"};
enum { TEXT_COUNT = 9, TIME_COUNT = 3 };

typedef struct unit_list {
    struct host_reader base;
    walk at;
    unit_file unit;    /* of the entry that is held */
    const char *fault; /* why the entry that is held is no unit to read */
    bool is_held;      /* the entry that ended the last page begins the next one */
} unit_list;

typedef struct unit_rows {
    host_build *build;
    int text[TEXT_COUNT], time[TIME_COUNT], fork_step, fork_millionths, archived, revision, rows;
} unit_rows;

static void open_rows(unit_rows *rows) {
    rows->build = host_build_new();
    for (int i = 0; i < TEXT_COUNT; i++) rows->text[i] = host_build_column(rows->build, TEXTS[i], HOST_BUILD_TEXT);
    for (int i = 0; i < TIME_COUNT; i++) rows->time[i] = host_build_column(rows->build, TIMES[i], HOST_BUILD_TIME);
    rows->fork_step = host_build_column(rows->build, "fork_step", HOST_BUILD_INT64);
    rows->fork_millionths = host_build_column(rows->build, "fork_millionths", HOST_BUILD_INT32);
    rows->archived = host_build_column(rows->build, "archived", HOST_BUILD_BOOL);
    rows->revision = host_build_column(rows->build, "revision", HOST_BUILD_TEXT);
    rows->rows = host_build_column(rows->build, "rows", HOST_BUILD_INT64);
}

/* NULL, or what can't be read of it: then nothing is in the batch. */
static const char *add_unit(unit_rows *rows, const unit_file *unit, int folder) {
    char text[17];
    int64_t times[TIME_COUNT], sum = 0, count;
    step fork = {0, 0};
    bool is_archived = false, has_counts = true;
    host_text fork_step = unit_get(unit, UNIT_FORK_STEP), archived = unit_get(unit, UNIT_ARCHIVED);
    for (int i = 0; i < TIME_COUNT; i++) {
        host_text time = unit_get(unit, (unit_name)(UNIT_CREATED + i));
        if (time.data != NULL && !parse_time(time, &times[i])) return "a time in its unit.csv is none";
    }
    if (fork_step.data != NULL && !parse_step(fork_step, &fork)) return "the fork_step in its unit.csv is no step";
    if (archived.data != NULL && !parse_bool(archived, &is_archived)) return "archived is neither true nor false";
    for (int i = 0; i < TABLES && has_counts; i++) {
        has_counts = parse_integer(unit_get(unit, (unit_name)(UNIT_ROWS + i)), &count);
        if (has_counts) sum += count;
    }
    for (int i = 0; i < TEXT_COUNT; i++) host_build_text(rows->build, rows->text[i], unit_get(unit, TEXT_NAMES[i]));
    for (int i = 0; i < TIME_COUNT; i++) {
        if (unit->is_there[UNIT_CREATED + i]) host_build_time(rows->build, rows->time[i], times[i]);
    }
    if (fork_step.data != NULL) host_build_int64(rows->build, rows->fork_step, fork.whole);
    if (fork.millionths != 0) host_build_int32(rows->build, rows->fork_millionths, fork.millionths);
    host_build_bool(rows->build, rows->archived, is_archived);
    host_build_text(rows->build, rows->revision, unit_revision(folder, text));
    if (has_counts) host_build_int64(rows->build, rows->rows, sum);
    host_build_end_row(rows->build);
    return NULL;
}

/* Stands on the next entry. HOST_END when there is none. */
static host_status step_on(host_call *call, unit_list *list) {
    if (list->is_held) return HOST_OK;
    if (is_stopped(call, list->base.instance)) return stopped(call);
    int result = walk_next(&list->at);
    if (result == 0) return HOST_END;
    if (result < 0) {
        return failed_file(call, -result, host_text_of(list->base.instance->path), "", "can't be read");
    }
    int error;
    unit_free(&list->unit);
    list->is_held = true;
    list->fault = list->at.folder < 0 ? "the folder can't be opened: links are not followed"
                                      : unit_read(list->at.folder, &list->unit, &error);
    if (list->fault == NULL && !unit_is_complete(&list->unit)) {
        list->fault = "it is incomplete: run the job that writes it again";
    }
    return HOST_OK;
}

/* A page has units alone or losses alone, so that each cursor stands exactly behind its batch. */
static host_status next(host_call *call, host_reader *reader, host_batch *out) {
    unit_list *list = (unit_list *)reader;
    unit_rows rows = {0};
    loss_rows losses = {0};
    int64_t count = 0;
    host_status status = HOST_OK;
    while (count < PAGE && (status = step_on(call, list)) == HOST_OK) {
        if (list->fault == NULL && losses.count == 0) {
            if (rows.build == NULL) open_rows(&rows);
            list->fault = add_unit(&rows, &list->unit, list->at.folder);
            if (list->fault == NULL) count++;
        }
        if (list->fault == NULL && losses.count > 0) break;
        if (list->fault != NULL) {
            if (count > losses.count) break;
            loss_add(&losses, HOST_TABLE_UNITS, buffer_text(&list->at.position), "unit.unreadable",
                     host_text_of(list->fault));
            count = losses.count;
        }
        list->is_held = false;
        reader->cursor.size = 0;
        buffer_add_text(&reader->cursor, buffer_text(&list->at.position));
    }
    bool has_failed = status != HOST_OK && status != HOST_END;
    if (has_failed || count == 0 || losses.count > 0) host_build_free(rows.build);
    if (has_failed || count == 0) {
        host_build_free(losses.build);
        return status;
    }
    out->cursor = host_bytes_from(reader->cursor.data, reader->cursor.size);
    if (losses.count > 0) return loss_move(call, &losses, out);
    return host_build_move(rows.build, HOST_TABLE_UNITS, out) ? HOST_OK : host_fail_memory(api, call);
}

static void close_list(host_reader *reader) {
    unit_list *list = (unit_list *)reader;
    walk_close(&list->at);
    unit_free(&list->unit);
    buffer_free(&reader->cursor);
    free(list);
}

host_status list_open(host_call *call, host_instance *instance, host_bytes cursor, host_reader **out) {
    unit_list *list = calloc(1, sizeof *list);
    *out = &list->base;
    if (list == NULL) return host_fail_memory(api, call);
    list->base = (struct host_reader){.next = next, .close = close_list, .instance = instance};
    walk_open(&list->at, instance->root, host_text_from((const char *)cursor.data, cursor.size));
    return HOST_OK;
}

static host_status yield_unit(host_call *call, host_instance *instance, const walk *at, const unit_file *unit) {
    int64_t rows[TABLES];
    host_status status = load_count(call, instance, at->folder, rows);
    if (status != HOST_OK) return status;
    const host_option_value cells[] = {
        host_cell_text(0, unit_get(unit, UNIT_PROJECT)), host_cell_text(1, unit_get(unit, UNIT_KIND)),
        host_cell_text(2, unit_get(unit, UNIT_ID)), host_cell_text(3, unit_get(unit, UNIT_NAME)),
        host_cell_text(4, host_text_of(unit_is_complete(unit) ? STATUS_COMPLETE : STATUS_INCOMPLETE)),
        host_cell_integer(5, rows[TABLE_FIELDS]), host_cell_integer(6, rows[TABLE_POINTS]),
        host_cell_integer(7, rows[TABLE_SERIES]), host_cell_integer(8, rows[TABLE_HISTOGRAMS]),
        host_cell_integer(9, rows[TABLE_FILES]), host_cell_text(10, unit_get(unit, UNIT_JOB)),
        host_cell_text(11, buffer_text(&at->position))};
    return host_yield_row(api, call, cells, sizeof cells / sizeof cells[0]);
}

host_status list_units(host_call *call, host_instance *instance, const char *project, int64_t project_size) {
    walk at;
    int result;
    host_status status = HOST_OK;
    walk_open(&at, instance->root, host_text_of(""));
    while (status == HOST_OK && (result = walk_next(&at)) != 0) {
        unit_file unit;
        int error;
        if (result < 0) status = failed_file(call, -result, host_text_of(instance->path), "", "can't be read");
        else if (is_stopped(call, instance)) status = stopped(call);
        else if (at.folder >= 0 && unit_read(at.folder, &unit, &error) == NULL) {
            bool is_wanted = project == NULL || host_text_equal(unit_get(&unit, UNIT_PROJECT),
                                                                host_text_from(project, project_size));
            if (is_wanted) status = yield_unit(call, instance, &at, &unit);
            unit_free(&unit);
        }
    }
    walk_close(&at);
    return status;
}
