/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_COLUMNS = 32, PATH_SIZE = 4096 };

/* ---- Memory that goes with the second of two releases ---- */
typedef struct block {
    struct block *next;
    _Alignas(64) char bytes[];
} block;

typedef struct memory {
    int owners;
    block *blocks;
} memory;

static void *take(memory *memory, size_t size) {
    block *made = aligned_alloc(64, (sizeof(block) + size + 8 + 63) / 64 * 64);
    if (made == NULL) return NULL;
    made->next = memory->blocks;
    memory->blocks = made;
    return memset(made->bytes, 0, size + 8);
}

static void drop(memory *memory) {
    if (--memory->owners > 0) return;
    for (block *at = memory->blocks; at != NULL;) {
        block *next = at->next;
        free(at);
        at = next;
    }
    free(memory);
}

static void release_schema(struct ArrowSchema *schema) {
    schema->release = NULL;
    drop(schema->private_data);
}
static void release_array(struct ArrowArray *array) {
    array->release = NULL;
    drop(array->private_data);
}
static void no_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void no_array(struct ArrowArray *array) { array->release = NULL; }

void release_batch(stored_batch *batch) {
    if (batch->array.release != NULL) batch->array.release(&batch->array);
    if (batch->schema.release != NULL) batch->schema.release(&batch->schema);
}

/* ---- Bytes ---- */
typedef struct bytes {
    uint8_t *data;
    size_t size, room;
    int failed;
} bytes;

static void put(bytes *to, const void *data, size_t size) {
    if (to->size + size > to->room) {
        size_t room = (to->size + size) * 2 + 256;
        uint8_t *grown = realloc(to->data, room);
        if (grown == NULL) {
            to->failed = 1;
            return;
        }
        to->data = grown;
        to->room = room;
    }
    if (size > 0) memcpy(to->data + to->size, data, size);
    to->size += size;
}
static void put_number(bytes *to, int64_t number) { put(to, &number, sizeof number); }
static void put_sized(bytes *to, const void *data, size_t size) {
    static const uint8_t zeros[8];
    put_number(to, (int64_t)size);
    put(to, data, size);
    put(to, zeros, (8 - size % 8) % 8);
}
static uint64_t hash_of(const uint8_t *data, size_t size) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < size; i++) hash = (hash ^ data[i]) * 1099511628211u;
    return hash;
}

static void put_schema(bytes *to, const struct ArrowSchema *schema) {
    put_sized(to, schema->format, strlen(schema->format));
    put_sized(to, schema->name == NULL ? "" : schema->name, schema->name == NULL ? 0 : strlen(schema->name));
    put_number(to, schema->n_children);
    put_number(to, schema->dictionary != NULL);
    for (int64_t i = 0; i < schema->n_children; i++) put_schema(to, schema->children[i]);
    if (schema->dictionary != NULL) put_schema(to, schema->dictionary);
}

/* Bytes of the buffer `index`, with the rows that the offset skips. */
static size_t buffer_size(const char *format, const struct ArrowArray *array, int64_t index) {
    size_t rows = (size_t)(array->offset + array->length);
    if (array->buffers[index] == NULL) return 0;
    if (index == 0) return (rows + 7) / 8;
    switch (format[0]) {
    case 'b': return (rows + 7) / 8;
    case 'i': return rows * 4;
    case 'u': return index == 1 ? (rows + 1) * 4 : (size_t)((const int32_t *)array->buffers[1])[rows];
    case 'U': return index == 1 ? (rows + 1) * 8 : (size_t)((const int64_t *)array->buffers[1])[rows];
    case '+': return (rows + 1) * 4;
    default: return rows * 8;
    }
}

