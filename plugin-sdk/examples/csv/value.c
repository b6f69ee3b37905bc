/* SPDX-License-Identifier: Apache-2.0 */
#include "value.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t QUIET_NAN = 0x7FF8000000000000u;

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

void put_float(buffer *to, double value) {
    char text[40];
    if (isnan(value)) {
        if (bits_of(value) == QUIET_NAN) {
            buffer_add_string(to, "nan");
        } else {
            buffer_add(to, text, snprintf(text, sizeof text, "nan:%016llx", (unsigned long long)bits_of(value)));
        }
        return;
    }
    /* Most metrics of counts are whole, and printing those is ten times as fast. */
    if (fabs(value) < 1e15 && value == (double)(int64_t)value && !(value == 0 && signbit(value))) {
        buffer_add_number(to, (int64_t)value);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        int size = snprintf(text, sizeof text, "%.*g", digits, value);
        if (digits == 17 || bits_of(strtod(text, NULL)) == bits_of(value)) {
            buffer_add(to, text, size);
            return;
        }
    }
}

void put_step(buffer *to, step value) {
    if (value.millionths == 0) {
        buffer_add_number(to, value.whole);
        return;
    }
    bool is_negative = value.whole < 0;
    int32_t part = is_negative ? 1000000 - value.millionths : value.millionths;
    if (is_negative) buffer_add(to, "-", 1);
    buffer_add_number(to, is_negative ? -(value.whole + 1) : value.whole);
    char digits[16];
    int size = snprintf(digits, sizeof digits, ".%06d", (int)part);
    while (digits[size - 1] == '0') size--;
    buffer_add(to, digits, size);
}

