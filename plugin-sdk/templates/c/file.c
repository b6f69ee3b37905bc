/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Tabs and line ends are what the file is made of: inside text they are %09 and %0A, as in a URL. An empty cell is
 * absent text, a % alone is empty text. */
static void put_text(FILE *file, host_text text) {
    putc('\t', file);
    if (text.data != NULL && text.size == 0) putc('%', file);
    for (int64_t i = 0; i < text.size; i++) {
        bool is_special = memchr("%\t\n\r", text.data[i], 5) != NULL; /* 5: the NUL, too */
        if (is_special) fprintf(file, "%%%02X", (unsigned)text.data[i]);
        else putc(text.data[i], file);
    }
}

static void put_cell(FILE *file, const host_column *column, int64_t row) {
    int64_t integer;
    double number;
    bool truth;
    host_list set;
    if (column->kind == 'u') {
        put_text(file, host_read_text(column, row));
        return;
    }
    putc('\t', file);
    if (host_read_int64(column, row, &integer) || host_read_time(column, row, &integer)) {
        fprintf(file, "%lld", (long long)integer);
    } else if (host_read_float64(column, row, &number)) {
        fprintf(file, "%.17g", number); /* 17 digits bring back every bit */
    } else if (host_read_bool(column, row, &truth)) {
        fputs(truth ? "true" : "false", file);
    } else if (host_read_list(column, row, &set)) {
        fprintf(file, "%lld", (long long)set.count);
        for (int64_t i = 0; i < set.count; i++) put_text(file, host_read_text(&set.items, i));
    }
}

const char *const POINT[] = {"path", "step", "millionths", "time", "value", NULL};
const char *const FIELD[] = {"path", "role", "type", "int", "float", "text", "bool", "time", "set", NULL};

void put_rows(FILE *file, const host_batch *batch, const char *word, const char *const *names) {
    host_column columns[16];
    for (int i = 0; names[i] != NULL; i++) columns[i] = host_column_find(batch, names[i]);
    for (int64_t row = 0; row < batch->array.length; row++) {
        fputs(word, file);
        for (int i = 0; names[i] != NULL; i++) put_cell(file, &columns[i], row);
        putc('\n', file);
    }
}

void put_header(FILE *file, const host_unit *unit) {
    const host_text texts[] = {unit->revision, unit->project, unit->id, unit->name, unit->group, unit->state,
                               unit->owner, unit->job, unit->source};
    const int64_t times[] = {unit->created_ms, unit->started_ms, unit->ended_ms};
    fputs("unit", file);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) put_text(file, texts[i]);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        putc('\t', file);
        if (times[i] != HOST_NO_TIME) fprintf(file, "%lld", (long long)times[i]);
    }
    putc('\n', file);
}

/* Undoes put_text, in place. */
static int64_t plain_text(char *text, int64_t size) {
    char *to = text;
    for (const char *from = text; from < text + size; from++) {
        unsigned byte;
        if (*from != '%') *to++ = *from;
        else if (sscanf(from + 1, "%2x", &byte) == 1) *to++ = (char)byte, from += 2;
    }
    return to - text;
}

int split_line(char *line, ssize_t size, host_text *cells, int most) {
    int count = 0;
    char *end = line + size - 1, *at = memchr(line, '\t', (size_t)size);
    *end = '\0'; /* the line's end; sscanf and strtod stop here */
    while (at != NULL && count < most) {
        char *next = memchr(at + 1, '\t', (size_t)(end - at - 1));
        int64_t length = (next == NULL ? end : next) - at - 1;
        cells[count] = length == 0 ? host_text_of(NULL) : host_text_from(at + 1, length);
        /* A number stops at the tab as well; a lone % has to stop there, too. */
        if (next != NULL) *next = '\0';
        cells[count++].size = length == 0 ? 0 : plain_text(at + 1, length);
        at = next;
    }
    return count;
}

static char *copy_of(host_text text) { return text.data == NULL ? NULL : strndup(text.data, (size_t)text.size); }

scan read_file(FILE *file, uint64_t most) {
    scan found = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    rewind(file);
    /* A line without its end was cut off by a crash. */
    while ((size = getline(&line, &room, file)) > 0 && line[size - 1] == '\n') {
        found.is_complete = strncmp(line, "complete\t", 9) == 0;
        found.points += strncmp(line, "point\t", 6) == 0;
        found.fields += strncmp(line, "field\t", 6) == 0;
        bool is_header = strncmp(line, "unit\t", 5) == 0 && !found.has_header;
        bool is_mark = strncmp(line, "durable\t", 8) == 0 && strtoull(line + 8, NULL, 10) <= most;
        host_text revision = {0};
        if (is_mark) found.durable = strtoull(line + 8, NULL, 10);
        if (is_header && split_line(line, size, &revision, 1) == 1) found.revision = copy_of(revision);
        if (is_header) found.has_header = true;
        if (is_header || is_mark) found.end = ftello(file);
    }
    free(line);
    return found;
}

bool sync_file(FILE *file) { return !ferror(file) && fflush(file) == 0 && fsync(fileno(file)) == 0; }

FILE *open_file(const host_instance *instance, host_text name, int flags) {
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/%.*s.tsv", instance->folder, (int)name.size, name.data);
    if (size < 0 || (size_t)size >= sizeof path) return errno = ENAMETOOLONG, NULL;
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0666);
    return fd < 0 ? NULL : fdopen(fd, flags == O_RDONLY ? "r" : "r+");
}
