/* SPDX-License-Identifier: Apache-2.0
 *
 * ext/secret.h: keeping secrets out of sight, "host.secret/1".
 *
 * Options flagged secret are protected from the start. A plugin that derives a secret (a session token, a signed
 * URL) protects it too: from then on the host replaces it by *** in every log line, error and report.
 */
#ifndef HOST_EXT_SECRET_H
#define HOST_EXT_SECRET_H

#include "../api.h"

#define HOST_SECRET_SERVICE "host.secret/1"

typedef struct host_secrets {
    uint32_t struct_size;
    uint32_t reserved;

    /* Texts shorter than 6 bytes are not protected: they would blank out ordinary words. [any-thread] @since 0.1 */
    void (*protect)(host_call *call, host_text secret);
} host_secrets;

#endif
