"""`extract`: articles as JSON lines in, claims as JSON lines out. Its contract stands in the codebook."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TextIO

from tqdm import tqdm

from ingest import cluster
from ingest.articles.parse import NoArticleError, article_of
from ingest.landing.formats import JsonLine, Problem, read_json_lines
from ingest.pieces import cut
from ingest.reading import LOADED, PIECE_ARTICLES, PIECE_CHARACTERS, PIECES_TO_SHARE, lexicon
from ingest.records import Article, Claim, claim_to_json
from ingest.settings import dask_scheduler
from ingest.workers import cores, in_order


@dataclass(frozen=True, slots=True)
class Line:
    """A line of input: its article, and the text as given where the article's differs from it."""

    number: int
    article: Article
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not be read, and why."""

    number: int
    code: str
    reason: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.epilog = (
        'One article a line in: {"id", "text", "published_at", and optionally "title", "url", "outlet"}. One '
        "claim a line out, in the order of the articles. Exit status: 0 all lines were read, 1 some were "
        "rejected, 2 the input could not be opened."
    )
    parser.add_argument(
        "input", nargs="?", default="-", metavar="INPUT.jsonl", help="default: standard input"
    )
    parser.add_argument(
        "--workers",
        type=_positive,
        default=cores(),
        metavar="N",
        help=f"processes, some 350 MB each (default: one a processor, here {cores()})",
    )
    parser.add_argument(
        "--scheduler",
        default=dask_scheduler(),
        metavar="ADDRESS",
        help="of a Dask scheduler to read by (default: FRONTLINE_DASK; e.g. tcp://127.0.0.1:8786)",
    )
    parser.add_argument(
        "--rejects", type=Path, metavar="FILE", help="where rejected lines are told, as JSON lines"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the input and write its claims to standard output; return the exit status."""
    with ExitStack() as stack:
        try:
            source: BinaryIO = sys.stdin.buffer
            if arguments.input != "-":
                source = stack.enter_context(Path(arguments.input).open("rb"))
            told = None
            if arguments.rejects:
                told = stack.enter_context(arguments.rejects.open("w", encoding="utf-8"))
        except OSError as error:
            print(f"extract: {error.filename}: {error.strerror}", file=sys.stderr)
            return 2
        return extract(
            source, sys.stdout.buffer, told, workers=arguments.workers, scheduler=arguments.scheduler
        )


def extract(
    source: BinaryIO,
    target: BinaryIO,
    rejects: TextIO | None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> int:
    """Write the claims of `source` to `target`, rejected lines to `rejects` or standard error; return 0 or 1.

    Memory holds some chunks a worker, never the input. At a terminal, a bar on standard error counts them.
    """
    rejected = 0
    with ExitStack() as stack:
        bar = stack.enter_context(tqdm(desc="articles", unit="", file=sys.stderr, disable=None))
        chunks = cut(_read_lines(source), most=PIECE_ARTICLES, size_of=_length, largest=PIECE_CHARACTERS)
        for result in (
            cluster.in_order(scheduler, read_chunk, chunks)
            if scheduler
            else in_order(read_chunk, chunks, workers, needs=LOADED, least=PIECES_TO_SHARE)
        ):
            for item in result:
                if isinstance(item, Rejected):
                    rejected += 1
                    _tell(item, rejects)
                else:
                    target.write(item)
            bar.update(len(result))
        target.flush()
    return 1 if rejected else 0


def read_chunk(chunk: list[Line | Rejected]) -> list[bytes | Rejected]:
    """Return for each line the bytes of its claims, or why it is rejected.

    An article that breaks the extractor is found by reading the chunk's articles one by one, and rejected.
    """
    lines = [item for item in chunk if isinstance(item, Line)]
    try:
        found = iter(_claims([line.article for line in lines]))
        return [item if isinstance(item, Rejected) else _encode(item, next(found)) for item in chunk]
    except Exception:
        return [item if isinstance(item, Rejected) else _read_alone(item) for item in chunk]


def _read_alone(line: Line) -> bytes | Rejected:
    try:
        return _encode(line, _claims([line.article])[0])
    except Exception as error:
        return Rejected(line.number, "not_read", f"broke the extractor: {type(error).__name__}: {error}")


def _claims(articles: list[Article]) -> list[list[Claim]]:
    from ingest.claims import extract_many

    return [claims for _, claims in extract_many(articles, lexicon())]


def _encode(line: Line, claims: list[Claim]) -> bytes:
    """Return the claims as lines of JSON. Half a surrogate pair in a quote comes out as the escape it was."""
    rows = []
    for claim in claims:
        if line.given is not None:
            claim = replace(claim, quote=line.given[claim.quote_start : claim.quote_end])
        rows.append(claim_to_json(claim).encode("utf-8", "backslashreplace") + b"\n")
    return b"".join(rows)


def _read_lines(source: BinaryIO) -> Iterator[Line | Rejected]:
    for found in read_json_lines(source):
        if isinstance(found, Problem):
            yield Rejected(found.line or 0, found.code, found.reason)
        else:
            yield _read_line(found)


def _read_line(found: JsonLine) -> Line | Rejected:
    try:
        article = article_of(found.value)
    except NoArticleError as error:
        return Rejected(found.number, error.code, str(error))
    if found.value.get("published_at") and article.published_at is None:
        shown = str(found.value["published_at"])[:40]
        print(
            f"line {found.number}: 'published_at' is no ISO date and is left out: {shown!r}", file=sys.stderr
        )
    given = str(found.value["text"])
    return Line(found.number, article, None if given == article.text else given)


def _length(line: Line | Rejected) -> int:
    return len(line.article.text) if isinstance(line, Line) else 0


def _tell(item: Rejected, rejects: TextIO | None) -> None:
    if rejects is None:
        print(f"line {item.number}: {item.reason}", file=sys.stderr)
    else:
        row = {"line": item.number, "code": item.code, "reason": item.reason}
        rejects.write(json.dumps(row, ensure_ascii=False) + "\n")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
