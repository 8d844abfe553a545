"""What a feed lists: RSS and Atom by feedparser, JSON Feed by its specification (jsonfeed.org, version 1.1).

Nothing is fetched here. A feed that declares entities is refused: none of the news needs them.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.decoding import UndecodableError, decode_text, storable
from ingest.landing.connections import Answer, resolve

ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
MARKUP = re.compile(r"<[^>]*>")


class FeedError(ValueError):
    """What came is no feed or sitemap that is read. `code` is for counting, the message for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """One article that a feed lists; `content` is its text or HTML where the feed holds it, whole or not.

    `summary` is what the feed says of it in short. Times are texts as the feed writes them.
    """

    link: str | None
    own_id: str | None
    title: str | None
    published_at: str | None
    updated_at: str | None
    language: str | None
    content: str
    summary: str

    @property
    def metadata(self) -> dict[str, str]:
        """What stands beside the article, by the names that documents use."""
        values = {
            "url": self.link,
            "id": self.own_id,
            "title": self.title,
            "published_at": self.published_at,
            "updated_at": self.updated_at,
            "language": self.language,
        }
        return {key: storable(value) for key, value in values.items() if value}


def read_feed(answer: Answer) -> list[Entry]:
    """Return what the feed lists, in its order. Raises FeedError where the answer is no feed."""
    content = answer.content
    if not content.strip():
        raise FeedError("empty", "is an empty answer, no feed")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return list(_read_json_feed(content, answer.address))
    refuse_entities(content)
    import feedparser

    headers = {"content-location": answer.address}
    if kind := answer.headers.get("content-type"):
        headers["content-type"] = kind
    try:
        found = feedparser.parse(io.BytesIO(content), response_headers=headers, sanitize_html=False)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # It reports most damage as a value and breaks on some, such as a name of an encoding that is no text.
        raise FeedError("bad_feed", f"is a feed that cannot be read: {error}") from error
    if not found.version and not found.entries:
        raise FeedError("bad_feed", "is no RSS, Atom or JSON feed")
    language = found.feed.get("language")
    return [_entry(entry, language, answer.address) for entry in found.entries]


def refuse_entities(content: bytes) -> None:
    """Raise FeedError for XML that declares entities, in whatever width its letters are written."""
    if ENTITY.search(content.replace(b"\0", b"")):
        raise FeedError(
            "xml_entities", "declares XML entities, which are not read: they can be made to explode"
        )


def plain(text: str | None) -> str | None:
    """Return a title without markup and entities, None where nothing is left."""
    return " ".join(html.unescape(MARKUP.sub(" ", text or "")).split()) or None


def _entry(entry: Any, language: str | None, base: str) -> Entry:
    contents = [item.get("value") or "" for item in entry.get("content") or []]
    link = entry.get("link")
    own_id = entry.get("id")
    return Entry(
        link=resolve(base, link) if link else None,
        own_id=own_id if own_id != link else None,
        title=plain(entry.get("title")),
        published_at=entry.get("published"),
        updated_at=dict.get(entry, "updated"),
        language=next(
            (item.get("language") for item in entry.get("content") or [] if item.get("language")), None
        )
        or language,
        content=max(contents, key=len, default=""),
        summary=entry.get("summary") or "",
    )


def _read_json_feed(content: bytes, base: str) -> Iterator[Entry]:
    try:
        value = json.loads(decode_text(content))
    except (ValueError, RecursionError, UndecodableError) as error:
        raise FeedError("bad_feed", f"begins as JSON and is none: {error}") from error
    items = value.get("items")
    if not str(value.get("version", "")).startswith("https://jsonfeed.org/version/") or not isinstance(
        items, list
    ):
        raise FeedError("bad_feed", "is JSON, but no JSON Feed (no version of jsonfeed.org, or no items)")
    for item in items:
        if not isinstance(item, dict):
            continue
        link = _text(item, "url") or _text(item, "external_url")
        own_id = item.get("id")
        yield Entry(
            link=resolve(base, link) if link else None,
            own_id=str(own_id) if isinstance(own_id, str | int) and own_id != link else None,
            title=plain(_text(item, "title")),
            published_at=_text(item, "date_published"),
            updated_at=_text(item, "date_modified"),
            language=_text(item, "language") or _text(value, "language"),
            content=_text(item, "content_html") or _text(item, "content_text") or "",
            summary=_text(item, "summary") or "",
        )


def _text(value: Mapping[str, Any], key: str) -> str | None:
    found = value.get(key)
    return found if isinstance(found, str) and found.strip() else None
