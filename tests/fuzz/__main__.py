"""`python -m tests.fuzz`: hostile inputs over every parser and `extract`, counted in figures.json."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from ingest.workers import cores
from tests.fuzz.campaign import figures, fuzz, merged, plan
from tests.fuzz.cases import Case
from tests.fuzz.guard import prepare
from tests.fuzz.targets import TARGETS
from tests.fuzz.worker import attempt, peak_memory, reset_peak

FIGURES = Path(__file__).with_name("figures.json")
SEED = 20260301
KEEP = Path(tempfile.gettempdir()) / "frontline-fuzz"


def main() -> int:
    """Run a campaign, or one kept input again; return 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="how many in all (default: 100,000)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--part", default="1/1", metavar="K/N", help="only the K-th of N parts (default: 1/1)"
    )
    parser.add_argument(
        "--only", nargs="+", default=[], choices=sorted(TARGETS), metavar="PARSER", help="only these"
    )
    parser.add_argument("--workers", type=int, default=cores(), help="processes (default: one a processor)")
    parser.add_argument("--keep", type=Path, default=KEEP, help=f"where inputs that show a find go ({KEEP})")
    parser.add_argument("--write", action="store_true", help="keep the figures; parts add up")
    parser.add_argument(
        "--replay", type=Path, metavar="FILE", help="run one kept input again and say what happens"
    )
    given = parser.parse_args()
    if given.replay:
        return replay(given.replay)
    part, parts = map(int, given.part.split("/"))
    outcome = fuzz(plan(given.inputs, given.seed, part, parts, given.only), given.keep, given.workers)
    found = figures(outcome, given.seed)
    print(json.dumps(found, indent=2))
    for find in outcome.finds:
        print(
            f"\n{find.target}: {find.short}\n{find.long}\npython -m tests.fuzz --replay {find.kept}",
            file=sys.stderr,
        )
    if given.write:
        kept = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else None
        FIGURES.write_text(json.dumps(merged(kept, found, given.part), indent=1) + "\n", "utf-8")
    return 1 if outcome.finds or outcome.called else 0


def replay(path: Path) -> int:
    """Run one kept input under guard in this process, with all it says."""
    case = Case.read(path)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        folder = Path(scratch) / "in"
        folder.mkdir()
        guard = prepare(folder)
        (folder.parent / "outside").mkdir()
        (folder.parent / "fault.txt").touch()
        reset_peak()
        became, wrong = attempt(case, guard, folder)
    print(f"{case.target}, {len(case.content)} bytes: {became}; peak {peak_memory() >> 20} MiB")
    for short, long in wrong:
        print(f"{short}\n{long}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
