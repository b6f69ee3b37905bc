/* SPDX-License-Identifier: Apache-2.0
 *
 * decode.h: lines of a table's file as rows of a batch.
 */
#ifndef CSV_DECODE_H
#define CSV_DECODE_H

#include "instance.h"
#include "layout.h"
#include "value.h"

/* The columns of the batch that a table's columns go to. */
typedef struct row_target {
    const table_layout *layout;
    host_build *build;
    int column[MOST_COLUMNS], millionths;
    int integer, number, text, truth, time, set; /* of a field */
} row_target;

/* Begins a batch. */
void target_open(row_target *target, const table_layout *layout);

/* One line, checked: nothing of it is in the batch before all of it is known to be good. */
typedef struct row_value {
    host_text text[MOST_COLUMNS];
    step steps;
    int64_t integer, time;
    double number;
    bool truth, has_step, has_time, has_integer, has_number, has_truth;
    double *numbers[2];  /* of a histogram: edges and values */
    int64_t number_count[2], number_room[2];
    csv_reader set;      /* of a field that is a set */
    host_text *items;    /* its cells */
    int item_room;
    bool has_set;
} row_value;

/* NULL, or why the line is no row: a literal. */
const char *row_parse(const table_layout *layout, const layout_header *header, const csv_reader *reader,
                      row_value *out);
/* `blob` stands for the file of a row that has one. */
void row_add(const row_target *target, const row_value *row, host_text blob);
void row_free(row_value *row);

#endif
