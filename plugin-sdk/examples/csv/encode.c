/* SPDX-License-Identifier: Apache-2.0 */
#include "encode.h"
#include "value.h"

void source_open(row_source *source, const table_layout *layout, const host_batch *batch) {
    source->layout = layout;
    for (int i = 0; i < layout->columns; i++) source->column[i] = host_column_find(batch, layout->column[i].name);
    source->millionths = host_column_find(batch, "millionths");
    source->integer = host_column_find(batch, HOST_TYPE_INT);
    source->number = host_column_find(batch, HOST_TYPE_FLOAT);
    source->text = host_column_find(batch, HOST_TYPE_TEXT);
    source->truth = host_column_find(batch, HOST_TYPE_BOOL);
    source->time = host_column_find(batch, HOST_TYPE_TIME);
    source->set = host_column_find(batch, HOST_TYPE_SET);
}

static void put_numbers(buffer *to, const host_column *column, int64_t row) {
    host_list list;
    if (!host_read_list(column, row, &list)) return;
    /* No numbers at all is not the same as no list. */
    if (list.count == 0) buffer_add_string(to, "\"\"");
    for (int64_t i = 0; i < list.count; i++) {
        double number = 0;
        if (i > 0) buffer_add(to, " ", 1);
        if (host_read_float64(&list.items, i, &number)) put_float(to, number);
    }
}

/* A set is a record of CSV inside the cell. */
static void put_set(buffer *to, const host_column *column, int64_t row) {
    host_list list;
    buffer record = {0};
    bool is_there = host_read_list(column, row, &list);
    for (int64_t i = 0; is_there && i < list.count; i++) csv_put(&record, i == 0, host_read_text(&list.items, i));
    csv_put(to, false, is_there ? buffer_text(&record) : (host_text){0});
    to->has_failed = to->has_failed || record.has_failed;
    buffer_free(&record);
}

static bool put_field(buffer *to, const row_source *source, int64_t row) {
    int64_t integer;
    double number;
    bool truth;
    host_text type = host_read_text(&source->column[2], row);
    if (host_text_is(type, HOST_TYPE_TEXT)) {
        csv_put(to, false, host_read_text(&source->text, row));
        return true;
    }
    if (host_text_is(type, HOST_TYPE_SET)) {
        put_set(to, &source->set, row);
        return true;
    }
    buffer_add(to, ",", 1);
    if (host_text_is(type, HOST_TYPE_INT)) {
        if (host_read_int64(&source->integer, row, &integer)) buffer_add_number(to, integer);
    } else if (host_text_is(type, HOST_TYPE_FLOAT)) {
        if (host_read_float64(&source->number, row, &number)) put_float(to, number);
    } else if (host_text_is(type, HOST_TYPE_BOOL)) {
        if (host_read_bool(&source->truth, row, &truth)) buffer_add_string(to, truth ? "true" : "false");
    } else if (host_text_is(type, HOST_TYPE_TIME)) {
        if (host_read_time(&source->time, row, &integer)) put_time(to, integer);
    } else {
        return false;
    }
    return true;
}

bool put_row(buffer *to, const row_source *source, int64_t row, const stored_file *file) {
    for (int i = 0; i < source->layout->columns; i++) {
        const host_column *column = &source->column[i];
        cell_form form = source->layout->column[i].form;
        int64_t integer, millionths = 0;
        double number;
        bool truth;
        if (form == CELL_TEXT) {
            csv_put(to, i == 0, host_read_text(column, row));
            continue;
        }
        if (form == CELL_FIELD) {
            if (!put_field(to, source, row)) return false;
            continue;
        }
        if (form == CELL_FILE) {
            csv_put(to, false, file->place);
            continue;
        }
        buffer_add(to, ",", 1);
        switch (form) {
        case CELL_STEP:
            (void)host_read_int64(&source->millionths, row, &millionths);
            if (host_read_int64(column, row, &integer)) put_step(to, (step){integer, (int32_t)millionths});
            break;
        case CELL_TIME:
            if (host_read_time(column, row, &integer)) put_time(to, integer);
            break;
        case CELL_FLOAT:
            if (host_read_float64(column, row, &number)) put_float(to, number);
            break;
        case CELL_BOOL:
            if (host_read_bool(column, row, &truth)) buffer_add_string(to, truth ? "true" : "false");
            break;
        case CELL_INTEGER: /* only files have one: the size */
            if (file->has_size) buffer_add_number(to, file->size);
            break;
        default: put_numbers(to, column, row); break;
        }
    }
    csv_end_record(to);
    return true;
}
