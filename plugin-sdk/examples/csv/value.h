/* SPDX-License-Identifier: Apache-2.0
 *
 * value.h: numbers, steps and times as text, and back without loss.
 */
#ifndef CSV_VALUE_H
#define CSV_VALUE_H

#include "buffer.h"

/* A whole number and the millionths above it: -0.25 is (-1, 750000). */
typedef struct step {
    int64_t whole;
    int32_t millionths;
} step;

/* The shortest of 15 to 17 digits that reads back to the same bits; nan, inf, -inf, -0. A NaN with bits of its own
 * is nan:7ff8000000000001. */
void put_float(buffer *to, double value);
/* `-0.25`, `7`, `2.5`. */
void put_step(buffer *to, step value);
/* `2024-05-06T07:08:09.123456Z`; years beyond 0000 to 9999 have a sign. */
void put_time(buffer *to, int64_t microseconds);

/* All are false for text that is not the whole of a value. */
bool parse_float(host_text text, double *out);
bool parse_integer(host_text text, int64_t *out);
bool parse_bool(host_text text, bool *out);
bool parse_step(host_text text, step *out);
/* Without a zone: UTC. */
bool parse_time(host_text text, int64_t *microseconds);
bool is_utf8(host_text text);

#endif
