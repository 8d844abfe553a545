"""HTML to text and metadata: trafilatura finds the article, the page's own elements date it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.decoding import decode_text

STATED_ENCODING = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE
)
TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>[^<>]*)>")
NEVER_DEEP = frozenset(
    {"p", "br", "img", "meta", "link", "hr", "input", "li", "td", "tr", "source", "option"}
)
"""Elements without content, or that the next of their kind closes."""
META_PUBLISHED = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.date",
    "dcterms.created", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date",
    "og:published_time", "article.published",
)  # fmt: skip
META_UPDATED = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "dcterms.modified",
    "last-modified",
)
MAX_DEPTH = 2000
"""Elements inside each other; the deepest real page has some dozens, and parsers recurse."""
MAX_ELEMENTS = 60_000
MAX_ATTRIBUTES = 500
"""Of one element. libxml2 compares each with each, so a hundred thousand take minutes."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds: the text of its article, and metadata by the names of `published` and `parse`."""

    text: str
    metadata: dict[str, str] = field(default_factory=dict)


def read_page(content: bytes) -> Page | None:
    """Return the article of an HTML page, None where it has none.

    Scripts, styles, menus and comments are left out. Raises UndecodableError for damaged encodings and
    ValueError for a page that is built to keep a parser busy: too deep, too many elements or attributes.
    """
    html = _decode_page(content)
    _refuse_monsters(html)
    import trafilatura

    # It reports as errors what is an ordinary reject here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = trafilatura.load_html(html)
    if tree is None:
        return None
    metadata = _metadata(tree)
    found = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=False, with_metadata=True
    )
    values: dict[str, Any] = found.as_dict() if isinstance(found, trafilatura.settings.Document) else {}
    text = (values.get("text") or "").strip()
    if not text:
        return None
    for key, name in (("title", "title"), ("outlet", "sitename"), ("url", "url")):
        if values.get(name):
            metadata.setdefault(key, str(values[name]))
    return Page(text, metadata)


def _decode_page(content: bytes) -> str:
    stated = STATED_ENCODING.search(content[:4096])
    if stated and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = stated[1].decode("ascii", "replace").lower()
        # Browsers read these names as the Windows code page, which has the curly quotes.
        name = "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii") else name
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode_text(content)


def _refuse_monsters(html: str) -> None:
    """Bound depth, elements and attributes on the source, before a parser meets them. Raises ValueError."""
    depth = elements = 0
    for match in TAG.finditer(html):
        if match["close"]:
            depth = max(depth - 1, 0)
            continue
        elements += 1
        if elements > MAX_ELEMENTS:
            raise ValueError(f"is HTML with more than {MAX_ELEMENTS} elements")
        if len(match["rest"]) > 2 * MAX_ATTRIBUTES:
            names = re.sub(r'"[^"]*"|\'[^\']*\'', "", match["rest"]).split()
            if len(names) > MAX_ATTRIBUTES:
                raise ValueError(f"is HTML with more than {MAX_ATTRIBUTES} attributes on one element")
        if match["name"].lower() not in NEVER_DEEP and not match["rest"].endswith("/"):
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"is HTML with more than {MAX_DEPTH} elements inside each other")


def _metadata(tree: Any) -> dict[str, str]:
    stated: dict[str, str] = {}
    for element in tree.iterfind(".//meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        value = (element.get("content") or "").strip()
        if name and value:
            stated.setdefault(name.strip().lower(), value)
    linked = dict(_linked_data(tree))
    times = [
        e.get("datetime")
        for e in tree.iterfind(".//time")
        if e.get("itemprop", "").lower() == "datepublished"
    ]
    found = {
        "published_at": _first(stated, META_PUBLISHED)
        or linked.get("datePublished")
        or (times[0] if times else None),
        "updated_at": _first(stated, META_UPDATED) or linked.get("dateModified"),
        "title": stated.get("og:title"),
        "outlet": stated.get("og:site_name"),
        "language": tree.get("lang"),
    }
    return {key: value for key, value in found.items() if value}


def _first(stated: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((stated[name] for name in names if name in stated), None)


def _linked_data(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield the dates of the first schema.org article in the page's JSON-LD."""
    for element in tree.iterfind(".//script"):
        if element.get("type", "").lower() != "application/ld+json":
            continue
        try:
            value = json.loads(element.text or "")
        except (ValueError, RecursionError):
            continue
        items = (
            value
            if isinstance(value, list)
            else value.get("@graph", [value])
            if isinstance(value, dict)
            else []
        )
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and isinstance(item.get("datePublished"), str):
                for key in ("datePublished", "dateModified"):
                    if isinstance(item.get(key), str):
                        yield key, item[key]
                return
