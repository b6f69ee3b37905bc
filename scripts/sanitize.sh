#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Host, plugins and SDK under AddressSanitizer; the C examples also under UBSan. Leaks are not looked for, since the test
# library itself leaks; a crash stays a signal, since tests of breakdowns expect it; Swift's backtracer is off, since it waits
# for ever on a sanitized crash.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
export ASAN_OPTIONS=detect_leaks=0:handle_segv=0 SWIFT_BACKTRACE=enable=no
export HOST_FUZZ_CASES=${HOST_FUZZ_CASES:-24000}
say() { echo "sanitize: $*"; }

say "building host, plugins and tests with AddressSanitizer"
build=.build/asan
swift build --build-tests --sanitize=address --scratch-path "$build" >.build/asan.log 2>&1 || { tail -n 40 .build/asan.log >&2; exit 1; }
bin=$(swift build --sanitize=address --scratch-path "$build" --show-bin-path)
for library in .deps/arrow/lib/lib*.so.*; do
    if [ -e "$library" ]; then ln -sf "$PWD/$library" "$bin/"; fi
done

say "tests of the host"
swift test --sanitize=address --skip-build --scratch-path "$build" 2>&1 | tee .build/asan-test.log | grep -E "✘|ERROR|SUMMARY|Test run with"
grep -qE "Test run with .* passed" .build/asan-test.log

say "archives through parquet and null, in this process and in workers"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for archive in neptune2 neptune3; do
    for place in --in-process --isolate; do
        run=("$bin/host" run "$place" --job-dir "$work/jobs" --progress none --fresh)
        "${run[@]}" --from "parquet:Tests/Fixtures/neptune-exports/$archive/data" --to "parquet:$work/$archive$place/data" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
        "${run[@]}" --from "parquet:$work/$archive$place/data" --to null: >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
        if grep -E "ERROR: AddressSanitizer|runtime error" "$work/log" "$work"/jobs/*/log.txt; then exit 1; fi
    done
done

say "the CSV example under AddressSanitizer and UBSan"
if [ -x .build/release/host ]; then HOST_BIN=$PWD/.build/release/host python3 -B plugin-sdk/examples/csv/test.py --sanitize; fi

say "tests of the SDK, with damaged Arrow structs by the thousand"
build=plugin-sdk/.build/asan
swift build --build-tests --sanitize=address --package-path plugin-sdk --scratch-path "$build" >/dev/null
swift test --sanitize=address --skip-build --package-path plugin-sdk --scratch-path "$build"
say "clean"
