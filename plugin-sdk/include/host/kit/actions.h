/* SPDX-License-Identifier: Apache-2.0
 *
 * kit/actions.h: declares actions, and checks at compile time that each function is what its declaration says.
 *
 * Both come from one list, so they cannot differ. Write the parameters and results of an action, the function, and
 * the list of all actions:
 *
 *     //                    type  needed    name       default  summary
 *     #define DELETE_TAKES(P) \
 *         P(TEXT, REQUIRED, "job", "", "name of the job")
 *     //                    type  name       summary
 *     #define DELETE_GIVES(R) \
 *         R(INT, "units", "units that were deleted")
 *
 *     static host_status delete_job(host_call *call, host_instance *instance, int32_t dry_run,
 *                                   const char *job, int64_t job_size, int64_t *units) { … }
 *
 *     //  function    name          effect   role    dry run  result  takes         gives         summary, help
 *     #define ACTIONS(A) \
 *         A(delete_job, "delete-job", DELETES, LOADER, DRY_RUN, VALUES, DELETE_TAKES, DELETE_GIVES, "…", "")
 *     HOST_DEFINE_ACTIONS(actions, ACTIONS)
 *
 * This defines `actions` (const host_action[]) and `actions_count`, for the descriptor. A function of another type
 * does not compile.
 *
 * effect: READS WRITES DELETES. role: NO_ROLE EXPORTER LOADER. dry run: DRY_RUN PLAIN. result: VALUES ROWS.
 * Types of parameters: TEXT PATH URL INT FLOAT BOOL DURATION SIZE TEXT_LIST PATH_LIST URL_LIST; of results the first
 * eight. needed: REQUIRED OPTIONAL. An empty default or help is none. An action without parameters or results names
 * HOST_NO_PARAMETERS, HOST_NO_RESULTS.
 */
#ifndef HOST_KIT_ACTIONS_H
#define HOST_KIT_ACTIONS_H

#include "../plugin.h"
#include "text.h"

#define HOST_NO_PARAMETERS(P)
#define HOST_NO_RESULTS(R)

/* The C arguments of each type (action.h). */
#define HOST_KIT_IN_TEXT , const char *, int64_t
#define HOST_KIT_IN_PATH HOST_KIT_IN_TEXT
#define HOST_KIT_IN_URL HOST_KIT_IN_TEXT
#define HOST_KIT_IN_INT , int64_t
#define HOST_KIT_IN_DURATION , int64_t
#define HOST_KIT_IN_SIZE , int64_t
#define HOST_KIT_IN_FLOAT , double
#define HOST_KIT_IN_BOOL , int32_t
#define HOST_KIT_IN_TEXT_LIST , const host_text *, int64_t
#define HOST_KIT_IN_PATH_LIST HOST_KIT_IN_TEXT_LIST
#define HOST_KIT_IN_URL_LIST HOST_KIT_IN_TEXT_LIST

#define HOST_KIT_OUT_TEXT , host_text *
#define HOST_KIT_OUT_PATH HOST_KIT_OUT_TEXT
#define HOST_KIT_OUT_URL HOST_KIT_OUT_TEXT
#define HOST_KIT_OUT_INT , int64_t *
#define HOST_KIT_OUT_DURATION , int64_t *
#define HOST_KIT_OUT_SIZE , int64_t *
#define HOST_KIT_OUT_FLOAT , double *
#define HOST_KIT_OUT_BOOL , int32_t *

#define HOST_KIT_CODE_TEXT HOST_OPTION_TEXT
#define HOST_KIT_CODE_PATH HOST_OPTION_PATH
#define HOST_KIT_CODE_URL HOST_OPTION_URL
#define HOST_KIT_CODE_INT HOST_OPTION_INT
#define HOST_KIT_CODE_DURATION HOST_OPTION_DURATION
#define HOST_KIT_CODE_SIZE HOST_OPTION_SIZE
#define HOST_KIT_CODE_FLOAT HOST_OPTION_FLOAT
#define HOST_KIT_CODE_BOOL HOST_OPTION_BOOL
#define HOST_KIT_CODE_TEXT_LIST HOST_OPTION_TEXT
#define HOST_KIT_CODE_PATH_LIST HOST_OPTION_PATH
#define HOST_KIT_CODE_URL_LIST HOST_OPTION_URL

