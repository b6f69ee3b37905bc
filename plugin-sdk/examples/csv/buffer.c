/* SPDX-License-Identifier: Apache-2.0 */
#include "buffer.h"
#include <stdlib.h>
#include <string.h>

void buffer_add(buffer *to, const char *data, int64_t size) {
    if (size <= 0 || to->has_failed) return;
    if (size > to->capacity - to->size) {
        int64_t capacity = (to->size + size) * 2;
        char *grown = realloc(to->data, (size_t)capacity);
        if (grown == NULL) {
            to->has_failed = true;
            return;
        }
        to->data = grown;
        to->capacity = capacity;
    }
    memcpy(to->data + to->size, data, (size_t)size);
    to->size += size;
}

void buffer_add_text(buffer *to, host_text text) { buffer_add(to, text.data, text.size); }

void buffer_add_string(buffer *to, const char *string) { buffer_add(to, string, (int64_t)strlen(string)); }

void buffer_add_number(buffer *to, int64_t number) {
    char digits[20];
    int at = (int)sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do digits[--at] = (char)('0' + (int)(rest % 10)); while ((rest /= 10) != 0);
    if (number < 0) digits[--at] = '-';
    buffer_add(to, digits + at, (int64_t)sizeof digits - at);
}

host_text buffer_text(const buffer *from) { return (host_text){from->data == NULL ? "" : from->data, from->size}; }

void buffer_free(buffer *done) {
    free(done->data);
    *done = (buffer){0};
}
