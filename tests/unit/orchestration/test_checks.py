"""What warns of trouble with the news: a silent source, articles that lack what they used to have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from ingest.landing import Source
from ingest.records import Article, CasualtyClaim, Document
from ingest.warehouse import Warehouse
from orchestration import checks
from orchestration.resources import WarehouseFile

TODAY = date(2026, 3, 8)
pytestmark = pytest.mark.filterwarnings("error::DeprecationWarning:orchestration")


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WarehouseFile:
    monkeypatch.setenv("FRONTLINE_NOW", f"{TODAY}T06:00:00")
    return WarehouseFile(path=str(tmp_path / "warehouse.duckdb"), published=str(tmp_path / "published"))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def document(number: int, source: str, day: date) -> Document:
    return Document(
        landing_id=f"{source}-{number}",
        document_id=f"{source}:{number}",
        source_id=source,
        outlet=None,
        url=None,
        path=f"{number}.txt",
        media_type="text/plain",
        content=b"text",
        sha256=f"{number}",
        landed_on=day,
        landed_at=at(day),
        is_archive=False,
    )


def article(number: int, *, is_dated: bool = True) -> Article:
    return Article(
        article_id=f"a{number}",
        landing_id=f"l{number}",
        document_id=f"d{number}",
        source_id="wire",
        text="Two people were killed.",
        language="en",
        published_at=at(TODAY) if is_dated else None,
        published_basis="metadata" if is_dated else "none",
        landed_on=TODAY,
        landed_at=at(TODAY),
        known_on=TODAY,
        content_hash=f"c{number}",
        story_id=f"s{number}",
    )


def claim(number: int, *, place: str | None) -> CasualtyClaim:
    return CasualtyClaim(
        claim_id=f"k{number}",
        article_id=f"a{number}",
        kind="casualty",
        status="asserted",
        quote="Two people were killed",
        quote_start=0,
        quote_end=22,
        confidence=0.5,
        rule="by hand",
        harm="killed",
        victim="people",
        scope="incident",
        place_text=place,
    )


def evaluate(check: dg.AssetChecksDefinition, warehouse: WarehouseFile) -> dg.AssetCheckResult:
    found = check(warehouse=warehouse)
    assert isinstance(found, dg.AssetCheckResult)
    return found


@pytest.mark.parametrize(
    ("landed", "days_ago", "is_silent"), [(7, 6, False), (6, 6, True), (7, 7, True), (0, 0, True)]
)
def test_a_source_that_brings_less_than_a_quarter_of_its_week_is_silent(
    warehouse: WarehouseFile, monkeypatch: pytest.MonkeyPatch, landed: int, days_ago: int, is_silent: bool
) -> None:
    # 4 a day are 28 a week, a quarter of them 7; seven days end today.
    sources = {"wire": Source(id="wire", expected_per_day=4), "rare": Source(id="rare")}
    monkeypatch.setattr(checks, "load_sources", lambda: sources)
    with warehouse.open() as tables:
        tables.add_documents([document(n, "wire", TODAY - timedelta(days_ago)) for n in range(landed)])
    found = evaluate(checks.sources_speak, warehouse)
    assert found.passed is not is_silent
    assert found.severity == dg.AssetCheckSeverity.WARN
    assert ("wire" in (found.description or "")) is is_silent


def fill(warehouse: WarehouseFile, articles: list[Article], claims: list[CasualtyClaim]) -> None:
    with Warehouse(Path(warehouse.path)) as tables:
        tables.add_articles(articles)
        tables.add_claims(articles, claims, "v1", TODAY)


@pytest.mark.parametrize(("undated", "passes"), [(5, True), (6, False)])
def test_more_than_a_fifth_undated_is_too_many(warehouse: WarehouseFile, undated: int, passes: bool) -> None:
    fill(warehouse, [article(n, is_dated=n >= undated) for n in range(25)], [])
    assert evaluate(checks.few_are_undated, warehouse).passed is passes


@pytest.mark.parametrize(("with_claims", "passes"), [(2, True), (0, False)])
def test_almost_no_claims_at_all_is_too_few(warehouse: WarehouseFile, with_claims: int, passes: bool) -> None:
    fill(warehouse, [article(n) for n in range(25)], [claim(n, place="Homs") for n in range(with_claims)])
    assert evaluate(checks.few_are_claimless, warehouse).passed is passes


@pytest.mark.parametrize(("unplaced", "passes"), [(12, True), (13, False)])
def test_more_than_half_unplaced_is_too_many(warehouse: WarehouseFile, unplaced: int, passes: bool) -> None:
    claims = [claim(n, place=None if n < unplaced else "Homs") for n in range(25)]
    fill(warehouse, [article(n) for n in range(25)], claims)
    assert evaluate(checks.few_are_unplaced, warehouse).passed is passes


def test_a_handful_says_nothing_about_shares(warehouse: WarehouseFile) -> None:
    fill(warehouse, [article(n, is_dated=False) for n in range(5)], [])
    assert evaluate(checks.few_are_undated, warehouse).passed
    assert evaluate(checks.few_are_claimless, warehouse).passed
