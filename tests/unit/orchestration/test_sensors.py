"""The drop folder: landed once it is quiet, once for each state of it."""

from __future__ import annotations

import time
from pathlib import Path

import dagster as dg
import pytest

from orchestration.schedules import STARTED_BY
from orchestration.sensors import SETTLED, dropped_files

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
