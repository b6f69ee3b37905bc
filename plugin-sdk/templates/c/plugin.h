/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin.h: what the parts of {{name}} share.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "host/host.h"
#include "host/kit/kit.h"

extern const host_api *api; /* the host's side; set by init, before anything else is called */
extern const host_exporter EXPORTER;
extern const host_loader LOADER;
extern const host_limits LIMITS;

enum { OPTION_FOLDER }; /* position in the descriptor's options */

struct host_instance { /* an open endpoint; one thread at a time calls it, so nothing needs a lock */
    char *folder;
    char *revision;    /* what find lends to the host, until the next call */
    int is_cancelled;  /* written by cancel, on any thread */
};

host_status open_folder(host_call *call, const host_open *args, host_instance **out);
void cancel(host_instance *instance);
void close_folder(host_instance *instance);

bool is_stopped(host_call *call, const host_instance *instance);
host_status stopped(host_call *call);

#endif
