"""Real inputs of every format, changed: structure first, then sometimes bytes. All from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fuzz.cases import Case
from tests.fuzz.mutants_documents import extract, html, json_file, json_lines, sidecar, sources, text
from tests.fuzz.mutants_packed import archive, backup
from tests.fuzz.mutants_web import answer, feed, section, warc


def mutant(target: str, draw: random.Random, database: Path) -> Case:
    """Return a changed real input of the parser `target`."""
    if target == "backup":
        return backup(draw, database)
    if target in ("rss", "atom", "json_feed", "sitemap"):
        return feed(draw, target)
    return MUTANTS[target](draw)


MUTANTS: Mapping[str, Callable[[random.Random], Case]] = {
    "text": text, "html": html, "json": json_file, "jsonl": json_lines, "sidecar": sidecar,
    "section": section,
    "http": answer, "warc": warc, "archive": archive, "sources": sources, "extract": extract,
}  # fmt: skip