#define HOST_KIT_LIST_TEXT 0u
#define HOST_KIT_LIST_PATH 0u
#define HOST_KIT_LIST_URL 0u
#define HOST_KIT_LIST_INT 0u
#define HOST_KIT_LIST_DURATION 0u
#define HOST_KIT_LIST_SIZE 0u
#define HOST_KIT_LIST_FLOAT 0u
#define HOST_KIT_LIST_BOOL 0u
#define HOST_KIT_LIST_TEXT_LIST (uint32_t)HOST_OPTION_LIST
#define HOST_KIT_LIST_PATH_LIST (uint32_t)HOST_OPTION_LIST
#define HOST_KIT_LIST_URL_LIST (uint32_t)HOST_OPTION_LIST

#define HOST_KIT_NEEDED_REQUIRED (uint32_t)HOST_OPTION_REQUIRED
#define HOST_KIT_NEEDED_OPTIONAL 0u

#define HOST_KIT_ROLE_NO_ROLE 0u
#define HOST_KIT_ROLE_EXPORTER (uint32_t)HOST_ROLE_EXPORTER
#define HOST_KIT_ROLE_LOADER (uint32_t)HOST_ROLE_LOADER
#define HOST_KIT_INSTANCE_NO_ROLE
#define HOST_KIT_INSTANCE_EXPORTER , host_instance *
#define HOST_KIT_INSTANCE_LOADER , host_instance *

#define HOST_KIT_DRY_PLAIN
#define HOST_KIT_DRY_DRY_RUN , int32_t
#define HOST_KIT_DRY_FLAG_PLAIN 0u
#define HOST_KIT_DRY_FLAG_DRY_RUN (uint32_t)HOST_ACTION_DRY_RUN
#define HOST_KIT_RESULT_FLAG_VALUES 0u
#define HOST_KIT_RESULT_FLAG_ROWS (uint32_t)HOST_ACTION_ROWS
#define HOST_KIT_POINTERS_VALUES(gives) gives(HOST_KIT_RESULT_ARGUMENT)
#define HOST_KIT_POINTERS_ROWS(gives)

#define HOST_KIT_PARAMETER_ARGUMENT(type, needed, name, fallback, summary) HOST_KIT_IN_##type
#define HOST_KIT_RESULT_ARGUMENT(type, name, summary) HOST_KIT_OUT_##type

/* HOST_TEXT, but absent when the literal is empty. */
#define HOST_KIT_OPTIONAL_TEXT(literal) {sizeof(literal) > 1 ? literal : (const char *)0, (int64_t)sizeof(literal) - 1}

#define HOST_KIT_PARAMETER(type, needed, name, fallback, summary)                                                \
    {(uint32_t)sizeof(host_option), HOST_KIT_CODE_##type, HOST_KIT_LIST_##type | HOST_KIT_NEEDED_##needed, 0,     \
     HOST_TEXT(name), HOST_KIT_OPTIONAL_TEXT(fallback), {(const char *)0, 0}, {(const char *)0, 0},               \
     HOST_TEXT(summary), {(const char *)0, 0}},
