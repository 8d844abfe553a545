"""Time the warehouse on generated claims: a full build, publishing, saved queries, a day of 500 and after it.

Run by `make bench-warehouse` at 10,000 and 1,000,000 claims over five years and 20,000 places (half an hour
on two quiet cores), or `python -m tests.bench.warehouse --sizes 1000 10000`. The claims are given, so that
dbt's models alone are measured. Says the load: on a busy machine compare ratios, and processor times.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from ingest.commands.sql import ANALYSES, saved_query
from tests.bench.costs import Cost, load, run
from tests.bench.generated_war import generate, theatres
from tests.bench.rotated import set_again
from tests.raw_layer import land_in_bulk

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
LATEST = LAST + timedelta(days=4)
"""The last day on which anything lands: four days after its event."""
DAY_OF_CLAIMS = 500
SETTINGS = 10
"""How often a large war's tenth is set (see tests/bench/rotated.py)."""
DRAWN_WHOLE = 100_000
ASKED = 5
STEPS = ("seeds", "full build", "first publishing", "day of 500", "publishing", "nothing new")


@dataclass(frozen=True)
class Measured:
    """What one size costs: each step, the slowest models of the build, peak memory, saved queries in ms."""

    steps: dict[str, Cost]
    slowest: Sequence[tuple[float, str]]
    peak_gb: float
    questions: dict[str, float]


def measure(folder: Path, size: int, places: int, seed: int) -> Measured:
    """Build a war of `size` claims in `folder` from nothing, publish it, ask it, and add a day."""
    warehouse = folder / "warehouse.duckdb"
    _land(warehouse, size, places, seed)
    steps = {"seeds": _dbt(folder, "seed"), "full build": _dbt(folder, "run")}
    slowest = _slowest(folder)
    publish = [sys.executable, "-m", "ingest", "publish"]
    steps["first publishing"] = run(publish, folder)
    questions = _ask(folder / "published" / "frontline.duckdb")
    day = LATEST + timedelta(days=1)
    land_in_bulk(warehouse, generate(seed + 1, DAY_OF_CLAIMS, day, day, places))
    steps["day of 500"] = _dbt(folder, "run")
    steps["publishing"] = run(publish, folder)
    steps["nothing new"] = _dbt(folder, "run")
    # Of all children so far, in kB: the greatest is the full build or publishing.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    return Measured(steps, slowest, peak, questions)


def _land(warehouse: Path, size: int, places: int, seed: int) -> None:
    drawn = size if size <= DRAWN_WHOLE else size // SETTINGS
    land_in_bulk(warehouse, generate(seed, drawn, FIRST, LAST, places))
    if drawn < size:
        set_again(warehouse, theatres(places), SETTINGS, FIRST, LATEST)


def _dbt(folder: Path, command: str) -> Cost:
    dbt = str(Path(sys.executable).with_name("dbt"))
    # Its own target folder: a user's partial parse must survive a benchmark.
    arguments = [dbt, "--quiet", command, "--target-path", str(folder / "target")]
    return run(arguments, folder, ROOT / "dbt_project")


def _slowest(folder: Path, number: int = 8) -> list[tuple[float, str]]:
    """Return the models that took longest in dbt's last run, with their seconds by the clock."""
    results = json.loads((folder / "target" / "run_results.json").read_text("utf-8"))["results"]
    timed = [(result["execution_time"], result["unique_id"].rpartition(".")[2]) for result in results]
    return sorted(timed, reverse=True)[:number]


def _ask(published: Path) -> dict[str, float]:
    """Return the median milliseconds of each saved query on the published file."""
    found: dict[str, float] = {}
    with duckdb.connect(str(published), read_only=True) as connection:
        for path in sorted(ANALYSES.glob("*.sql")):
            query, took = saved_query(path.stem, connection), []
            for _ in range(ASKED):
                started = time.monotonic()
                connection.execute(query).fetchall()
                took.append(1000 * (time.monotonic() - started))
            found[path.stem] = statistics.median(took)
    return found


def main() -> None:
    """Print the cost of each step at each size, and the ratios between the largest and the smallest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--places", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    measured: dict[int, Measured] = {}
    print("Seconds by the clock (of processor)")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
            measured[size] = measure(Path(folder), size, options.places, options.seed)
        _print(size, measured[size])
    small, large = min(measured), max(measured)
    if small != large:
        for step in STEPS:
            first, last = measured[small].steps[step], measured[large].steps[step]
            clock, processor = last.clock / first.clock, last.processor / first.processor
            print(f"{step}: {clock:.2f} ({processor:.2f}) times from {small:,} to {large:,}")


def _print(size: int, found: Measured) -> None:
    steps = ", ".join(f"{step} {c.clock:.1f} ({c.processor:.1f})" for step, c in found.steps.items())
    print(f"{size:>9,} claims: {steps}; peak {found.peak_gb:.1f} GB; {load()}", flush=True)
    print("  slowest models: " + ", ".join(f"{name} {seconds:.1f}" for seconds, name in found.slowest))
    print("  questions, ms: " + ", ".join(f"{name} {took:.0f}" for name, took in found.questions.items()))


if __name__ == "__main__":
    main()
