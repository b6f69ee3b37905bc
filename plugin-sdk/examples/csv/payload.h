/* SPDX-License-Identifier: Apache-2.0
 *
 * payload.h: the bytes of files, in the folder `files` of a unit.
 *
 * A file is named by its number among the unit's files and a safe form of its own name: `000012-model.bin`. So the
 * same row has the same place when it comes again after a crash, no two meet, and no name can lead out of the folder.
 */
#ifndef CSV_PAYLOAD_H
#define CSV_PAYLOAD_H

#include "instance.h"

/* Copies a blob into `folder`; its bytes are on disk when this returns, its name is after a sync of the folder.
 * `place` gets the path below the unit's folder. */
host_status payload_store(host_call *call, const host_instance *instance, int folder, host_text blob, int64_t number,
                          host_text name, buffer *place, int64_t *size);

/* Removes the files with numbers above `most`. Answers how many there were, -1 and errno when one stays. */
int64_t payload_remove(int folder, int64_t most, bool is_dry_run, int64_t *bytes);

#endif
