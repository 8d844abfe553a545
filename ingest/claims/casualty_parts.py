"""Which numbers of victims are parts of others within a sentence: 'including three children'."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims.casualty_lists import Found, start_of
from ingest.claims.casualty_victims import Victims, category_of, measure
from ingest.claims.reading import Parsed, Token, conjuncts

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading


def with_subsets(found: list[Found], parsed: Parsed, reading: ArticleReading) -> list[Found]:
    """Add 'including three children' and 'two of them women' as parts of the number before them."""
    result = list(found)
    starts = {start_of(item.victims): index for index, item in enumerate(result)}
    for token in parsed.doc:
        members: list[Token] = []
        if token.lower_ in ("including", "among") and token.i:
            members = [m for c in token.children if c.dep_ in ("pobj", "dobj") for m in conjuncts(c)]
            if token.lower_ == "among" and any(m.lower_ not in ("them", "whom", "those") for m in members):
                members = []
            elif token.lower_ == "among":
                before = token.nbor(-1)
                follows = next(iter(parsed.doc[token.i + 2 : token.i + 3]), None)
                is_counted = parsed.quantity_at(before) is None and reading.count(parsed, before) is not None
                if is_counted and (follows is None or parsed.quantity_at(follows) is None):
                    members = [before]
                else:
                    members = _after_among(token)
        elif token.lower_ == "of" and token.i + 1 < len(parsed.doc):
            follows = token.doc[token.i + 1]
            if follows.lower_ in ("them", "whom") and token.head.i < token.i:
                members = _of_them(parsed, token)
        parent = _parent(result, token.idx)
        if parent is None:
            continue
        if token.lower_ == "of" and not members and _is_degree(token) and result[parent].harm == "injured":
            counted = parsed.quantity_at(token.head)
            if counted is not None and counted.start not in starts:
                total = result[parent]
                worse = Victims(token.head, counted, total.victims.category, None, counted.start, counted.end)
                starts[counted.start] = len(result)
                result.append(replace(total, victims=worse, prior=total.prior - 0.05, parent=parent))
            continue
        whom = _of_whom(parsed, token) if token.lower_ == "of" and not members else None
        if whom is not None:
            members = [whom[1]]
        for member in members:
            part = measure(reading, parsed, member, known=True)
            number = whom[0] if whom is not None else token.head
            counted = parsed.quantity_at(number) if token.lower_ == "of" else None
            if counted is not None:
                kind = category_of(reading, parsed, member)
                end = member.idx + len(member.text)
                part = Victims(number, counted, kind, member.text, counted.start, end) if kind else None
            if part is None or (part.quantity is None and part.token.i > token.i + 12):
                continue
            if (
                part.quantity is not None
                and part.quantity.qualifier == "share"
                and part.triple == (None,) * 3
            ):
                continue  # 'most of them young men' gives no number
            at = start_of(part)
            if at in starts:
                there = result[starts[at]]
                harm = (
                    result[parent].harm if there.rule == "beside" else there.harm
                )  # '..., and six were hurt'
                if harm == result[parent].harm and starts[at] != parent and there.parent is None:
                    result[starts[at]] = replace(there, parent=parent, harm=harm)
                continue
            total = result[parent]
            if (part.triple[0] or 0) > (total.victims.triple[2] or total.victims.triple[0] or 10**9):
                continue
            starts[at] = len(result)
            result.append(
                Found(total.harm, total.head, part, total.agents, total.rule, total.prior - 0.05,
                      max(part.end, total.end), parent)
            )  # fmt: skip
    return [_within_aside(result, item, parsed) for item in result]


def _is_degree(of: Token) -> bool:
    """True for 'six of them seriously'."""
    after = of.doc[of.i + 2 : of.i + 4]
    return any(
        t.lower_ in ("seriously", "critically", "severely", "gravely", "badly", "lightly") for t in after
    )


_ASIDE = re.compile(r", (?:including|among them)\b[^.;:]*, (?:was|were|has|have|had)\b")


def _within_aside(found: list[Found], item: Found, parsed: Parsed) -> Found:
    """Make a number that only its neighbour's word of harm was read for a part of the total before the aside.

    'Twelve people, all of one family, including five children and three women, were killed'.
    """
    if item.rule != "beside" or item.parent is not None:
        return item
    at = start_of(item.victims)
    for aside in _ASIDE.finditer(parsed.sentence.text):
        if aside.start() < at < aside.end():
            parent = _parent(found, aside.start())
            if parent is not None and found[parent].harm == item.harm and found[parent] is not item:
                return replace(item, parent=parent)
    return item


def _after_among(token: Token) -> list[Token]:
    """Return the noun after 'among them', which the parser hangs in several ways."""
    doc = token.doc
    for other in doc[token.i + 2 : token.i + 8]:
        if other.pos_ in ("NOUN", "PROPN") and other.dep_ not in ("compound", "amod"):
            return list(conjuncts(other))
    return []


def _of_them(parsed: Parsed, of: Token) -> list[Token]:
    """Return a stand-in for 'two of them children': the noun after 'them', counted by the number before
    'of'.
    """
    doc = of.doc
    noun = next((t for t in doc[of.i + 2 : of.i + 5] if t.pos_ in ("NOUN", "PROPN")), None)
    while noun is not None and noun.dep_ == "compound" and noun.head.i > noun.i:
        noun = noun.head
    return [noun] if noun is not None and parsed.quantity_at(of.head) is not None else []


def _of_whom(parsed: Parsed, of: Token) -> tuple[Token, Token] | None:
    """Return the number and the noun of 'of whom 11 are soldiers', None where it is said otherwise."""
    for token in of.doc[of.i + 2 : of.i + 6]:
        if parsed.quantity_at(token) is not None:
            verb = token.head
            told = next((c for c in verb.children if c.dep_ == "attr"), None)
            is_told = token.dep_ == "nsubj" and verb.lower_ in ("are", "were")
            return (token, told) if told is not None and is_told else None
    return None


def _parent(found: list[Found], before: int) -> int | None:
    """Return the index of the last whole number that stands before an offset."""
    best: int | None = None
    for index, item in enumerate(found):
        start = start_of(item.victims)
        if (
            item.parent is None
            and start < before
            and (best is None or start >= start_of(found[best].victims))
        ):
            best = index
    return best
