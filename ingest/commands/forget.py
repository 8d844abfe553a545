"""`forget`: a take-down. The article goes, in all its versions, and does not come back."""

from __future__ import annotations

import argparse
import sys

from ingest import FrontlineError
from ingest.settings import now, warehouse_place
from ingest.warehouse import Warehouse
from ingest.warehouse.upkeep import forget


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("article", metavar="ARTICLE", help="an article's id, its document id or its address")
    parser.add_argument("--reason", help="kept with the tombstone")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Ask, take the article out, and say what else carries the same report."""
    with Warehouse(warehouse_place()) as warehouse:
        found = warehouse.find_articles(arguments.article)
    documents = {article.document_id for article in found}
    if len(documents) != 1:
        number = len(documents) or "no"
        raise FrontlineError(
            f"{arguments.article!r} fits {number} documents; give the whole id of one article"
        )
    print(f"{found[0].title or 'without a title'} ({found[0].document_id}), versions: {len(found)}")
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise FrontlineError("give --yes where nobody can be asked")
        if input("Take it out for good? [y/N] ").strip().lower() not in ("y", "yes"):
            return 1
    with Warehouse(warehouse_place()) as warehouse:
        done = forget(warehouse, found[0].article_id, now().date(), arguments.reason)
    print(f"Forgotten, with its claims: {done.claims}. `make run` takes them out of the marts.")
    print("Backups still hold it; publications made before, until you say: python -m ingest publish --keep 1")
    if done.copies:
        print("The same report is also in: " + ", ".join(done.copies))
    return 0
