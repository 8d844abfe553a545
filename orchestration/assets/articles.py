"""raw.articles: the text of what landed."""

from collections import Counter

import dagster as dg

from ingest.articles import read_article
from ingest.records import Article, Reject
from ingest.wording import counted
from orchestration.assets.documents import SHOWN, documents
from orchestration.partitions import RAW_ASSET, days_of
from orchestration.report import SUMMARY, bar_chart, markdown_table
from orchestration.resources import WarehouseFile


@dg.asset(deps=[documents], **RAW_ASSET)
def articles(context: dg.AssetExecutionContext, warehouse: WarehouseFile) -> dg.MaterializeResult[None]:
    """One row per version of an article: its text, title, language and day of publication.

    Reads the day's documents that are neither an article nor a reject yet; a document that gives no text
    becomes a reject with its reason.
    """
    new, undated = 0, 0
    languages: Counter[str] = Counter()
    rejects: list[Reject] = []
    with warehouse.open() as tables:
        waiting = tables.unparsed_days()
    total, done = sum(waiting.get(day, 0) for day in days_of(context)), 0
    for day in days_of(context):
        while True:
            with warehouse.open() as tables:
                batch = tables.unparsed_documents(day)
            if not batch:
                break
            read = [read_article(document) for document in batch]
            usable = [item for item in read if isinstance(item, Article)]
            refused = [item for item in read if isinstance(item, Reject)]
            with warehouse.open() as tables:
                new += tables.add_articles(usable)
                tables.add_rejects(refused)
            languages.update(article.language or "unknown" for article in usable)
            undated += sum(article.published_at is None for article in usable)
            rejects += refused
            done += len(batch)
            context.log.info(f"{done} of {max(total, done)} documents parsed, landed up to {day}")
    return dg.MaterializeResult(
        metadata={
            SUMMARY: counted(new, "new article")
            + (f", {undated:,} without a date" if undated else "")
            + (f", {counted(len(rejects), 'reject')}" if rejects else ""),
            "articles_new": new,
            "articles_undated": undated,
            "rejects": len(rejects),
            "languages": bar_chart(languages),
            "rejected": markdown_table(
                ("source", "where", "why"), ((r.source_id, r.location, r.reason) for r in rejects[:SHOWN])
            ),
        }
    )
