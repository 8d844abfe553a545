"""The whole pipeline on a lake: a catalog, Parquet files, and the marts of the embedded default."""

from __future__ import annotations

import importlib.util
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.settings import Lake
from ingest.warehouse import Warehouse
from ingest.warehouse.connection import connect
from ingest.warehouse.upkeep import forget
from tests.integration.pipeline import Home, marts, write_input

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        importlib.util.find_spec("duckdb_extension_ducklake") is None,
        reason="the lake's packages are not installed: make setup-cluster",
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_input(tmp_path_factory.mktemp("input"))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> tuple[Home, Lake]:
    root = tmp_path_factory.mktemp("lake")
    home = Home(root / "data")
    place = Lake(str(root / "catalog.duckdb"), str(root / "files"))
    home.environment |= {"FRONTLINE_LAKE_CATALOG": place.catalog, "FRONTLINE_LAKE_DATA": place.data}
    status, printed = home.run("run", "--input", str(folder))
    assert status == 0, printed
    return home, place


def test_a_lake_gives_the_marts_of_the_embedded_default(
    lake: tuple[Home, Lake], folder: Path, tmp_path: Path
) -> None:
    embedded = Home(tmp_path / "data")
    status, printed = embedded.run("run", "--input", str(folder))
    assert status == 0, printed
    wanted, found = marts(embedded), marts(lake[0])
    assert wanted["fct_casualties"]
    assert found.keys() == wanted.keys()
    for name, rows in wanted.items():
        assert found[name] == rows, name


def test_no_file_of_the_embedded_kind_is_made(lake: tuple[Home, Lake]) -> None:
    home, place = lake
    assert not (home.data / "warehouse.duckdb").exists()
    assert list(Path(place.data).rglob("*.parquet"))


def test_running_again_changes_nothing(lake: tuple[Home, Lake], folder: Path) -> None:
    home, _ = lake
    before = marts(home)
    status, printed = home.run("run", "--input", str(folder))
    assert status == 0, printed
    assert "Nothing new" in printed
    assert marts(home) == before


def test_an_earlier_snapshot_can_be_read(lake: tuple[Home, Lake]) -> None:
    _, place = lake
    landed = []
    with connect(place, read_only=True) as reader:
        for (number,) in reader.execute("select snapshot_id from lake.snapshots() order by 1").fetchall():
            with suppress(duckdb.Error):  # before the table was made there is none
                landed += (
                    reader.execute(f"select count(*) from raw.documents at (version => {number})").fetchone()
                    or ()
                )
    assert (landed[0], landed[-1]) == (0, 4)


def test_what_is_forgotten_leaves_a_tombstone(lake: tuple[Home, Lake]) -> None:
    _, place = lake
    with Warehouse(place) as tables:
        row = tables.connection.execute("select min(article_id) from raw.articles").fetchone()
        forgotten = forget(tables, row[0] if row else "", date(2026, 3, 2))
        left = tables.connection.execute("select document_id from raw.forgotten").fetchall()
        text = tables.connection.execute(
            "select text from raw.articles where document_id = ?", [forgotten.document_id]
        ).fetchall()
    assert (left, text) == ([(forgotten.document_id,)], [("",)])
