#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds once, then tests what was built: Swift, the SDK, the archive core, and the command against real servers.
# `quick` leaves out what takes minutes; `all` runs everything.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh
selection=${1:-quick}
python=.deps/venv/bin/python
say() { echo "test: $*"; }
started=$SECONDS

say "building host, its plugins and the tests"
scripts/build.sh --build-tests
bin=$(swift build -c release --show-bin-path)

say "Swift tests of the host"
swift test -c release --skip-build 2>&1 | tee .build/test.log | grep -E "error|failed|✘|recorded an issue|Test run with|Executed" || true
grep -qE "Test run with .* passed" .build/test.log

say "Swift tests of the SDK"
swift test -c release --package-path plugin-sdk 2>&1 | tee .build/test-sdk.log | grep -E "error|failed|✘|recorded an issue|Test run with" || true
grep -qE "Test run with .* passed" .build/test-sdk.log

say "the archive core against pyarrow"
mkdir -p .build/core
if pkg-config --exists parquet; then
    c++ -shared -o .build/core/libcore.so "$bin"/CArchive.build/*.o $(pkg-config --libs parquet) \
        -Wl,-rpath,"$PWD/.deps/arrow/lib"
    "$python" -B Tests/ParquetCoreTests/check.py .build/core/libcore.so Tests/Fixtures/neptune-exports
fi

# These wait for servers and deadlines more than they compute, so two lanes share the machine.
end_to_end() {
    local marks=()
    if [ "$selection" = quick ]; then marks=(-m quick); fi
    HOST_BIN="$bin/host" "$python" -B -m pytest -q -p no:cacheprovider --rootdir Tests/EndToEnd \
        -c Tests/EndToEnd/pytest.ini "${marks[@]}" "$@"
}

lane() {
    say "every plugin of ours, held to every rule"
    HOST_BIN="$bin/host" scripts/conformance.sh >.build/lane-conformance.txt 2>&1 || return 1
    say "the command, end to end: installing, conformance, Neptune, Comet ($selection)"
    end_to_end $alone >.build/lane-tests.txt 2>&1 || return 1
}

alone=$(ls Tests/EndToEnd/test_{comet,conformance,neptune3,neptune3_to_comet,plugins}.py)
lane &
second=$!
# A lane that is left running would hold servers and folders.
trap 'kill $second 2>/dev/null || true' EXIT

say "the SDK as its users have it: examples, book, frozen plugin"
HOST_BIN="$bin/host" scripts/sdk.sh

say "the command, end to end, against a real MLflow server ($selection)"
end_to_end Tests/EndToEnd $(printf -- '--ignore=%s ' $alone)

say "waiting for the second lane"
if ! wait $second; then
    cat .build/lane-conformance.txt .build/lane-tests.txt >&2 2>/dev/null || true
    echo "test: the second lane failed" >&2
    exit 1
fi
trap - EXIT
grep -hE "conformance [0-9]|passed" .build/lane-conformance.txt .build/lane-tests.txt
say "all passed in $((SECONDS - started)) s"