#define HOST_KIT_RESULT(type, name, summary)                                                                     \
    {(uint32_t)sizeof(host_result), HOST_KIT_CODE_##type, HOST_TEXT(name), HOST_TEXT(summary)},

#ifdef __cplusplus
#include <type_traits>
#define HOST_KIT_CHECK(condition, text) static_assert(condition, text)
#define HOST_KIT_SAME_FUNCTION(function, type) (std::is_same<decltype(&function), type *>::value)
#else
#define HOST_KIT_CHECK(condition, text) _Static_assert(condition, text)
#define HOST_KIT_SAME_FUNCTION(function, type) _Generic(&function, type *: 1, default: 0)
#endif

/* For each action: the type that its declaration asks for, the check, and the two arrays. Arrays end in an unused
 * entry, since C has none of no elements. */
#define HOST_KIT_DECLARE(function, name, effect, role, dry, result, takes, gives, summary, help)                  \
    typedef host_status function##_declared_type(                                                                \
        host_call *HOST_KIT_INSTANCE_##role HOST_KIT_DRY_##dry takes(HOST_KIT_PARAMETER_ARGUMENT)                \
            HOST_KIT_POINTERS_##result(gives));                                                                  \
    HOST_KIT_CHECK(HOST_KIT_SAME_FUNCTION(function, function##_declared_type),                                   \
                   "the function " #function " does not have the type that its declaration says");               \
    static const host_option function##_parameters[] = {takes(HOST_KIT_PARAMETER) HOST_KIT_NOTHING};             \
    static const host_result function##_results[] = {gives(HOST_KIT_RESULT) HOST_KIT_NOTHING};                   \
    HOST_KIT_CHECK(sizeof function##_parameters / sizeof(host_option) <= HOST_MAX_PARAMETERS + 1,                \
                   #function " has too many parameters");                                                        \
    HOST_KIT_CHECK(sizeof function##_results / sizeof(host_result) <= HOST_MAX_RESULTS + 1,                      \
                   #function " has too many results");

#define HOST_KIT_ENTRY(function, name, effect, role, dry, result, takes, gives, summary, help)                    \
    {(uint32_t)sizeof(host_action),                                                                              \
     HOST_EFFECT_##effect,                                                                                       \
     HOST_KIT_DRY_FLAG_##dry | HOST_KIT_RESULT_FLAG_##result,                                                    \
     HOST_KIT_ROLE_##role,                                                                                       \
     HOST_TEXT(name),                                                                                            \
     HOST_TEXT(summary),                                                                                         \
     HOST_KIT_OPTIONAL_TEXT(help),                                                                               \
     function##_parameters,                                                                                      \
     (uint32_t)(sizeof function##_parameters / sizeof(host_option) - 1),                                         \
     (uint32_t)sizeof(host_option),                                                                              \
     function##_results,                                                                                         \
     (uint32_t)(sizeof function##_results / sizeof(host_result) - 1),                                            \
     (uint32_t)sizeof(host_result),                                                                              \
     (host_action_function)function},

#define HOST_DEFINE_ACTIONS(array, list)                                                                         \
    list(HOST_KIT_DECLARE) static const host_action array[] = {list(HOST_KIT_ENTRY)};                            \
    enum { array##_count = (int)(sizeof array / sizeof array[0]) };                                              \
    HOST_KIT_CHECK((int)array##_count <= (int)HOST_MAX_ACTIONS, "too many actions")

/* Cells of the rows that an action with ROWS yields; `column` is the position among its results. */
static inline host_option_value host_cell_text(uint32_t column, host_text text) {
    host_option_value made = HOST_KIT_NOTHING;
    made.struct_size = (uint32_t)sizeof made;
    made.index = column;
    made.text = text;
    return made;
}

static inline host_option_value host_cell_integer(uint32_t column, int64_t integer) {
    host_option_value made = host_cell_text(column, host_text_of(NULL));
    made.integer = integer;
    return made;
}

static inline host_option_value host_cell_number(uint32_t column, double number) {
    host_option_value made = host_cell_text(column, host_text_of(NULL));
    made.number = number;
    return made;
}

/* Yields one row. */
static inline host_status host_yield_row(const host_api *api, host_call *call, const host_option_value *cells,
                                         uint32_t count) {
    if (!HOST_HAS(host_api, row, api->struct_size)) return HOST_UNSUPPORTED;
    return api->row(call, cells, count, (uint32_t)sizeof *cells);
}

#endif
