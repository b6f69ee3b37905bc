/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h: views of memory that the other side owns.
 *
 * A view is borrowed: it is valid until the call that carried it returns, and the receiver copies what it
 * keeps. Views inside static descriptors are valid for ever.
 */
#ifndef HOST_TEXT_H
#define HOST_TEXT_H

#include "abi.h"

/* UTF-8 text of `size` bytes; it need not end in NUL. Absent text is {NULL, 0}. */
typedef struct host_text {
    const char *data;
    int64_t size;
} host_text;

typedef struct host_bytes {
    const uint8_t *data;
    int64_t size;
} host_bytes;

/* A host_text of a string literal. */
#define HOST_TEXT(literal) {literal, sizeof(literal) - 1}

#endif
