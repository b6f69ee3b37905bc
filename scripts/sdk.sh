#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the plugin SDK as its users have it: builds every example from the SDK folder alone, compares the reference
# with the headers, and holds the examples and the frozen plugin to the rules by the host that HOST_BIN names.
# All it makes lies in .build/sdk, but Debian's cargo where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
host=${HOST_BIN:?HOST_BIN has to name the host to test with}
host=$(realpath "$host")
sdk=$PWD/plugin-sdk
out=$PWD/.build/sdk
say() { echo "sdk: $*"; }
fail() { echo "sdk: $*" >&2; exit 1; }

# Runs a command whose output matters only when it fails.
quiet() {
    local log=$out/last.log
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        fail "this failed: $*"
    fi
}

if ! command -v cargo >/dev/null; then
    as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
    say "installing Debian's cargo"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq cargo >/dev/null
fi

# A library lies beside a copy of its example's manifest and fixtures, as it would where somebody installs it.
stage() {
    local example=$1 folder=$out/$2
    rm -rf "$folder"
    mkdir -p "$folder"
    tar -C "$sdk/examples/$example" --exclude=./target --exclude=./.build --exclude='*.so' -cf - . | tar -C "$folder" -xf -
}

exports_one_symbol() {
    local symbols
    symbols=$(nm -D --defined-only --extern-only "$1" | awk '{print $NF}')
    [ "$symbols" = host_plugin_v0 ] || fail "$1 exports: $symbols"
}

mkdir -p "$out"
say "reference: compared with the headers, which compile as C11 and C++17"
python3 -B plugin-sdk/Tests/tools/reference.py --check
if [ -f plugin-sdk/Tests/tools/readme.py ]; then
    say "examples of the README"
    quiet python3 -B plugin-sdk/Tests/tools/readme.py
fi

say "minimal-c and csv with cc"
for name in minimal:minimal-c csv:csv; do
    example=${name#*:} name=${name%%:*}
    [ -d "$sdk/examples/$example" ] || fail "the example $example is not there"
    stage "$example" "$name"
    quiet cc -std=c11 -O2 -shared -fPIC -I "$sdk/include" -Wl,--version-script="$sdk/exports.map" \
        -o "$out/$name/libhost-plugin-$name.so" "$sdk/examples/$example"/*.c
done

say "jsonl-rust with $(cargo --version | cut -d' ' -f1,2)"
stage jsonl-rust jsonl
(
    cd "$sdk/examples/jsonl-rust"
    export CARGO_TARGET_DIR=$out/cargo
    quiet cargo test --offline
    quiet cargo build --release --offline
)
cp "$out/cargo/release/libhost_plugin_jsonl.so" "$out/jsonl/libhost-plugin-jsonl.so"

say "text-swift with swift build"
stage text-swift text
quiet swift build -c release --package-path "$sdk/examples/text-swift" --scratch-path "$out/swift"
cp "$out/swift/release/libhost-plugin-text.so" "$out/text/libhost-plugin-text.so"

for name in minimal csv jsonl text; do exports_one_symbol "$out/$name/libhost-plugin-$name.so"; done

# Whatever is installed for this user stays out of it.
export HOST_PLUGIN_PATH=$out/csv:$out/jsonl:$out/text HOST_STATE_DIR=$out/state
rm -rf "$out/state" "$out/moved"

say "an archive into each example, and back again from those that read"
"$host" plugin list --json >"$out/list.json"
archive=$PWD/Tests/Fixtures/neptune-exports/neptune3/data
for name in csv jsonl text; do
    grep -q "\"$name\"" "$out/list.json" || fail "the host does not find the plugin $name"
    quiet "$host" run --from "parquet:$archive" --to "$name:$out/moved/$name" --job "to-$name" --progress none
done
for name in csv jsonl; do
    quiet "$host" run --from "$name:$out/moved/$name" --to "parquet:$out/moved/$name-back/data" \
        --job "from-$name" --progress none
done
python3 -B "$sdk/examples/text-swift/count.py" "$out/moved/text" >/dev/null
python=$PWD/.deps/venv/bin/python
if "$python" -c 'import pyarrow' 2>/dev/null; then
    for name in csv jsonl; do
        quiet env PYTHONPATH="$PWD/Tests/tools" "$python" -B plugin-sdk/Tests/tools/same_archive.py \
            "$archive" "$out/moved/$name-back/data"
    done
else
    say "there is no pyarrow in .deps/venv (make setup): the archives were not compared row by row"
fi

say "jsonl: killed and gone on with"
HOST_BIN=$host quiet python3 -B "$sdk/examples/jsonl-rust/tests/kill.py" 1

say "the frozen plugin of ABI 0.1"
HOST_BIN=$host quiet python3 -B plugin-sdk/Tests/frozen/check.py

if "$host" plugin --help | grep -q '^  test '; then
    for name in csv jsonl text; do
        say "host plugin test: $name, to the level that its manifest tells"
        level=$(sed -n 's/^level = \([0-9]\)$/\1/p' "$out/$name/$name.plugin.toml")
        quiet "$host" plugin test "$out/$name/libhost-plugin-$name.so" \
            --manifest "$out/$name/$name.plugin.toml" --level "${level:?$name has no level}"
    done
    say "host plugin test: the frozen plugin, level 1"
    quiet "$host" plugin test plugin-sdk/Tests/frozen/libhost-plugin-frozen.so --level 1
else
    say "this host has no 'plugin test': the examples were not held to the rules"
fi
say "done"
