"""`read`: articles of the warehouse into raw.claims, by this version of rules and lexicon."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import date

from tqdm import tqdm

from ingest.reading import PIECE_ARTICLES, in_batches, read_articles, reading_version
from ingest.records import Article
from ingest.settings import now, warehouse_place
from ingest.warehouse import Warehouse
from ingest.workers import cores

BATCH_ARTICLES = 512
"""Articles a transaction: what is read again when a run is killed, some seconds' work."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--workers",
        type=int,
        choices=range(1, 257),
        default=cores(),
        metavar="N",
        help=f"processes for more than {PIECE_ARTICLES} articles (default: one a processor, here {cores()})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Read every article that this version has not read."""
    articles, claims = read(Warehouse(warehouse_place()), workers=arguments.workers)
    print(f"Read {articles} articles and found {claims} claims in them.")
    return 0


def read(warehouse: Warehouse, *, workers: int = 1) -> tuple[int, int]:
    """Read what this version of rules and lexicon has not read; return the numbers of articles and claims.

    The warehouse is closed while articles are read, so that others may look at it.
    """
    version = reading_version()
    articles = claims = 0
    today = now().date()
    with warehouse:
        days = warehouse.unread_days(version)
    with tqdm(desc="read", unit="", total=sum(days.values()), file=sys.stderr, disable=None) as bar:
        readings = read_articles(_unread(warehouse, days, version), workers)
        for batch in in_batches(readings, BATCH_ARTICLES):
            found = [claim for _, some in batch for claim in some]
            with warehouse:
                claims += warehouse.add_claims([article for article, _ in batch], found, version, today)
            articles += len(batch)
            bar.update(len(batch))
    return articles, claims


def _unread(warehouse: Warehouse, days: Iterable[date], version: str) -> Iterator[Article]:
    for day in days:
        last: Article | None = None
        while True:
            with warehouse:
                batch = warehouse.unread_articles(day, version, BATCH_ARTICLES, last)
            if not batch:
                break
            yield from batch
            last = batch[-1]
