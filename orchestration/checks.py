"""Checks on the raw tables; those on the models are dbt's tests. A blocking one forbids publishing.

The others warn: they tell of trouble with the news (a source fell silent, a page changed its layout), which
is no reason to keep back what came through.
"""

from datetime import timedelta

import dagster as dg

from ingest.landing import load_sources
from ingest.warehouse.state import misplaced_quotes
from ingest.warehouse.watch import failing, landed_by_source, shares
from orchestration.assets.articles import articles
from orchestration.assets.claims import claims
from orchestration.assets.documents import documents
from orchestration.partitions import POOL
from orchestration.report import markdown_table
from orchestration.resources import WarehouseFile
from orchestration.settings import today

SPAN = timedelta(days=7)
"""The days that the warnings look back on, today included."""
ENOUGH = 20
"""Articles or claims from which a share means something."""
MOST_UNDATED = 0.2
MOST_CLAIMLESS = 0.95
MOST_UNPLACED = 0.5
LEAST_OF_EXPECTED = 0.25
"""A source is silent where fewer than a quarter of its expected documents landed."""


@dg.asset_check(asset=claims, blocking=True, pool=POOL)
def quotes_stand_in_their_articles(warehouse: WarehouseFile) -> dg.AssetCheckResult:
    """Every claim's quote stands in its article's text, at its offsets."""
    with warehouse.open() as tables:
        wrong = misplaced_quotes(tables)
    return dg.AssetCheckResult(
        passed=not wrong,
        description="a quote does not stand where its claim says" if wrong else None,
        metadata={"misplaced": markdown_table(("claim", "article", "quote"), wrong)},
    )


@dg.asset_check(asset=documents, pool=POOL)
def sources_speak(warehouse: WarehouseFile) -> dg.AssetCheckResult:
    """Every source that is expected to bring documents daily has brought a quarter of them in seven days."""
    last = today()
    first = last - SPAN + timedelta(days=1)
    with warehouse.open() as tables:
        landed = landed_by_source(tables, first, last)
    rows = []
    for source in load_sources().values():
        if source.expected_per_day:
            found, expected = sum(landed.get(source.id, [])), source.expected_per_day * SPAN.days
            rows.append((source.id, found, expected, found < LEAST_OF_EXPECTED * expected))
    silent = [name for name, _, _, is_silent in rows if is_silent]
    return dg.AssetCheckResult(
        passed=not silent,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"fell silent: {', '.join(silent)}" if silent else None,
        metadata={"seven_days": markdown_table(("source", "landed", "expected", "silent"), rows)},
    )


@dg.asset_check(asset=documents, pool=POOL)
def sources_answer(warehouse: WarehouseFile) -> dg.AssetCheckResult:
    """Every address that sources.yml names could be asked the last time, and every folder is there."""
    rows: list[tuple[str, str, str, str]] = []
    with warehouse.open() as tables:
        for source in load_sources().values():
            for address, why, since in failing(tables, source.id, source.addresses):
                rows.append((source.id, address, why, since.isoformat()))
            if not source.is_online and not (source.path and source.path.exists()):
                rows.append((source.id, str(source.path), "is not there", ""))
    said = "; ".join(f"{name} {why}" for name, _, why, _ in rows[:3])
    return dg.AssetCheckResult(
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        description=said + (f"; and {len(rows) - 3} more" if len(rows) > 3 else "") if rows else None,
        metadata={"failing": markdown_table(("source", "where", "why", "since"), rows)},
    )


def _share_check(
    name: str, asset: dg.AssetsDefinition, part: str, whole: str, most: float, meaning: str
) -> dg.AssetChecksDefinition:
    """Make a check that warns where more than `most` of `whole` in seven days are `part`: names of Shares."""

    @dg.asset_check(asset=asset, name=name, pool=POOL, description=f"{meaning}: at most {most:.0%}.")
    def check(warehouse: WarehouseFile) -> dg.AssetCheckResult:
        last = today()
        with warehouse.open() as tables:
            found = shares(tables, last - SPAN + timedelta(days=1), last)
        counted, of = getattr(found, part), getattr(found, whole)
        is_wrong = of >= ENOUGH and counted > most * of
        return dg.AssetCheckResult(
            passed=not is_wrong,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{counted:,} of {of:,} in seven days" if is_wrong else None,
            metadata={part: counted, whole: of},
        )

    return check


few_are_undated = _share_check(
    "few_are_undated",
    articles,
    "articles_undated",
    "articles",
    MOST_UNDATED,
    "Articles without a day of publication",
)
few_are_claimless = _share_check(
    "few_are_claimless",
    claims,
    "articles_claimless",
    "articles_read",
    MOST_CLAIMLESS,
    "English articles without a claim",
)
few_are_unplaced = _share_check(
    "few_are_unplaced",
    claims,
    "claims_unplaced",
    "claims",
    MOST_UNPLACED,
    "Claims of casualties and territory without a place",
)

CHECKS = [
    quotes_stand_in_their_articles,
    sources_answer,
    sources_speak,
    few_are_undated,
    few_are_claimless,
    few_are_unplaced,
]
