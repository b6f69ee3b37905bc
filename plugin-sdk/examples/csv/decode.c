/* SPDX-License-Identifier: Apache-2.0 */
#include "decode.h"
#include <stdlib.h>

void target_open(row_target *target, const table_layout *layout) {
    static const host_build_type types[] = {
        [CELL_TEXT] = HOST_BUILD_TEXT, [CELL_STEP] = HOST_BUILD_INT64, [CELL_TIME] = HOST_BUILD_TIME,
        [CELL_INTEGER] = HOST_BUILD_INT64, [CELL_FLOAT] = HOST_BUILD_FLOAT64, [CELL_BOOL] = HOST_BUILD_BOOL,
        [CELL_NUMBERS] = HOST_BUILD_FLOAT_LIST};
    host_build *build = host_build_new();
    *target = (row_target){.layout = layout, .build = build};
    for (int i = 0; i < layout->columns; i++) {
        cell_form form = layout->column[i].form;
        const char *name = layout->column[i].name;
        if (form == CELL_FILE) {
            target->column[i] = host_build_column(build, "blob", HOST_BUILD_TEXT);
        } else if (form == CELL_FIELD) {
            target->integer = host_build_column(build, HOST_TYPE_INT, HOST_BUILD_INT64);
            target->number = host_build_column(build, HOST_TYPE_FLOAT, HOST_BUILD_FLOAT64);
            target->text = host_build_column(build, HOST_TYPE_TEXT, HOST_BUILD_TEXT);
            target->truth = host_build_column(build, HOST_TYPE_BOOL, HOST_BUILD_BOOL);
            target->time = host_build_column(build, HOST_TYPE_TIME, HOST_BUILD_TIME);
            target->set = host_build_column(build, HOST_TYPE_SET, HOST_BUILD_TEXT_LIST);
        } else {
            target->column[i] = host_build_column(build, name, types[form]);
        }
        if (form == CELL_STEP) target->millionths = host_build_column(build, "millionths", HOST_BUILD_INT32);
    }
}

static const char *parse_numbers(host_text text, row_value *out, int list) {
    out->number_count[list] = 0;
    for (int64_t start = 0; start < text.size;) {
        const char *blank = memchr(text.data + start, ' ', (size_t)(text.size - start));
        int64_t end = blank == NULL ? text.size : blank - text.data;
        if (out->number_count[list] == out->number_room[list]) {
            int64_t room = out->number_room[list] == 0 ? 64 : out->number_room[list] * 2;
            double *grown = realloc(out->numbers[list], (size_t)room * sizeof *grown);
            if (grown == NULL) return "there is no memory for its numbers";
            out->numbers[list] = grown;
            out->number_room[list] = room;
        }
        if (!parse_float(host_text_from(text.data + start, end - start),
                         &out->numbers[list][out->number_count[list]++])) {
            return "a list has something that is no number";
        }
        start = end + 1;
        if (start == text.size) return "a list ends in a blank";
    }
    return NULL;
}

static const char *parse_set(host_text text, row_value *out) {
    csv_close(&out->set);
    csv_open_text(&out->set, text);
    csv_result result = csv_next(&out->set);
    out->has_set = true;
    if (result == CSV_END) return NULL; /* a set of nothing */
    if (result != CSV_RECORD || out->set.at != text.size) return "its set is no record of CSV";
    if (out->set.count > out->item_room) {
        host_text *grown = realloc(out->items, (size_t)out->set.count * sizeof *grown);
        if (grown == NULL) return "there is no memory for its set";
        out->items = grown;
        out->item_room = out->set.count;
    }
    for (int i = 0; i < out->set.count; i++) {
        host_text item = csv_text(&out->set, i);
        out->items[i] = item.data == NULL ? host_text_of("") : item;
    }
    return NULL;
}

/* The cell of a field has the value that `type`, two cells before, names. The empty text is written "": a cell without
 * anything has no value, and a field without one is none. */
static const char *parse_field(host_text type, host_text text, row_value *out) {
    if (text.data == NULL) return "it has no value";
    if (host_text_is(type, HOST_TYPE_TEXT)) return NULL;
    if (host_text_is(type, HOST_TYPE_SET)) return parse_set(text, out);
    if (host_text_is(type, HOST_TYPE_INT)) {
        out->has_integer = true;
        return parse_integer(text, &out->integer) ? NULL : "its value is no whole number";
    }
    if (host_text_is(type, HOST_TYPE_FLOAT)) {
        out->has_number = true;
        return parse_float(text, &out->number) ? NULL : "its value is no number";
    }
    if (host_text_is(type, HOST_TYPE_BOOL)) {
        out->has_truth = true;
        return parse_bool(text, &out->truth) ? NULL : "its value is neither true nor false";
    }
    if (host_text_is(type, HOST_TYPE_TIME)) {
        out->has_time = true;
        return parse_time(text, &out->time) ? NULL : "its value is no time";
    }
    return "it has a type that does not exist";
}

