#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How the binary was made, with Debian 12's gcc 12.2.0. It is here to be read, not to be run: the binary stays as it
# is. INCLUDE was the header folder at ABI 0.1 (commit eb7d405).
set -euo pipefail
cd "$(dirname "$0")"
cc -std=c11 -D_POSIX_C_SOURCE=200809L -Os -shared -fPIC -fvisibility=hidden -Wall -Wextra -Werror \
    -s -Wl,--build-id=none -Wl,-z,noseparate-code -I "${INCLUDE:?the headers of ABI 0.1}" \
    -o "${OUTPUT:?where the library goes}" frozen.c
