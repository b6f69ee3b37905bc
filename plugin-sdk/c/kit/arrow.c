/* SPDX-License-Identifier: Apache-2.0
 *
 * arrow.c: what kit/arrow_build.h makes, kit/arrow_read.h reads; also the forms that only others make. Compiled as C11
 * and as C++17, and run under the sanitizers, which see what is released twice or never.
 */
#include "host/host.h"
#include "host/kit/kit.h"
#include <math.h>
#include <stdio.h>

static int failures;

static void expect(bool holds, const char *what) {
    if (holds) return;
    printf("not so: %s\n", what);
    failures++;
}
#define EXPECT(condition) expect(condition, #condition)

static host_batch new_batch(void) {
    host_batch batch;
    memset(&batch, 0, sizeof batch);
    batch.struct_size = (uint32_t)sizeof batch;
    return batch;
}

static bool is_number(const host_column *column, int64_t row, int64_t wanted) {
    int64_t found = 0;
    return host_read_int64(column, row, &found) && found == wanted;
}

static bool is_time(const host_column *column, int64_t row, int64_t wanted) {
    int64_t found = 0;
    return host_read_time(column, row, &found) && found == wanted;
}

/* Every type, with nulls at the start, in the middle and at the end, over more rows than a byte of the bitmap has. */
static void build_all_types(void) {
    enum { ROWS = 1000 };
    host_build *build = host_build_new();
    int text = host_build_column(build, "text", HOST_BUILD_TEXT), wide = host_build_column(build, "wide", HOST_BUILD_INT64);
    int narrow = host_build_column(build, "narrow", HOST_BUILD_INT32), real = host_build_column(build, "real", HOST_BUILD_FLOAT64);
    int truth = host_build_column(build, "truth", HOST_BUILD_BOOL), micro = host_build_column(build, "micro", HOST_BUILD_TIME);
    int milli = host_build_column(build, "milli", HOST_BUILD_TIME_MS), set = host_build_column(build, "set", HOST_BUILD_TEXT_LIST);
    int list = host_build_column(build, "list", HOST_BUILD_FLOAT_LIST), none = host_build_column(build, "none", HOST_BUILD_TEXT);
    for (int64_t row = 0; row < ROWS; row++) {
        host_text items[3];
        double numbers[3] = {(double)row, -0.0, INFINITY};
        items[0] = host_text_of("a");
        items[1] = host_text_of("");
        items[2] = host_text_of("ünï");
        if (row % 3 != 0) {
            host_build_text(build, text, row % 2 == 0 ? host_text_of("") : host_text_of("text"));
            host_build_int64(build, wide, INT64_MIN + row);
            host_build_int32(build, narrow, (int32_t)row);
            host_build_float64(build, real, 1.0 / (double)(row + 1));
            host_build_bool(build, truth, row % 5 == 0);
            host_build_time(build, micro, row * 1000 + 1);
            host_build_time(build, milli, row);
            host_build_texts(build, set, items, row % 4);
            host_build_floats(build, list, numbers, row % 4);
        }
        host_build_end_row(build);
    }
    host_batch batch = new_batch();
    EXPECT(host_build_move(build, HOST_TABLE_FIELDS, &batch));
    EXPECT(batch.array.length == ROWS && batch.schema.n_children == 10 && none == 9);
    host_column columns[10];
    for (int i = 0; i < 10; i++) columns[i] = host_column_find(&batch, batch.schema.children[i]->name);
    for (int64_t row = 0; row < ROWS; row++) {
        bool is_null = row % 3 == 0, found_truth = false;
        double number = 0;
        host_list items;
        for (int i = 0; i < 9; i++) EXPECT(host_read_is_null(&columns[i], row) == is_null);
        EXPECT(host_read_is_null(&columns[none], row));
        if (is_null) continue;
        EXPECT(host_text_is(host_read_text(&columns[text], row), row % 2 == 0 ? "" : "text"));
        EXPECT(host_read_text(&columns[text], row).data != NULL);
        EXPECT(is_number(&columns[wide], row, INT64_MIN + row) && is_number(&columns[narrow], row, row));
        EXPECT(host_read_float64(&columns[real], row, &number) && number == 1.0 / (double)(row + 1));
        EXPECT(host_read_bool(&columns[truth], row, &found_truth) && found_truth == (row % 5 == 0));
        EXPECT(is_time(&columns[micro], row, row * 1000 + 1) && is_time(&columns[milli], row, row * 1000));
        EXPECT(host_read_list(&columns[set], row, &items) && items.count == row % 4);
        if (items.count == 3) EXPECT(host_text_is(host_read_text(&items.items, 2), "ünï"));
        if (items.count > 1) EXPECT(host_text_is(host_read_text(&items.items, 1), ""));
        EXPECT(host_read_list(&columns[list], row, &items) && items.count == row % 4);
        if (items.count > 1) EXPECT(host_read_float64(&items.items, 1, &number) && number == 0 && signbit(number));
    }
    host_column missing = host_column_find(&batch, "missing");
    EXPECT(host_read_is_null(&missing, 0) && host_read_text(&missing, 0).data == NULL);
    host_batch_release(&batch);
    EXPECT(batch.array.release == NULL && batch.schema.release == NULL);
}