/* Days since 1970 of the first day of a year's March-based calendar; after the well-known civil calendar rule that
 * 400 years have 146,097 days. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

void put_time(buffer *to, int64_t microseconds) {
    int64_t fraction = microseconds % 1000000, seconds = microseconds / 1000000;
    if (fraction < 0) fraction += 1000000, seconds--;
    int64_t rest = seconds % 86400, days = seconds / 86400;
    if (rest < 0) rest += 86400, days--;
    int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    char text[64];
    buffer_add(to, text, snprintf(text, sizeof text, year < 0 || year > 9999 ? "%+05lld" : "%04lld", (long long)year));
    buffer_add(to, text, snprintf(text, sizeof text, "-%02d-%02dT%02d:%02d:%02d", (int)month, (int)day,
                                  (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60)));
    if (fraction != 0) {
        int digits = snprintf(text, sizeof text, fraction % 1000 == 0 ? ".%03d" : ".%06d",
                              (int)(fraction % 1000 == 0 ? fraction / 1000 : fraction));
        buffer_add(to, text, digits);
    }
    buffer_add(to, "Z", 1);
}

bool parse_float(host_text text, double *out) {
    char copy[512];
    if (text.size <= 0 || text.size >= (int64_t)sizeof copy || text.data[0] == ' ') return false;
    memcpy(copy, text.data, (size_t)text.size);
    copy[text.size] = '\0';
    char *end;
    if (strncmp(copy, "nan:", 4) == 0 && text.size == 20) {
        uint64_t bits = strtoull(copy + 4, &end, 16);
        memcpy(out, &bits, sizeof bits);
        return *end == '\0' && isnan(*out);
    }
    *out = strtod(copy, &end);
    if (isnan(*out)) memcpy(out, &QUIET_NAN, sizeof QUIET_NAN);
    return end == copy + text.size;
}

/* Reads digits up to `most` of them; false when there is none or the number has no room. */
static bool digits(const char **at, const char *end, int most, uint64_t *out) {
    const char *start = *at;
    uint64_t value = 0;
    while (*at < end && **at >= '0' && **at <= '9' && *at - start < most) {
        uint64_t digit = (uint64_t)(**at - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
        (*at)++;
    }
    *out = value;
    return *at > start;
}

bool parse_integer(host_text text, int64_t *out) {
    const char *at = text.data, *end = at + text.size;
    if (text.size <= 0) return false;
    bool is_negative = *at == '-';
    if (is_negative) at++;
    uint64_t value;
    if (!digits(&at, end, 32, &value) || at != end) return false;
    if (value > (uint64_t)INT64_MAX + is_negative) return false;
    *out = is_negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

bool parse_bool(host_text text, bool *out) {
    bool is_true = (text.size == 4 && (memcmp(text.data, "true", 4) == 0 || memcmp(text.data, "True", 4) == 0)) ||
                   (text.size == 1 && text.data[0] == '1');
    bool is_false = (text.size == 5 && (memcmp(text.data, "false", 5) == 0 || memcmp(text.data, "False", 5) == 0)) ||
                    (text.size == 1 && text.data[0] == '0');
    *out = is_true;
    return is_true || is_false;
}

/* At most `places` decimals into that many digits; further ones have to be zeros. */
static bool fraction(const char **at, const char *end, int places, int64_t *out) {
    *out = 0;
    if (*at == end || **at != '.') return true;
    (*at)++;
    const char *start = *at;
    for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
        if (*at - start < places) *out = *out * 10 + (**at - '0');
        else if (**at != '0') return false;
    }
    for (int64_t count = *at - start; count < places; count++) *out *= 10;
    return *at > start;
}

bool parse_step(host_text text, step *out) {
    const char *at = text.data, *end = at + text.size;
    if (text.size <= 0) return false;
    bool is_negative = *at == '-';
    if (is_negative) at++;
    uint64_t whole;
    int64_t part;
    if (!digits(&at, end, 32, &whole) || !fraction(&at, end, 6, &part) || at != end) return false;
    if (whole > (uint64_t)INT64_MAX + (is_negative && part == 0)) return false;
    *out = (step){is_negative ? (int64_t)(0 - whole) : (int64_t)whole, (int32_t)part};
    if (is_negative && part != 0) *out = (step){-(int64_t)whole - 1, (int32_t)(1000000 - part)};
    return true;
}

static bool sign_or(const char **at, const char *end, char wanted) {
    if (*at == end || **at != wanted) return false;
    (*at)++;
    return true;
}

static bool two(const char **at, const char *end, uint64_t most, int64_t *out) {
    uint64_t value;
    const char *start = *at;
    if (!digits(at, end, 2, &value) || *at - start != 2 || value > most) return false;
    *out = (int64_t)value;
    return true;
}

static bool parse_zone(const char **at, const char *end, int64_t *seconds) {
    *seconds = 0;
    if (*at == end || sign_or(at, end, 'Z')) return true;
    bool is_west = **at == '-';
    int64_t hours, minutes;
    if ((**at != '+' && !is_west) || ((*at)++, !two(at, end, 23, &hours))) return false;
    if (!sign_or(at, end, ':') || !two(at, end, 59, &minutes)) return false;
    *seconds = (hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
    return true;
}

bool parse_time(host_text text, int64_t *microseconds) {
    const char *at = text.data, *end = at + text.size;
    if (text.size <= 0) return false;
    bool is_negative = *at == '-';
    if (is_negative || *at == '+') at++;
    const char *start = at;
    uint64_t year;
    int64_t month, day, hour, minute, second, part, zone;
    if (!digits(&at, end, 6, &year) || at - start < 4) return false;
    if (!sign_or(&at, end, '-') || !two(&at, end, 12, &month) || month == 0) return false;
    if (!sign_or(&at, end, '-') || !two(&at, end, 31, &day) || day == 0) return false;
    if (!sign_or(&at, end, 'T') && !sign_or(&at, end, ' ')) return false;
    if (!two(&at, end, 23, &hour) || !sign_or(&at, end, ':') || !two(&at, end, 59, &minute)) return false;
    if (!sign_or(&at, end, ':') || !two(&at, end, 59, &second) || !fraction(&at, end, 6, &part)) return false;
    if (!parse_zone(&at, end, &zone) || at != end) return false;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > (month == 2 ? 28 + is_leap : 30 + (month + month / 8) % 2)) return false;
    int64_t days = days_of(is_negative ? -(int64_t)year : (int64_t)year, month, day);
    int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second - zone;
    /* One second further and back, so that the earliest time there is does not overflow on the way. */
    if (seconds < 0) seconds++, part -= 1000000;
    if (seconds > INT64_MAX / 1000000 || seconds < INT64_MIN / 1000000) return false;
    int64_t whole = seconds * 1000000;
    if (part > 0 ? whole > INT64_MAX - part : whole < INT64_MIN - part) return false;
    *microseconds = whole + part;
    return true;
}

/* The well-formed sequences of Unicode's table 3-7: no surrogates, no overlong forms. */
bool is_utf8(host_text text) {
    const unsigned char *at = (const unsigned char *)text.data, *end = at + text.size;
    while (at < end) {
        unsigned char lead = *at++;
        if (lead < 0x80) continue;
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || end - at < more) return false;
        unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (*at < low || *at > high) return false;
        for (int i = 1; i < more; i++) if ((at[i] & 0xC0) != 0x80) return false;
        at += more;
    }
    return true;
}
