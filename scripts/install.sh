#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copies host to PREFIX/bin, its plugins with the libraries they bring to PREFIX/lib/host, and the SDK to
# PREFIX/share/host/plugin-sdk, where `host plugin new` finds it. A second argument names the folder of the build.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
prefix=$1
bin=${2:-$(swift build -c release --show-bin-path)}
install -d "$prefix/bin" "$prefix/lib/host/plugins" "$prefix/share/host"
install -m 755 "$bin/host" "$prefix/bin/host"
count=0
for library in "$bin"/libhost-plugin-*.so; do
    install -m 644 "$library" "$prefix/lib/host/plugins/"
    name=${library##*/libhost-plugin-}
    name=${name%.so}
    manifest=Plugins/$name/$name.plugin.toml
    if [ -e "$manifest" ]; then install -m 644 "$manifest" "$prefix/lib/host/plugins/"; fi
    count=$((count + 1))
done
# The runtime libraries lie one folder up: what is in plugins/ is taken for a plugin.
for library in "$bin"/libarrow.so.* "$bin"/libparquet.so.*; do
    if [ -e "$library" ]; then install -m 644 "$(readlink -f "$library")" "$prefix/lib/host/$(basename "$library")"; fi
done
# The Swift runtime, so that the copy works where no toolchain is.
ldd "$bin/host" "$bin"/libhost-plugin-*.so | awk '$2 == "=>" && $3 ~ /\/swift\/linux\// {print $3}' | sort -u |
    while read -r library; do install -m 644 "$library" "$prefix/lib/host/"; done
# Headers, kits, templates, examples and rules; nothing that a build left there, and nothing of an older version.
rm -rf "$prefix/share/host/plugin-sdk"
install -d "$prefix/share/host/plugin-sdk"
tar -C plugin-sdk --exclude=.build --exclude=build --exclude=target --exclude=__pycache__ --exclude=Package.resolved \
    --exclude='*.so' --exclude='*.o' -cf - . | tar -C "$prefix/share/host/plugin-sdk" --no-same-owner -xf -
echo "install: $prefix/bin/host, $count plugins in $prefix/lib/host/plugins, the SDK in $prefix/share/host/plugin-sdk"
