"""Checks on the raw tables; those on the models are dbt's tests. A blocking one forbids publishing."""

import dagster as dg

from ingest.warehouse.state import misplaced_quotes
from orchestration.assets.claims import claims
from orchestration.partitions import POOL
from orchestration.report import markdown_table
from orchestration.resources import WarehouseFile


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
