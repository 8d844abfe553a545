"""What a sitemap lists: pages with the time of their last change, or further sitemaps (sitemaps.org, 0.9).

Google's news extension gives title, day of publication and language. XML without entities, gzip unpacked.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ingest.decoding import storable
from ingest.landing.connections import Answer, resolve
from ingest.landing.feeds import FeedError, plain, refuse_entities
from ingest.landing.formats import MEBIBYTE

MAX_UNPACKED = 50 * MEBIBYTE
"""The most that a sitemap may hold, by the protocol."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page or, where `is_sitemap`, another sitemap. `changed_at` is as the sitemap writes it."""

    address: str
    is_sitemap: bool
    changed_at: str | None
    metadata: dict[str, str]


def read_sitemap(answer: Answer) -> list[Listed]:
    """Return what the sitemap lists, in its order. Raises FeedError where the answer is no sitemap."""
    content = _unpacked(answer.content)
    refuse_entities(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError("bad_sitemap", f"is no XML: {error}") from error
    kind = _name(root)
    if kind not in ("urlset", "sitemapindex"):
        raise FeedError("bad_sitemap", f"is no sitemap but <{kind}>")
    return list(_listed(root, answer.address, is_index=kind == "sitemapindex"))


def _listed(root: Any, base: str, *, is_index: bool) -> Iterator[Listed]:
    for item in root:
        values: dict[str, str] = {}
        for element in item.iter():
            text = (element.text or "").strip() if isinstance(element.tag, str) else ""
            if text:
                # <news:name> is of the outlet, <image:title> of a picture: the first of a name holds.
                values.setdefault(_name(element), text)
        if "loc" not in values:
            continue
        metadata = {
            "title": plain(values.get("title")),
            "published_at": values.get("publication_date"),
            "language": values.get("language"),
        }
        yield Listed(
            resolve(base, values["loc"]),
            is_index,
            values.get("lastmod") or values.get("publication_date"),
            {key: storable(value) for key, value in metadata.items() if value},
        )


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(content, MAX_UNPACKED + 1)
    except zlib.error as error:
        raise FeedError("bad_sitemap", f"is packed and damaged: {error}") from error
    if len(found) > MAX_UNPACKED:
        raise FeedError("too_large", f"is a sitemap of more than {MAX_UNPACKED // MEBIBYTE} MiB")
    return found


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
