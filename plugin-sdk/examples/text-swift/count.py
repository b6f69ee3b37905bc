# SPDX-License-Identifier: Apache-2.0
"""What the pages of a folder hold, as one JSON object: a page cannot be read back, but it can be counted.

    python3 count.py FOLDER

Points and series are counted as the loader tells them: those that a page shows whole.
"""

import json
import re
import sys
from pathlib import Path


def cells(line):
    # A bar inside a cell has a backslash in front, and a backslash has one, too.
    bars = [at.start() for at in re.finditer(r"\\.|\|", line) if at.group() == "|"]
    return [line[left + 2:right - 1] for left, right in zip(bars, bars[1:])]


def main(folder):
    counts = dict.fromkeys(("units", "points", "fields", "series", "histograms", "files"), 0)
    for page in sorted(Path(folder).rglob("*.md")):
        counts["units"] += 1
        section = ""
        for line in page.read_text().split("\n"):
            if line.startswith("## "):
                section = line[3:]
            elif line.startswith("| ") and not line.startswith(("| |", "| name |")):
                if section == "Fields":
                    counts["fields"] += 1
                elif section == "Metrics":
                    # Least and greatest are empty when no point is a number.
                    counts["points"] += len({cell for cell in cells(line)[2:6] if cell})
                elif section == "Series":
                    counts["series"] += len(set(cells(line)[2:4]))
    print(json.dumps(counts))


main(sys.argv[1])
