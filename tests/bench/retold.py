"""Whole articles at any number: those of ../shared/bench/fakes, set again at other places and on other days.

    python -m tests.bench.retold 10000 articles.jsonl

Each retelling moves every town one place on in a ring of towns, and the day of publication 17 days on, so
that no retelling is a copy of its model (copies lie within two weeks). What is written is for measuring: it
is never committed, and a benchmark deletes it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from tests.eval.sets import SHARED, read_jsonl

SOURCE = SHARED / "bench" / "fakes" / "fakes.jsonl"
DAYS_ON = 17
NAMES = (
    *"Aleppo Homs Hama Idlib Raqqa Daraa Palmyra Manbij Azaz Jarablus Qamishli Hasakah Afrin Latakia".split(),
    *"Tartus Douma Zabadani Madaya Kobani Qusayr Rastan Saraqib Damascus".split(),
    "Khan Sheikhoun",
    "Deir al-Zor",
)
"""The ring of towns."""
NAMED = re.compile(rf"\b(?:{'|'.join(map(re.escape, NAMES))})\b")


def retold(number: int) -> Iterator[dict[str, str]]:
    """Yield `number` articles as lines of input: the originals first, then one retelling after another."""
    originals = read_jsonl(SOURCE)
    return islice(
        (_moved(row, turn) for turn in range(-(-number // len(originals))) for row in originals), number
    )


def _moved(row: dict[str, str], turn: int) -> dict[str, str]:
    def on(match: re.Match[str]) -> str:
        return NAMES[(NAMES.index(match[0]) + turn) % len(NAMES)]

    day = date.fromisoformat(row["published_at"][:10]) + timedelta(DAYS_ON * turn)
    return {
        "id": f"{row['id']}-{turn}",
        "title": NAMED.sub(on, row.get("title") or ""),
        "text": NAMED.sub(on, row["text"]),
        "published_at": day.isoformat(),
    }


def write(number: int, path: Path) -> int:
    """Write the articles as JSON lines; return their characters."""
    characters = 0
    with path.open("w", encoding="utf-8") as lines:
        for row in retold(number):
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            characters += len(row["text"])
    return characters


def main() -> int:
    """Write articles to a file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("number", type=int)
    parser.add_argument("path", type=Path)
    given = parser.parse_args()
    if not SOURCE.exists():
        print(f"The texts are not there: {SOURCE}", file=sys.stderr)
        return 2
    print(f"{given.number} articles, {write(given.number, given.path):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
