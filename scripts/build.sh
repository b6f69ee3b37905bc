#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds in release mode; `--build-tests` also the tests. Quiet but for errors, warnings and the end.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
command -v swift >/dev/null || { echo "build: Swift 6.1 or newer is needed: https://www.swift.org/install/linux" >&2; exit 1; }

log=.build/build.log
mkdir -p .build
if ! swift build -c release "$@" >"$log" 2>&1; then
    grep -E "error|warning" "$log" >&2 || tail -n 40 "$log" >&2
    echo "build: failed; the whole of it is in $log" >&2
    exit 1
fi
grep -E "warning: " "$log" | grep -v "^ " | sort -u >&2 || true

# A plugin looks for Arrow beside itself, so that an installed copy can be moved.
bin=$(swift build -c release --show-bin-path)
for library in .deps/arrow/lib/lib*.so.*; do
    if [ -e "$library" ]; then ln -sf "$PWD/$library" "$bin/"; fi
done
# A manifest lies beside its library, as it does where plugins are installed.
for manifest in Plugins/*/*.plugin.toml; do ln -sf "$PWD/$manifest" "$bin/"; done
echo "build: $bin/host"
