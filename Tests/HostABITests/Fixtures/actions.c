/* SPDX-License-Identifier: Apache-2.0
 *
 * actions.c: a plugin whose actions answer with what they were given. WRONG makes the action `suspect` differ from
 * its declaration.
 */
#include "host/host.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How `suspect` is wrong. 0: not at all. */
#define WIDER_RESULT 1
#define NARROWER_RESULT 2
#define UNSET_RESULT 3
#define NEITHER_TRUE_NOR_FALSE 4
#define READS_BEHIND_TEXT 5
#define TAKES_ONE_MORE 6
#define KEEPS_TEXT 7
#define NUMBER_FOR_ADDRESS 8
#define WRITES_TEXT 9
#define WRITES_WHEN_FAILING 10
#ifndef WRONG
#define WRONG 0
#endif

/* How the declarations break the rules. 0: not at all. */
#define UNKNOWN_FLAG 1
#define UNKNOWN_PARAMETER_FLAG 2
#define LIST_OF_NUMBERS 3
#define ROLE_IT_HAS_NOT 4
#ifndef BROKEN
#define BROKEN 0
#endif

static const host_api *api;
static int64_t opened, closed;
static char lent[4096];

struct host_instance { char what[32]; };

static host_text view(const char *text) { return (host_text){text, (int64_t)strlen(text)}; }

static host_status everything(host_call *call, int32_t a_bool, int64_t an_int, double a_float, const char *text,
                              int64_t text_size, const host_text *list, int64_t list_count, int64_t duration,
                              double f2, double f3, double f4, double f5, double f6, double f7, double f8,
                              int64_t *number, double *half, int32_t *truth, host_text *all) {
    (void)call;
    int at = snprintf(lent, sizeof lent, "%d %" PRId64 " %g %s%" PRId64 "'%.*s' %" PRId64, a_bool, an_int, a_float,
                      text ? "" : "NULL", text_size, (int)text_size, text ? text : "", list_count);
    for (int64_t i = 0; i < list_count; i++) {
        at += snprintf(lent + at, sizeof lent - (size_t)at, " [%.*s]", (int)list[i].size, list[i].data);
    }
    snprintf(lent + at, sizeof lent - (size_t)at, " %" PRId64 " %g", duration,
             f2 + 10 * f3 + 100 * f4 + 1000 * f5 + 10000 * f6 + 100000 * f7 + 1000000 * f8);
    *number = INT64_MIN + an_int;
    *half = a_float / 2;
    *truth = !a_bool;
    *all = view(lent);
    return HOST_OK;
}

static host_status give_rows(host_call *call, const char *how, int64_t how_size, int64_t count) {
    char kind[32] = "";
    memcpy(kind, how, (size_t)how_size);
    for (int64_t i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "row-%" PRId64, i);
        /* A newer plugin's cells are larger than the host knows. */
        struct { host_option_value value; int64_t more; } cells[2] = {
            {.value = {.struct_size = sizeof cells[0], .index = 0, .text = view(name)}, .more = -1},
            {.value = {.struct_size = sizeof cells[0], .index = 1, .integer = i * i}, .more = -1}};
        if (!strcmp(kind, "index")) cells[1].value.index = 3;
        if (!strcmp(kind, "twice")) cells[1].value.index = 0;
        if (!strcmp(kind, "text in number")) cells[1].value.text = view("x");
        if (!strcmp(kind, "number in text")) cells[0].value.integer = 1;
        if (!strcmp(kind, "float in int")) cells[1].value.number = 0.5;
        if (!strcmp(kind, "no truth")) cells[1].value = (host_option_value){.index = 2, .integer = 2};
        if (!strcmp(kind, "no size")) cells[0].value.text.size = -1;
        uint32_t used = !strcmp(kind, "empty cell") ? 1 : 2;
        host_status status = api->row(call, &cells[0].value, used, sizeof cells[0]);
        if (!strcmp(kind, "passes over")) continue;
        if (status != HOST_OK) return !strcmp(kind, "twice") ? HOST_OK : status;
        if (!strcmp(kind, "fails") && i == 1) {
            host_error_info info = {.struct_size = sizeof info, .status = HOST_INVALID_DATA, .message = view("Enough.")};
            api->fail(call, &info);
            return HOST_INVALID_DATA;
        }
    }
    return HOST_OK;
}

