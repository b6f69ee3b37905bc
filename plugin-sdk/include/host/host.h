/* SPDX-License-Identifier: Apache-2.0
 *
 * host.h: everything a plugin needs, and the rules of the border.
 *
 *  1. C11. No exception, panic, Swift error or longjmp leaves a plugin.
 *  2. Each struct begins with its size; fields are only ever appended. Arrays of structs carry their stride.
 *  3. What a call is given, or gives, is borrowed until it returns. Exceptions: static descriptors (valid for ever),
 *     Arrow arrays (moved; the receiver releases), file descriptors of host_blob (moved), handles (until closed).
 *  4. Text is UTF-8 with a length.
 *  5. An instance and what is made from it is called by one thread at a time. `cancel` and host_api: any thread.
 *  6. A call depends only on its arguments and on earlier calls of the same handle, so that another process can
 *     carry it. No function pointer crosses at run time but the tables of plugin.h and api.h.
 *  7. Nothing process-wide: no exit, fork, chdir, setenv, setlocale, umask, signal handler, no stdout or stderr.
 *  8. A call that may take longer than a second asks `cancelled` now and then.
 *  9. What cannot be carried is told through `loss` or losses/1, never dropped.
 */
#ifndef HOST_H
#define HOST_H

#include "abi.h"
#include "action.h"
#include "api.h"
#include "arrow.h"
#include "exporter.h"
#include "ext/blob.h"
#include "ext/http.h"
#include "ext/secret.h"
#include "limits.h"
#include "loader.h"
#include "option.h"
#include "plugin.h"
#include "status.h"
#include "tables.h"
#include "text.h"

#endif
