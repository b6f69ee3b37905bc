/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "unit.h"
#include "place.h"
#include "value.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *const UNIT_NAME_TEXT[UNIT_NAMES] = {
    "kind", "project", "id", "name", "group", "state", "owner", "parent", "fork_parent", "fork_step", "created",
    "started", "ended", "archived", "revision", "key", "job", "source", "status", "rows.fields", "rows.points",
    "rows.series", "rows.histograms", "rows.files", "rows.links", "rows.grants"};

void unit_set(unit_file *unit, unit_name name, host_text text) {
    unit->texts[name].size = 0;
    unit->is_there[name] = text.data != NULL;
    buffer_add_text(&unit->texts[name], text);
}

host_text unit_get(const unit_file *unit, unit_name name) {
    return unit->is_there[name] ? buffer_text(&unit->texts[name]) : (host_text){0};
}

static void set_time(unit_file *unit, unit_name name, int64_t milliseconds) {
    if (milliseconds == HOST_NO_TIME) return;
    int64_t most = INT64_MAX / 1000;
    milliseconds = milliseconds > most ? most : milliseconds < -most ? -most : milliseconds;
    unit_set(unit, name, host_text_of(""));
    put_time(&unit->texts[name], milliseconds * 1000);
}

void unit_take(unit_file *unit, const host_unit *from) {
    unit_set(unit, UNIT_KIND, from->kind);
    unit_set(unit, UNIT_PROJECT, from->project);
    unit_set(unit, UNIT_ID, from->id);
    unit_set(unit, UNIT_NAME, from->name);
    unit_set(unit, UNIT_GROUP, from->group);
    unit_set(unit, UNIT_STATE, from->state);
    unit_set(unit, UNIT_OWNER, from->owner);
    unit_set(unit, UNIT_PARENT, from->parent);
    unit_set(unit, UNIT_FORK_PARENT, from->fork_parent);
    if (from->has_fork_step) {
        unit_set(unit, UNIT_FORK_STEP, host_text_of(""));
        put_step(&unit->texts[UNIT_FORK_STEP], (step){from->fork_step, from->fork_millionths});
    }
    set_time(unit, UNIT_CREATED, from->created_ms);
    set_time(unit, UNIT_STARTED, from->started_ms);
    set_time(unit, UNIT_ENDED, from->ended_ms);
    unit_set(unit, UNIT_ARCHIVED, host_text_of(from->archived ? "true" : "false"));
    unit_set(unit, UNIT_REVISION, from->revision);
    unit_set(unit, UNIT_KEY, from->key);
    unit_set(unit, UNIT_JOB, from->job);
    unit_set(unit, UNIT_SOURCE, from->source);
}

static int name_of(host_text text) {
    for (int i = 0; i < UNIT_NAMES; i++) if (host_text_is(text, UNIT_NAME_TEXT[i])) return i;
    return -1;
}

static const char *parse(host_text content, unit_file *out) {
    csv_reader reader;
    csv_result result;
    const char *fault = NULL;
    csv_open_text(&reader, content);
    bool is_header = true;
    while (fault == NULL && (result = csv_next(&reader)) != CSV_END) {
        host_text name = csv_text(&reader, 0), value = csv_text(&reader, 1);
        int at = name_of(name);
        if (result != CSV_RECORD) fault = "it is no CSV";
        else if (is_header) fault = host_text_is(name, "name") && host_text_is(value, "value") && reader.count == 2
                                        ? NULL : "its first line is not name,value";
        else if (at < 0 || reader.count != 2) fault = "it has a line that is none of a unit";
        else if (out->is_there[at]) fault = "it has a name twice";
        else if (!is_utf8(csv_text(&reader, 1))) fault = "it is not UTF-8";
        else unit_set(out, (unit_name)at, value);
        is_header = false;
    }
    csv_close(&reader);
    if (fault != NULL) return fault;
    if (!out->is_there[UNIT_PROJECT] || !out->is_there[UNIT_ID]) return "it names no project or no id";
    if (!out->is_there[UNIT_KIND]) unit_set(out, UNIT_KIND, host_text_of(HOST_KIND_RUN));
    return NULL;
}

const char *unit_read(int folder, unit_file *out, int *error) {
    buffer content = {0};
    *out = (unit_file){0};
    *error = read_small(folder, UNIT_FILE, &content);
    if (*error == ENOENT) {
        return buffer_free(&content), "there is none";
    }
    const char *fault = *error != 0 ? "it can't be read" : parse(buffer_text(&content), out);
    buffer_free(&content);
    if (fault != NULL) unit_free(out);
    return fault;
}

int unit_write(int folder, const unit_file *unit) {
    buffer content = {0};
    buffer_add_string(&content, "name,value\n");
    for (int i = 0; i < UNIT_NAMES; i++) {
        if (!unit->is_there[i]) continue;
        if (unit->texts[i].has_failed) content.has_failed = true;
        csv_put(&content, true, host_text_of(UNIT_NAME_TEXT[i]));
        csv_put(&content, false, unit_get(unit, (unit_name)i));
        csv_end_record(&content);
    }
    int error = replace_file(folder, UNIT_FILE, NEW_UNIT_FILE, &content);
    buffer_free(&content);
    return error;
}

void unit_free(unit_file *unit) {
    for (int i = 0; i < UNIT_NAMES; i++) buffer_free(&unit->texts[i]);
    *unit = (unit_file){0};
}

bool unit_is_complete(const unit_file *unit) {
    return !unit->is_there[UNIT_STATUS] || host_text_is(unit_get(unit, UNIT_STATUS), STATUS_COMPLETE);
}

void unit_folders(const host_unit *unit, buffer *project, buffer *folder) {
    put_folder_name(project, unit->project, host_text_of(""));
    buffer_add(project, "", 1);
    put_folder_name(folder, unit->id, unit->kind);
    buffer_add(folder, "", 1);
}

host_text unit_revision(int folder, char text[17]) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (int i = -1; i < TABLES; i++) {
        struct stat info = {0};
        if (fstatat(folder, i < 0 ? UNIT_FILE : LAYOUT[i].file, &info, AT_SYMLINK_NOFOLLOW) != 0) info.st_size = -1;
        const int64_t facts[] = {info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
        for (size_t fact = 0; fact < 3; fact++) {
            for (int bit = 0; bit < 64; bit += 8) hash = (hash ^ ((uint64_t)facts[fact] >> bit & 0xFF)) * 0x100000001B3u;
        }
    }
    return host_text_from(text, snprintf(text, 17, "%016llx", (unsigned long long)hash));
}
