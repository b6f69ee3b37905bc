/* SPDX-License-Identifier: Apache-2.0
 *
 * instance.h: what both roles share: the host's table and an open endpoint.
 */
#ifndef CSV_INSTANCE_H
#define CSV_INSTANCE_H

#include "buffer.h"
#include "host/host.h"
#include "host/kit/kit.h"

extern const host_api *api; /* set by init, before anything else is called */

/* Position in the descriptor's options. */
enum { OPTION_FOLDER };

/* Fails with HOST_NOT_FOUND when the folder `has_to_be_there` and is not. */
host_status instance_open(host_call *call, const host_open *args, bool has_to_be_there, host_instance **out);
void instance_cancel(host_instance *instance);
void instance_close(host_instance *instance);

/* Whether the user, or the host through `cancel`, asked to stop. */
bool is_stopped(host_call *call, const host_instance *instance);
host_status stopped(host_call *call);

/* Fails with HOST_IO; `folder` and `name` are joined to say which file. */
host_status failed_file(host_call *call, int number, host_text folder, const char *name, const char *what);

#endif
