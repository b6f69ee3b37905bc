/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.h: records of CSV as RFC 4180 has them, read from a file or from memory, and written into a buffer.
 *
 * What the RFC leaves open: lines end in LF or CRLF (LF is written), a byte order mark is skipped, so are blank
 * lines, and a cell that is empty without quotes is told from `""`.
 */
#ifndef CSV_CSV_H
#define CSV_CSV_H

#include "buffer.h"

typedef struct csv_cell {
    int64_t start, size; /* in the reader's `text` */
    bool is_quoted;
} csv_cell;

typedef enum csv_result { CSV_RECORD, CSV_END, CSV_BROKEN, CSV_TROUBLE, CSV_NO_MEMORY } csv_result;

typedef struct csv_reader {
    int fd;               /* -1: all input is in `block` */
    int error;            /* errno after CSV_TROUBLE */
    char *block;
    int64_t at, filled;   /* positions in `block` */
    int64_t offset;       /* of the next record, in bytes from the start of the file */
    int64_t line;         /* of the next record, from 1 */
    const char *fault;    /* what is wrong after CSV_BROKEN */
    buffer text;
    csv_cell *cells;
    int count, room;
} csv_reader;

/* Reads from an open file, which stays the caller's. */
void csv_open_file(csv_reader *reader, int fd);
/* Reads one text, which has to stay where it is. */
void csv_open_text(csv_reader *reader, host_text text);
/* The next record into `cells`; valid until the next call. CSV_BROKEN can't be gone on from. */
csv_result csv_next(csv_reader *reader);
/* A reader of a file goes to a place where a record begins. */
bool csv_seek(csv_reader *reader, int64_t offset, int64_t line);
/* A cell of the record; absent when it is empty without quotes or not there. */
host_text csv_text(const csv_reader *reader, int cell);
void csv_close(csv_reader *reader);

/* Writes one cell of a record, quoted where that is needed; absent text becomes an empty cell. */
void csv_put(buffer *to, bool is_first, host_text text);
void csv_end_record(buffer *to);

#endif
