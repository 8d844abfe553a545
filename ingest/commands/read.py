"""`read`: articles of the warehouse into raw.claims, by this version of rules and lexicon."""

from __future__ import annotations

import argparse
import sys

from tqdm import tqdm

from ingest.settings import now, warehouse_place
from ingest.warehouse import Warehouse

BATCH_ARTICLES = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Read every article that this version has not read."""
    articles, claims = read(Warehouse(warehouse_place()))
    print(f"Read {articles} articles and found {claims} claims in them.")
    return 0


def read(warehouse: Warehouse) -> tuple[int, int]:
    """Read what this version of rules and lexicon has not read; return the numbers of articles and claims.

    The warehouse is closed while a batch is read, so that others may look at it.
    """
    from ingest.claims import extract_many, extractor_version
    from ingest.lexicon import load_lexicon

    lexicon = load_lexicon()
    version = extractor_version(lexicon)
    articles = claims = 0
    today = now().date()
    with warehouse:
        days = warehouse.unread_days(version)
    with tqdm(desc="read", unit="", total=sum(days.values()), file=sys.stderr, disable=None) as bar:
        for day in days:
            while True:
                with warehouse:
                    batch = warehouse.unread_articles(day, version, BATCH_ARTICLES)
                if not batch:
                    break
                found = [claim for _, some in extract_many(batch, lexicon) for claim in some]
                with warehouse:
                    claims += warehouse.add_claims(batch, found, version, today)
                articles += len(batch)
                bar.update(len(batch))
    return articles, claims
