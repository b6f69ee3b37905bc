/* SPDX-License-Identifier: Apache-2.0
 * OpenSSL's digests; the same library that libcurl's OpenSSL flavour brings. */
#include <openssl/evp.h>
