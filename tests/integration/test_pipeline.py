"""`make run`, as a person starts it: on a folder of one's own, again, on another day, and after a kill."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from ingest.landing.arrivals import BATCH
from tests.integration.pipeline import ARTICLES, FILLER, Home, kill, wait_for_line, write_input

pytestmark = pytest.mark.slow

LANDED = len(ARTICLES) + FILLER
MOMENTS = {
    "raw__documents": rf"{BATCH} documents found so far",
    "raw__claims": r"512 of \d+ articles read, \d+ claims",
    "dbt": r"stg_raw__articles",
}
"""By the step: what the log says when part of its work is done, and part is not."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_input(tmp_path_factory.mktemp("input"), filler=FILLER)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> tuple[Home, int, str]:
    """A run on an empty data folder: what it made, its exit status, what it printed."""
    home = Home(tmp_path_factory.mktemp("pipeline") / "data")
    return home, *home.run("run", "--input", str(folder))


def published(home: Home, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.data / "published" / "frontline.duckdb"), read_only=True) as reader:
        return reader.execute(query).fetchall()


def steps(home: Home, event: str) -> list[str]:
    """Return the steps with the event, in all runs, as Dagster wrote it down."""
    found: list[str] = []
    for path in home.data.glob("dagster_home/history/runs/*-*.db"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as log:
            rows = log.execute("select step_key from event_logs where dagster_event_type = ?", [event])
            found += [str(step) for (step,) in rows]
    return found


def test_first_run_ends_with_facts_published(first: tuple[Home, int, str]) -> None:
    home, status, printed = first
    assert status == 0, printed
    assert f"{LANDED} new documents of {LANDED} found" in printed
    assert "1 without a date" in printed
    assert published(home, "select count(*) from marts.dim_article") == [(LANDED,)]
    quotes = [str(quote) for (quote,) in published(home, "select quote from marts.fct_casualties")]
    assert any("14 soldiers" in quote for quote in quotes)
    assert not any("plans to storm" in quote for quote in quotes)


def test_only_the_input_is_landed(first: tuple[Home, int, str]) -> None:
    home, _, _ = first
    assert published(home, "select distinct source_id from marts.dim_article") == [("input",)]


def test_running_again_on_another_day_changes_no_row_and_says_so(
    first: tuple[Home, int, str], folder: Path
) -> None:
    home, _, _ = first
    before = home.export()
    status, printed = home.run("run", "--input", str(folder), now="2026-03-02T06:00:00")
    assert status == 0, printed
    assert f"0 new documents of {LANDED} found" in printed
    assert "not started: nothing landed" in printed
    assert "no row has changed" in printed
    assert home.export() == before


def test_missing_input_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    status, printed = home.run("run", "--input", str(tmp_path / "nowhere"))
    assert status != 0
    assert "nowhere" in printed
    assert "Traceback" not in printed
    assert not home.data.exists()


def test_killed_in_landing_in_extraction_and_in_dbt(
    first: tuple[Home, int, str], folder: Path, tmp_path: Path
) -> None:
    undisturbed, _, _ = first
    killed = Home(tmp_path / "killed")
    for step, moment in MOMENTS.items():
        seen = killed.logs()
        process = killed.start("run", "--input", str(folder))
        wait_for_line(process, killed, moment, seen=seen)
        kill(process)
        assert step in steps(killed, "STEP_START")
        assert step not in steps(killed, "STEP_SUCCESS"), f"killed too late to be in {step}"
    status, printed = killed.run("run", "--input", str(folder), seconds=180)
    assert status == 0, printed
    assert "cut off" in printed
    assert killed.export() == undisturbed.export()
