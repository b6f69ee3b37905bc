/* SPDX-License-Identifier: Apache-2.0
 *
 * place.h: folders and files below the endpoint's folder. Nothing here follows a symbolic link or leaves it.
 */
#ifndef CSV_PLACE_H
#define CSV_PLACE_H

#include "buffer.h"

/* A name that a file can have: letters, digits, `.`, `_`, `-` and all beyond ASCII stay, others become `_`. At most
 * 80 bytes, cut at a character. */
void put_safe_name(buffer *to, host_text text);

/* `acme_vision-c6209fb21d532797`: a safe name and 16 digits that differ where the exact text does. */
void put_folder_name(buffer *to, host_text text, host_text also);

/* Opens a folder below another. -1 and errno; ENOTDIR or ELOOP for what is no real folder. */
int open_folder(int parent, const char *name);
/* The same; makes it when it is not there. */
int make_folder(int parent, const char *name);
/* Makes a folder and the ones above it, by path. */
int make_path(const char *path);

/* Opens a regular file by a path of plain parts below a folder; EINVAL for a path that would leave. */
int open_below(int folder, host_text path);

/* All bytes of a small file. 0 or errno. */
int read_small(int folder, const char *name, buffer *to);
/* Puts a file in place of another one at once, durably: written, synced, renamed, folder synced. 0 or errno. */
int replace_file(int folder, const char *name, const char *temporary, const buffer *content);
/* 0 or errno. */
int write_all(int fd, const char *data, int64_t size);

/* Names in a folder in the order of their bytes, without those that begin with a dot. */
typedef struct names {
    char **name;
    int64_t count, capacity;
} names;
/* 0 or errno. */
int read_names(int folder, names *out);
void names_free(names *done);

#endif
