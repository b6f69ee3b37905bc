# SPDX-License-Identifier: Apache-2.0
"""Certifies the stub with the real client; the programs that run inside the client's venv end in `_run`."""
