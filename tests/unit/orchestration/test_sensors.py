"""The drop folder, landed once it is quiet and once for each state of it; and what waits to be read."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from ingest.articles import read_article
from ingest.landing import INPUT, land_path
from ingest.reading import reading_version
from ingest.records import Article, Document
from ingest.warehouse import Warehouse
from orchestration.schedules import STARTED_BY
from orchestration.sensors import SETTLED, dropped_files, unread_articles

pytestmark = pytest.mark.filterwarnings("error::DeprecationWarning:orchestration")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRONTLINE_DROP", str(tmp_path / "drop"))
    monkeypatch.setenv("FRONTLINE_NOW", "2026-03-01T06:00:00")
    return tmp_path / "drop"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the folder be looked at when it has been left alone for long enough."""
    clock = time.time
    monkeypatch.setattr("orchestration.sensors.time.time", lambda: clock() + SETTLED + 1)


def tick(cursor: str | None = None) -> dg.SensorResult | dg.SkipReason:
    found = dropped_files(dg.build_sensor_context(cursor=cursor))
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


def test_without_a_folder_it_says_how_to_make_one(folder: Path) -> None:
    found = tick()
    assert isinstance(found, dg.SkipReason)
    assert str(folder) in str(found.skip_message)


def test_a_folder_that_is_still_changing_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "half.txt").write_text("Half an art", encoding="utf-8")
    assert isinstance(tick(), dg.SkipReason)


@pytest.mark.usefixtures("later")
def test_a_quiet_folder_is_landed_once_on_the_current_day(folder: Path) -> None:
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "one.txt").write_text("An article.", encoding="utf-8")
    found = tick()
    assert isinstance(found, dg.SensorResult)
    assert found.run_requests is not None
    (request,) = found.run_requests
    assert request.partition_key == "2026-03-01"
    assert request.run_config["ops"]["raw__documents"]["config"]["input"] == str(folder)
    assert request.tags[STARTED_BY] == "dropped_files"
    assert isinstance(tick(found.cursor), dg.SkipReason), "nothing has changed since"


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("change", ["new", "edited", "removed"])
def test_any_change_is_noticed(folder: Path, change: str) -> None:
    folder.mkdir()
    (folder / "one.txt").write_text("An article.", encoding="utf-8")
    (folder / "two.txt").write_text("Another.", encoding="utf-8")
    before = tick()
    assert isinstance(before, dg.SensorResult)
    if change == "new":
        (folder / "link\nwith a newline.txt").symlink_to("/nowhere")
    elif change == "edited":
        (folder / "one.txt").write_text("An Article.", encoding="utf-8")
    else:
        (folder / "two.txt").unlink()
    after = tick(before.cursor)
    assert isinstance(after, dg.SensorResult)
    assert after.cursor != before.cursor


@pytest.mark.usefixtures("later")
def test_an_emptied_folder_starts_no_run(folder: Path) -> None:
    folder.mkdir()
    found = tick("what was there before")
    assert isinstance(found, dg.SensorResult)
    assert not found.run_requests


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse with articles of three days, none of which has been read; today is the last of them."""
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FRONTLINE_NOW", "2026-03-04T06:00:00")
    path = tmp_path / "data" / "warehouse.duckdb"
    with Warehouse(path) as tables:
        for day in (1, 2, 4):
            (tmp_path / f"{day}.txt").write_text(f"Nothing happened on day {day}.", encoding="utf-8")
            landed = land_path(tmp_path / f"{day}.txt", INPUT, datetime(2026, 3, day, tzinfo=UTC))
            tables.add_documents([item for item in landed if isinstance(item, Document)])
    return path


def ask() -> list[dg.RunRequest] | dg.SkipReason:
    found = unread_articles(dg.build_sensor_context())
    assert isinstance(found, list | dg.SkipReason)
    return found


def test_earlier_days_that_were_never_read_are_one_run(warehouse: Path) -> None:
    found = ask()
    assert isinstance(found, list)
    (request,) = found
    assert request.tags["dagster/asset_partition_range_start"] == "2026-03-01"
    assert request.tags["dagster/asset_partition_range_end"] == "2026-03-02"


def test_what_this_version_has_read_is_left_alone(warehouse: Path) -> None:
    version = reading_version()
    with Warehouse(warehouse) as tables:
        for day in (date(2026, 3, 1), date(2026, 3, 2)):
            read = [read_article(document) for document in tables.unparsed_documents(day)]
            usable = [item for item in read if isinstance(item, Article)]
            tables.add_articles(usable)
            tables.add_claims(usable, [], version if day.day == 1 else "an earlier version", day)
    found = ask()
    assert isinstance(found, list)
    assert [request.tags["dagster/asset_partition_range_start"] for request in found] == ["2026-03-02"]


def test_a_warehouse_at_work_is_not_waited_for(warehouse: Path) -> None:
    hold = "import duckdb, sys, time; kept = duckdb.connect(sys.argv[1]); print(1, flush=True); time.sleep"
    holder = subprocess.Popen(
        [sys.executable, "-c", f"{hold}(60)", str(warehouse)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert isinstance(ask(), dg.SkipReason)
    finally:
        holder.kill()
        holder.communicate()
