/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "walk.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void walk_open(walk *at, int root, host_text after) {
    *at = (walk){.root = root, .project = -1, .folder = -1};
    buffer_add_text(&at->after, after);
}

static void leave(int *folder) {
    if (*folder >= 0) close(*folder);
    *folder = -1;
}

/* Other files may lie between the folders; a link is no folder, but somebody may believe that it is. */
static bool is_none_of_ours(int parent, const char *name) {
    struct stat info;
    if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return false;
    return !S_ISDIR(info.st_mode) && !S_ISLNK(info.st_mode);
}

/* A slash comes before every other byte, so that positions are in the order in which folders are walked. */
static bool lies_behind(const walk *at) {
    int64_t i = 0;
    while (i < at->after.size && i < at->position.size && at->position.data[i] == at->after.data[i]) i++;
    if (i == at->after.size || i == at->position.size) return at->position.size > at->after.size;
    unsigned char here = (unsigned char)at->position.data[i], there = (unsigned char)at->after.data[i];
    return there == '/' || (here != '/' && here > there);
}

static int enter(walk *at, int parent, const char *name, int *folder) {
    *folder = open_folder(parent, name);
    at->error = *folder < 0 ? errno : 0;
    return *folder < 0 && is_none_of_ours(parent, name) ? 0 : 1;
}

static void set_position(walk *at, const char *unit) {
    at->position.size = 0;
    buffer_add_string(&at->position, at->projects.name[at->next_project - 1]);
    buffer_add_string(&at->position, "/");
    buffer_add_string(&at->position, unit);
}

/* The next project folder; an entry of its own when it can't be opened. */
static int next_project(walk *at) {
    leave(&at->project);
    names_free(&at->units);
    at->next_unit = 0;
    while (at->next_project < at->projects.count) {
        const char *name = at->projects.name[at->next_project++];
        if (enter(at, at->root, name, &at->project) == 0) continue;
        if (at->project >= 0) {
            int error = read_names(at->project, &at->units);
            return error == 0 ? 2 : -error;
        }
        set_position(at, "");
        if (lies_behind(at)) return 1;
    }
    return 0;
}

int walk_next(walk *at) {
    leave(&at->folder);
    if (at->projects.name == NULL) {
        int error = read_names(at->root, &at->projects);
        if (error != 0) return -error;
    }
    for (;;) {
        if (at->project < 0 || at->next_unit == at->units.count) {
            int result = next_project(at);
            if (result != 2) return result;
            continue;
        }
        const char *name = at->units.name[at->next_unit++];
        set_position(at, name);
        if (at->position.has_failed || at->after.has_failed) return -ENOMEM;
        if (lies_behind(at) && enter(at, at->project, name, &at->folder) != 0) return 1;
    }
}

void walk_close(walk *at) {
    leave(&at->folder);
    leave(&at->project);
    names_free(&at->projects);
    names_free(&at->units);
    buffer_free(&at->after);
    buffer_free(&at->position);
}
