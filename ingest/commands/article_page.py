"""One article as a page: its text with the words of every claim marked, and the claims' fields beside it.

The page is one file that loads nothing. Everything that comes from an article is escaped, and a content
security policy lets no other script run than ours.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.records import COMMON_FIELDS, Article, CasualtyClaim, Claim, ReinforcementClaim, TerritorialClaim
from ingest.wording import bounds_in_words

STYLE = Path(__file__).with_name("article_page.css")
SCRIPT = Path(__file__).with_name("article_page.js")
KINDS = {
    "casualty": "casualties",
    "reinforcement": "reinforcements",
    "territorial_change": "changes of territory",
}
UNKNOWN = '<span class="unknown">not known</span>'


def article_page(article: Article, claims: Sequence[Claim]) -> str:
    """Return the page as HTML. Claims are numbered in the order of the text.

    Raises ValueError where a claim's quote is not what stands at its offsets.
    """
    for claim in claims:
        if article.text[claim.quote_start : claim.quote_end] != claim.quote:
            raise ValueError(f"claim {claim.claim_id}: its quote is not what stands at its offsets")
    ordered = sorted(claims, key=lambda claim: (claim.quote_start, claim.quote_end, claim.claim_id))
    title = article.title or "An article without a title"
    style, script = STYLE.read_text("utf-8"), SCRIPT.read_text("utf-8")
    policy = f"default-src 'none'; style-src '{content_digest(style)}'; script-src '{content_digest(script)}'"
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<header>",
            f"<h1>{escape(title)}</h1>",
            *(f'<p class="about">{line}</p>' for line in _about(article)),
            f'<p class="legend">{_legend(ordered)}</p>\n</header>\n<main>',
            f'<article class="text">{"".join(_marked(article.text, ordered))}</article>',
            f'<section class="claims">{"".join(_cards(ordered)) or _no_claims(article)}</section>\n</main>',
            "<footer>Read by machine: every field says only what the marked words say. A wrong one is mended "
            "by a row in seeds/reviews, or by a better rule.</footer>",
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def _about(article: Article) -> Iterator[str]:
    published = "no date of publication"
    if article.published_at is not None:
        day = article.published_on or article.published_at.date()
        published = f"published {day.isoformat()} (from its {escape(article.published_basis)})"
    language = f"language {escape(article.language)}" if article.language else "language not known"
    yield " · ".join((escape(article.outlet or "outlet not known"), published, language))
    landed = f" · landed {article.landed_on.isoformat()}" if article.landed_on else ""
    yield f"article {escape(article.article_id)}{landed}"
    if article.url:
        yield escape(article.url)


def _legend(claims: Sequence[Claim]) -> str:
    counts = {kind: sum(claim.kind == kind for claim in claims) for kind in KINDS}
    return "".join(f'<span class="k-{kind}">{name}: {counts[kind]}</span>' for kind, name in KINDS.items())


def _no_claims(article: Article) -> str:
    reason = "" if article.language in (None, "en") else " Only English is read."
    return f'<p class="about">No claims were found in this article.{reason}</p>'


def _marked(text: str, claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the text in pieces between all starts and ends of quotes, so that quotes may overlap."""
    edges = sorted({0, len(text), *(edge for c in claims for edge in (c.quote_start, c.quote_end))})
    for start, end in pairwise(edges):
        within = [n for n, c in enumerate(claims, 1) if c.quote_start <= start and end <= c.quote_end]
        if not within:
            yield escape(text[start:end])
            continue
        kind = claims[within[0] - 1].kind
        many = " many" if len(within) > 1 else ""
        numbers = " ".join(map(str, within))
        yield f'<mark class="k-{kind}{many}" data-claims="{numbers}">{escape(text[start:end])}</mark>'
        for number in within:
            if claims[number - 1].quote_end == end:
                kind = claims[number - 1].kind
                yield f'<a class="ref k-{kind}" id="quote-{number}" href="#claim-{number}">{number}</a>'


