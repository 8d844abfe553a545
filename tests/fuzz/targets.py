"""What an input is given to, as the product itself calls it, and what must be so of whatever comes out.

Each target returns a word for what became of the input: 'read', or the code of the reject or error that the
parser documents. Any other exception is a find.
"""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import redirect_stderr, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpcore

from ingest import FrontlineError
from ingest.articles import read_article
from ingest.commands.extract import extract
from ingest.landing.connections import Answer, Connections
from ingest.landing.files import land_path
from ingest.landing.online import land_online
from ingest.landing.sources import Source, load_sources
from ingest.landing.web import Fetcher, Politeness, ascii_address
from ingest.records import Article, Document, Reject, Visit
from ingest.warehouse.backup import restore
from tests.fuzz.cases import CANARY, Case

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
HOME = "https://desk.example/feed"
LONGEST_REASON = 1000
NO_ROBOTS = b"HTTP/1.1 404 None\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Broken(AssertionError):
    """What came out of an input is not as it must be."""


def check(record: Document | Reject | Article | Visit) -> None:
    """Raise Broken where a record cannot be stored or told, or carries what lies outside the input."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        for text in _texts(value):
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise Broken(f"{field.name} holds half a surrogate pair") from error
            if "\0" in text:
                raise Broken(f"{field.name} holds a NUL")
            if CANARY in text:
                raise Broken(f"{field.name} holds what stands in a file outside the input")
        if isinstance(value, bytes) and CANARY.encode() in value:
            raise Broken(f"{field.name} holds what stands in a file outside the input")
    if isinstance(record, Reject) and not 0 < len(record.reason) <= LONGEST_REASON:
        raise Broken(f"a reason of {len(record.reason)} characters")
    if isinstance(record, Article) and not record.text.strip():
        raise Broken("an article without a text")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*_texts(key), *_texts(item))


def _follow(found: Iterator[Document | Reject | Visit]) -> str:
    """Read the articles of what was found; return 'read' where there is one, else the last reject's code."""
    became = "nothing"
    for item in found:
        check(item)
        if isinstance(item, Document):
            item_read = read_article(item)
            check(item_read)
            item = item_read
        if isinstance(item, Article):
            became = "read"
        elif isinstance(item, Reject) and became != "read":
            # One word for 404, 503 and whatever number a hostile server may say.
            became = re.sub(r"^http_.*", "http_status", item.reason_code)
    return became


def _source(case: Case, **fields: Any) -> Source:
    return Source(
        id="fuzz",
        fields=json.loads(case.options.get("fields", "{}")),
        time_zone=case.options.get("time_zone", "UTC"),
        language=case.options.get("language"),
        **fields,
    )


def land_file(case: Case, folder: Path) -> str:
    """Land the file alone in a folder, and read its articles."""
    place = folder / "in"
    place.mkdir()
    (place / case.name).write_bytes(case.content)
    return _follow(land_path(place, _source(case), NOW))


def land_sidecar(case: Case, folder: Path) -> str:
    """Land the CSV beside three files that it may describe."""
    place = folder / "in"
    (place / "sub").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        (place / name).write_text(f"The bridge at {name} was shelled on Monday.", "utf-8")
    (place / case.name).write_bytes(case.content)
    rejects = [item for item in land_path(place, _source(case), NOW) if isinstance(item, Reject)]
    became = _follow(land_path(place, _source(case), NOW))
    if became != "read":
        raise Broken("the files beside a damaged CSV did not come through")
    return rejects[-1].reason_code if rejects else "read"


