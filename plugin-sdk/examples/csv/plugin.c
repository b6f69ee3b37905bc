/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin.c: what the plugin says of itself. Constant tables, valid for ever.
 */
#include "loader.h"
#include "reader.h"

#define UNITS_TAKES(P) P(TEXT, OPTIONAL, "project", "", "only the units of this project")
#define UNITS_GIVES(R)                                                       \
    R(TEXT, "project", "the project")                                        \
    R(TEXT, "kind", "run, model, …")                                         \
    R(TEXT, "id", "the id at its source")                                    \
    R(TEXT, "name", "the name, where it has one")                            \
    R(TEXT, "status", "complete or incomplete")                              \
    R(INT, "fields", "rows of fields.csv")                                   \
    R(INT, "points", "rows of points.csv")                                   \
    R(INT, "series", "rows of series.csv")                                   \
    R(INT, "histograms", "rows of histograms.csv")                           \
    R(INT, "files", "rows of files.csv")                                     \
    R(TEXT, "job", "the job that wrote it")                                  \
    R(PATH, "folder", "where it lies below the endpoint's folder")

#define DELETE_TAKES(P) P(TEXT, REQUIRED, "job", "", "name of the job whose units go")
#define DELETE_GIVES(R)                                                      \
    R(INT, "units", "units of that job")                                     \
    R(INT, "files", "their files")                                           \
    R(SIZE, "bytes", "what the files take on disk")                          \
    R(INT, "left", "folders that stay since they hold something else")

#define ACTIONS(A)                                                                                                \
    A(list_units, "units", READS, EXPORTER, PLAIN, ROWS, UNITS_TAKES, UNITS_GIVES,                               \
      "list the units with the rows that their files hold",                                                      \
      "Reads every table once, so the numbers are what is there and not what was noted. Incomplete units are "    \
      "listed, too.")                                                                                            \
    A(delete_job, "delete-job", DELETES, LOADER, DRY_RUN, VALUES, DELETE_TAKES, DELETE_GIVES,                    \
      "delete the units that a job wrote",                                                                       \
      "Deletes the files that this plugin makes, in the folders of units whose unit.csv names the job. All else " \
      "stays. Stopped half-way, the rest is deleted by calling it again.")
HOST_DEFINE_ACTIONS(ACTION_TABLE, ACTIONS);

/* In the order of the OPTION_ constants. */
static const host_option OPTIONS[] = {
    {.struct_size = sizeof(host_option), .type = HOST_OPTION_PATH,
     .flags = HOST_OPTION_REQUIRED | HOST_OPTION_IDENTITY | HOST_OPTION_LOCATION,
     .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("folder"),
     .summary = HOST_TEXT("the folder of projects"), .example = HOST_TEXT("./runs")},
};

static const host_descriptor DESCRIPTOR = {
    .struct_size = sizeof DESCRIPTOR, .roles = HOST_ROLE_EXPORTER | HOST_ROLE_LOADER, .name = HOST_TEXT("csv"),
    .version = HOST_TEXT("0.1.0"), .summary = HOST_TEXT("a folder of CSV files, read and written"),
    .vendor = HOST_TEXT("host"), .licence = HOST_TEXT("Apache-2.0"), .runtime = HOST_TEXT("c"), .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0], .option_stride = sizeof OPTIONS[0], .limits = &LIMITS,
    .actions = ACTION_TABLE, .action_count = ACTION_TABLE_count, .action_stride = sizeof ACTION_TABLE[0]};

static host_status init(const host_api *table) {
    api = table;
    return HOST_OK;
}

HOST_EXPORT const host_plugin *host_plugin_v0(void) {
    static const host_plugin plugin = {
        .struct_size = sizeof plugin, .magic = HOST_MAGIC, .abi_minor = HOST_ABI_MINOR, .descriptor = &DESCRIPTOR,
        .init = init, .exporter = &EXPORTER, .loader = &LOADER};
    return &plugin;
}
