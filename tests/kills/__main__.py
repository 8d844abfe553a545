"""`python -m tests.kills`: fifty kills, and a full disk in every step; figures in figures.json."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.kills.full_disk import CannotMount, live
from tests.kills.kills import Kills

FIGURES = Path(__file__).with_name("figures.json")
SEED, DAYS = 20260301, 10


def main() -> int:
    """Live through both and return 1 where something was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS, help=f"five kills each (default: {DAYS})")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", choices=("kills", "disk"), help="one of both")
    parser.add_argument("--folder", type=Path, help="where to live; default: a folder that is deleted")
    parser.add_argument("--write", action="store_true", help="keep the figures in the repository")
    given = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="kills-") as scratch:
        folder = given.folder or Path(scratch)
        if given.only != "disk":
            killed = Kills(folder / "kills", given.seed, say)
            found["kills"] = killed.live(given.days, lambda part: keep({"kills": part}, given.write))
        if given.only != "kills":
            try:
                found["full_disk"] = live(folder / "full", given.seed, say)
            except CannotMount as error:
                say(f"The disk was not filled: {error}")
    print(json.dumps({name: {**part, "moments": None} for name, part in found.items()}, indent=2))
    keep(found, given.write)
    return 1 if any(part["wrong"] for part in found.values()) else 0


def keep(found: dict[str, Any], is_wanted: bool) -> None:
    """Keep the figures in the repository, where that is wanted; those of the other part stay."""
    if is_wanted:
        before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
        FIGURES.write_text(json.dumps({**before, **found}, indent=1) + "\n", "utf-8")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
