/* SPDX-License-Identifier: Apache-2.0
 *
 * ext/http.h: the host's HTTP service, "host.http/1".
 *
 * One service for all plugins: connection reuse, HTTP/2 where offered, retry with jitter, Retry-After, rate limits,
 * proxies, TLS verification, redaction, record and replay. `send` blocks; `submit` and `await` keep many requests
 * in flight. Requests belong to the instance of the call that submitted them.
 *
 * What is tried again: connection failures, timeouts and the statuses 408, 429, 500, 502, 503, 504 of requests
 * flagged idempotent; of others only 429, 503 and failures before a byte was sent. Any other status is an answer.
 */
#ifndef HOST_EXT_HTTP_H
#define HOST_EXT_HTTP_H

#include "../api.h"
#include "blob.h"

#define HOST_HTTP_SERVICE "host.http/1"

enum {
    HOST_HTTP_IDEMPOTENT = 1, /* sending it twice does no harm */
    HOST_HTTP_SECRET_URL = 2  /* the URL's query holds a signature: log the path only */
};

typedef struct host_http_header {
    host_text name;
    host_text value;
} host_http_header;

typedef struct host_http_request {
    uint32_t struct_size;
    uint32_t flags;
    host_text method;
    host_text url;
    const host_http_header *headers; /* Authorization and the like are never logged */
    uint64_t header_count;
    host_bytes body;          /* copied by submit */
    host_blob_handle *blob;   /* or the body comes from here, without being held in memory */
    int64_t blob_offset;
    int64_t blob_length;      /* -1: to the end */
    int64_t timeout_ms;       /* of one try; 0: 120 s without any progress */
    int64_t max_answer_bytes; /* 0: 64 MiB; a longer answer is HOST_LIMIT */
} host_http_request;

typedef struct host_http_answer {
    uint32_t struct_size;
    int32_t status;
    const host_http_header *headers; /* names in lower case */
    uint64_t header_count;
    host_bytes body;
    uint64_t ticket;
    uint32_t tries;           /* 1: the first went through */
    uint32_t reserved;
} host_http_answer;

typedef struct host_http {
    uint32_t struct_size;
    uint32_t reserved;

    /* Starts a request and gives a ticket (never 0). [one-thread] @since 0.1 */
    host_status (*submit)(host_call *call, const host_http_request *request, uint64_t *ticket);

    /* Waits for one ticket, or with 0 for any of this instance. The answer stays valid until `release`. A failed
     * request returns its error, sets answer->ticket, and needs no release; an error with ticket 0 is of the waiting
     * itself (cancelled). HOST_END: nothing in flight. [one-thread] @since 0.1 */
    host_status (*await)(host_call *call, uint64_t ticket, host_http_answer *answer);

    /* submit and await in one. [one-thread] @since 0.1 */
    host_status (*send)(host_call *call, const host_http_request *request, host_http_answer *answer);

    /* Gives an answer back, or forgets a request that is still in flight. [any-thread] @since 0.1 */
    void (*release)(host_call *call, uint64_t ticket);
} host_http;

#endif
