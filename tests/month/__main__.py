"""`python -m tests.month`: the whole month, with its figures written to tests/month/figures.json."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.month.run import live

FIGURES = Path(__file__).with_name("figures.json")


def main() -> int:
    """Live through the month and write what was seen; return 1 where the books do not balance."""
    parser = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20260301)
    parser.add_argument("--folder", type=Path, help="where to live; default: a folder that is deleted")
    parser.add_argument("--write", action="store_true", help="keep the figures in the repository")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="month-") as scratch:
        figures, wrong = live(given.folder or Path(scratch), given.documents, given.seed)
    print(json.dumps({key: value for key, value in figures.items() if key != "days"}, indent=2))
    for line in wrong:
        print(line, file=sys.stderr)
    if given.write and not wrong:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
