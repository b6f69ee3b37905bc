#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Certifies the stub servers of closed trackers by their vendors' own clients from PyPI, each in an environment below
# .deps/certify: a stub that only our own plugins have spoken to proves nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.deps/venv/bin/python
cache=$PWD/.deps/certify
mkdir -p "$cache" .build
say() { echo "certify: $*"; }

# The clients are talkative; what they say matters when something differs.
certify() {
    local log=.build/certify-$1.log
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "certify: failed: $*" >&2
        exit 1
    fi
}

say "the stubs' own tests"
certify tests "$python" -B -m pytest -q -p no:cacheprovider Tests/stubs/neptune
certify tests "$python" -B -m pytest -q -p no:cacheprovider Tests/stubs/comet
say "Neptune 2 and 3, by neptune and neptune-query"
certify neptune "$python" -B Tests/stubs/neptune/certify.py "$cache/neptune"
say "Comet, by comet_ml"
certify comet "$python" -B Tests/stubs/comet/certify.py --venv "$cache/comet"
say "the real clients find everything as it was put in"
