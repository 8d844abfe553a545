"""`parse`: landed documents into raw.articles, documents without an article into raw.rejects."""

from __future__ import annotations

import argparse
import sys

from tqdm import tqdm

from ingest.articles import read_article
from ingest.records import Article
from ingest.settings import warehouse_place
from ingest.warehouse import Warehouse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Parse every landing day that has documents waiting."""
    articles, rejects = parse(Warehouse(warehouse_place()))
    print(f"Parsed {articles} articles; {rejects} documents hold none.")
    return 0


def parse(warehouse: Warehouse) -> tuple[int, int]:
    """Parse all documents that are neither articles nor rejects yet; return the numbers of both."""
    articles = rejects = 0
    with warehouse:
        days = warehouse.unparsed_days()
    with tqdm(desc="parsed", unit="", total=sum(days.values()), file=sys.stderr, disable=None) as bar:
        for day in days:
            while True:
                with warehouse:
                    batch = warehouse.unparsed_documents(day)
                if not batch:
                    break
                found = [read_article(document) for document in batch]
                good = [item for item in found if isinstance(item, Article)]
                bad = [item for item in found if not isinstance(item, Article)]
                with warehouse:
                    warehouse.add_articles(good)
                    warehouse.add_rejects(bad)
                articles, rejects = articles + len(good), rejects + len(bad)
                bar.update(len(batch))
    return articles, rejects
