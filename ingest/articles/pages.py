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
BLOCKS = frozenset(
    """address article aside blockquote br dd div dl dt figure h1 h2 h3 h4 h5 h6 hr li main ol p pre
    section table tr ul""".split()
)
NO_PROSE = frozenset("script style template noscript iframe svg form button select table figcaption".split())
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


def read_page(content: bytes, charset: str | None = None) -> Page | None:
    """Return the article of an HTML page, None where it has none. `charset` is what the server says it is in.

    Scripts, styles, menus and comments are left out. Raises UndecodableError for damaged encodings and
    ValueError for a page that is built to keep a parser busy: too deep, too many elements or attributes.
    """
    html = _decode_page(content, charset)
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


def read_fragment(content: bytes) -> str:
    """Return the text of a piece of HTML in UTF-8 that is an article from end to end, as feeds carry it.

    Each block is a line of its own; scripts, forms, tables and captions are left out. Raises as `read_page`.
    """
    html = content.decode("utf-8", "replace")
    _refuse_monsters(html)
    from lxml import etree
    from lxml.html import fragment_fromstring

    try:
        tree = fragment_fromstring(html, create_parent="div")
    except etree.ParserError as error:
        raise ValueError(f"is HTML that cannot be parsed: {error}") from error
    pieces: list[str] = []
    left_out = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            left_out += name in NO_PROSE
        elif event == "end":
            left_out -= name in NO_PROSE
        if name in BLOCKS:
            pieces.append("\n")
        said = element.text if event == "start" else element.tail
        if said and not left_out:
            pieces.append(" ".join(said.split("\n")) if name != "pre" else said)
    lines = (" ".join(line.split()) for line in "".join(pieces).splitlines())
    return "\n".join(line for line in lines if line)


def _decode_page(content: bytes, charset: str | None) -> str:
    """Return the page as text: by its mark, as UTF-8 where it is that, as stated, else as it looks.

    What servers and pages state is often wrong, but text of another encoding is never UTF-8 by accident.
    """
    is_wide = content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4096]
    found = STATED_ENCODING.search(content[:4096])
    names = [charset or "", found[1].decode("ascii", "replace") if found else ""]
    for name in [] if is_wide else names if content.isascii() else ["utf-8", *names]:
        name = name.lower()
        if not name or name.startswith(("utf-16", "utf-32", "ucs")):
            continue
        # Browsers read these names as the Windows code page, which has the curly quotes.
        known = "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii") else name
        try:
            return content.decode(known)
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
