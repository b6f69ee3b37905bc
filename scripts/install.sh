#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copies host to PREFIX/bin and its plugins, with the libraries they bring, to PREFIX/lib/host/plugins.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
prefix=$1
bin=$(swift build -c release --show-bin-path)
install -d "$prefix/bin" "$prefix/lib/host/plugins"
install -m 755 "$bin/host" "$prefix/bin/host"
for library in "$bin"/libhost-plugin-*.so; do install -m 644 "$library" "$prefix/lib/host/plugins/"; done
# The runtime libraries lie one folder up: what is in plugins/ is taken for a plugin.
for library in "$bin"/libarrow.so.* "$bin"/libparquet.so.*; do
    if [ -e "$library" ]; then install -m 644 "$(readlink -f "$library")" "$prefix/lib/host/$(basename "$library")"; fi
done
# The Swift runtime, so that the copy works where no toolchain is.
ldd "$bin/host" "$bin"/libhost-plugin-*.so | awk '$2 == "=>" && $3 ~ /\/swift\/linux\// {print $3}' | sort -u |
    while read -r library; do install -m 644 "$library" "$prefix/lib/host/"; done
echo "install: $prefix/bin/host and $(ls "$prefix/lib/host/plugins" | wc -l) plugins in $prefix/lib/host/plugins"
