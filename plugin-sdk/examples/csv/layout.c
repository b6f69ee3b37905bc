/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"
#include "host/kit/text.h"
#include "host/tables.h"

const table_layout LAYOUT[TABLES] = {
    {HOST_TABLE_FIELDS, "fields.csv", 4,
     {{"path", CELL_TEXT, true}, {"role", CELL_TEXT, true}, {"type", CELL_TEXT, true}, {"value", CELL_FIELD, false}}},
    {HOST_TABLE_POINTS, "points.csv", 4,
     {{"path", CELL_TEXT, true}, {"step", CELL_STEP, false}, {"time", CELL_TIME, false}, {"value", CELL_FLOAT, true}}},
    {HOST_TABLE_SERIES, "series.csv", 4,
     {{"path", CELL_TEXT, true}, {"step", CELL_STEP, false}, {"time", CELL_TIME, false}, {"text", CELL_TEXT, true}}},
    {HOST_TABLE_HISTOGRAMS, "histograms.csv", 6,
     {{"path", CELL_TEXT, true}, {"step", CELL_STEP, false}, {"time", CELL_TIME, false}, {"kind", CELL_TEXT, true},
      {"edges", CELL_NUMBERS, true}, {"values", CELL_NUMBERS, true}}},
    {HOST_TABLE_FILES, "files.csv", 9,
     {{"path", CELL_TEXT, true}, {"role", CELL_TEXT, true}, {"name", CELL_TEXT, true}, {"step", CELL_STEP, false},
      {"time", CELL_TIME, false}, {"size", CELL_INTEGER, false}, {"sha256", CELL_TEXT, false},
      {"media_type", CELL_TEXT, false}, {"file", CELL_FILE, true}}},
    {HOST_TABLE_LINKS, "links.csv", 5,
     {{"relation", CELL_TEXT, true}, {"kind", CELL_TEXT, true}, {"project", CELL_TEXT, true}, {"id", CELL_TEXT, true},
      {"note", CELL_TEXT, false}}},
    {HOST_TABLE_GRANTS, "grants.csv", 5,
     {{"object", CELL_TEXT, true}, {"principal_kind", CELL_TEXT, true}, {"principal", CELL_TEXT, true},
      {"level", CELL_TEXT, true}, {"inherited", CELL_BOOL, false}}},
};

int layout_of(host_text table) {
    int found = 0;
    while (found < TABLES && !host_text_is(table, LAYOUT[found].table)) found++;
    return found;
}

int layout_column_of(const table_layout *layout, host_text name) {
    for (int i = 0; i < layout->columns; i++) if (host_text_is(name, layout->column[i].name)) return i;
    return -1;
}

const char *layout_read_header(const table_layout *layout, const csv_reader *reader, layout_header *out,
                               host_text *subject) {
    for (int i = 0; i < MOST_COLUMNS; i++) out->cell[i] = -1;
    for (int cell = 0; cell < reader->count; cell++) {
        *subject = csv_text(reader, cell);
        int column = layout_column_of(layout, *subject);
        /* A column that was passed over would be lost in silence; a mistyped name would be one, too. */
        if (column < 0) return "This table has no such column.";
        if (out->cell[column] >= 0) return "The column is there twice.";
        out->cell[column] = cell;
    }
    for (int i = 0; i < layout->columns; i++) {
        *subject = host_text_of(layout->column[i].name);
        if (layout->column[i].is_required && out->cell[i] < 0) return "The column is missing.";
    }
    return NULL;
}

void layout_put_header(const table_layout *layout, buffer *to) {
    for (int i = 0; i < layout->columns; i++) csv_put(to, i == 0, host_text_of(layout->column[i].name));
    csv_end_record(to);
}
