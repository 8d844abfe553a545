"""Time the warehouse on generated claims: a full build and a day of 500 claims, at 10,000 and 100,000 claims.

Run by `make bench-warehouse`, or `python -m tests.bench.warehouse --sizes 1000 10000`. The claims are given,
so that dbt's models alone are measured. Says the machine's load: on a busy one compare ratios.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.bench.generated_war import generate
from tests.raw_layer import land_in_bulk

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
DAY_OF_CLAIMS = 500


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and seconds of processor: the second says more on a machine with other work."""

    clock: float
    processor: float


def measure(size: int, places: int, seed: int) -> dict[str, Cost]:
    """Return the cost of a build from nothing, of a day of 500 claims, and of a run with nothing new."""
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        warehouse = Path(folder) / "warehouse.duckdb"
        land_in_bulk(warehouse, generate(seed, size, FIRST, LAST, places))
        costs = {"seeds": run_dbt(folder, "seed"), "full build": run_dbt(folder, "run")}
        day = LAST + timedelta(days=1)
        land_in_bulk(warehouse, generate(seed + 1, DAY_OF_CLAIMS, day, day, places))
        return costs | {"day of 500": run_dbt(folder, "run"), "nothing new": run_dbt(folder, "run")}


def run_dbt(data: str, command: str) -> Cost:
    """Run a dbt command on the warehouse in the folder; end with dbt's words where it fails."""
    environment = {**os.environ, "FRONTLINE_DATA": data, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    dbt = Path(sys.executable).with_name("dbt")
    # Its own target folder: a user's partial parse must survive a benchmark.
    arguments = [str(dbt), "--quiet", command, "--target-path", str(Path(data) / "target")]
    before, started = _processor(), time.monotonic()
    done = subprocess.run(
        arguments, cwd=ROOT / "dbt_project", env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    return Cost(time.monotonic() - started, _processor() - before)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the cost of each step at each size, and the ratios between the largest and the smallest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--places", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    measured: dict[int, dict[str, Cost]] = {}
    print("Seconds by the clock (of processor)")
    for size in options.sizes:
        measured[size] = measure(size, options.places, options.seed)
        steps = ", ".join(f"{step} {c.clock:.1f} ({c.processor:.1f})" for step, c in measured[size].items())
        print(
            f"{size:>9,} claims: {steps}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True
        )
    small, large = min(measured), max(measured)
    if small != large:
        for step in ("full build", "day of 500", "nothing new"):
            first, last = measured[small][step], measured[large][step]
            clock, processor = last.clock / first.clock, last.processor / first.processor
            print(f"{step}: {clock:.2f} ({processor:.2f}) times from {small:,} to {large:,}")


if __name__ == "__main__":
    main()
