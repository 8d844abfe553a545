"""Articles to claims by as many processes as there are processors, in the order of the articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ingest.pieces import cut
from ingest.records import Article, Claim, Lexicon
from ingest.workers import in_order

PIECE_ARTICLES = 64
PIECE_CHARACTERS = 120_000
"""What is read together, whatever the number of workers: half a second's work."""

Readings = list[tuple[Article, list[Claim]]]


def read_articles(articles: Iterable[Article], workers: int) -> Iterator[Readings]:
    """Yield each article with its claims, some dozens at a time, in the order given.

    Few articles are read in this process; more than a piece by up to `workers` others. The same claims come
    out whatever the number. Raises FrontlineError where a worker was ended from outside.
    """
    pieces = cut(
        articles, most=PIECE_ARTICLES, size_of=lambda article: len(article.text), largest=PIECE_CHARACTERS
    )
    return in_order(_read, pieces, workers, load)


def in_batches(pieces: Iterable[Readings], size: int) -> Iterator[Readings]:
    """Yield the readings of several pieces together, `size` articles or some more at a time."""
    batch: Readings = []
    for piece in pieces:
        batch += piece
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def reading_version() -> str:
    """Return the version of rules and lexicon by which articles are read now; nothing is loaded for it."""
    from ingest.claims import extractor_version
    from ingest.lexicon import lexicon_version

    return extractor_version(lexicon_version())


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the repository's seeds/, read once a process."""
    from ingest.lexicon import load_lexicon

    return load_lexicon()


def load() -> None:
    """Load what claims are read with: what a worker does first."""
    from ingest.claims import load_readers

    load_readers(lexicon())


def _read(piece: list[Article]) -> Readings:
    from ingest.claims import extract_many

    return list(extract_many(piece, lexicon()))
