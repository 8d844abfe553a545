"""raw.documents: what landed, as it came."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import dagster as dg
from pydantic import Field

from ingest.landing import INPUT, Fetcher, SourcesError, batches, land_path, land_source, load_sources
from ingest.records import Arrival, Document, Reject, Unchanged, Visit
from ingest.settings import contact, now
from ingest.warehouse.arrivals import keep, visits_of
from ingest.wording import counted, passed_over
from orchestration.partitions import RAW_ASSET, days_of
from orchestration.report import SUMMARY, markdown_table
from orchestration.resources import WarehouseFile

SHOWN = 20
"""Rejects shown in the UI; all of them are rows of raw.rejects."""


class Landing(dg.Config):
    """What to land. Without a word, a run lands the registered sources, on today's partition."""

    input: str | None = Field(None, description="A file or folder to land instead of the registered sources.")
    sources: list[str] | None = Field(None, description="Ids of the only sources to land; default: all.")
    landed_on: str | None = Field(
        None, description="The UTC day, YYYY-MM-DD, to land on instead of today; one of the run's partitions."
    )


@dg.asset(
    # Made by every run, also by one that finds nothing: an old one means that nothing runs any more.
    freshness_policy=dg.FreshnessPolicy.time_window(
        warn_window=timedelta(hours=26), fail_window=timedelta(hours=50)
    ),
    **RAW_ASSET,
)
def documents(
    context: dg.AssetExecutionContext, config: Landing, warehouse: WarehouseFile
) -> dg.MaterializeResult[None]:
    """One row per document as it landed, its bytes unchanged.

    Sources are read for the current day alone. A document belongs for ever to the UTC day on which it first
    landed, so an older day made again reads what was kept, never the source.
    """
    moment = now(date.fromisoformat(config.landed_on) if config.landed_on else None)
    if moment.date() not in days_of(context):
        return dg.MaterializeResult(
            metadata={SUMMARY: "nothing to land: documents of earlier days are kept as they came"}
        )
    found: Counter[str] = Counter()
    new, new_rejects, unchanged = 0, 0, 0
    rejects: list[Reject] = []
    with Fetcher(contact()) as fetcher:
        for batch in batches(_arriving(context, config, warehouse, fetcher, moment)):
            with warehouse.open() as tables:
                kept = keep(tables, batch)
            new, new_rejects = new + kept.documents, new_rejects + kept.rejects
            unchanged += sum(item.files for item in batch if isinstance(item, Unchanged))
            found.update(item.source_id for item in batch if isinstance(item, Document))
            rejects += [item for item in batch if isinstance(item, Reject)][: SHOWN - len(rejects)]
            context.log.info(f"{found.total()} documents found so far, {new} of them new")
    return dg.MaterializeResult(
        metadata={
            SUMMARY: f"{counted(new, 'new document')} of {found.total():,} found"
            + (f", {counted(new_rejects, 'new reject')}" if new_rejects else "")
            + passed_over(unchanged),
            "documents_new": new,
            "documents_found": found.total(),
            "rejects_new": new_rejects,
            "files_unchanged": unchanged,
            "found_by_source": markdown_table(("source", "documents"), sorted(found.items())),
            "rejects": markdown_table(
                ("source", "where", "why"), ((r.source_id, r.location, r.reason) for r in rejects)
            ),
        }
    )


def _arriving(
    context: dg.AssetExecutionContext,
    config: Landing,
    warehouse: WarehouseFile,
    fetcher: Fetcher,
    moment: datetime,
) -> Iterator[Arrival]:
    """Yield what arrives, source after source. The warehouse is closed while a source is asked."""
    if config.input is not None:
        yield from land_path(Path(config.input), INPUT, moment)
        return
    sources = load_sources()
    if unknown := sorted(set(config.sources or ()) - set(sources)):
        raise SourcesError(
            f"no source is registered as {', '.join(unknown)}; there are: {', '.join(sources)}"
        )
    for source in sources.values():
        if config.sources is None or source.id in config.sources:
            context.log.info(f"asking {source.id}")
            yield from land_source(source, moment, fetcher, partial(_recall, warehouse, source.id))


def _recall(warehouse: WarehouseFile, source_id: str, addresses: Collection[str]) -> Mapping[str, Visit]:
    with warehouse.open() as tables:
        return visits_of(tables, source_id, addresses)
