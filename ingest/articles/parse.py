"""A landed document becomes an article, or a reject that says why it holds none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.articles.language import find_language
from ingest.articles.published import Published, find_published, find_updated
from ingest.articles.stories import fold_text, signature_of, story_of
from ingest.decoding import UndecodableError, decode_text, split_front_matter, tellable
from ingest.records import Article, Document, Reject, content_hash

TEXT_KEYS = ("text", "body", "content")
LONGEST_TITLE = 200


class NoArticleError(ValueError):
    """The document holds no article. `code` is for counting, the message for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a document and what it says of itself, by lower-case key."""

    text: str
    metadata: Mapping[str, str] = field(default_factory=dict)


def read_article(document: Document) -> Article | Reject:
    """Return the article of a document, or a Reject where it holds none. Never raises for what it holds.

    What stood beside the document (its metadata) goes before what the document says of itself.
    """
    try:
        reading = _read(document)
    except (NoArticleError, UndecodableError) as error:
        return _reject(document, error.code, str(error))
    metadata = {**reading.metadata, **document.metadata}
    url = document.url or metadata.get("url")
    published = find_published(metadata, reading.text, url)
    return _article(document, reading.text, metadata, url, published)


def article_of(value: Mapping[str, Any]) -> Article:
    """Return the article of one input object of the `extract` command; its id is the article's id.

    Text is kept to the character, since offsets refer to it; halves of surrogate pairs, which cannot be
    parsed, become U+FFFD one for one. A `published_at` that is no date gives
    an article without one. Raises NoArticleError where `id` or `text` is missing or no text.
    """
    own_id, text = value.get("id"), value.get("text")
    if own_id is None or isinstance(own_id, dict | list | bool) or str(own_id) == "":
        raise NoArticleError("no_id", "has no 'id'")
    if not isinstance(text, str):
        raise NoArticleError("no_text", "has no 'text'" if text is None else "has a 'text' that is no text")
    metadata = {key: item for key, item in value.items() if isinstance(item, str)}
    stated = metadata.get("published_at")
    published = find_published({"published_at": stated} if stated else {}, "", None)
    return Article(
        article_id=str(own_id),
        outlet=metadata.get("outlet"),
        url=metadata.get("url"),
        title=metadata.get("title"),
        text=re.sub("[\ud800-\udfff]", "\ufffd", text),
        language=find_language(text),
        published_at=published.at,
        published_on=published.on,
        published_basis=published.basis,
    )


def _read(document: Document) -> Reading:
    if document.media_type == "text/html":
        if document.metadata.get("is_fragment"):
            return _read_fragment(document.content)
        return _read_html(document.content, document.metadata.get("charset"))
    if document.media_type == "application/json":
        return _read_json(document.content, document.metadata.get("source_text_field"))
    if document.media_type == "text/plain":
        _, body = split_front_matter(decode_text(document.content))
        text = _checked(body)
        title = _first_line_title(text)
        return Reading(text, {"title": title} if title else {})
    raise NoArticleError("unknown_type", f"is of a kind that is not read ({document.media_type})")


def _read_html(content: bytes, charset: str | None) -> Reading:
    from ingest.articles.pages import read_page

    try:
        page = read_page(content, charset)
    except UndecodableError:
        raise
    except (ValueError, RecursionError, AssertionError) as error:
        raise NoArticleError("bad_html", str(error) or "is HTML that cannot be parsed") from error
    if page is None:
        raise NoArticleError("no_text", "is a page without an article in it")
    return Reading(_checked(page.text), page.metadata)


def _read_fragment(content: bytes) -> Reading:
    from ingest.articles.pages import read_fragment

    try:
        return Reading(_checked(read_fragment(content)))
    except (UndecodableError, NoArticleError):
        raise
    except (ValueError, RecursionError, AssertionError) as error:
        raise NoArticleError("bad_html", str(error) or "is HTML that cannot be parsed") from error


def _read_json(content: bytes, field: str | None) -> Reading:
    """Read the text of a JSON document; `field` is the source's name for it, with dots into objects."""
    try:
        value = json.loads(decode_text(content))
    except (ValueError, RecursionError) as error:
        raise NoArticleError("bad_json", f"is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise NoArticleError("bad_json", "is no JSON object")
    text: Any = value
    if field is None:
        text = next((value[key] for key in TEXT_KEYS if value.get(key) is not None), None)
    else:
        for key in field.split("."):
            text = text.get(key) if isinstance(text, dict) else None
    if text is None:
        missing = f"'{field}'" if field else "'text' (nor 'body' or 'content')"
        raise NoArticleError("no_text", f"has no key {missing}")
    if not isinstance(text, str):
        raise NoArticleError("no_text", "has a 'text' that is no text")
    return Reading(_checked(text))


def _checked(text: str) -> str:
    """Return the text with line ends as '\\n' and halves of surrogate pairs as U+FFFD."""
    if "\0" in text:
        raise NoArticleError("binary", "holds NUL characters: text damaged in storage")
    if not text.strip():
        raise NoArticleError("no_text", "holds no text")
    return re.sub("[\ud800-\udfff]", "\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _first_line_title(text: str) -> str | None:
    """Return the first line where it stands apart as a headline does: short, no full stop, text after it."""
    first, _, rest = text.lstrip().partition("\n")
    first = first.strip()
    if not first or len(first) > LONGEST_TITLE or first[-1] in ".,;:" or len(rest.strip()) <= len(first):
        return None
    return first


def _article(
    document: Document, text: str, metadata: Mapping[str, str], url: str | None, published: Published
) -> Article:
    folded = fold_text(text)
    content = content_hash(folded)
    return Article(
        article_id=content_hash(document.document_id, folded),
        landing_id=document.landing_id,
        document_id=document.document_id,
        source_id=document.source_id,
        outlet=document.outlet or metadata.get("outlet"),
        url=url,
        title=metadata.get("title"),
        text=text,
        language=find_language(
            text, metadata.get("language") or metadata.get("lang") or metadata.get("source_language")
        ),
        published_at=published.at,
        published_on=published.on,
        published_basis=published.basis,
        updated_at=find_updated(metadata),
        landed_on=document.landed_on,
        landed_at=document.landed_at,
        known_on=_known_on(document, published.on),
        content_hash=content,
        signature=signature_of(folded),
        story_id=story_of(content),
    )


def _known_on(document: Document, published_on: date | None) -> date:
    return published_on if document.is_archive and published_on else document.landed_on


def _reject(document: Document, code: str, reason: str) -> Reject:
    return Reject(
        reject_id=content_hash("article", document.landing_id, code),
        source_id=document.source_id,
        location=document.path or document.document_id,
        reason_code=code,
        reason=tellable(reason),
        landed_on=document.landed_on,
        landed_at=document.landed_at,
        sha256=document.sha256,
        landing_id=document.landing_id,
    )
