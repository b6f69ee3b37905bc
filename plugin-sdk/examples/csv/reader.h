/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.h: the three kinds of reader of the role that reads, behind one face.
 */
#ifndef CSV_READER_H
#define CSV_READER_H

#include "instance.h"
#include "layout.h"
#include "unit.h"

/* The first member of each kind. */
struct host_reader {
    host_status (*next)(host_call *call, host_reader *reader, host_batch *out);
    void (*close)(host_reader *reader);
    host_instance *instance;
    buffer cursor; /* lent to the host until the next call */
};

host_status list_open(host_call *call, host_instance *instance, host_bytes cursor, host_reader **out);
/* `folder`: of the unit; it becomes the reader's. `position`: PROJECT/UNIT. */
host_status rows_open(host_call *call, host_instance *instance, int folder, host_text position, host_bytes cursor,
                      host_reader **out);
host_status catalogue_open(host_call *call, host_instance *instance, int folder, host_text position,
                           host_reader **out);

/* Opens a table's file and reads its header. *fd is -1 when the unit has no such table. */
host_status table_open(host_call *call, int folder, int table, csv_reader *reader, layout_header *header, int *fd);
/* What a record that is none means for the unit: always an error. */
host_status table_trouble(host_call *call, int table, const csv_reader *reader, csv_result result);

/* The action `units`. */
host_status list_units(host_call *call, host_instance *instance, const char *project, int64_t project_size);

extern const host_exporter EXPORTER;

/* Rows of losses/1, begun at the first one. */
typedef struct loss_rows {
    host_build *build;
    int64_t count;
} loss_rows;
void loss_add(loss_rows *rows, const char *table, host_text path, const char *code, host_text note);
host_status loss_move(host_call *call, loss_rows *rows, host_batch *out);

#endif
