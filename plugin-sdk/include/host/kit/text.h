/* SPDX-License-Identifier: Apache-2.0
 *
 * kit/text.h: making and comparing views of text. Header only, no allocation.
 */
#ifndef HOST_KIT_TEXT_H
#define HOST_KIT_TEXT_H

#include "../text.h"
#include <stdbool.h>
#include <string.h>

/* The static initializer of a text that is not there; `{}` is what C++ wants, `{0}` what C11 wants. */
#ifdef __cplusplus
#define HOST_KIT_NOTHING {}
#else
#define HOST_KIT_NOTHING {0}
#endif

/* A view of `size` bytes at `data`. */
static inline host_text host_text_from(const char *data, int64_t size) {
    host_text made = HOST_KIT_NOTHING;
    made.data = data;
    made.size = size;
    return made;
}

/* A view of a C string, NULL being absent text. The string has to live as long as the view is used. */
static inline host_text host_text_of(const char *string) {
    return host_text_from(string, string == NULL ? 0 : (int64_t)strlen(string));
}

static inline bool host_text_equal(host_text left, host_text right) {
    return left.size == right.size &&
           (left.size == 0 || memcmp(left.data, right.data, (size_t)left.size) == 0);
}

static inline bool host_text_is(host_text text, const char *string) {
    return host_text_equal(text, host_text_of(string));
}

static inline host_bytes host_bytes_from(const void *data, int64_t size) {
    host_bytes made = HOST_KIT_NOTHING;
    made.data = (const uint8_t *)data;
    made.size = size;
    return made;
}

#endif
