#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The border's checks under AddressSanitizer, with damaged Arrow structs by the thousand. Leaks are not looked for,
# since the test library itself leaks; the backtracer is off, since it waits for ever on a sanitized crash.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
build=plugin-sdk/.build/asan
echo "sanitize: building the SDK's tests with AddressSanitizer"
swift build --build-tests --sanitize=address --package-path plugin-sdk --scratch-path "$build" >/dev/null
ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no HOST_FUZZ_CASES=${HOST_FUZZ_CASES:-24000} \
    swift test --sanitize=address --skip-build --package-path plugin-sdk --scratch-path "$build"