class Canned(Fetcher):
    """Answers every address by the input's bytes, the pages below by a page; opens no connection."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case, self.is_first = case, True

    def get(
        self,
        address: str,
        politeness: Politeness,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        robots: bool = True,
    ) -> Answer:
        """Return the canned answer; raise FetchError for what is no address, as the real one does."""
        here = ascii_address(address)
        if self.is_first:
            self.is_first = False
            return Answer(here, 200, {"content-type": self.case.options["media_type"]}, self.case.content)
        return Answer(here, 200, {"content-type": "text/plain"}, b"The mill at Karsa burnt on Monday.")


def _recall(addresses: Collection[str]) -> Mapping[str, Visit]:
    return {}


def land_feed(case: Case, folder: Path) -> str:
    """Land a feed, a sitemap or a page of links, as a server would have given it."""
    kind: Any = {"sitemap": "sitemap", "section": "page"}.get(case.target, "feed")
    follow = re.compile(".") if case.target == "section" else None
    source = Source(id="fuzz", kind=kind, addresses=(HOME,), follow=follow, group="feed")
    return _follow(land_online(source, NOW, Canned(case), _recall))


class Told(httpcore.NetworkBackend):
    """A server that says the input byte for byte, to the first who asks, for robots.txt, too or not."""

    def __init__(self, content: bytes, *, has_robots: bool) -> None:
        self.content, self.is_first = content, has_robots

    def connect_tcp(self, *where: Any, **how: Any) -> httpcore.NetworkStream:
        """Return a stream of what the server says."""
        said = [NO_ROBOTS] if self.is_first else [self.content]
        self.is_first = False
        return httpcore.MockStream(said)


@cache
def _connections() -> Connections:
    """Made once: it reads all certificates that the system trusts, which takes longer than an answer."""
    return Connections(allow_private=True)


def ask_server(case: Case, folder: Path) -> str:
    """Let a real fetcher ask a server; its answers are no pages but bytes."""
    network = Told(case.content, has_robots=case.options["robots"] == "none")
    connections = _connections()
    with Fetcher(sleep=lambda _: None) as fetcher:
        connections._pool = httpcore.ConnectionPool(network_backend=network)
        fetcher._connections[False] = connections
        source = Source(id="fuzz", kind="page", addresses=("http://desk.example/a",), group="page")
        return _follow(land_online(source, NOW, fetcher, _recall))


def read_register(case: Case, folder: Path) -> str:
    """Read a register of sources."""
    path = folder / case.name
    path.write_bytes(case.content)
    try:
        load_sources(path)
    except FrontlineError as error:
        if not str(error).strip():
            raise Broken("an error that says nothing") from error
        return "SourcesError"
    return "read"


def put_back(case: Case, folder: Path) -> str:
    """Restore a backup."""
    path = folder / case.name
    path.write_bytes(case.content)
    try:
        restore(path, folder / "data" / "warehouse.duckdb")
    except FrontlineError as error:
        with suppress(FileNotFoundError):
            if list((folder / "data").iterdir()):
                raise Broken("a refused backup left files behind") from error
        return type(error).__name__
    return "read"


def read_claims(case: Case, folder: Path) -> str:
    """Extract; look at every quote, and whether each line is a claim's, a reject's, or of no claims."""
    out, told = io.BytesIO(), io.StringIO()
    with redirect_stderr(io.StringIO()):
        extract(io.BytesIO(case.content), out, told)
    rejects = [json.loads(line) for line in told.getvalue().split("\n")[:-1]]
    if broken := [reject for reject in rejects if reject["code"] == "not_read"]:
        raise Broken(broken[0]["reason"])
    claims = [json.loads(line) for line in out.getvalue().split(b"\n")[:-1]]
    given = _given_texts(case.content) if claims else {}
    for claim in claims:
        texts = given.get(str(claim["article_id"]))
        if texts is not None and not any(
            text[claim["quote_start"] : claim["quote_end"]] == claim["quote"] for text in texts
        ):
            raise Broken("a quote that does not stand in its article")
    return "read" if claims else rejects[-1]["code"] if rejects else "no claim"


def _given_texts(content: bytes) -> dict[str, list[str]]:
    """Return the texts by the article's id, read by json alone."""
    found: dict[str, list[str]] = {}
    for line in content.split(b"\n"):
        with suppress(ValueError, RecursionError):
            row = json.loads(line)
            if isinstance(row, dict) and isinstance(row.get("text"), str):
                found.setdefault(str(row.get("id")), []).append(row["text"])
    return found


TARGETS: Mapping[str, Callable[[Case, Path], str]] = {
    "text": land_file, "html": land_file, "json": land_file, "jsonl": land_file, "sidecar": land_sidecar,
    "rss": land_feed, "atom": land_feed, "json_feed": land_feed, "sitemap": land_feed, "section": land_feed,
    "http": ask_server, "warc": land_file, "archive": land_file, "sources": read_register, "backup": put_back,
    "extract": read_claims,
}  # fmt: skip
SHARES: Mapping[str, int] = {
    "text": 8, "html": 12, "json": 9, "jsonl": 8, "sidecar": 3, "rss": 6, "atom": 5, "json_feed": 4,
    "sitemap": 5,
    "section": 3, "http": 5, "warc": 5, "archive": 8, "sources": 5, "backup": 1, "extract": 13,
}  # fmt: skip
"""Of a hundred inputs, how many each target gets."""
