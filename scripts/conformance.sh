#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds every plugin of this package to every rule: `host plugin test` for each folder of Plugins/, with the manifest
# in it. Arguments go on to it, as --level 2. HOST_BIN names the command; default: what scripts/build.sh built.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
host=${HOST_BIN:-$(swift build -c release --show-bin-path)/host}
folder=$(dirname "$(readlink -f "$host")")
# Services and count programs of the manifests are Python with what Tests/tools needs.
if [ -d .deps/venv/bin ]; then export PATH=$PWD/.deps/venv/bin:$PATH; fi
failed=()
for manifest in Plugins/*/*.plugin.toml; do
    name=$(basename "$manifest" .plugin.toml)
    "$host" plugin test "$folder/libhost-plugin-$name.so" --manifest "$manifest" "$@" || failed+=("$name")
    echo
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "conformance: failed: ${failed[*]}" >&2
    exit 1
fi
echo "conformance: all plugins pass"
