"""The same articles on one machine as it comes and on a cluster, a worker of which is killed: the same marts?

    python -m tests.bench.cluster [--articles 20000] [--keep FOLDER]

The embedded default reads with a process for each processor into one DuckDB file. The cluster is of real
parts on the loopback: a Dask scheduler, two workers, a lake with its catalog in PostgreSQL and its data on
S3 (moto), shards on S3, Dagster's history in PostgreSQL. Both run the whole pipeline under Dagster. A worker
is killed when a quarter of the shards are read. Prints what each took, stored, and which marts differ.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import duckdb

from ingest.reading import SHARD_ARTICLES
from tests.bench import retold
from tests.bench.costs import load
from tests.cluster_parts import Cluster, running_cluster
from tests.integration.pipeline import MARTS_OF_BUILDS

ROOT = Path(__file__).resolve().parents[2]


def start(given: Path, data: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start the pipeline as a person does; its output goes to `printed` in the data folder."""
    data.mkdir(parents=True)
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "DAGSTER_HOME")}
    with (data / "printed").open("w", encoding="utf-8") as printed:
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration", "run", "--input", str(given)],
            cwd=ROOT,
            env={**kept, **environment, "FRONTLINE_DATA": str(data), "FRONTLINE_NOW": "2026-11-01T06:00:00"},
            stdout=printed,
            stderr=subprocess.STDOUT,
            text=True,
        )


def finish(process: subprocess.Popen[str], data: Path, name: str, started: float) -> None:
    """Wait for the run and print what it took; end the benchmark where it failed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process.wait()
    printed = (data / "printed").read_text("utf-8")
    if process.returncode:
        raise SystemExit(f"{name}:\n{printed}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    steps = "\n".join(line for line in printed.splitlines() if line.startswith("  ") and line.endswith(" s"))
    print(
        f"\n{name}: {time.monotonic() - started:.0f} s by the clock, {used:.0f} s of processor in the run "
        f"and its children, peak {after.ru_maxrss / 1e6:.1f} GB; {load()}\n{steps}",
        flush=True,
    )


def kill_a_worker(cluster: Cluster, process: subprocess.Popen[str], shards: int) -> None:
    """Kill a worker once a quarter of the shards are read."""
    while (read := len(cluster.objects("shards/", ".claims.parquet"))) < max(1, shards // 4):
        if process.poll() is not None:
            raise SystemExit("the run ended before a worker could be killed")
        time.sleep(0.2)
    cluster.workers[0].send_signal(signal.SIGKILL)
    print(f"a worker was killed when {read} of some {shards} shards were read", flush=True)


def differences(one: Path, other: Path) -> list[str]:
    """Return which marts of two published files differ, and in how many rows; print it."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        names = [
            {
                str(name)
                for (name,) in connection.execute(
                    "select table_name from duckdb_tables() "
                    "where schema_name = 'marts' and database_name = ?",
                    [database],
                ).fetchall()
            }
            - MARTS_OF_BUILDS
            for database in ("one", "other")
        ]
        found = [f"{name} is in one alone" for name in names[0] ^ names[1]]
        rows = 0
        for name in sorted(names[0] & names[1]):
            counts = connection.execute(
                f"select (select count(*) from one.marts.{name}),"
                f" (select count(*) from (from one.marts.{name} except all from other.marts.{name})),"
                f" (select count(*) from (from other.marts.{name} except all from one.marts.{name}))"
            ).fetchone() or (0, 0, 0)
            rows += counts[0]
            if counts[1] or counts[2]:
                found.append(f"{name}: {counts[1]} rows in the first alone, {counts[2]} in the second alone")
        print(f"\n{len(names[0])} marts with {rows:,} rows compared: {'; '.join(found) or 'no row differs'}")
    return found


def main() -> int:
    """Run both and compare; the exit status is 1 where a mart differs."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.cluster", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep everything in FOLDER, an empty one")
    options = parser.parse_args()
    if not retold.SOURCE.exists():
        print(f"The texts are not there: {retold.SOURCE}", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        folder = options.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="frontline-bench-"))
        )
        folder.mkdir(parents=True, exist_ok=True)
        given = folder / "articles.jsonl"
        characters = retold.write(options.articles, given)
        print(f"{options.articles:,} articles, {characters:,} characters; {load()}", flush=True)
        started = time.monotonic()
        embedded, lake = folder / "embedded", folder / "cluster"
        finish(start(given, embedded, {}), embedded, "one machine as it comes", started)
        size = (embedded / "warehouse.duckdb").stat().st_size
        print(
            f"warehouse.duckdb {size / 1e6:,.0f} MB, published {_size(embedded / 'published') / 1e6:,.0f} MB"
        )
        with running_cluster(folder / "parts") as cluster:
            started = time.monotonic()
            process = start(given, lake, cluster.environment)
            kill_a_worker(cluster, process, options.articles // SHARD_ARTICLES)
            finish(process, lake, "the cluster", started)
            print(
                f"on S3: lake {cluster.stored('lake/') / 1e6:,.0f} MB in {len(cluster.objects('lake/')):,} "
                f"objects, shards {cluster.stored('shards/') / 1e6:,.0f} MB"
            )
        published = "published/frontline.duckdb"
        return 1 if differences(embedded / published, lake / published) else 0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    sys.exit(main())
