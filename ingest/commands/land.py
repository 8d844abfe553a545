"""`land`: documents into raw.documents as they come, what cannot be used into raw.rejects with the reason."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from ingest import FrontlineError
from ingest.landing import INPUT, SourcesError, land_path, land_source, load_sources
from ingest.records import Document, Reject
from ingest.settings import now, warehouse_path
from ingest.warehouse import Warehouse

BATCH_DOCUMENTS = 500
BATCH_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Landed:
    """How many documents and rejects were found, and how many of them had not landed before."""

    documents: int = 0
    new_documents: int = 0
    rejects: int = 0
    new_rejects: int = 0

    def __str__(self) -> str:
        return (
            f"Landed {self.documents} documents, {self.new_documents} of them new; "
            f"{self.rejects} rejects, {self.new_rejects} of them new."
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
    found = find(arguments.path, arguments.source, arguments.landed_on)
    print(land(Warehouse(warehouse_path()), found, tell=True))
    return 0


def find(path: Path | None, source_id: str | None, landed_on: date | None) -> Iterator[Document | Reject]:
    """Return the documents of a path, of one source or of all sources, landing now or on `landed_on`.

    Raises FrontlineError for a path that is not there and SourcesError for an unknown source.
    """
    moment = now(landed_on)
    if path is not None:
        if source_id is not None:
            raise FrontlineError("give a path or --source, not both")
        if not path.exists():
            raise FrontlineError(f"{path} is not there")
        return land_path(path, INPUT, moment)
    sources = load_sources()
    if source_id is not None and source_id not in sources:
        raise SourcesError(f"no source {source_id!r} is registered; there are: {', '.join(sources)}")
    chosen = [sources[source_id]] if source_id else list(sources.values())
    return chain.from_iterable(land_source(source, moment) for source in chosen)


def land(warehouse: Warehouse, found: Iterable[Document | Reject], *, tell: bool = False) -> Landed:
    """Keep what was found, batch by batch; `tell` writes new rejects to standard error as they come."""
    total = Landed()
    documents: list[Document] = []
    rejects: list[Reject] = []
    for item in chain(found, [None]):
        if isinstance(item, Document):
            documents.append(item)
        elif isinstance(item, Reject):
            rejects.append(item)
            if tell:
                print(f"{item.location!r} {item.reason}", file=sys.stderr)
        is_full = len(documents) + len(rejects) >= BATCH_DOCUMENTS or _size(documents) >= BATCH_BYTES
        if (item is None or is_full) and (documents or rejects):
            with warehouse:
                total = Landed(
                    total.documents + len(documents),
                    total.new_documents + warehouse.add_documents(documents),
                    total.rejects + len(rejects),
                    total.new_rejects + warehouse.add_rejects(rejects),
                )
            documents, rejects = [], []
    return total


def _size(documents: list[Document]) -> int:
    return sum(len(document.content) for document in documents)
