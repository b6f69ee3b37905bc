#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs or finds what the build needs: Debian's development packages of libcurl, OpenSSL, SQLite, libffi, libb2
# and zlib, and Apache Arrow. Says what it does, does nothing twice, and writes nothing outside the project's folder
# but Debian packages.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh

arrow_version=25.0.1
deps=$PWD/.deps
say() { echo "setup: $*"; }

packages=()
need() { pkg-config --exists "$1" 2>/dev/null || packages+=("$2"); }
command -v pkg-config >/dev/null || packages+=(pkg-config)
need libcurl libcurl4-openssl-dev
need libcrypto libssl-dev
need sqlite3 libsqlite3-dev
need libffi libffi-dev
need libb2 libb2-dev
need zlib zlib1g-dev
command -v python3 >/dev/null || packages+=(python3)
python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3-venv)
command -v g++ >/dev/null || packages+=(g++)

if ((${#packages[@]})); then
    as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
    say "installing Debian packages: ${packages[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
fi

# Arrow: the system's, where it has the development packages; else the libraries and headers of the pyarrow wheel,
# which Arrow's documentation names as a supported way to build against it.
if pkg-config --exists parquet 2>/dev/null; then
    say "Apache Arrow: the system's, $(pkg-config --modversion parquet)"
elif [ -f "$deps/arrow/lib/pkgconfig/parquet.pc" ] && [ "$(cat "$deps/arrow/version")" = "$arrow_version" ]; then
    say "Apache Arrow: $arrow_version, in .deps/arrow"
else
    say "Apache Arrow: unpacking the pyarrow wheel $arrow_version into .deps/arrow"
    rm -rf "$deps/arrow" "$deps/wheel"
    mkdir -p "$deps/wheel" "$deps/arrow/lib/pkgconfig"
    [ -x "$deps/pip/bin/pip" ] || python3 -m venv "$deps/pip"
    "$deps/pip/bin/pip" download --quiet --no-deps --only-binary :all: -d "$deps/wheel" "pyarrow==$arrow_version"
    python3 - "$deps/wheel"/pyarrow-*.whl "$deps/arrow" <<'PYTHON'
import os, sys, zipfile
wheel, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        base = os.path.basename(name)
        if name.startswith("pyarrow/include/") and not name.endswith("/"):
            place = os.path.join(target, "include", name[len("pyarrow/include/"):])
        elif base.startswith(("libarrow.so.", "libparquet.so.")):
            place = os.path.join(target, "lib", base)
        else:
            continue
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as out:
            out.write(archive.read(name))
for library in os.listdir(os.path.join(target, "lib")):
    if ".so." in library:
        link = os.path.join(target, "lib", library.split(".so.")[0] + ".so")
        if not os.path.lexists(link):
            os.symlink(library, link)
PYTHON
    cat >"$deps/arrow/lib/pkgconfig/parquet.pc" <<PC
prefix=$deps/arrow
Name: parquet
Description: Apache Arrow and Parquet of the pyarrow wheel
Version: $arrow_version
Cflags: -I\${prefix}/include
Libs: -L\${prefix}/lib -lparquet -larrow
PC
    echo "$arrow_version" >"$deps/arrow/version"
    rm -rf "$deps/wheel"
fi