static void put_array(bytes *to, const struct ArrowSchema *schema, const struct ArrowArray *array) {
    put_number(to, array->length);
    put_number(to, array->offset);
    put_number(to, array->null_count);
    put_number(to, array->n_buffers);
    for (int64_t i = 0; i < array->n_buffers; i++) {
        put_number(to, array->buffers[i] != NULL);
        if (array->buffers[i] != NULL) put_sized(to, array->buffers[i], buffer_size(schema->format, array, i));
    }
    for (int64_t i = 0; i < schema->n_children; i++) put_array(to, schema->children[i], array->children[i]);
    if (schema->dictionary != NULL) put_array(to, schema->dictionary, array->dictionary);
}

/* ---- Back into structs: the hash was checked, so sizes are what was written ---- */
typedef struct view {
    const uint8_t *data;
    size_t at;
    memory *memory;
} view;

static int64_t number(view *from) {
    int64_t number;
    memcpy(&number, from->data + from->at, sizeof number);
    from->at += sizeof number;
    return number;
}
static void *sized(view *from, size_t *size) {
    *size = (size_t)number(from);
    void *copy = take(from->memory, *size + 1);
    if (copy != NULL) memcpy(copy, from->data + from->at, *size);
    from->at += (*size + 7) / 8 * 8;
    return copy;
}

static int get_schema(view *from, struct ArrowSchema *out) {
    size_t size;
    *out = (struct ArrowSchema){.flags = ARROW_FLAG_NULLABLE, .release = no_schema};
    out->format = sized(from, &size);
    out->name = sized(from, &size);
    out->n_children = number(from);
    int has_dictionary = number(from) != 0;
    out->children = take(from->memory, sizeof(void *) * (MOST_COLUMNS + (size_t)out->n_children));
    if (out->format == NULL || out->name == NULL || out->children == NULL) return ENOMEM;
    for (int64_t i = 0; i < out->n_children + has_dictionary; i++) {
        struct ArrowSchema *child = take(from->memory, sizeof *child);
        if (child == NULL || get_schema(from, child) != 0) return ENOMEM;
        if (i < out->n_children) out->children[i] = child;
        else out->dictionary = child;
    }
    return 0;
}

static int get_array(view *from, const struct ArrowSchema *schema, struct ArrowArray *out) {
    *out = (struct ArrowArray){.release = no_array};
    out->length = number(from);
    out->offset = number(from);
    out->null_count = number(from);
    out->n_buffers = number(from);
    out->buffers = take(from->memory, sizeof(void *) * (size_t)(out->n_buffers + 1));
    if (out->buffers == NULL) return ENOMEM;
    for (int64_t i = 0; i < out->n_buffers; i++) {
        size_t size;
        if (number(from) != 0 && (out->buffers[i] = sized(from, &size)) == NULL) return ENOMEM;
    }
    out->n_children = schema->n_children;
    out->children = take(from->memory, sizeof(void *) * (MOST_COLUMNS + (size_t)out->n_children));
    if (out->children == NULL) return ENOMEM;
    for (int64_t i = 0; i < schema->n_children + (schema->dictionary != NULL); i++) {
        struct ArrowArray *child = take(from->memory, sizeof *child);
        int is_child = i < schema->n_children;
        if (child == NULL) return ENOMEM;
        if (get_array(from, is_child ? schema->children[i] : schema->dictionary, child) != 0) return ENOMEM;
        if (is_child) out->children[i] = child;
        else out->dictionary = child;
    }
    return 0;
}

static int own(stored_batch *batch) {
    memory *made = calloc(1, sizeof *made);
    if (made == NULL) return ENOMEM;
    made->owners = 2;
    batch->schema.private_data = batch->array.private_data = made;
    batch->schema.release = release_schema;
    batch->array.release = release_array;
    return 0;
}

/* ---- Files ---- */
static int synced_folder(const char *folder) {
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    int failure = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    return failure;
}

