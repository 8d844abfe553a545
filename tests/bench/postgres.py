"""Time the copy into PostgreSQL on generated claims, against a server of its own on the loopback.

`python -m tests.bench.postgres --sizes 10000 100000`, or `--published FILE` for one that is built already.
Seconds by the clock, and of processor for both sides: on a busy machine the second says more.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from ingest.settings import ROOT
from ingest.warehouse.model_keys import declared_keys
from ingest.warehouse.postgres import publish_to_postgres
from tests.bench.costs import load
from tests.bench.warehouse import measure
from tests.postgres_server import Server, running_server


def copy(published: Path, server: Server, what: str) -> None:
    """Print the seconds of a first copy, of one that replaces it, and of a run with nothing new."""
    declared = declared_keys(ROOT / "dbt_project" / "models")
    for step, again in (("first", False), ("replacing", True), ("nothing new", False)):
        started, used = time.monotonic(), _processor(server)
        done = publish_to_postgres(published, server.url(), reader="bench", declared=declared, again=again)
        seconds = time.monotonic() - started
        # The server counts a backend's seconds once it has seen it off.
        time.sleep(1)
        took = f"{seconds:6.1f} s ({_processor(server) - used:.1f})"
        print(f"{what} {step:<12} {took}, {sum(done.rows.values()):,} rows; {load()}", flush=True)


def _processor(server: Server) -> float:
    """Return the seconds of processor that this process and the server's finished ones have used."""
    # Of proc(5): cutime and cstime, behind the command's name, which is the only field with a blank.
    fields = Path(f"/proc/{server.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    ticks = sum(map(int, fields[13:15]))
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the cost of each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--places", type=int, default=5_000)
    parser.add_argument("--published", type=Path, help="a published DuckDB file, instead of generated claims")
    options = parser.parse_args()
    if options.published:
        with running_server() as server:
            copy(options.published, server, options.published.name)
        return
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder, running_server() as server:
            measure(Path(folder), size, options.places, seed=1)
            copy(Path(folder) / "published" / "frontline.duckdb", server, f"{size:>9,} claims")


if __name__ == "__main__":
    main()
