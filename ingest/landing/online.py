"""Land a source that is asked over the network: feeds, pages, sitemaps.

Every address that was asked gives a Visit, after the documents it led to, so that a run that is killed asks
again. What may pass by itself (a time-out, a 503) gives a Reject and no Visit: the next run asks again, and
the reject goes when it succeeds. What will not pass (a 404, a closed robots.txt) stays one until `retry`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from ingest.landing.connections import Answer, FetchError, resolve
from ingest.landing.documents import canonical_url, landed
from ingest.landing.feeds import MARKUP, Entry, FeedError, read_feed
from ingest.landing.formats import Draft, Problem
from ingest.landing.sitemaps import Listed, read_sitemap
from ingest.landing.sources import Source
from ingest.landing.web import Fetcher
from ingest.records import Document, Reject, Visit, content_hash

LEAST_FULL_TEXT = 800
"""Characters of a feed's content from which it is taken for the whole article."""
MAX_SITEMAPS = 50
"""Sitemaps below one address: the latest are read first."""
MEDIA_TYPES = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
}
NOT_ASKED = frozenset({"robots", "private_host", "bad_address"})
"""Errors that come before an address is asked: there is nothing to remember of it."""
Found = Draft | Problem | Visit


Recall = Callable[[Collection[str]], Mapping[str, Visit]]
"""Gives the earlier visits to some addresses of a source. All of them, after years, would fill the memory."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round over a source: how to ask, when, and the earlier visits by address, as far as looked up."""

    source: Source
    fetcher: Fetcher
    recall: Recall
    now: datetime
    visits: dict[str, Visit] = field(default_factory=dict)

    def look_up(self, addresses: Iterable[str | None]) -> None:
        """Look the earlier visits to the addresses up, in one go."""
        self.visits.update(self.recall([address for address in dict.fromkeys(addresses) if address]))


def land_online(
    source: Source, now: datetime, fetcher: Fetcher, recall: Recall
) -> Iterator[Document | Reject | Visit]:
    """Yield what is new at the source's addresses as landed at `now` (aware, UTC), with the visits made."""
    read = {"feed": _feed, "page": _page_address, "sitemap": _sitemap}[source.kind]
    for address in source.addresses:
        this = Round(source, fetcher, recall, now)
        this.look_up([address])
        for found in read(this, address):
            yield found if isinstance(found, Visit) else landed(found, source, now)


def _feed(this: Round, address: str) -> Iterator[Found]:
    answer = yield from _ask(this, address, robots=False)
    if answer is None:
        return
    try:
        entries = read_feed(answer)
    except FeedError as error:
        yield Problem(address, error.code, str(error))
        return
    this.look_up(entry.link for entry in entries)
    is_done = True
    for entry in entries:
        for found in _entry(this, address, entry):
            is_done = is_done and not (isinstance(found, Problem) and found.passes)
            yield found
    yield _visit(this, address, answer, is_done=is_done)


def _entry(this: Round, feed: str, entry: Entry) -> Iterator[Found]:
    """Yield the article of an entry: from the feed where it stands there whole, else from the page."""
    whole = this.source.full_text
    content = entry.content or (entry.summary if whole == "feed" else "")
    is_whole = len(MARKUP.sub("", content)) >= LEAST_FULL_TEXT if whole is None else whole == "feed"
    if content.strip() and (is_whole or not entry.link):
        yield _from_feed(feed, entry, content)
    elif entry.link:
        marker = content_hash(entry.updated_at or "", entry.title or "", entry.summary)
        metadata = {key: value for key, value in entry.metadata.items() if key not in ("url", "id")}
        yield from _page(this, entry.link, marker, metadata)
    elif entry.summary.strip():
        yield _from_feed(feed, entry, entry.summary)
    else:
        where = f"{feed}#{entry.own_id or entry.title or 'an entry'}"
        yield Problem(where, "empty", "is an entry with neither text nor link")


def _from_feed(feed: str, entry: Entry, content: str) -> Draft:
    is_html = MARKUP.search(content) is not None
    location = entry.link or f"{feed}#{entry.own_id or content_hash(content)}"
    metadata = {**entry.metadata, "charset": "utf-8"} | ({"is_fragment": "true"} if is_html else {})
    kind = "text/html" if is_html else "text/plain"
    return Draft(location, kind, content.encode("utf-8", "replace"), metadata)


def _page_address(this: Round, address: str) -> Iterator[Found]:
    """Yield a page as an article, or, where the source follows links, the articles that it links to."""
    if this.source.follow is None:
        yield from _page(this, address, None, {})
        return
    answer = yield from _ask(this, address)
    if answer is None:
        return
    links = [link for link in _links(answer) if this.source.follow.search(link)]
    this.look_up(links)
    is_done = True
    for link in links:
        for found in _page(this, link, "", {}):
            is_done = is_done and not (isinstance(found, Problem) and found.passes)
            yield found
    yield _visit(this, address, answer, is_done=is_done)


def _links(answer: Answer) -> list[str]:
    """Return the addresses that a page links to on its own host, each once, in the page's order."""
    from lxml import html

    try:
        tree = html.fromstring(answer.content, base_url=answer.address)
    except (ValueError, AssertionError, RecursionError, html.etree.ParserError):
        return []
    found: dict[str, None] = {}
    for element in tree.iterfind(".//a[@href]"):
        address = canonical_url(resolve(answer.address, element.get("href")))
        if address and _is_same_site(address, answer.address):
            found[address] = None
    return list(found)


