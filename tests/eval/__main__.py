"""`make eval`: extraction measured on the labelled texts in ../shared, beside the last committed figures.

    python -m tests.eval [--sets wad "gold dev" ...] [--limit N] [--accept]

Prints a Markdown table and writes it to <FRONTLINE_DATA>/eval.md. --limit takes the same N articles of each
set in every run, for a quick look; --accept writes figures.json, which is committed (only a full run may be).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from ingest.settings import data_folder
from tests.eval.sets import SETS, SHARED, Figures, measure

FIGURES = Path(__file__).with_name("figures.json")
TARGETS: dict[tuple[str, str], tuple[str, str]] = {
    ("gold seeds", "casualty core F1"): ("0.95", "0.98"),
    ("gold seeds", "all core F1"): ("0.95", "0.98"),
    ("gold seeds", "all full F1"): ("0.80", "0.92"),
    ("gold dev", "casualty core F1"): ("0.85", "0.95"),
    ("gold dev", "casualty full F1"): ("0.60", "0.80"),
    ("gold dev", "casualty.status right"): ("0.92", ""),
    ("gold dev", "casualty.claimant right"): ("0.85", ""),
    ("gold dev", "traps fallen for by casualty claims"): ("1", "0"),
    ("gold dev", "all core F1"): ("0.80", "0.90"),
    ("gold dev", "all full F1"): ("0.55", "0.75"),
    ("gold dev", "territorial_change core F1"): ("0.70", "0.85"),
    ("gold dev", "reinforcement core F1"): ("0.70", "0.85"),
    ("gold dev", "all core precision"): ("0.90", "0.95"),
    ("gold dev", "traps fallen for"): ("3", "0"),
    ("wad", "killed EM(answerable)"): ("0.88", "0.93"),
    ("wad", "injured F1"): ("0.96", ""),
    ("wad", "event day among dates"): ("0.78", ""),
    ("wad", "place first"): ("0.60", ""),
    ("acled", "killed F1"): ("0.90", "0.95"),
    ("acled", "positive count where unknown"): ("0.02", ""),
    ("acled", "territory recall"): ("0.80", "0.90"),
    ("acled", "territory precision"): ("0.35", ""),
    ("acled", "territory place right"): ("0.75", ""),
    ("acled", "movement F1"): ("0.55", "0.75"),
    ("airwars", "killed in range"): ("0.75", "0.85"),
    ("muc4", "F1"): ("0.60", "0.70"),
}
"""What the issues ask of a figure: at least (of traps and false counts: at most), and the aim."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table; 2 where none of the sets is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", choices=[labelled.name for labelled in SETS], metavar="SET")
    parser.add_argument("--limit", type=int, metavar="N", help="only N articles of each set")
    parser.add_argument("--accept", action="store_true", help="write the figures as the ones to compare with")
    options = parser.parse_args(arguments)
    if options.accept and options.limit:
        parser.error("figures of a sample are not committed: leave out --limit or --accept")
    chosen = [s for s in SETS if s.is_there() and (not options.sets or s.name in options.sets)]
    if not chosen:
        print(f"None of the labelled sets is there: they are looked for in {SHARED}.", file=sys.stderr)
        return 2
    measured: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as workspace:
        for labelled in chosen:
            print(f"{labelled.name} ...", end=" ", file=sys.stderr, flush=True)
            began = time.monotonic()
            measured[labelled.name] = measure(labelled, Path(workspace), options.limit)
            articles = round(measured[labelled.name]["articles"])
            print(f"{articles} articles in {time.monotonic() - began:.0f} s", file=sys.stderr)
    committed: dict[str, Figures] = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    report = table(measured, committed, options.limit)
    print(report)
    target = data_folder() / "eval.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(report + "\n", "utf-8")
    if options.accept:
        FIGURES.write_text(json.dumps(committed | measured, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def table(measured: dict[str, Figures], committed: dict[str, Figures], limit: int | None) -> str:
    """Return the report: the figures that the issues name first, then all others, set by set."""
    sampled = (
        f" (a sample of {limit} articles a set: not comparable with the committed figures)" if limit else ""
    )
    lines = [f"# Extraction on labelled texts{sampled}", "", *_HEAD]
    asked = [key for key in TARGETS if key[0] in measured]
    lines += [_row(*key, measured, committed) for key in asked]
    lines += ["", "## All figures", "", *_HEAD]
    for name, figures in measured.items():
        lines += [
            _row(name, figure, measured, committed) for figure in figures if (name, figure) not in TARGETS
        ]
    return "\n".join(lines)


_HEAD = ("| set | figure | now | committed | change | asked | aim |", "|---|---|---|---|---|---|---|")


def _row(name: str, figure: str, measured: dict[str, Figures], committed: dict[str, Figures]) -> str:
    now, before = measured[name].get(figure), committed.get(name, {}).get(figure)
    change = f"{now - before:+.3f}" if now is not None and before is not None else ""
    asked, aim = TARGETS.get((name, figure), ("", ""))
    return f"| {name} | {figure} | {_written(now)} | {_written(before)} | {change} | {asked} | {aim} |"


def _written(value: float | None) -> str:
    if value is None:
        return "-"
    return str(round(value)) if value == round(value) and value > 1 else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
