"""Time the data of every chart of the dashboards, asked of a published file that is opened anew each time.

    python -m tests.bench.dashboards data/published/frontline.duckdb
    make bench-dashboards        # on 100,000 generated claims

What a chart costs beyond this (Superset's own 50 to 150 ms, the drawing) does not grow with the data.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ingest.warehouse import Warehouse, publish
from orchestration.bi.bundle import FOLDER
from tests.bench.generated_war import generate
from tests.raw_layer import land_in_bulk

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
TARGET = 300
"""Milliseconds that a chart's data may take on 100,000 claims (issue 8)."""


def queries(published: Path) -> Iterator[tuple[str, str]]:
    """Yield each chart's name and query; a filter by one day stands where a dashboard has one."""
    datasets = yaml.safe_load((FOLDER / "datasets.yml").read_text("utf-8"))["datasets"]
    with duckdb.connect(str(published), read_only=True) as reader:
        row = reader.execute("select max(day) from bi.bi_control_days").fetchone()
    for path in sorted((FOLDER / "dashboards").glob("*.yml")):
        dashboard = yaml.safe_load(path.read_text("utf-8"))
        for chart in (chart for row in dashboard["rows"] for chart in row["charts"]):
            where = list(chart.get("where", []))
            if chart["dataset"] == "bi_control_days" and row:
                where.append(f"day = '{row[0]}'")
            name = f"{dashboard['slug']}: {chart['name']}"
            yield name, _query(chart, datasets[chart["dataset"]]["metrics"], where)


def _query(chart: dict[str, Any], saved: dict[str, Any], where: list[str]) -> str:
    params = chart["params"]
    condition = " where " + " and ".join(f"({part})" for part in where) if where else ""
    source = f"from bi.{chart['dataset']}{condition}"
    limit = f"limit {params.get('row_limit', 10_000)}"
    if params.get("query_mode") == "raw":
        return f"select {', '.join(params['all_columns'])} {source} order by 1 desc {limit}"
    metrics = [params["metric"]] if "metric" in params else params["metrics"]
    asked = [saved[metric]["sql"] if isinstance(metric, str) else metric["sql"] for metric in metrics]
    by = [params[key] for key in ("x_axis", "source", "target") if key in params] + params.get("groupby", [])
    grouped = f"group by {', '.join(by)}" if by else ""
    return f"select {', '.join([*by, *asked])} {source} {grouped} order by {len(by) + 1} desc {limit}"


def measure(published: Path) -> dict[str, tuple[float, float]]:
    """Return the median milliseconds of each chart's data, by the clock and of processor, opening included.

    On a machine with other work the second says more: with two threads it is an upper bound of the first.
    """
    found = {}
    for name, query in queries(published):
        times, processor = [], []
        for _ in range(ROUNDS):
            started, used = time.perf_counter(), time.process_time()
            with duckdb.connect(str(published), read_only=True, config={"threads": 2}) as reader:
                reader.execute(query).fetchall()
            times.append((time.perf_counter() - started) * 1000)
            processor.append((time.process_time() - used) * 1000)
        found[name] = statistics.median(times), statistics.median(processor)
    return found


def build(folder: Path, claims: int) -> Path:
    """Generate claims, build the models on them and publish; return the published file."""
    land_in_bulk(folder / "warehouse.duckdb", generate(7, claims, date(2020, 1, 1), date(2024, 12, 31)))
    for command in ("seed", "run"):
        subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")),
                "--quiet",
                command,
                "--target-path",
                str(folder / "t"),
            ],
            cwd=ROOT / "dbt_project",
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FRONTLINE_DATA": str(folder)},
            check=True,
        )
    target = folder / "published" / "frontline.duckdb"
    with Warehouse(folder / "warehouse.duckdb") as warehouse:
        publish(warehouse, target, at=datetime.now(UTC), run="bench")
    return target


def main() -> int:
    """Print the table; fail where a chart takes longer than it may."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("published", type=Path, nargs="?", help="a published file (default: generate one)")
    parser.add_argument(
        "--claims", type=int, default=100_000, help="claims to generate (default: %(default)s)"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        found = measure(given.published or build(Path(folder), given.claims))
    print("   clock  processor")
    for name, (clock, processor) in sorted(found.items(), key=lambda item: -item[1][0]):
        print(f"{clock:5.0f} ms {processor:7.0f} ms  {name}")
    late = [name for name, costs in found.items() if min(costs) > TARGET]
    print(f"{len(late)} of {len(found)} charts take longer than {TARGET} ms")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