def _sitemap(this: Round, address: str) -> Iterator[Found]:
    """Yield the pages of a sitemap and of the sitemaps below it, one level deep."""
    answer = yield from _ask(this, address)
    if answer is None:
        return
    try:
        listed = read_sitemap(answer)
    except FeedError as error:
        yield Problem(address, error.code, str(error))
        return
    below = sorted(
        (item for item in listed if item.is_sitemap), key=lambda item: item.changed_at or "", reverse=True
    )
    this.look_up(item.address for item in below)
    is_done = True
    for item in below[:MAX_SITEMAPS]:
        inner = yield from _ask(this, item.address)
        if inner is not None:
            try:
                pages = read_sitemap(inner)
            except FeedError as error:
                yield Problem(item.address, error.code, str(error))
                continue
            is_inner_done = yield from _listed_pages(this, inner.address, pages)
            is_done = is_done and is_inner_done
            yield _visit(this, item.address, inner, is_done=is_inner_done)
    for item in below[MAX_SITEMAPS:]:
        yield Problem(item.address, "too_many_sitemaps", f"is one of more than {MAX_SITEMAPS} sitemaps")
    is_done = (yield from _listed_pages(this, answer.address, listed)) and is_done
    # An index whose sitemaps changed need not have changed itself, so it is read again every time.
    yield _visit(this, address, answer, is_done=is_done and not below)


def _listed_pages(this: Round, sitemap: str, listed: Iterable[Listed]) -> Generator[Found, None, bool]:
    """Yield the pages; the value of the generator tells whether each was dealt with for good."""
    listed = list(listed)
    this.look_up(item.address for item in listed)
    is_done = True
    for item in listed:
        if item.is_sitemap:
            continue
        if not _is_same_site(item.address, sitemap):
            yield Problem(item.address, "other_host", f"is not on the host of its sitemap {sitemap}")
            continue
        for found in _page(this, item.address, content_hash(item.changed_at or ""), item.metadata):
            is_done = is_done and not (isinstance(found, Problem) and found.passes)
            yield found
    return is_done


def _page(this: Round, address: str, marker: str | None, metadata: Mapping[str, str]) -> Iterator[Found]:
    """Yield the page at `address` as a document; nothing where it was dealt with under the same marker."""
    before = this.visits.get(address)
    if before is not None and marker is not None and before.marker == marker and not before.retry_at:
        return
    answer = yield from _ask(this, address, marker=marker)
    if answer is None:
        return
    found = _document(address, answer, metadata)
    yield found
    yield replace(_visit(this, address, answer), marker=marker, is_refused=isinstance(found, Problem))


def _document(address: str, answer: Answer, metadata: Mapping[str, str]) -> Draft | Problem:
    """Return the page that was answered, or why it is no article."""
    stated, _, parameters = answer.headers.get("content-type", "").partition(";")
    media_type = MEDIA_TYPES.get(stated.strip().lower() or "text/html")
    if media_type is None:
        return Problem(address, "unknown_type", f"is of a kind that is not read ({stated.strip()})")
    if not answer.content.strip():
        return Problem(address, "empty", "is empty")
    if urlsplit(answer.address).path in ("", "/") and urlsplit(address).path not in ("", "/"):
        return Problem(address, "redirected_home", "redirects to the front page: the article is gone")
    charset = parameters.lower().partition("charset=")[2].strip(" \"';")
    beside = {**metadata, "url": answer.address} | ({"charset": charset} if charset else {})
    return Draft(address, media_type, answer.content, beside)


def _ask(
    this: Round, address: str, *, marker: str | None = None, robots: bool = True
) -> Generator[Found, None, Answer | None]:
    """Yield problems and visits; the generator's value is the answer, None where there is nothing new."""
    before = this.visits.get(address)
    if before is not None and before.retry_at and before.retry_at > this.now:
        # The code of the answer that asked for patience, so that it stays one reject.
        wait = f"wants not to be asked before {before.retry_at:%Y-%m-%d %H:%M} UTC"
        yield Problem(address, f"http_{before.status}", wait, passes=True)
        return None
    is_same = before is not None and before.marker == marker
    try:
        answer = this.fetcher.get(
            address,
            this.source.politeness,
            etag=before.etag if before and is_same else None,
            last_modified=before.last_modified if before and is_same else None,
            robots=robots,
        )
    except FetchError as error:
        yield Problem(address, error.code, str(error), passes=error.passes)
        if error.retry_after or not (error.passes or error.code in NOT_ASKED):
            until = this.now + timedelta(seconds=error.retry_after) if error.retry_after else None
            yield Visit(
                source_id=this.source.id,
                address=address,
                status=error.status or 0,
                visited_at=this.now,
                marker=marker,
                retry_at=until,
                is_refused=True,
            )
        elif before is not None and not is_same:
            # Another version was announced and could not be had: whatever is announced next is asked for.
            yield replace(before, marker=None)
        return None
    if answer.status == 304 and before is not None:
        yield replace(before, status=304, visited_at=this.now, retry_at=None)
        return None
    return answer


def _visit(this: Round, address: str, answer: Answer, *, is_done: bool = True) -> Visit:
    """Return the visit of an answer; what it led to and could not be had is asked for again next time."""
    return Visit(
        source_id=this.source.id,
        address=address,
        status=answer.status,
        visited_at=this.now,
        etag=answer.headers.get("etag") if is_done else None,
        last_modified=answer.headers.get("last-modified") if is_done else None,
    )


def _is_same_site(one: str, other: str) -> bool:
    try:
        hosts = [(urlsplit(address).hostname or "").removeprefix("www.") for address in (one, other)]
    except ValueError:
        return False
    return hosts[0] == hosts[1] and hosts[0] != ""
