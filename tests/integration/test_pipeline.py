"""`make run`, as a person starts it: on a folder of one's own, again, and on another day."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.integration.pipeline import ARTICLES, Home, write_input

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_input(tmp_path_factory.mktemp("input"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> tuple[Home, int, str]:
    """A run on an empty data folder: what it made, its exit status, what it printed."""
    home = Home(tmp_path_factory.mktemp("pipeline") / "data")
    return home, *home.run("run", "--input", str(folder))


def published(home: Home, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.data / "published" / "frontline.duckdb"), read_only=True) as reader:
        return reader.execute(query).fetchall()


def test_first_run_ends_with_facts_published(first: tuple[Home, int, str]) -> None:
    home, status, printed = first
    assert status == 0, printed
    assert f"{len(ARTICLES)} new documents of {len(ARTICLES)} found" in printed
    assert "1 without a date" in printed
    assert published(home, "select count(*) from marts.dim_article") == [(len(ARTICLES),)]
    quotes = [str(quote) for (quote,) in published(home, "select quote from marts.fct_casualties")]
    assert any("14 soldiers" in quote for quote in quotes)
    assert not any("plans to storm" in quote for quote in quotes)


def test_only_the_input_is_landed(first: tuple[Home, int, str]) -> None:
    home, _, _ = first
    assert published(home, "select distinct source_id from marts.dim_article") == [("input",)]


@pytest.mark.parametrize("now", ["2026-03-01T09:00:00", "2026-03-02T06:00:00"], ids=["same day", "next day"])
def test_running_again_changes_no_row_and_says_so(
    first: tuple[Home, int, str], folder: Path, now: str
) -> None:
    home, _, _ = first
    before = home.export()
    status, printed = home.run("run", "--input", str(folder), now=now)
    assert status == 0, printed
    assert f"0 new documents of {len(ARTICLES)} found" in printed
    assert "not started: nothing landed" in printed
    assert "no row has changed" in printed
    assert home.export() == before


def test_forced_reading_finds_the_same_claims(first: tuple[Home, int, str], folder: Path) -> None:
    home, _, _ = first
    before = home.export()
    status, printed = home.run("run", "--input", str(folder), "--read-again")
    assert status == 0, printed
    assert f"out of {len(ARTICLES)} articles" in printed
    assert home.export() == before


def test_missing_input_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    status, printed = home.run("run", "--input", str(tmp_path / "nowhere"))
    assert status != 0
    assert "nowhere" in printed
    assert "Traceback" not in printed
    assert not home.data.exists()
