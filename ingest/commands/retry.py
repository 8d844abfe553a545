"""`retry`: rejects tried again: kept bytes are parsed anew, registered sources and a given path land anew."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ingest.commands.land import find, land
from ingest.commands.parse import parse
from ingest.landing import INPUT, Fetcher, load_sources
from ingest.records import Arrival, Reject
from ingest.settings import contact, warehouse_place
from ingest.warehouse import Warehouse
from ingest.warehouse.upkeep import drop_rejects, rejects


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        help="where rejects of your own input lie now (their folder is not kept)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Try everything again that can be; return 1 where rejects are left."""
    warehouse = Warehouse(warehouse_place())
    with warehouse:
        before = rejects(warehouse)
    if not before:
        print("There are no rejects.")
        return 0
    kept = [reject.reject_id for reject in before if reject.landing_id]
    with warehouse:
        drop_rejects(warehouse, kept)
    _land_again(warehouse, before, arguments.path)
    parse(warehouse)
    with warehouse:
        after = rejects(warehouse)
    mended = len({reject.reject_id for reject in before} - {reject.reject_id for reject in after})
    print(f"{mended} of {len(before)} rejects are mended, {len(after)} are left.")
    for reject in after:
        print(f"  {reject.source_id} {reject.location!r} {reject.reason}")
    if arguments.path is None and any(
        reject.source_id == INPUT.id and not reject.landing_id for reject in after
    ):
        print("Those of source 'input' are tried again by: python -m ingest retry PATH", file=sys.stderr)
    if mended:
        print("Go on with: make run")
    return 1 if after else 0


def _land_again(warehouse: Warehouse, before: list[Reject], path: Path | None) -> None:
    """Land the sources that have rejects; those that do not come again are gone."""
    registered = load_sources()
    wanted = {reject.source_id for reject in before if not reject.landing_id}
    with Fetcher(contact()) as fetcher:
        chosen = [
            (source_id, find(warehouse, fetcher, None, source_id, None, again=True))
            for source_id in sorted(wanted & set(registered))
        ]
        if path is not None:
            chosen.append((INPUT.id, find(warehouse, fetcher, path, None, None)))
        for source_id, found in chosen:
            again: set[str] = set()
            land(warehouse, _noting(found, again))
            gone = [
                reject.reject_id
                for reject in before
                if reject.source_id == source_id and not reject.landing_id and reject.reject_id not in again
            ]
            if source_id in registered and registered[source_id].is_online:
                # An address that was not asked again is still amiss; those mended went with their visit.
                continue
            with warehouse:
                drop_rejects(warehouse, gone)


def _noting(found: Iterator[Arrival], rejected: set[str]) -> Iterator[Arrival]:
    for item in found:
        if isinstance(item, Reject):
            rejected.add(item.reject_id)
        yield item