int store_bytes(const char *folder, const char *name, const void *data, size_t size) {
    char path[PATH_SIZE], draft[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(draft, sizeof draft, "%s/t-%s", folder, name);
    int descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return errno;
    int failure = 0;
    for (size_t done = 0; failure == 0 && done < size;) {
        ssize_t count = write(descriptor, (const char *)data + done, size - done);
        if (count > 0) done += (size_t)count;
        else if (count < 0 && errno != EINTR) failure = errno;
    }
    if (failure == 0 && fsync(descriptor) != 0) failure = errno;
    if (close(descriptor) != 0 && failure == 0) failure = errno;
    if (failure == 0 && rename(draft, path) != 0) failure = errno;
    if (failure != 0) unlink(draft);
    return failure != 0 ? failure : synced_folder(folder);
}

int store_batch(const char *folder, const char *name, host_text table, const struct ArrowSchema *schema,
                const struct ArrowArray *array) {
    bytes out = {0};
    put_sized(&out, table.data, (size_t)table.size);
    put_schema(&out, schema);
    put_array(&out, schema, array);
    uint64_t hash = hash_of(out.data, out.size);
    put(&out, &hash, sizeof hash);
    int failure = out.failed ? ENOMEM : store_bytes(folder, name, out.data, out.size);
    free(out.data);
    return failure;
}

int load_batch(const char *folder, const char *name, stored_batch *out) {
    memset(out, 0, sizeof *out);
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    struct stat facts;
    int failure = fstat(descriptor, &facts) == 0 ? 0 : errno;
    size_t size = failure == 0 ? (size_t)facts.st_size : 0, done = 0;
    uint8_t *data = malloc(size + 8);
    while (failure == 0 && data != NULL && done < size) {
        ssize_t count = read(descriptor, data + done, size - done);
        if (count > 0) done += (size_t)count;
        else if (count == 0) failure = EILSEQ;
        else if (errno != EINTR) failure = errno;
    }
    close(descriptor);
    uint64_t hash;
    if (failure == 0 && (data == NULL || size < 16)) failure = data == NULL ? ENOMEM : EILSEQ;
    if (failure == 0) {
        memcpy(&hash, data + size - 8, 8);
        if (hash != hash_of(data, size - 8)) failure = EILSEQ;
    }
    stored_batch made = {0};
    if (failure == 0) failure = own(&made);
    if (failure == 0) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        view from = {data, 0, made.schema.private_data};
        size_t length;
        const char *table = sized(&from, &length);
        snprintf(made.table, sizeof made.table, "%s", table == NULL ? "" : table);
        failure = get_schema(&from, &schema);
        if (failure == 0) failure = get_array(&from, &schema, &array);
        if (failure == 0) {
            schema.private_data = array.private_data = made.schema.private_data;
            schema.release = release_schema;
            array.release = release_array;
            made.schema = schema;
            made.array = array;
        }
    }
    free(data);
    if (failure != 0) release_batch(&made);
    else *out = made;
    return failure;
}

/* ---- Reading ---- */
static int is_null(const struct ArrowArray *array, int64_t row) {
    const uint8_t *valid = array->buffers[0];
    int64_t at = array->offset + row;
    return valid != NULL && (valid[at / 8] >> (at % 8) & 1) == 0;
}

static host_text cell(const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row) {
    if (is_null(array, row)) return (host_text){0};
    int64_t at = array->offset + row;
    if (schema->dictionary != NULL) {
        return cell(schema->dictionary, array->dictionary, ((const int32_t *)array->buffers[1])[at]);
    }
    int64_t start, end;
    if (schema->format[0] == 'U') {
        const int64_t *offsets = array->buffers[1];
        start = offsets[at], end = offsets[at + 1];
    } else {
        const int32_t *offsets = array->buffers[1];
        start = offsets[at], end = offsets[at + 1];
    }
    return (host_text){(const char *)array->buffers[2] + start, end - start};
}

static int64_t column_of(const stored_batch *batch, const char *name) {
    for (int64_t i = 0; i < batch->schema.n_children; i++) {
        if (strcmp(batch->schema.children[i]->name, name) == 0) return i;
    }
    return -1;
}

host_text text_at(const stored_batch *batch, const char *column, int64_t row) {
    int64_t at = column_of(batch, column);
    if (at < 0) return (host_text){0};
    return cell(batch->schema.children[at], batch->array.children[at], row);
}

