"""`show`: a page of one article with its claims marked, by which a person comes to trust or mend them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from ingest import FrontlineError
from ingest.articles import read_article
from ingest.commands.article_page import article_page
from ingest.landing import INPUT, land_path
from ingest.records import Article, Claim, Document
from ingest.settings import data_folder, now, warehouse_place
from ingest.warehouse import Warehouse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "article",
        metavar="ARTICLE",
        help="an article's id or the beginning of one, its document id, its address, or a file to read now",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="default: shown/<article>.html in the data folder"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the page and print where it lies."""
    path = Path(arguments.article)
    article, claims = _of_file(path) if path.is_file() else _of_warehouse(arguments.article)
    name = re.sub(r"[^\w-]", "_", article.article_id)[:60]
    target: Path = arguments.output or data_folder() / "shown" / f"{name}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(article_page(article, claims), encoding="utf-8")
    print(target)
    return 0


def _of_warehouse(wanted: str) -> tuple[Article, Sequence[Claim]]:
    with Warehouse(warehouse_place(), read_only=True) as warehouse:
        found = warehouse.find_articles(wanted)
        ids = {article.article_id for article in found}
        documents = {article.document_id for article in found}
        if not found:
            raise FrontlineError(f"no article {wanted!r}, and no file of that name")
        if len(documents) > 1 and wanted not in ids:
            shown = "\n".join(
                f"  {article.article_id}  {article.title or article.url or ''}" for article in found[:9]
            )
            raise FrontlineError(f"{wanted!r} fits {len(found)} articles; give more of one:\n{shown}")
        return found[0], warehouse.claims_of(found[0].article_id)


def _of_file(path: Path) -> tuple[Article, Sequence[Claim]]:
    """Read the first document of a file with the rules as they are now; nothing is kept."""
    from ingest.claims import extract_claims
    from ingest.lexicon import load_lexicon

    for found in land_path(path, INPUT, now()):
        item = read_article(found) if isinstance(found, Document) else found
        if isinstance(item, Article):
            return item, extract_claims(item, load_lexicon())
        reason = f"{item.location} {item.reason}"
    raise FrontlineError(f"no article in {path}: {reason}")
