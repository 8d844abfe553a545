"""The raw assets on a tiny input: what they keep, what they leave, what they report."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingest.warehouse import WarehouseBusyError, export_sorted
from orchestration.assets.articles import articles
from orchestration.assets.claims import claims
from orchestration.assets.documents import documents
from orchestration.checks import quotes_stand_in_their_articles
from orchestration.resources import WarehouseFile
from orchestration.schedules import STARTED_BY

pytestmark = pytest.mark.filterwarnings("error::DeprecationWarning:orchestration")

DAY = "2026-03-01"
REPORT = "Shelling killed seven civilians in Taiz on Saturday, a hospital official said."


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_NOW", f"{DAY}T06:00:00")


@pytest.fixture
def warehouse(tmp_path: Path) -> WarehouseFile:
    return WarehouseFile(
        path=str(tmp_path / "warehouse.duckdb"), published=str(tmp_path / "published.duckdb")
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "input"
    found.mkdir()
    (found / "report.txt").write_text(f"---\npublished_at: 2026-03-01\n---\n{REPORT}\n", encoding="utf-8")
    (found / "empty.txt").write_bytes(b"")
    return found


def materialize(
    warehouse: WarehouseFile, day: str = DAY, input: Path | None = None, **reading: bool
) -> dg.ExecuteInProcessResult:
    config: dict[str, dict[str, object]] = {"raw__claims": {"config": reading}}
    if input is not None:
        config["raw__documents"] = {"config": {"input": str(input)}}
    return dg.materialize(
        [documents, articles, claims, quotes_stand_in_their_articles],
        partition_key=day,
        resources={"warehouse": warehouse},
        run_config={"ops": config},
    )


def metadata(result: dg.ExecuteInProcessResult, name: str) -> dict[str, object]:
    (found,) = [
        event.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(["raw", name])
    ]
    return {key: value.value for key, value in found.items()}


def rows(warehouse: WarehouseFile, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(warehouse.path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_folder_becomes_documents_articles_and_claims(warehouse: WarehouseFile, folder: Path) -> None:
    result = materialize(warehouse, input=folder)
    assert metadata(result, "documents") | {"documents_new": 1, "rejects_new": 1} == metadata(
        result, "documents"
    )
    assert metadata(result, "articles")["articles_new"] == 1
    assert metadata(result, "claims")["claims_read"] == 1
    assert "seven civilians" in str(metadata(result, "claims")["examples"])
    assert "empty.txt" in str(metadata(result, "documents")["rejects"])
    assert rows(warehouse, "select kind, claimant_text is not null from raw.claims") == [("casualty", True)]
    (check,) = result.get_asset_check_evaluations()
    assert check.passed


def test_the_same_folder_again_adds_nothing(warehouse: WarehouseFile, folder: Path) -> None:
    materialize(warehouse, input=folder)
    again = materialize(warehouse, input=folder)
    assert metadata(again, "documents")["documents_new"] == 0
    assert metadata(again, "claims")["articles_read"] == 0


def test_a_forced_reading_finds_the_same(warehouse: WarehouseFile, folder: Path) -> None:
    materialize(warehouse, input=folder)
    before = export_sorted(Path(warehouse.path))
    forced = materialize(warehouse, input=folder, read_again=True)
    assert metadata(forced, "claims")["articles_read"] == 1
    assert export_sorted(Path(warehouse.path)) == before


def test_an_older_day_reads_what_was_kept_and_never_the_source(
    warehouse: WarehouseFile, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    materialize(warehouse, input=folder)
    (folder / "report.txt").write_text("Another text stands here now.", encoding="utf-8")
    monkeypatch.setenv("FRONTLINE_NOW", "2026-03-02T06:00:00")
    old = materialize(warehouse, day=DAY, input=folder, read_again=True)
    assert "nothing to land" in str(metadata(old, "documents")["summary"])
    assert metadata(old, "claims")["articles_read"] == 1
    assert rows(warehouse, "select count(*), max(landed_on)::text from raw.documents") == [(1, DAY)]


def test_misplaced_quote_fails_the_check(warehouse: WarehouseFile, folder: Path) -> None:
    materialize(warehouse, input=folder)
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("update raw.claims set quote_start = quote_start + 1")
    result = materialize_check(warehouse)
    assert not result.success
    (check,) = result.get_asset_check_evaluations()
    assert not check.passed
    assert "killed seven civilians" in str(check.metadata["misplaced"].value)


def materialize_check(warehouse: WarehouseFile) -> dg.ExecuteInProcessResult:
    checks = dg.Definitions(
        assets=[documents, articles, claims],
        asset_checks=[quotes_stand_in_their_articles],
        jobs=[dg.define_asset_job("check", dg.AssetSelection.all_asset_checks())],
        resources={"warehouse": warehouse},
    )
    return checks.resolve_job_def("check").execute_in_process(raise_on_error=False)


@pytest.mark.parametrize(("started_by", "tries"), [("daily", 2), ("make run", 1)])
def test_only_a_run_that_started_by_itself_waits_for_a_held_warehouse(
    warehouse: WarehouseFile, folder: Path, monkeypatch: pytest.MonkeyPatch, started_by: str, tries: int
) -> None:
    calls = []

    class Held:
        def __init__(self, path: Path, report: object) -> None:
            calls.append(path)

        def __enter__(self) -> None:
            raise WarehouseBusyError("process 123 holds the file", 123)

        def __exit__(self, *error: object) -> None:
            pass

    monkeypatch.setattr("orchestration.resources.Warehouse", Held)
    monkeypatch.setattr("orchestration.resources.RETRIES", 1)
    monkeypatch.setattr("orchestration.resources.RETRY_AFTER", 0)
    result = dg.materialize(
        [documents],
        partition_key=DAY,
        resources={"warehouse": warehouse},
        run_config={"ops": {"raw__documents": {"config": {"input": str(folder)}}}},
        tags={STARTED_BY: started_by},
        raise_on_error=False,
    )
    assert not result.success
    assert len(calls) == tries
