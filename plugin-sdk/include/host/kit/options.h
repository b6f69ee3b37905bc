/* SPDX-License-Identifier: Apache-2.0
 *
 * kit/options.h: the values that `open` is given, by the position of the option in the descriptor. Header only.
 *
 *     host_text folder = host_option_text(args, OPTION_FOLDER);
 *     int64_t lines = host_option_integer(args, OPTION_LINES, 100);
 *
 * The host has checked types, choices and required options, and has put defaults in. What was not set and has no
 * default is left out: text is then absent, the others take the fallback. Texts are borrowed until `open` returns.
 */
#ifndef HOST_KIT_OPTIONS_H
#define HOST_KIT_OPTIONS_H

#include "../exporter.h"
#include "text.h"

/* NULL when the option was not set. Walks by the host's stride: its struct may be longer than this one. */
static inline const host_option_value *host_option_find(const host_open *args, uint32_t index) {
    for (uint32_t i = 0; i < args->value_count; i++) {
        const host_option_value *value = (const host_option_value *)(const void *)(
            (const char *)args->values + (size_t)i * args->value_stride);
        if (value->index == index) return value;
    }
    return NULL;
}

static inline host_text host_option_text(const host_open *args, uint32_t index) {
    const host_option_value *value = host_option_find(args, index);
    return value == NULL ? host_text_of(NULL) : value->text;
}

/* Of options of the types int, duration (milliseconds) and size (bytes). */
static inline int64_t host_option_integer(const host_open *args, uint32_t index, int64_t fallback) {
    const host_option_value *value = host_option_find(args, index);
    return value == NULL ? fallback : value->integer;
}

static inline double host_option_number(const host_open *args, uint32_t index, double fallback) {
    const host_option_value *value = host_option_find(args, index);
    return value == NULL ? fallback : value->number;
}

static inline bool host_option_bool(const host_open *args, uint32_t index, bool fallback) {
    const host_option_value *value = host_option_find(args, index);
    return value == NULL ? fallback : value->integer != 0;
}

#endif
