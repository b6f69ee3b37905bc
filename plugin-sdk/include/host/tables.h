/* SPDX-License-Identifier: Apache-2.0
 *
 * tables.h: the fixed tables in which records cross the border.
 *
 * A batch is an Arrow struct array whose children are the columns below, found by name. Unknown columns are
 * ignored; an absent optional column reads as all null. Arrow formats allowed, in the C data interface's letters:
 *
 *   bool "b"   int32 "i"   int64 "l"   float64 "g"   utf8 "u"   large utf8 "U"   binary "z"
 *   timestamp UTC "tsm:UTC" or "tsu:UTC" (milliseconds or microseconds)   list "+l" of "u" or "g"
 *   any text column may be dictionary encoded (indices "i", dictionary "u" or "U")
 *
 * `*` marks a column that must be there and hold no null. `path` is the record's name as the source has it.
 *
 * units/1       *kind *project *id: text; name, group, state, owner, parent, fork_parent, revision: text;
 *               fork_step: int64; fork_millionths: int32; created, started, ended: timestamp; archived: bool;
 *               rows: int64 (an estimate)
 * paths/1       *path *table *role: text; rows: int64. What a unit is going to hold: one row for each name
 *               of each table and role, before any record is read. Names are mapped from it.
 * fields/1      *path *role *type: text; int: int64; float: float64; text: text; bool: bool; time: timestamp;
 *               set: list<text>. `type` names the one column that holds the value.
 * points/1      *path: text; step: int64; millionths: int32; time: timestamp; *value: float64
 * series/1      *path: text; step, millionths, time as above; *text: text
 * histograms/1  *path: text; step, millionths, time; *kind: text (counts | densities | the source's word);
 *               *edges *values: list<float64>
 * files/1       *path *role *name: text; step, millionths, time; size: int64; sha256, media_type: text; *blob: text
 * links/1       *relation *kind *project *id: text; note: text
 * grants/1      *object *principal_kind *principal *level: text; inherited: bool
 * losses/1      *table *path *code: text; rows: int64; note, kind: text. What an exporter could not hand over, or
 *               not as it was. `kind` is dropped (also when absent), or a word for rows that were handed over all
 *               the same: noted | renamed | rounded | truncated | retyped | redated.
 *
 * Steps: a whole number in `step`, and in `millionths` (1 to 999,999) what is above it, or null when whole:
 * 2.5 is (2, 500000) and -0.25 is (-1, 750000). Both null: the record has no step. So MLflow's int64 and
 * Neptune's decimal(18,6) both survive.
 */
#ifndef HOST_TABLES_H
#define HOST_TABLES_H

#define HOST_TABLE_UNITS "units/1"
#define HOST_TABLE_PATHS "paths/1"
#define HOST_TABLE_FIELDS "fields/1"
#define HOST_TABLE_POINTS "points/1"
#define HOST_TABLE_SERIES "series/1"
#define HOST_TABLE_HISTOGRAMS "histograms/1"
#define HOST_TABLE_FILES "files/1"
#define HOST_TABLE_LINKS "links/1"
#define HOST_TABLE_GRANTS "grants/1"
#define HOST_TABLE_LOSSES "losses/1"

/* Kinds of unit. */
#define HOST_KIND_RUN "run"
#define HOST_KIND_EXPERIMENT "experiment"
#define HOST_KIND_MODEL "model"
#define HOST_KIND_MODEL_VERSION "model-version"
#define HOST_KIND_LOGGED_MODEL "logged-model"
#define HOST_KIND_PROMPT "prompt"
#define HOST_KIND_TRACE "trace"
#define HOST_KIND_DATASET "dataset"
#define HOST_KIND_GRANTS "grants"

/* Roles of a field: they let a parameter, a tag and a metric of one name live side by side. */
#define HOST_ROLE_PARAMETER "parameter"
#define HOST_ROLE_TAG "tag"
#define HOST_ROLE_NOTE "note"
#define HOST_ROLE_SYSTEM "system"
#define HOST_ROLE_SUMMARY "summary"
#define HOST_ROLE_OTHER "other"

/* Types of a field: the name of the column that holds its value. */
#define HOST_TYPE_INT "int"
#define HOST_TYPE_FLOAT "float"
#define HOST_TYPE_TEXT "text"
#define HOST_TYPE_BOOL "bool"
#define HOST_TYPE_TIME "time"
#define HOST_TYPE_SET "set"

/* Roles of a file: a single one, one step of a series, a member of a directory, the listing of an artifact
 * whose contents lie elsewhere. `name` is the file's own name, for a member its path within the directory. */
#define HOST_FILE_SINGLE "file"
#define HOST_FILE_SERIES "series"
#define HOST_FILE_MEMBER "member"
#define HOST_FILE_LISTING "listing"

#endif