def _cards(claims: Sequence[Claim]) -> Iterator[str]:
    numbers = {claim.claim_id: number for number, claim in enumerate(claims, 1)}
    for number, claim in enumerate(claims, 1):
        rows = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in _rows(claim, numbers))
        who = (
            "the article itself" if claim.status == "asserted" else escape(claim.claimant_text or "somebody")
        )
        yield (
            f'<div class="card k-{claim.kind}" id="claim-{number}" data-claims="{number}">'
            f'<h2><a href="#quote-{number}">{number}</a>{escape(_headline(claim))}</h2>'
            f'<span class="status {claim.status}">{claim.status}</span> by {who}'
            f'<blockquote>{escape(claim.quote)}</blockquote><dl class="fields">{rows}</dl></div>'
        )


def _headline(claim: Claim) -> str:
    if isinstance(claim, CasualtyClaim):
        return f"{_count(claim)} {claim.victim} {claim.harm}".strip()
    if isinstance(claim, ReinforcementClaim):
        return f"{claim.actor_text or claim.actor or 'somebody'} sent {_count(claim)} {claim.force}"
    if isinstance(claim, TerritorialClaim):
        return f"{claim.place_text or claim.place or 'a place'}: {claim.change.replace('_', ' ')}"
    return claim.kind


def _count(claim: CasualtyClaim | ReinforcementClaim) -> str:
    low, high = claim.count_low, claim.count_high
    if low is None and high is None:
        return claim.count_text or "an unstated number of"
    return bounds_in_words(low, high)


def _rows(claim: Claim, numbers: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield the claim's fields for people: an id with the words it stands for, nulls as not known."""
    if claim.status != "asserted" or claim.claimant:
        yield "who says so", _reference(claim.claimant, claim.claimant_text)
    yield "when", _when(claim)
    for item in fields(claim):
        if item.name in COMMON_FIELDS or item.name.endswith(("_text", "_inferred")):
            continue
        value: Any = getattr(claim, item.name)
        if item.name == "subset_of":
            if value:
                yield "part of", f"claim {numbers.get(value, '?')}"
        elif item.name.startswith("count_") and item.name != "count_group":
            if item.name == "count_low":
                yield "count", _bounds(claim)
        elif hasattr(claim, f"{item.name}_text") and item.name not in ("victim",):
            inferred = " (inferred)" if getattr(claim, f"{item.name}_inferred", False) else ""
            yield (
                item.name.replace("_", " "),
                _reference(value, getattr(claim, f"{item.name}_text")) + inferred,
            )
        elif value is not None:
            yield item.name.replace("_", " "), escape(str(value))
    yield "found by", f"{escape(claim.rule)}, confidence {claim.confidence:.2f}"


def _bounds(claim: Any) -> str:
    if claim.count_text is None:
        return UNKNOWN
    bounds = ", ".join(
        f"{name} {value:,}" if value is not None else f"{name} open"
        for name, value in (("low", claim.count_low), ("best", claim.count_best), ("high", claim.count_high))
    )
    return f"{bounds}{_words(claim.count_text)}"


def _when(claim: Claim) -> str:
    first, last = claim.date_start, claim.date_end
    if first is None and last is None:
        return UNKNOWN + _words(claim.date_text)
    days = f"{first or 'open'} to {last or 'open'}" if first != last else str(first)
    conflict = "; the text contradicts the calendar" if claim.date_conflict else ""
    return f"{days} ({claim.date_basis}{conflict}){_words(claim.date_text)}"


def _reference(identifier: str | None, words: str | None) -> str:
    if identifier is None and words is None:
        return UNKNOWN
    return (escape(identifier) if identifier else UNKNOWN) + _words(words)


def _words(words: str | None) -> str:
    return f' <span class="words">“{escape(words)}”</span>' if words else ""


def content_digest(content: str) -> str:
    """Return the hash by which a content security policy lets an inline style or script through."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")