/* ---- Building ---- */
int make_batch(stored_batch *out, const char *table, int64_t rows) {
    memset(out, 0, sizeof *out);
    if (own(out) != 0) return ENOMEM;
    memory *memory = out->schema.private_data;
    snprintf(out->table, sizeof out->table, "%s", table);
    out->schema.format = "+s";
    out->schema.name = "";
    out->schema.children = take(memory, sizeof(void *) * MOST_COLUMNS);
    out->array.children = take(memory, sizeof(void *) * MOST_COLUMNS);
    out->array.buffers = take(memory, sizeof(void *));
    out->array.n_buffers = 1;
    out->array.length = rows;
    if (out->schema.children != NULL && out->array.children != NULL && out->array.buffers != NULL) return 0;
    release_batch(out);
    return ENOMEM;
}

static struct ArrowArray *column(stored_batch *batch, const char *format, const char *name, int buffers) {
    memory *memory = batch->schema.private_data;
    struct ArrowSchema *schema = take(memory, sizeof *schema);
    struct ArrowArray *array = take(memory, sizeof *array);
    int64_t at = column_of(batch, name);
    if (schema == NULL || array == NULL || (at < 0 && batch->schema.n_children == MOST_COLUMNS)) return NULL;
    *schema = (struct ArrowSchema){.format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .release = no_schema};
    *array = (struct ArrowArray){.length = batch->array.length, .n_buffers = buffers, .release = no_array};
    array->buffers = take(memory, sizeof(void *) * 3);
    if (array->buffers == NULL) return NULL;
    array->buffers[0] = take(memory, (size_t)(array->length + 7) / 8);
    if (at < 0) {
        at = batch->schema.n_children++;
        batch->array.n_children++;
    }
    batch->schema.children[at] = schema;
    batch->array.children[at] = array;
    return array->buffers[0] == NULL ? NULL : array;
}

static void set(struct ArrowArray *array, int64_t row, int is_there) {
    if (is_there) ((uint8_t *)array->buffers[0])[row / 8] |= (uint8_t)(1 << (row % 8));
    else array->null_count++;
}

int add_texts(stored_batch *batch, const char *name, const host_text *values) {
    struct ArrowArray *array = column(batch, "U", name, 3);
    if (array == NULL) return ENOMEM;
    size_t size = 0;
    for (int64_t i = 0; i < array->length; i++) size += (size_t)values[i].size;
    int64_t *offsets = take(batch->schema.private_data, sizeof(int64_t) * (size_t)(array->length + 1));
    char *text = take(batch->schema.private_data, size);
    if (offsets == NULL || text == NULL) return ENOMEM;
    for (int64_t i = 0; i < array->length; i++) {
        if (values[i].size > 0) memcpy(text + offsets[i], values[i].data, (size_t)values[i].size);
        offsets[i + 1] = offsets[i] + values[i].size;
        set(array, i, values[i].data != NULL);
    }
    array->buffers[1] = offsets;
    array->buffers[2] = text;
    return 0;
}

int replace_texts(stored_batch *batch, const char *name, const host_text *values) {
    return add_texts(batch, name, values);
}

static int add_words(stored_batch *batch, const char *format, const char *name, const int64_t *values, int64_t scale) {
    struct ArrowArray *array = column(batch, format, name, 2);
    int64_t *words = array == NULL ? NULL : take(batch->schema.private_data, sizeof(int64_t) * (size_t)array->length);
    if (words == NULL) return ENOMEM;
    for (int64_t i = 0; i < array->length; i++) {
        set(array, i, values[i] != HOST_NO_TIME);
        words[i] = values[i] == HOST_NO_TIME ? 0 : values[i] * scale;
    }
    array->buffers[1] = words;
    return 0;
}
int add_times(stored_batch *batch, const char *name, const int64_t *milliseconds) {
    return add_words(batch, "tsm:UTC", name, milliseconds, 1);
}
int add_numbers(stored_batch *batch, const char *name, const int64_t *values) {
    return add_words(batch, "l", name, values, 1);
}