static host_status visit(host_call *call, host_instance *instance, int32_t dry_run, host_text *what, int64_t *is_dry) {
    if (!strcmp(instance->what, "fails")) return HOST_NOT_FOUND;
    host_option_value cell = {.struct_size = sizeof cell, .integer = 1};
    if (api->row(call, &cell, 1, sizeof cell) == HOST_OK) return HOST_INTERNAL;
    *what = view(instance->what);
    *is_dry = dry_run;
    return HOST_OK;
}

static host_status count(host_call *call, int64_t *opens, int64_t *closes) {
    (void)call;
    return *opens = opened, *closes = closed, HOST_OK;
}

#if WRONG == TAKES_ONE_MORE
static host_status suspect(host_call *call, const char *text, int64_t size, int64_t level, int64_t *out, int32_t *sure,
                           host_text *more) {
    more->size = 1;
#elif WRONG == NUMBER_FOR_ADDRESS
static host_status suspect(host_call *call, const char *text, int64_t size, const char *level, int64_t *out,
                           int32_t *sure) {
    if (level[0] == 'x') size++;
#else
static host_status suspect(host_call *call, const char *text, int64_t size, int64_t level, int64_t *out,
                           int32_t *sure) {
#endif
    static const char *kept;
    (void)call, (void)kept, (void)level;
    int64_t length = 0;
    for (int64_t i = 0; i < size; i++) length += text[i] != 0;
    *sure = WRONG == NEITHER_TRUE_NOR_FALSE ? 7 : 1;
    if (WRONG == READS_BEHIND_TEXT) length = (int64_t)strlen(text);
    if (WRONG == WRITES_TEXT) *(char *)text = 'x';
    if (WRONG == KEEPS_TEXT) {
        if (kept) length = kept[0];
        kept = text;
    }
    if (WRONG == WIDER_RESULT || WRONG == WRITES_WHEN_FAILING) *(volatile host_text *)out = (host_text){text, size};
    else if (WRONG == NARROWER_RESULT) *(volatile int32_t *)out = (int32_t)length;
    else if (WRONG != UNSET_RESULT) *out = length;
    return WRONG == WRITES_WHEN_FAILING ? HOST_LIMIT : HOST_OK;
}

static host_status open_instance(host_call *call, const host_open *args, host_instance **out) {
    (void)call;
    host_instance *made = calloc(1, sizeof *made);
    memcpy(made->what, args->scope.data, (size_t)args->scope.size);
    opened++;
    *out = made;
    return HOST_OK;
}

static void close_instance(host_instance *instance) {
    closed++;
    free(instance);
}

#define RESULT(kind, called) \
    {.struct_size = sizeof(host_result), .type = kind, .name = HOST_TEXT(called), .summary = HOST_TEXT("what it is")}
#define PARAMETER(kind, called, marks) \
    {.struct_size = sizeof(host_option), .type = kind, .flags = marks, .name = HOST_TEXT(called), \
     .summary = HOST_TEXT("what it is")}
#define REQUIRED(kind, called) PARAMETER(kind, called, HOST_OPTION_REQUIRED)
#define COUNT(array) (sizeof array / sizeof array[0])

static const host_option EVERYTHING_TAKES[] = {
    PARAMETER(HOST_OPTION_BOOL, "a-bool", 0), REQUIRED(HOST_OPTION_INT, "an-int"), REQUIRED(HOST_OPTION_FLOAT, "a-float"),
    PARAMETER(HOST_OPTION_TEXT, "a-text", 0), PARAMETER(HOST_OPTION_TEXT, "a-list", HOST_OPTION_LIST),
    REQUIRED(HOST_OPTION_DURATION, "a-duration"), REQUIRED(HOST_OPTION_FLOAT, "f2"), REQUIRED(HOST_OPTION_FLOAT, "f3"),
    REQUIRED(HOST_OPTION_FLOAT, "f4"), REQUIRED(HOST_OPTION_FLOAT, "f5"), REQUIRED(HOST_OPTION_FLOAT, "f6"),
    REQUIRED(HOST_OPTION_FLOAT, "f7"), REQUIRED(HOST_OPTION_FLOAT, "f8")};
static const host_result EVERYTHING_GIVES[] = {
    RESULT(HOST_OPTION_INT, "number"), RESULT(HOST_OPTION_FLOAT, "half"), RESULT(HOST_OPTION_BOOL, "truth"),
    RESULT(HOST_OPTION_TEXT, "all")};
static const host_option ROWS_TAKE[] = {REQUIRED(HOST_OPTION_TEXT, "how"), REQUIRED(HOST_OPTION_INT, "count")};
static const host_result ROWS_GIVE[] = {
    RESULT(HOST_OPTION_TEXT, "name"), RESULT(HOST_OPTION_INT, "square"), RESULT(HOST_OPTION_BOOL, "odd")};
static const host_result VISIT_GIVES[] = {RESULT(HOST_OPTION_TEXT, "what"), RESULT(HOST_OPTION_INT, "is-dry")};
static const host_result COUNT_GIVES[] = {RESULT(HOST_OPTION_INT, "opens"), RESULT(HOST_OPTION_INT, "closes")};
static const host_option SUSPECT_TAKES[] = {
    REQUIRED(HOST_OPTION_TEXT, "text"),
    PARAMETER(HOST_OPTION_INT, "level", HOST_OPTION_REQUIRED | (BROKEN == LIST_OF_NUMBERS ? HOST_OPTION_LIST : 0) |
                                            (BROKEN == UNKNOWN_PARAMETER_FLAG ? 1 << 20 : 0))};
static const host_result SUSPECT_GIVES[] = {RESULT(HOST_OPTION_INT, "length"), RESULT(HOST_OPTION_BOOL, "sure")};

#define ACTION(called, what, marks, of, takes, take_count, gives, gives_count, calls) \
    {.struct_size = sizeof(host_action), .effect = what, .flags = marks, .role = of, .name = HOST_TEXT(called), \
     .summary = HOST_TEXT("a test"), .parameters = takes, .parameter_count = take_count, \
     .parameter_stride = sizeof(host_option), .results = gives, .result_count = gives_count, \
     .result_stride = sizeof(host_result), .function = (host_action_function)calls}

static const host_action ACTIONS[] = {
    ACTION("everything", HOST_EFFECT_READS, 0, 0, EVERYTHING_TAKES, COUNT(EVERYTHING_TAKES), EVERYTHING_GIVES,
           COUNT(EVERYTHING_GIVES), everything),
    ACTION("rows", HOST_EFFECT_READS, HOST_ACTION_ROWS, 0, ROWS_TAKE, COUNT(ROWS_TAKE), ROWS_GIVE, COUNT(ROWS_GIVE),
           give_rows),
    ACTION("visit", HOST_EFFECT_DELETES, HOST_ACTION_DRY_RUN, HOST_ROLE_EXPORTER, NULL, 0, VISIT_GIVES,
           COUNT(VISIT_GIVES), visit),
    ACTION("count", HOST_EFFECT_WRITES, 0, 0, NULL, 0, COUNT_GIVES, COUNT(COUNT_GIVES), count),
    ACTION("suspect", HOST_EFFECT_READS, BROKEN == UNKNOWN_FLAG ? 1 << 9 : 0,
           BROKEN == ROLE_IT_HAS_NOT ? HOST_ROLE_LOADER : 0, SUSPECT_TAKES, COUNT(SUSPECT_TAKES), SUSPECT_GIVES,
           COUNT(SUSPECT_GIVES), suspect)};

static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_EXPORTER, .name = HOST_TEXT("actions"),
    .version = HOST_TEXT("1"), .summary = HOST_TEXT("a test"), .runtime = HOST_TEXT("c"), .actions = ACTIONS,
    .action_count = COUNT(ACTIONS), .action_stride = sizeof ACTIONS[0]};

/* Never called: the tests open the exporter for its actions alone. */
static host_status never(void) { return HOST_UNSUPPORTED; }

static const host_exporter EXPORTER = {
    .struct_size = sizeof EXPORTER, .open = open_instance, .close = close_instance, .check = (void *)never,
    .list = (void *)never, .paths = (void *)never, .read = (void *)never, .next = (void *)never,
    .close_reader = (void *)never, .blob = (void *)never, .read_bytes = (void *)never, .close_bytes = (void *)never,
    .cancel = (void *)never};

static host_status init(const host_api *table) { return api = table, HOST_OK; }

static const host_plugin TABLE = {
    .struct_size = sizeof TABLE, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR, .descriptor = &DESCRIPTOR,
    .init = init, .exporter = &EXPORTER};

HOST_EXPORT const host_plugin *host_plugin_v0(void) { return &TABLE; }
