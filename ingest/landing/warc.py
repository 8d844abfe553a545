"""The pages in a WARC file, as crawlers such as Common Crawl's news archive write them. Read by warcio.

Pages are yielded one by one, so that an archive of gigabytes costs the memory of its longest page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ingest.decoding import storable
from ingest.landing.archives import DAMAGED, ArchiveError, Budget, failed_read
from ingest.landing.formats import MAX_DOCUMENT_BYTES, MEBIBYTE, Draft, Problem

SUFFIXES = (".warc", ".warc.gz")
MAX_WARC_BYTES = 64 << 30
"""Unpacked; a file of Common Crawl's news holds some 5 GiB."""
PAGES = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}
BESIDE = frozenset({"warcinfo", "request", "metadata", "revisit", "continuation"})
"""Records about the crawl; a revisit stands for a page that the archive holds already."""


def is_warc(name: str) -> bool:
    """Tell by its suffix whether a file is a WARC."""
    return name.lower().endswith(SUFFIXES)


def read_warc(name: str, path: Path) -> Iterator[Draft | Problem]:
    """Yield the pages of the WARC at `path`, located 'name#record', with the address they were fetched from.

    Answers that are no page, or none of status 200, are Problems. Where the archive is damaged, or grows as
    only what was made to burst does, the pages before come through and one Problem says so.
    """
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        budget = Budget(path.stat().st_size, max_bytes=MAX_WARC_BYTES)
        with path.open("rb") as packed:
            for record in _records(packed):
                number += 1
                found = None if record.rec_type in BESIDE else _page(f"{name}#{number}", record, budget)
                while rest := record.raw_stream.read(MEBIBYTE):
                    budget.spend(len(rest))
                if getattr(record.raw_stream, "limit", 0) > 0:
                    raise EOFError("its end is missing")
                if found is not None:
                    yield found
    except ArchiveError as error:
        yield Problem(name, error.code, str(error))
    except (*DAMAGED, ArchiveLoadFailed, OSError, ValueError) as error:
        why = " ".join(str(error).split())
        yield failed_read(name, error) or Problem(
            name, "damaged_archive", f"is a WARC that is damaged after record {number}: {why}"
        )
    else:
        if not number:
            yield Problem(name, "empty", "is a WARC without a record")


def _records(packed: BinaryIO) -> Iterator[Any]:
    """Yield warcio's records. It takes for granted that an answer says which address it is from."""
    from warcio.archiveiterator import ArchiveIterator

    try:
        yield from ArchiveIterator(packed)
    except (AttributeError, TypeError) as error:
        raise ValueError(f"a record lacks what it must say ({error})") from error


def _page(location: str, record: Any, budget: Budget) -> Draft | Problem:
    headers = record.http_headers
    status = headers.get_statuscode() if headers else "200"
    if status != "200":
        is_number = status is not None and status.isascii() and status.isdigit() and len(status) == 3
        code = f"http_{status}" if is_number else "bad_answer"
        return Problem(location, code, f"is an answer of status {status}, no page")
    stated = (headers.get_header("content-type") if headers else None) or record.content_type or ""
    kind, _, parameters = stated.partition(";")
    media_type = PAGES.get(kind.strip().lower())
    if media_type is None:
        return Problem(location, "unknown_type", f"is of a kind that is not read ({kind.strip() or 'none'})")
    content = bytearray()
    stream = record.content_stream()
    while chunk := stream.read(MEBIBYTE):
        budget.spend(len(chunk))
        content += chunk
        if len(content) > MAX_DOCUMENT_BYTES:
            most = MAX_DOCUMENT_BYTES // MEBIBYTE
            return Problem(location, "too_large", f"is longer than {most} MiB, the most that is read")
    if not content.strip():
        return Problem(location, "empty", "is empty")
    charset = parameters.lower().partition("charset=")[2].strip(" \"';")
    metadata = {"url": record.rec_headers.get_header("WARC-Target-URI"), "charset": charset}
    kept = {key: storable(value) for key, value in metadata.items() if value}
    return Draft(location, media_type, bytes(content), kept, is_whole_file=False)
