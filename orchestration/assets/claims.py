"""raw.claims: what the articles say."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import dagster as dg
from pydantic import Field

from ingest.reading import in_batches, read_articles, reading_version
from ingest.records import Article, Claim
from ingest.wording import counted
from ingest.workers import cores
from orchestration.assets.articles import articles
from orchestration.partitions import RAW_ASSET, days_of
from orchestration.report import SUMMARY, bar_chart, markdown_table
from orchestration.resources import WarehouseFile
from orchestration.settings import today

BATCH = 512
"""Articles a transaction: what is read again when a run is killed, some seconds' work."""
SHOWN = 15
"""Example claims shown in the UI."""


class Reading(dg.Config):
    """Which articles to read."""

    read_again: bool = Field(
        False, description="Read all articles of the days, also those this extractor and lexicon have read."
    )
    workers: int = Field(
        default_factory=cores, ge=1, description="Processes that read more than a few articles, 350 MB each."
    )


@dg.asset(deps=[articles], **RAW_ASSET)
def claims(
    context: dg.AssetExecutionContext, config: Reading, warehouse: WarehouseFile
) -> dg.MaterializeResult[None]:
    """One row per claim and reading of its article, with the words it was read from.

    Reads the day's articles that this version of the rules and of the lexicon has not read.
    """
    version = reading_version()
    read, kinds, examples = 0, Counter[str](), list[tuple[Article, Claim]]()
    total = _waiting(warehouse, days_of(context), version)
    unread = _unread(warehouse, days_of(context), version, config.read_again)
    for batch in in_batches(read_articles(unread, config.workers), BATCH):
        found = [(article, claim) for article, claims in batch for claim in claims]
        with warehouse.open() as tables:
            # A later reading counts from the day it is made, not from the day its article landed.
            tables.add_claims([a for a, _ in batch], [claim for _, claim in found], version, today())
        read += len(batch)
        kinds.update(claim.kind for _, claim in found)
        examples += found[: SHOWN - len(examples)]
        context.log.info(
            f"{read} of {max(total, read)} articles read, {kinds.total()} claims, "
            f"landed up to {batch[-1][0].landed_on}"
        )
    return dg.MaterializeResult(
        metadata={
            SUMMARY: f"{counted(kinds.total(), 'claim')} read out of {counted(read, 'article')}"
            if read
            else "no article that this version has not read",
            "articles_read": read,
            "claims_read": kinds.total(),
            "extractor_version": version,
            "claims_by_kind": bar_chart(kinds),
            "examples": markdown_table(
                ("article", "kind", "status", "who says so", "quote"),
                (
                    (
                        article.title or article.article_id,
                        claim.kind,
                        claim.status,
                        claim.claimant_text,
                        claim.quote,
                    )
                    for article, claim in examples
                ),
            ),
        }
    )


def _waiting(warehouse: WarehouseFile, days: list[date], version: str) -> int:
    """Return how many articles of the days this version has not read."""
    with warehouse.open() as tables:
        unread = tables.unread_days(version)
    return sum(unread.get(day, 0) for day in days)


def _unread(warehouse: WarehouseFile, days: list[date], version: str, read_again: bool) -> Iterator[Article]:
    """Yield the articles to read; the warehouse is closed while they are read."""
    for day in days:
        last: Article | None = None
        while True:
            with warehouse.open() as tables:
                batch = (
                    tables.articles_of(day, BATCH, after=last.article_id if last else "")
                    if read_again
                    else tables.unread_articles(day, version, BATCH, last)
                )
            if not batch:
                break
            yield from batch
            last = batch[-1]
