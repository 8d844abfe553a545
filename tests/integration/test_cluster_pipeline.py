"""The whole pipeline on a cluster: PostgreSQL, S3 and Dask decide nothing of what comes out."""

from __future__ import annotations

import importlib.util
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest

from tests.integration.pipeline import Home, end_group, marts, write_input
from tests.postgres_server import MISSING, programs

NEEDED = ("distributed", "duckdb_extension_ducklake", "dagster_postgres")
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in NEEDED),
        reason="the cluster's packages are not installed: make setup-cluster",
    ),
    pytest.mark.skipif(programs() is None, reason=MISSING),
]
ARTICLES = 500
"""Four shards, so that both workers have some in hand when one of them is killed."""


def write_articles(folder: Path) -> Path:
    """Write our own sentences with changing places, days and numbers beside those of `write_input`."""
    write_input(folder)
    places = ("Saraqib", "Aleppo", "Taiz", "Melitopol", "Bakhmut", "Idlib", "Mosul", "Homs", "Goma", "Raqqa")
    with (folder / "many.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(ARTICLES):
            place, other = places[number % 10], places[(number // 10) % 10]
            text = (
                f"At least {number % 37 + 3} soldiers were killed near {place} on Monday, the army said. "
                f"Rebels captured the village of Tel {number} from government forces after {number} hours. "
                f"They sent {number % 90 + 10} fighters from {other} to {place}, residents said."
            )
            row = {"id": f"many-{number}", "text": text, "published_at": f"2026-02-{number % 27 + 1:02}"}
            lines.write(json.dumps(row) + "\n")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_articles(tmp_path_factory.mktemp("input"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[tuple[Home, object, int, int]]:
    """A run on the cluster, one of whose two workers was killed while both were reading."""
    from tests.cluster_parts import running_cluster

    root = tmp_path_factory.mktemp("cluster")
    with running_cluster(root / "parts") as cluster:
        home = Home(root / "data")
        home.environment |= cluster.environment
        with (root / "printed").open("w+", encoding="utf-8") as printed:
            process = home.start("run", "--input", str(folder), output=printed)
            try:
                deadline = time.monotonic() + 240
                while not cluster.objects("shards/", ".claims.parquet"):
                    assert process.poll() is None, (root / "printed").read_text("utf-8")
                    assert time.monotonic() < deadline, "no shard was read in 240 s"
                    time.sleep(0.05)
                cluster.workers[0].send_signal(signal.SIGKILL)
                at_the_kill = len(cluster.objects("shards/", ".claims.parquet"))
                process.wait(timeout=900)
            finally:
                end_group(process)
        assert process.returncode == 0, (root / "printed").read_text("utf-8")
        yield home, cluster, at_the_kill, len(cluster.objects("shards/", ".claims.parquet"))


def test_the_worker_was_killed_while_it_was_reading(ran) -> None:
    _, cluster, at_the_kill, at_the_end = ran
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert at_the_kill < at_the_end
    assert at_the_end >= ARTICLES / 128


def test_the_marts_are_those_of_the_embedded_default(ran, folder: Path, tmp_path: Path) -> None:
    embedded = Home(tmp_path / "data")
    status, printed = embedded.run("run", "--input", str(folder), seconds=900)
    assert status == 0, printed
    wanted, found = marts(embedded), marts(ran[0])
    assert len(wanted["fct_casualties"]) >= ARTICLES
    assert found.keys() == wanted.keys()
    for name, rows in wanted.items():
        assert found[name] == rows, name


def test_tables_lie_on_s3_and_nowhere_else(ran) -> None:
    home, cluster, _, _ = ran
    assert cluster.objects("lake/", ".parquet")
    assert not (home.data / "warehouse.duckdb").exists()
    assert not (home.data / "shards").exists()


def test_dagsters_history_is_in_postgresql(ran) -> None:
    home, cluster, _, _ = ran
    with psycopg.connect(cluster.history) as connection:
        statuses = connection.execute("select status, count(*) from runs group by 1").fetchall()
        events = connection.execute(
            "select count(*) from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'"
        ).fetchone()
    assert statuses == [("SUCCESS", 1)]
    with duckdb.connect(str(home.data / "published" / "frontline.duckdb"), read_only=True) as reader:
        tables = reader.execute("select count(*) from duckdb_tables() where schema_name = 'marts'").fetchone()
    assert events is not None
    assert tables is not None
    assert events[0] > tables[0]
    assert not list(home.data.glob("dagster_home/history/**/*.db"))


def test_running_again_reads_nothing_and_changes_nothing(ran, folder: Path) -> None:
    home, cluster, _, shards = ran
    before = marts(home)
    status, printed = home.run("run", "--input", str(folder), seconds=600)
    assert status == 0, printed
    assert "Nothing new" in printed
    assert marts(home) == before
    assert len(cluster.objects("shards/", ".claims.parquet")) == shards
