/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "place.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_NAME = 80 };

void put_safe_name(buffer *to, host_text text) {
    char name[MOST_NAME];
    int64_t size = text.size < MOST_NAME ? text.size : MOST_NAME;
    if (size < text.size) while (size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80) size--;
    for (int64_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                        byte == '_' || byte == '-' || (byte == '.' && i > 0) || byte >= 0x80;
        name[i] = is_plain ? text.data[i] : '_';
    }
    if (size == 0) buffer_add(to, "_", 1);
    buffer_add(to, name, size);
}

/* FNV-1a: names that would meet are told apart by it, and a meeting all the same is found by the unit's key. */
static uint64_t digest(uint64_t hash, host_text text) {
    for (int64_t i = 0; i < text.size; i++) hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001B3u;
    return (hash ^ 0xFF) * 0x100000001B3u;
}

void put_folder_name(buffer *to, host_text text, host_text also) {
    char digits[20];
    put_safe_name(to, text);
    uint64_t hash = digest(digest(0xCBF29CE484222325u, text), also);
    buffer_add(to, digits, snprintf(digits, sizeof digits, "-%016llx", (unsigned long long)hash));
}

int open_folder(int parent, const char *name) {
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int make_folder(int parent, const char *name) {
    if (mkdirat(parent, name, 0777) == 0) {
        /* The new entry has to be on disk before anything below it is called durable. */
        if (fsync(parent) != 0) return -1;
    } else if (errno != EEXIST) {
        return -1;
    }
    return open_folder(parent, name);
}

int make_path(const char *path) {
    char *part = strdup(path);
    if (part == NULL) return -1;
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(part, 0777); /* what went wrong is seen by the last one */
        *slash = '/';
    }
    free(part);
    if (mkdir(path, 0777) != 0 && errno != EEXIST) return -1;
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_regular(int folder, const char *name) {
    /* Without O_NONBLOCK, opening a pipe would wait for a writer. */
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat info;
    if (fd < 0) return -1;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) return fd;
    close(fd);
    errno = EISDIR;
    return -1;
}

int open_below(int folder, host_text path) {
    char part[256];
    int at = dup(folder);
    for (int64_t start = 0; at >= 0;) {
        const char *slash = memchr(path.data + start, '/', (size_t)(path.size - start));
        int64_t size = (slash == NULL ? path.size : slash - path.data) - start;
        bool is_plain = size > 0 && size < (int64_t)sizeof part && memchr(path.data + start, '\0', (size_t)size) == NULL;
        if (is_plain) {
            memcpy(part, path.data + start, (size_t)size);
            part[size] = '\0';
        }
        if (!is_plain || strcmp(part, ".") == 0 || strcmp(part, "..") == 0) {
            close(at);
            errno = EINVAL;
            return -1;
        }
        int next = slash == NULL ? open_regular(at, part) : open_folder(at, part);
        int error = errno;
        close(at);
        errno = error;
        if (slash == NULL) return next;
        at = next;
        start += size + 1;
    }
    return -1;
}

int read_small(int folder, const char *name, buffer *to) {
    enum { CHUNK = 4096, MOST = 1 << 24 };
    int fd = open_regular(folder, name);
    if (fd < 0) return errno;
    int error = 0;
    for (;;) {
        char chunk[CHUNK];
        ssize_t count = read(fd, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) error = errno;
        if (count <= 0) break;
        buffer_add(to, chunk, count);
        if (to->has_failed || to->size > MOST) error = to->has_failed ? ENOMEM : EFBIG;
        if (error != 0) break;
    }
    close(fd);
    return error;
}

int write_all(int fd, const char *data, int64_t size) {
    while (size > 0) {
        ssize_t count = write(fd, data, (size_t)size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        data += count;
        size -= count;
    }
    return 0;
}

int replace_file(int folder, const char *name, const char *temporary, const buffer *content) {
    if (content->has_failed) return ENOMEM;
    int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    int error = write_all(fd, content->data, content->size);
    if (error == 0 && fsync(fd) != 0) error = errno;
    if (close(fd) != 0 && error == 0) error = errno;
    if (error == 0 && renameat(folder, temporary, folder, name) != 0) error = errno;
    if (error == 0 && fsync(folder) != 0) error = errno;
    return error;
}

static int by_bytes(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool keep_name(names *in, const char *name) {
    if (in->count == in->capacity) {
        int64_t capacity = in->capacity == 0 ? 64 : in->capacity * 2;
        char **grown = realloc(in->name, (size_t)capacity * sizeof *grown);
        if (grown == NULL) return false;
        in->name = grown;
        in->capacity = capacity;
    }
    return (in->name[in->count] = strdup(name)) != NULL && ++in->count;
}

int read_names(int folder, names *out) {
    *out = (names){0};
    /* Its own description, so that two walks over one folder do not share a position. */
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *open = fd < 0 ? NULL : fdopendir(fd);
    if (open == NULL) {
        int error = errno;
        if (fd >= 0) close(fd);
        return error;
    }
    int error = 0;
    struct dirent *entry;
    while (error == 0 && (errno = 0, entry = readdir(open)) != NULL) {
        if (entry->d_name[0] != '.' && !keep_name(out, entry->d_name)) error = ENOMEM;
    }
    if (error == 0) error = errno;
    closedir(open);
    if (error != 0) names_free(out);
    else if (out->count > 1) qsort(out->name, (size_t)out->count, sizeof *out->name, by_bytes);
    return error;
}

void names_free(names *done) {
    for (int64_t i = 0; i < done->count; i++) free(done->name[i]);
    free(done->name);
    *done = (names){0};
}
