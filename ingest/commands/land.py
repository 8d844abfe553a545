"""`land`: documents into raw.documents as they come, what cannot be used into raw.rejects with the reason."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from tqdm import tqdm

from ingest import FrontlineError
from ingest.landing import (
    INPUT,
    Fetcher,
    Source,
    SourcesError,
    batches,
    land_path,
    land_source,
    load_sources,
)
from ingest.records import Arrival, Document, Reject, Unchanged, Visit
from ingest.settings import contact, now, warehouse_place
from ingest.warehouse import Warehouse
from ingest.warehouse.arrivals import keep, visits_of
from ingest.wording import passed_over


@dataclass(frozen=True, slots=True)
class Landed:
    """How many documents and rejects were found, and how many of them had not landed before.

    `unchanged` counts the files that were passed over.
    """

    documents: int = 0
    new_documents: int = 0
    rejects: int = 0
    new_rejects: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return (
            f"Landed {self.documents} documents, {self.new_documents} of them new; "
            f"{self.rejects} rejects, {self.new_rejects} of them new{passed_over(self.unchanged)}."
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "path", nargs="?", type=Path, help="a file or folder (default: the registered sources)"
    )
    parser.add_argument("--source", metavar="ID", help="land one registered source only")
    parser.add_argument(
        "--landed-on", type=date.fromisoformat, metavar="DATE", help="the UTC day of landing (default: today)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Land what the arguments name."""
    warehouse = Warehouse(warehouse_place())
    with Fetcher(contact()) as fetcher:
        found = find(warehouse, fetcher, arguments.path, arguments.source, arguments.landed_on)
        print(land(warehouse, found, tell=True))
    return 0


def find(
    warehouse: Warehouse,
    fetcher: Fetcher,
    path: Path | None,
    source_id: str | None,
    landed_on: date | None,
    *,
    again: bool = False,
) -> Iterator[Arrival]:
    """Return what a path, one source or all sources bring, landing now or on `landed_on`.

    `again` asks also for addresses that were refused before. Raises FrontlineError for a path that is not
    there and SourcesError for an unknown source.
    """
    moment = now(landed_on)
    if path is not None:
        if source_id is not None:
            raise FrontlineError("give a path or --source, not both")
        if not path.exists():
            raise FrontlineError(f"{path} is not there")
        return land_path(path, INPUT, moment)
    return _of_sources(warehouse, fetcher, chosen_sources(source_id), moment, again)


def chosen_sources(source_id: str | None) -> list[Source]:
    """Return the one registered source, or all of them. Raises SourcesError where it is not registered."""
    sources = load_sources()
    if source_id is not None and source_id not in sources:
        raise SourcesError(f"no source {source_id!r} is registered; there are: {', '.join(sources)}")
    return [sources[source_id]] if source_id else list(sources.values())


def _of_sources(
    warehouse: Warehouse, fetcher: Fetcher, sources: list[Source], moment: datetime, again: bool
) -> Iterator[Arrival]:
    for source in sources:
        yield from land_source(source, moment, fetcher, partial(_recall, warehouse, source.id, again))


def _recall(
    warehouse: Warehouse, source_id: str, again: bool, addresses: Collection[str]
) -> Mapping[str, Visit]:
    with warehouse:
        return visits_of(warehouse, source_id, addresses, again=again)


def land(warehouse: Warehouse, found: Iterable[Arrival], *, tell: bool = False) -> Landed:
    """Keep what was found, batch by batch; `tell` writes rejects to standard error as they come."""
    total = Landed()
    with tqdm(desc="landed", unit="", file=sys.stderr, disable=None if tell else True) as bar:
        for batch in batches(found):
            rejects = [item for item in batch if isinstance(item, Reject)]
            documents = sum(isinstance(item, Document) for item in batch)
            with warehouse:
                kept = keep(warehouse, batch)
            total = Landed(
                total.documents + documents,
                total.new_documents + kept.documents,
                total.rejects + len(rejects),
                total.new_rejects + kept.rejects,
                total.unchanged + sum(item.files for item in batch if isinstance(item, Unchanged)),
            )
            bar.update(documents)
            for reject in rejects if tell else ():
                bar.write(f"{reject.source_id}: {reject.location!r} {reject.reason}", file=sys.stderr)
    return total
