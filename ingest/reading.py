"""Articles to claims in the order of the articles: by a process for each processor, or by a Dask cluster."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from ingest import FrontlineError
from ingest.pieces import cut
from ingest.records import Article, Claim, Lexicon, content_hash
from ingest.settings import dask_scheduler, shards_place
from ingest.workers import in_order

if TYPE_CHECKING:
    from ingest.warehouse.shards import Shards

PIECE_ARTICLES = 16
PIECE_CHARACTERS = 40_000
"""What is read together, whatever the number of workers: a fifth of a second's work. More at a time is no
faster, and leaves workers idle at the end."""
PIECES_TO_SHARE = 6
"""With fewer, to start the workers would take longer than to read."""
LOADED = "ingest.loaded"
"""The module that loads what a worker reads with."""

SHARD_ARTICLES = 128
SHARD_CHARACTERS = 400_000
"""What a worker of a cluster is given at a time: some seconds' work, read again where the worker dies."""

Readings = list[tuple[Article, list[Claim]]]


def read_articles(articles: Iterable[Article], workers: int) -> Iterator[Readings]:
    """Yield each article with its claims, some dozens at a time, in the order given.

    Few articles are read in this process; more than a piece by up to `workers` others; all of them by the
    workers of the Dask scheduler that FRONTLINE_DASK names, if it does, through shards of Parquet. The same
    claims come out either way. Raises FrontlineError where a worker was ended from outside, or the cluster
    was lost.
    """
    if scheduler := dask_scheduler():
        return _read_on_cluster(articles, scheduler)
    pieces = cut(
        articles, most=PIECE_ARTICLES, size_of=lambda article: len(article.text), largest=PIECE_CHARACTERS
    )
    return in_order(_read, pieces, workers, needs=LOADED, least=PIECES_TO_SHARE)


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
    """Load what claims are read with."""
    from ingest.claims import load_readers

    load_readers(lexicon())


def _read_on_cluster(articles: Iterable[Article], scheduler: str) -> Iterator[Readings]:
    """Yield the readings of a shard at a time; it is deleted when its readings have been taken."""
    from ingest import cluster
    from ingest.warehouse.shards import Shards

    shards, version = Shards(shards_place()), reading_version()

    def written() -> Iterator[tuple[Shards, str, str]]:
        for piece in cut(
            articles, most=SHARD_ARTICLES, size_of=lambda a: len(a.text), largest=SHARD_CHARACTERS
        ):
            # Named by what is in it: a shard that was read before a run was killed is not read again.
            parts = (f"{article.article_id}{article.landing_id}" for article in piece)
            name = content_hash(version, *parts)
            shards.write_articles(name, piece)
            yield shards, name, version

    for name in cluster.in_order(scheduler, read_shard, written()):
        found = shards.claims(name)
        yield [(article, found.get(article.article_id, [])) for article in shards.articles(name)]
        shards.delete(name)


def read_shard(given: tuple[Shards, str, str]) -> str:
    """Read a shard's articles and write its claims, on a worker; return the shard's name.

    Raises FrontlineError where this worker's rules or lexicon are not of the version asked for.
    """
    from ingest.claims import extractor_version

    shards, name, version = given
    # Of what this process has loaded: what lies on its disk may have been changed since.
    if (ours := extractor_version(lexicon().version)) != version:
        raise FrontlineError(
            f"a worker on {socket.gethostname()} reads by another version ({ours}) than was asked for "
            f"({version}): give it the same checkout, and start it again"
        )
    if not shards.has_claims(name):
        found = _read(shards.articles(name))
        shards.write_claims(name, [claim for _, claims in found for claim in claims], version)
    return name


def _read(piece: list[Article]) -> Readings:
    from ingest.claims import extract_many

    return list(extract_many(piece, lexicon()))
