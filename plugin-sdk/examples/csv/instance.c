/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "instance.h"
#include "unit.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

const host_api *api;

host_status instance_open(host_call *call, const host_open *args, bool has_to_be_there, host_instance **out) {
    host_text path = host_option_text(args, OPTION_FOLDER);
    *out = NULL;
    if (path.size == 0) {
        return host_fail(api, call, HOST_INVALID_OPTION, (host_text)HOST_TEXT("folder"), "There has to be a folder.");
    }
    host_instance *made = calloc(1, sizeof *made);
    if (made == NULL || (made->path = malloc((size_t)path.size + 1)) == NULL) {
        free(made);
        return host_fail_memory(api, call);
    }
    memcpy(made->path, path.data, (size_t)path.size);
    made->path[path.size] = '\0';
    made->root = open(made->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (made->root >= 0 || (errno == ENOENT && !has_to_be_there)) {
        *out = made;
        return HOST_OK;
    }
    int error = errno;
    host_status status = error == ENOENT
        ? host_fail_as(api, call, HOST_NOT_FOUND, HOST_RETRY_STOP, path, host_text_of("There is no such folder."), NULL)
        : failed_file(call, error, path, "", "can't be opened");
    instance_close(made);
    return status;
}

void instance_cancel(host_instance *instance) { __atomic_store_n(&instance->is_cancelled, 1, __ATOMIC_RELAXED); }

void instance_close(host_instance *instance) {
    if (instance->root >= 0) close(instance->root);
    unit_free(&instance->found);
    buffer_free(&instance->target);
    buffer_free(&instance->last);
    free(instance->path);
    free(instance);
}

bool is_stopped(host_call *call, const host_instance *instance) {
    return __atomic_load_n(&instance->is_cancelled, __ATOMIC_RELAXED) != 0 || api->cancelled(call);
}

host_status stopped(host_call *call) {
    return host_fail(api, call, HOST_CANCELLED, host_text_of(NULL), "Stopped on request.");
}

host_status failed_file(host_call *call, int number, host_text folder, const char *name, const char *what) {
    host_message subject = {.size = 0};
    host_message_add(&subject, folder);
    if (*name != '\0') host_message_add_string(&subject, "/");
    host_message_add_string(&subject, name);
    return host_fail_errno(api, call, number, host_message_text(&subject), what);
}