static const char *parse_cell(const layout_column *column, int index, host_text text, row_value *out) {
    bool is_there = text.data != NULL;
    if (column->is_required && !is_there) return "a cell is empty that has to hold something";
    out->text[index] = text;
    if (!is_there && column->form != CELL_FIELD) return NULL;
    switch (column->form) {
    case CELL_STEP:
        out->has_step = true;
        return parse_step(text, &out->steps) ? NULL : "its step is no number of at most six decimals";
    case CELL_TIME:
        out->has_time = true;
        return parse_time(text, &out->time) ? NULL : "its time is none";
    case CELL_INTEGER:
        out->has_integer = true;
        return parse_integer(text, &out->integer) ? NULL : "its size is no whole number";
    case CELL_FLOAT: return parse_float(text, &out->number) ? NULL : "its value is no number";
    case CELL_BOOL:
        out->has_truth = true;
        return parse_bool(text, &out->truth) ? NULL : "a cell is neither true nor false";
    case CELL_NUMBERS: return parse_numbers(text, out, index % 2); /* edges and values stand side by side */
    case CELL_FIELD: return parse_field(out->text[index - 1], text, out);
    default: return NULL;
    }
}

const char *row_parse(const table_layout *layout, const layout_header *header, const csv_reader *reader,
                      row_value *out) {
    out->has_step = out->has_time = out->has_integer = out->has_number = out->has_truth = out->has_set = false;
    for (int cell = 0; cell < reader->count; cell++) {
        if (!is_utf8(csv_text(reader, cell))) return "it is not UTF-8";
    }
    int expected = 0;
    for (int i = 0; i < layout->columns; i++) expected += header->cell[i] >= 0;
    if (reader->count != expected) return "it has more or fewer cells than the first line";
    for (int i = 0; i < layout->columns; i++) {
        const char *fault = parse_cell(&layout->column[i], i, csv_text(reader, header->cell[i]), out);
        if (fault != NULL) return fault;
    }
    return NULL;
}

static void add_field(const row_target *target, const row_value *row, host_text text) {
    if (row->has_integer) host_build_int64(target->build, target->integer, row->integer);
    if (row->has_number) host_build_float64(target->build, target->number, row->number);
    if (row->has_truth) host_build_bool(target->build, target->truth, row->truth);
    if (row->has_time) host_build_time(target->build, target->time, row->time);
    if (row->has_set) {
        host_build_texts(target->build, target->set, row->items, row->set.count);
    } else if (host_text_is(row->text[2], HOST_TYPE_TEXT)) {
        host_build_text(target->build, target->text, text);
    }
}

void row_add(const row_target *target, const row_value *row, host_text blob) {
    for (int i = 0; i < target->layout->columns; i++) {
        int column = target->column[i];
        switch (target->layout->column[i].form) {
        case CELL_TEXT: host_build_text(target->build, column, row->text[i]); break;
        case CELL_STEP:
            if (!row->has_step) break;
            host_build_int64(target->build, column, row->steps.whole);
            if (row->steps.millionths != 0) {
                host_build_int32(target->build, target->millionths, row->steps.millionths);
            }
            break;
        case CELL_TIME: if (row->has_time) host_build_time(target->build, column, row->time); break;
        case CELL_INTEGER: if (row->has_integer) host_build_int64(target->build, column, row->integer); break;
        case CELL_FLOAT: host_build_float64(target->build, column, row->number); break;
        case CELL_BOOL: if (row->has_truth) host_build_bool(target->build, column, row->truth); break;
        case CELL_NUMBERS:
            host_build_floats(target->build, column, row->numbers[i % 2], row->number_count[i % 2]);
            break;
        case CELL_FIELD: add_field(target, row, row->text[i]); break;
        case CELL_FILE: host_build_text(target->build, column, blob); break;
        }
    }
    host_build_end_row(target->build);
}

void row_free(row_value *row) {
    free(row->numbers[0]);
    free(row->numbers[1]);
    free(row->items);
    csv_close(&row->set);
}
