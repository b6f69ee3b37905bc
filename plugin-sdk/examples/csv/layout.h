/* SPDX-License-Identifier: Apache-2.0
 *
 * layout.h: which file holds which table, and its columns. Reading and writing both follow it.
 */
#ifndef CSV_LAYOUT_H
#define CSV_LAYOUT_H

#include "csv.h"

/* How a cell is written and which columns of tables.h it stands for. */
typedef enum cell_form {
    CELL_TEXT,
    CELL_STEP,    /* step and millionths */
    CELL_TIME,
    CELL_INTEGER,
    CELL_FLOAT,
    CELL_BOOL,
    CELL_NUMBERS, /* floats separated by blanks */
    CELL_FIELD,   /* the one value that `type` names */
    CELL_FILE     /* place of the bytes below the unit's folder; the blob column */
} cell_form;

typedef struct layout_column {
    const char *name;
    cell_form form;
    bool is_required; /* there, and not empty */
} layout_column;

enum { MOST_COLUMNS = 9 };

typedef struct table_layout {
    const char *table; /* HOST_TABLE_… */
    const char *file;
    int columns;
    layout_column column[MOST_COLUMNS];
} table_layout;

enum { TABLE_FIELDS, TABLE_POINTS, TABLE_SERIES, TABLE_HISTOGRAMS, TABLE_FILES, TABLE_LINKS, TABLE_GRANTS, TABLES };

extern const table_layout LAYOUT[TABLES];

#define UNIT_FILE "unit.csv"          /* what is known of a unit; whether it is complete */
#define NEW_UNIT_FILE "unit.csv.new"
#define PROGRESS_FILE "progress.csv"  /* while a unit is written: how far it is durable */
#define FILES_FOLDER "files"

/* Position of a table by its id; TABLES when it is none of these. */
int layout_of(host_text table);
/* Position of a column; -1 when there is none of that name. */
int layout_column_of(const table_layout *layout, host_text name);

/* The cells of a header line by column; -1 where a column is not there. */
typedef struct layout_header {
    int cell[MOST_COLUMNS];
} layout_header;

/* Reads the header that the reader stands on. NULL when it is good, else what is wrong with it; `*subject` is then
 * the column, which is valid as long as the reader's record. */
const char *layout_read_header(const table_layout *layout, const csv_reader *reader, layout_header *out,
                               host_text *subject);
void layout_put_header(const table_layout *layout, buffer *to);

#endif
