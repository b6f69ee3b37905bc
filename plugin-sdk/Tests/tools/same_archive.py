# SPDX-License-Identifier: Apache-2.0
"""Two archives hold the same rows and the same bytes of files. Needs pyarrow, and Tests/tools on PYTHONPATH.

    python3 same_archive.py DATA_FOLDER DATA_FOLDER
"""

import sys
from pathlib import Path

from archive_rows import archive_rows

first, second = (archive_rows(Path(folder)) for folder in sys.argv[1:])
missing, extra = first - second, second - first
for mark, rows in (("-", missing), ("+", extra)):
    for row in list(rows.elements())[:5]:
        print(mark, row)
if missing or extra or not first:
    sys.exit(f"{sum(first.values())} rows, {sum(missing.values())} of them missing, {sum(extra.values())} others")
