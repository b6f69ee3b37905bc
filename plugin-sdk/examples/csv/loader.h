/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CSV_LOADER_H
#define CSV_LOADER_H

#include "instance.h"

extern const host_loader LOADER;
extern const host_limits LIMITS;

/* The action `delete-job`: deletes the units that a job wrote, and nothing else. */
host_status delete_job(host_call *call, host_instance *instance, int32_t dry_run, const char *job, int64_t job_size,
                       int64_t *units, int64_t *files, int64_t *bytes, int64_t *left);

#endif
