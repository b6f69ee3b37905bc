#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A private Python with a real MLflow server and the tools of the tests, in .deps/venv.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted="mlflow==3.17.2 pyarrow==25.0.1 pytest==9.0.3 requests flask-wtf"
if [ "$(cat .deps/venv/wanted 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi
echo "setup: a private Python with MLflow in .deps/venv (about a minute)"
rm -rf .deps/venv
python3 -m venv .deps/venv
# shellcheck disable=SC2086
.deps/venv/bin/pip install --quiet --disable-pip-version-check $wanted
echo "$wanted" >.deps/venv/wanted
