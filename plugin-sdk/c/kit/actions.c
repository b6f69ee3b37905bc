/* SPDX-License-Identifier: Apache-2.0
 *
 * actions.c: declarations that kit/actions.h derives, against what action.h asks for. With -DMISTAKE=n, one function
 * differs from its declaration, and this file must not compile.
 */
#include "host/host.h"
#include "host/kit/kit.h"
#include <stdio.h>

#ifndef MISTAKE
#define MISTAKE 0
#endif

#define EVERYTHING_TAKES(P)                                                \
    P(TEXT, REQUIRED, "text", "", "a text")                                \
    P(INT, OPTIONAL, "count", "3", "a number")                             \
    P(FLOAT, OPTIONAL, "part", "0.5", "a fraction")                        \
    P(BOOL, OPTIONAL, "flag", "", "a switch")                              \
    P(DURATION, OPTIONAL, "wait", "1s", "a time")                          \
    P(SIZE, OPTIONAL, "size", "1M", "some bytes")                          \
    P(TEXT_LIST, OPTIONAL, "tags", "", "many")
#define EVERYTHING_GIVES(R)                                                \
    R(INT, "rows", "a number")                                             \
    R(TEXT, "name", "a text")                                              \
    R(FLOAT, "share", "a fraction")                                        \
    R(BOOL, "done", "yes or no")

#if MISTAKE == 1 /* an argument of another type */
#define COUNT_TYPE int32_t
#else
#define COUNT_TYPE int64_t
#endif

static host_status everything(host_call *call, host_instance *instance, int32_t dry_run, const char *text,
                              int64_t text_size, COUNT_TYPE count, double part, int32_t flag, int64_t wait,
                              int64_t size, const host_text *tags,
#if MISTAKE != 2 /* an argument too few */
                              int64_t tag_count,
#endif
                              int64_t *rows, host_text *name,
#if MISTAKE == 3 /* a result by value */
                              double share,
#else
                              double *share,
#endif
                              int32_t *done) {
    (void)call, (void)instance, (void)dry_run, (void)text, (void)text_size, (void)count, (void)part, (void)flag;
#if MISTAKE != 2
    (void)tag_count;
#endif
    (void)wait, (void)size, (void)tags, (void)rows, (void)name, (void)share, (void)done;
    return HOST_OK;
}

#define LIST_GIVES(R) R(TEXT, "id", "an id")
#if MISTAKE == 4 /* a table has no result pointers */
static host_status list(host_call *call, host_text *id) { return (void)call, (void)id, HOST_OK; }
#elif MISTAKE == 5 /* another type of answer */
static int64_t list(host_call *call) { return (void)call, 0; }
#elif MISTAKE == 6 /* an instance where none is made */
static host_status list(host_call *call, host_instance *instance) { return (void)call, (void)instance, HOST_OK; }
#else
static host_status list(host_call *call) { return (void)call, HOST_OK; }
#endif

#define ACTIONS(A)                                                                                              \
    A(everything, "do-everything", DELETES, LOADER, DRY_RUN, VALUES, EVERYTHING_TAKES, EVERYTHING_GIVES, "all", "") \
    A(list, "list", READS, NO_ROLE, PLAIN, ROWS, HOST_NO_PARAMETERS, LIST_GIVES, "one", "More of it.")
HOST_DEFINE_ACTIONS(actions, ACTIONS);

static int failures;
static void expect(bool holds, const char *what) {
    if (holds) return;
    printf("not so: %s\n", what);
    failures++;
}
#define EXPECT(condition) expect(condition, #condition)

int main(void) {
    const host_action *all = &actions[0], *one = &actions[1];
    EXPECT(actions_count == 2 && all->struct_size == sizeof(host_action));
    EXPECT(host_text_is(all->name, "do-everything") && all->effect == HOST_EFFECT_DELETES);
    EXPECT(all->flags == HOST_ACTION_DRY_RUN && all->role == HOST_ROLE_LOADER && all->help.data == NULL);
    EXPECT(all->parameter_count == 7 && all->parameter_stride == sizeof(host_option));
    EXPECT(all->result_count == 4 && all->result_stride == sizeof(host_result));
    EXPECT(all->parameters[0].flags == HOST_OPTION_REQUIRED && all->parameters[0].default_value.data == NULL);
    EXPECT(all->parameters[1].type == HOST_OPTION_INT && host_text_is(all->parameters[1].default_value, "3"));
    EXPECT(all->parameters[5].type == HOST_OPTION_SIZE && host_text_is(all->parameters[5].name, "size"));
    EXPECT(all->parameters[6].type == HOST_OPTION_TEXT && all->parameters[6].flags == HOST_OPTION_LIST);
    EXPECT(all->results[3].type == HOST_OPTION_BOOL && host_text_is(all->results[1].name, "name"));
    EXPECT(all->function == (host_action_function)everything);
    EXPECT(one->parameter_count == 0 && one->result_count == 1 && one->role == 0);
    EXPECT(one->flags == HOST_ACTION_ROWS && host_text_is(one->help, "More of it."));
    host_option_value cell = host_cell_integer(2, -5);
    EXPECT(cell.struct_size == sizeof cell && cell.index == 2 && cell.integer == -5 && cell.text.data == NULL);
    return failures == 0 ? 0 : 1;
}
