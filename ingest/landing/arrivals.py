"""One source, of whatever kind, to records; and records in batches that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ingest.landing.documents import landed
from ingest.landing.folders import land_folder
from ingest.landing.formats import Problem
from ingest.landing.online import Recall, land_online
from ingest.landing.sources import Source
from ingest.landing.web import Fetcher
from ingest.pieces import cut
from ingest.records import Arrival, Document

BATCH = 500
"""Records a transaction: what is lost, and landed again, when a run is killed."""
BATCH_BYTES = 32 << 20


def land_source(source: Source, now: datetime, fetcher: Fetcher, recall: Recall) -> Iterator[Arrival]:
    """Yield what a registered source brings that was not read before; a folder that is not there is a Reject.

    `recall` gives this source's earlier visits to some addresses; those made now come after what they led to.
    """
    if source.is_online:
        yield from land_online(source, now, fetcher, recall)
    elif source.path is None or not source.path.exists():
        yield landed(Problem(".", "missing_source", "the source's folder is not there"), source, now)
    else:
        yield from land_folder(source, source.path, now, recall)


def batches(found: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Yield what was found in its order, at most BATCH records or 32 MiB at a time (one record at least)."""
    return cut(
        found,
        most=BATCH,
        size_of=lambda item: len(item.content) if isinstance(item, Document) else 0,
        largest=BATCH_BYTES,
    )
