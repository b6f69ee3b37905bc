/* SPDX-License-Identifier: Apache-2.0
 *
 * buffer.h: bytes that grow. A failure is remembered, so that one look at the end is enough.
 */
#ifndef CSV_BUFFER_H
#define CSV_BUFFER_H

#include "host/text.h"
#include <stdbool.h>

typedef struct buffer {
    char *data;
    int64_t size, capacity;
    bool has_failed; /* there was no memory */
} buffer;

void buffer_add(buffer *to, const char *data, int64_t size);
void buffer_add_text(buffer *to, host_text text);
void buffer_add_string(buffer *to, const char *string);
void buffer_add_number(buffer *to, int64_t number);
host_text buffer_text(const buffer *from);
void buffer_free(buffer *done);

#endif
