/* SPDX-License-Identifier: Apache-2.0
 *
 * kit/error.h: saying why a call fails, in one line of code. Header only, no allocation, no printf.
 *
 *     return host_fail(api, call, HOST_NOT_FOUND, unit->id, "There is no run of that id.");
 *     return host_fail_errno(api, call, errno, host_text_of(path), "can't be opened");
 *
 * The host copies everything before `fail` returns, so views of the stack will do.
 */
#ifndef HOST_KIT_ERROR_H
#define HOST_KIT_ERROR_H

#include "../api.h"
#include "text.h"
#include <errno.h>

/* Text put together in a buffer on the stack; what does not fit is cut off. */
typedef struct host_message {
    char data[512];
    int64_t size;
} host_message;

static inline void host_message_add(host_message *to, host_text text) {
    int64_t room = (int64_t)sizeof to->data - to->size;
    int64_t count = text.size < room ? text.size : room;
    if (count <= 0) return;
    /* A character is taken whole or not at all: bytes 10xxxxxx go on with the one before them. */
    if (count < text.size) {
        while (count > 0 && ((unsigned char)text.data[count] & 0xC0) == 0x80) count--;
    }
    memcpy(to->data + to->size, text.data, (size_t)count);
    to->size += count;
}

static inline void host_message_add_string(host_message *to, const char *string) {
    host_message_add(to, host_text_of(string));
}

static inline void host_message_add_number(host_message *to, int64_t number) {
    char digits[20];
    int at = (int)sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do digits[--at] = (char)('0' + (int)(rest % 10)); while ((rest /= 10) != 0);
    if (number < 0) digits[--at] = '-';
    host_message_add(to, host_text_from(digits + at, (int64_t)sizeof digits - at));
}

static inline host_text host_message_text(const host_message *message) {
    return host_text_from(message->data, message->size);
}

/* `remedy` may be NULL: what the user can do. `retry`: HOST_RETRY_… Returns `status`. */
static inline host_status host_fail_as(const host_api *api, host_call *call, host_status status, int32_t retry,
                                       host_text subject, host_text message, const char *remedy) {
    host_error_info info = HOST_KIT_NOTHING;
    info.struct_size = (uint32_t)sizeof info;
    info.status = status;
    info.retry = retry;
    info.subject = subject;
    info.message = message;
    info.remedy = host_text_of(remedy);
    api->fail(call, &info);
    return status;
}

/* The status says what to do next. `subject`: the option, file or record that it is about. Returns `status`. */
static inline host_status host_fail(const host_api *api, host_call *call, host_status status, host_text subject,
                                    const char *message) {
    return host_fail_as(api, call, status, HOST_RETRY_DEFAULT, subject, host_text_of(message), NULL);
}

static inline host_status host_fail_memory(const host_api *api, host_call *call) {
    return host_fail(api, call, HOST_INTERNAL, host_text_of(NULL), "There is no memory left.");
}

/* The errors of file systems in words. strerror is not safe with threads, and strerror_r has two forms. */
static inline const char *host_errno_text(int number) {
    switch (number) {
    case ENOENT: return "there is no such file or folder";
    case EACCES: case EPERM: return "permission denied";
    case EEXIST: return "it exists already";
    case ENOTDIR: return "a part of the path is no folder";
    case EISDIR: return "it is a folder";
    case ENOTEMPTY: return "the folder is not empty";
    case ELOOP: return "it is, or goes through, a symbolic link";
    case ENAMETOOLONG: return "the name is too long";
    case EAGAIN: return "another process has it locked";
    case ENOSPC: return "the disk is full";
    case EROFS: return "the file system is read-only";
    case EIO: return "the disk reports an input or output error";
    case EFBIG: return "the file would be too large";
    case EMFILE: case ENFILE: return "too many files are open";
    case ENOMEM: return "there is no memory left";
#ifdef EDQUOT
    case EDQUOT: return "the disk quota is used up";
#endif
    default: return NULL;
    }
}

/* Trouble that every other unit would have as well. */
static inline bool host_errno_stops(int number) {
#ifdef EDQUOT
    if (number == EDQUOT) return true;
#endif
    return number == ENOSPC || number == EROFS || number == EACCES || number == EPERM || number == ENOTDIR;
}

/* HOST_IO, "The file `what`: `reason`." Returns HOST_IO. */
static inline host_status host_fail_errno(const host_api *api, host_call *call, int number, host_text subject,
                                          const char *what) {
    host_message message;
    message.size = 0;
    host_message_add_string(&message, "The file ");
    host_message_add_string(&message, what);
    host_message_add_string(&message, ": ");
    if (host_errno_text(number) != NULL) {
        host_message_add_string(&message, host_errno_text(number));
    } else {
        host_message_add_string(&message, "error ");
        host_message_add_number(&message, number);
    }
    host_message_add_string(&message, ".");
    return host_fail_as(api, call, HOST_IO, host_errno_stops(number) ? HOST_RETRY_STOP : HOST_RETRY_DEFAULT, subject,
                        host_message_text(&message), NULL);
}

/* Tells a loss of the call's unit; `kind`: HOST_LOSS_… */
static inline void host_tell_loss(const host_api *api, host_call *call, int32_t kind, const char *table,
                                  const char *code, int64_t rows, host_text path, const char *note) {
    host_loss loss = HOST_KIT_NOTHING;
    loss.struct_size = (uint32_t)sizeof loss;
    loss.kind = kind;
    loss.rows = rows;
    loss.table = host_text_of(table);
    loss.code = host_text_of(code);
    loss.path = path;
    loss.note = host_text_of(note);
    api->loss(call, &loss);
}

#endif