/* A receiver may take a child away, release all else, and the child after that. */
static void move_a_child_away(void) {
    host_build *build = host_build_new();
    int set = host_build_column(build, "set", HOST_BUILD_TEXT_LIST), other = host_build_column(build, "x", HOST_BUILD_INT64);
    host_text item = host_text_of("kept");
    host_build_texts(build, set, &item, 1);
    host_build_int64(build, other, 7);
    host_build_end_row(build);
    host_batch batch = new_batch();
    EXPECT(host_build_move(build, HOST_TABLE_FIELDS, &batch));
    struct ArrowArray array = *batch.array.children[0];
    struct ArrowSchema schema = *batch.schema.children[0];
    batch.array.children[0]->release = NULL;
    batch.schema.children[0]->release = NULL;
    host_batch_release(&batch);
    host_column column = host_column_of(&schema, &array, 0);
    host_list list;
    EXPECT(host_read_list(&column, 0, &list) && host_text_is(host_read_text(&list.items, 0), "kept"));
    array.release(&array);
    schema.release(&schema);
}

/* Mistakes do not crash: the batch is not there at the end. */
static void remember_mistakes(void) {
    host_batch batch = new_batch();
    host_build *build = host_build_new();
    int column = host_build_column(build, "x", HOST_BUILD_INT64);
    host_build_text(build, column, host_text_of("no number"));
    EXPECT(!host_build_move(build, HOST_TABLE_POINTS, &batch));
    build = host_build_new();
    column = host_build_column(build, "x", HOST_BUILD_INT64);
    host_build_int64(build, column, 1);
    host_build_int64(build, column, 2);
    EXPECT(!host_build_move(build, HOST_TABLE_POINTS, &batch));
    build = host_build_new();
    for (int i = 0; i <= HOST_BUILD_MOST_COLUMNS; i++) (void)host_build_column(build, "x", HOST_BUILD_BOOL);
    EXPECT(!host_build_move(build, HOST_TABLE_POINTS, &batch));
    host_build_end_row(NULL);
    host_build_int64(NULL, 0, 1);
    EXPECT(!host_build_move(NULL, HOST_TABLE_POINTS, &batch));
    EXPECT(batch.array.release == NULL);
    build = host_build_new();
    (void)host_build_column(build, "path", HOST_BUILD_TEXT);
    EXPECT(host_build_move(build, HOST_TABLE_POINTS, &batch) && batch.array.length == 0);
    host_batch_release(&batch);
}

static struct ArrowSchema schema_of(const char *format, const char *name) {
    struct ArrowSchema made;
    memset(&made, 0, sizeof made);
    made.format = format;
    made.name = name;
    return made;
}

static struct ArrowArray array_of(const void **buffers, int64_t count, int64_t length, int64_t offset) {
    struct ArrowArray made;
    memset(&made, 0, sizeof made);
    made.buffers = buffers;
    made.n_buffers = count;
    made.length = length;
    made.offset = offset;
    return made;
}

/* Dictionaries, wide offsets, arrays and roots with offsets, empty buffers. */
static void read_foreign_forms(void) {
    static const int64_t wide[] = {0, 3, 3, 7};
    static const int32_t codes[] = {9, 1, 0, 2, 2};
    static const uint8_t valid[] = {0x16}; /* rows 1, 2 and 4 of the buffer */
    const void *text_buffers[] = {NULL, wide, "onefour"};
    const void *code_buffers[] = {valid, codes};
    struct ArrowSchema texts = schema_of("U", ""), coded = schema_of("i", "path");
    struct ArrowArray words = array_of(text_buffers, 3, 3, 0), rows = array_of(code_buffers, 2, 4, 1);
    coded.dictionary = &texts;
    rows.dictionary = &words;
    host_column column = host_column_of(&coded, &rows, 0);
    EXPECT(host_text_is(host_read_text(&column, 0), "") && host_read_text(&column, 0).data != NULL);
    EXPECT(host_text_is(host_read_text(&column, 1), "one"));
    EXPECT(host_read_is_null(&column, 2) && host_read_text(&column, 2).data == NULL);
    EXPECT(host_text_is(host_read_text(&column, 3), "four"));
    column = host_column_of(&coded, &rows, 2); /* a root with an offset */
    EXPECT(host_text_is(host_read_text(&column, 1), "four"));

    static const int32_t no_text[] = {0, 0};
    const void *empty_buffers[] = {NULL, no_text, NULL};
    struct ArrowSchema plain = schema_of("u", "text");
    struct ArrowArray empty = array_of(empty_buffers, 3, 1, 0);
    column = host_column_of(&plain, &empty, 0);
    EXPECT(host_read_text(&column, 0).data != NULL && host_read_text(&column, 0).size == 0);

    static const int64_t far[] = {INT64_MAX, INT64_MIN, -1};
    const void *time_buffers[] = {NULL, far};
    struct ArrowSchema coarse = schema_of("tsm:UTC", "time");
    struct ArrowArray times = array_of(time_buffers, 2, 3, 0);
    column = host_column_of(&coarse, &times, 0);
    EXPECT(is_time(&column, 0, INT64_MAX) && is_time(&column, 1, INT64_MIN) && is_time(&column, 2, -1000));
}

static void cut_messages_at_characters(void) {
    host_message message;
    message.size = 0;
    for (int i = 0; i < 600; i++) host_message_add_string(&message, "é");
    EXPECT(message.size == 512);
    message.size = 1;
    for (int i = 0; i < 600; i++) host_message_add_string(&message, "é");
    EXPECT(message.size == 511);
    message.size = 0;
    host_message_add_number(&message, INT64_MIN);
    host_message_add_number(&message, 0);
    EXPECT(host_text_is(host_message_text(&message), "-92233720368547758080"));
}

int main(void) {
    build_all_types();
    move_a_child_away();
    remember_mistakes();
    read_foreign_forms();
    cut_messages_at_characters();
    return failures == 0 ? 0 : 1;
}
