"""Which noun phrases are places that can change hands: settlements, districts, features, parts of them.

A site with an id is in the tables; one without keeps its words. 'the air base' or 'three hills' have no id of
their own, and never take that of the town they lie by. `is_sure` tells a place by its own words; a bare unknown
name ('Tell Brak') is not sure: it may be a man's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ingest.claims.parse import lemma
from ingest.claims.places import _DIRECTIONS, place_of
from ingest.claims.reading import Parsed, Token, conjuncts
from ingest.claims.speakers import phrase

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

Extent = Literal["full", "partial"]

SETTLEMENTS = frozenset(
    "village town city district neighbourhood neighborhood suburb province region governorate hamlet settlement "
    "municipality county locality commune quarter enclave township capital area camp island territory state port "
    "village-tract stronghold bastion valley peninsula borough sub-district subdistrict department oasis".split()
)
FEATURES = frozenset(
    "base airbase hill hilltop ridge mountain bridge crossing airport airfield roundabout dam street road highway "
    "checkpoint outpost post headquarters barracks building compound complex factory plant mill hospital school "
    "university academy college station field oilfield refinery mine prison depot garrison fort fortress castle "
    "junction crossroads intersection square market mosque church cathedral monastery stadium silo warehouse farm "
    "forest border checkpoint position trench stronghold strongpoint bunker tunnel route corridor palace hotel tower "
    "embassy ministry seaport harbour harbor terminal runway front frontline line bank riverbank battalion "
    "citadel zone facility site housing apartment house heights pass peak ridgeline supermarket villa store "
    "brigade-base gate command center centre pocket bridgehead plaza jail pumping-station waterworks dump lake".split()
)
_PARTS = {
    "most": "partial", "half": "partial", "part": "partial", "third": "partial", "quarter": "partial",
    "much": "partial", "bulk": "partial", "majority": "partial", "portion": "partial", "percent": "partial",
    "%": "partial", "swathe": "partial", "swath": "partial", "chunk": "partial", "section": "partial",
    "fifth": "partial", "stretch": "partial", "patch": "partial", "thirds": "partial", "quarters": "partial",
    "tract": "partial", "some": "partial", "edge": "partial", "share": "partial", "outskirt": "partial",
    "bit": "partial", "number": "partial", "several": "partial", "dozen": "partial", "one": None, "two": "partial",
    "rest": None, "remainder": None, "all": "full", "whole": "full", "entirety": "full", "each": None, "both": None,
    "outskirts": "partial", "two-thirds": "partial", "km": "partial", "kilometre": "partial", "kilometer": "partial",
    "mile": "partial",
}  # fmt: skip
_AREAS = frozenset(
    "area position point ground territory part village town district neighbourhood neighborhood settlement street "
    "quarter land locality suburb community sector block hamlet city site outskirt edge".split()
)
_FULL = frozenset("all entire whole total complete full".split())
_FULLY = frozenset("fully completely entirely totally".split())
_PRONOUNS = frozenset({"it", "this", "which", "that", "there", "its"})
_TITLES = re.compile(
    r"(?:Gen|Col|Maj|Lt|Capt|Sgt|Dr|Mr|Mrs|Ms|President|General|Commander|Colonel|Sheikh)\.?\s"
)


@dataclass(frozen=True, slots=True)
class Site:
    """A place as the text names it. `token` is the head of its phrase."""

    id: str | None
    text: str
    token: Token
    extent: Extent | None = None
    is_sure: bool = True
    is_inferred: bool = False


def sites_of(reading: ArticleReading, parsed: Parsed, token: Token) -> Iterator[Site]:
    """Yield the places a noun phrase stands for: one, or those of the list that 'most of' or 'both' opens."""
    extent: Extent | None = _stated_extent(token)
    inner = _inside_part(token)
    for _ in range(3):
        if inner is None:
            break
        part = _PARTS.get(lemma(token), _PARTS.get(token.lower_))
        extent = "full" if part == "full" else "partial" if part == "partial" else extent
        token = inner
        extent = extent or _stated_extent(token)
        inner = _inside_part(token)
    for member in conjuncts(token) if extent is not None else (token,):
        if (found := _site(reading, parsed, member)) is not None:
            yield replace(found, extent=extent or found.extent)


def _stated_extent(token: Token) -> Extent | None:
    """Return the extent that an adjective or adverb beside the noun or its verb states."""
    if any(c.lower_ in _FULL and c.dep_ in ("amod", "det", "predet") for c in token.children):
        return "full"
    if any(c.lower_ in _FULLY for c in token.head.children):
        return "full"
    return None


def _inside_part(token: Token) -> Token | None:
    """Return what a partitive is a part of: 'the city' of 'most of the city'."""
    if lemma(token) not in _PARTS and token.lower_ not in _PARTS:
        return None
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in ("of", "in") and child.i > token.i:
            return next((end for end in child.children if end.dep_ == "pobj"), None)
    return None


def _site(reading: ArticleReading, parsed: Parsed, token: Token) -> Site | None:
    if parsed.date_at(token) is not None:
        return None
    words = _words(reading, parsed, token)
    if token.lower_ in _PRONOUNS:
        return _recall(reading, parsed, token, words)
    if token.lower_ in _DIRECTIONS:
        return _direction(reading, parsed, token, words)
    word = lemma(token)
    mention = parsed.mention_at(token, "place")
    if mention is not None and not _is_other_name(parsed, token, mention.start, mention.end):
        name = reading.choose(mention)
        if name is not None:
            found = place_of(reading, parsed, token)
            return Site(found.id or name.id, words, token)
        if token.pos_ == "PROPN" or token.text[:1].isupper():
            return Site(None, words, token)
    if word in SETTLEMENTS or word in FEATURES or word in _AREAS:
        return _common_noun(reading, parsed, token, word, words)
    if token.pos_ == "PROPN" and token.text[:1].isupper():
        if (
            parsed.mention_at(token, "actor", "claimant")
            or _TITLES.match(words)
            or token.ent_type_ == "PERSON"
        ):
            return None
        return Site(None, words, token, is_sure=_has_place_beside(parsed, token))
    return None


def _common_noun(reading: ArticleReading, parsed: Parsed, token: Token, word: str, words: str) -> Site | None:
    """Return 'the village of Minyan', 'the air base', 'several districts in the east', 'the town'."""
    start, end = phrase(token)
    named = [m for m in parsed.mentions if m.kind == "place" and start <= m.start and m.end <= end]
    own = [m for m in named if _names_head(parsed, token, m.start)]
    is_plural = token.tag_ in ("NNS", "NNPS") or word in ("territory", "ground", "land")
    if word in SETTLEMENTS and not (is_plural and word in _AREAS):
        for mention in own or [m for m in named if m.start > token.idx]:
            if reading.choose(mention) is not None:
                found = place_of(reading, parsed, token)
                return Site(found.id, words, token)
        if _is_bare(token):
            return _recall(reading, parsed, token, words)
        return Site(None, words, token)
    if word in _AREAS and is_plural:
        holder = place_of(reading, parsed, token) if named else None
        members = [t for t in token.subtree if t.dep_ in ("appos",) and parsed.mention_at(t, "place")]
        if members:
            return None  # the names that follow are the places
        return Site(holder.id if holder else None, words, token, extent="partial" if holder else None,
                    is_sure=holder is not None or not _is_bare(token))  # fmt: skip
    for mention in own:
        if (name := reading.choose(mention)) is not None and mention.end >= token.idx:
            return Site(name.id, words, token)
    if _is_bare(token) and (earlier := _recall_feature(reading, parsed, word)) is not None:
        return Site(earlier, words, token, is_inferred=True)
    return Site(None, words, token)


def _names_head(parsed: Parsed, token: Token, start: int) -> bool:
    """True where the name at `start` is the head's own ('Castello road', 'the village of Minyan'), not its place."""
    for other in parsed.doc:
        if other.idx == start or (other.idx < start < other.idx + len(other.text)):
            while other.head != other and other != token:
                if other.dep_ == "pobj" and other.head.lower_ not in ("of",):
                    return False
                other = other.head
            return bool(other == token)
    return False


def _is_other_name(parsed: Parsed, token: Token, start: int, end: int) -> bool:
    """True where a longer name of an actor or claimant covers the place's ('Damascus government')."""
    return any(
        m.kind in ("actor", "claimant")
        and m.start <= start
        and m.end >= end
        and (m.start, m.end) != (start, end)
        for m in parsed.mentions
    )


def _is_bare(token: Token) -> bool:
    """True for 'the town', 'the base': definite, and nothing that tells which."""
    children = list(token.children)
    return any(c.lower_ in ("the", "this", "that", "its") for c in children) and not any(
        c.dep_ in ("compound", "amod", "nmod", "nummod", "appos", "acl", "relcl")
        or (c.dep_ == "prep" and c.i > token.i)
        for c in children
    )


def _has_place_beside(parsed: Parsed, token: Token) -> bool:
    """True where a known place stands in the name's list, in apposition, or after 'in' or 'near'."""
    near = [*conjuncts(token), token.head, *token.children]
    near += [end for child in token.children if child.dep_ == "prep" for end in child.children]
    return any(other != token and parsed.mention_at(other, "place") is not None for other in near) or any(
        lemma(child) in SETTLEMENTS | FEATURES for child in token.children
    )


def _recall(reading: ArticleReading, parsed: Parsed, token: Token, words: str) -> Site | None:
    """Return the place last named, or last changed hands, before a pronoun or 'the town'."""
    here = [m for m in parsed.mentions if m.kind == "place" and m.end <= token.idx]
    rows = [reversed(here), *(reading.mentions[i] for i in reading._back(parsed.sentence.index, 4))]
    for row in rows:
        for mention in row:
            if mention.kind != "place":
                continue
            name = reading.choose(mention)
            if name is None or reading._is_country(name):
                continue
            return Site(name.id, words, token, is_inferred=True)
    return None


def _recall_feature(reading: ArticleReading, parsed: Parsed, word: str) -> str | None:
    """Return the id of the feature of that kind named last ('the airport' after 'Hodeidah airport')."""
    for index in (parsed.sentence.index, *reading._back(parsed.sentence.index, 6)):
        for mention in reading.mentions[index]:
            if mention.kind == "place" and mention.text.lower().split()[-1] == word:
                if (name := reading.choose(mention)) is not None:
                    return name.id
    return None


def _direction(reading: ArticleReading, parsed: Parsed, token: Token, words: str) -> Site | None:
    """Return 'the east', "the city's southwest", 'the north of Aleppo' as a part of the place meant."""
    direction = _DIRECTIONS[token.lower_]
    base: Token | None = None
    for child in token.children:
        if child.dep_ == "poss":
            base = child
        elif child.dep_ == "prep" and child.lower_ in ("of", "in"):
            base = next((end for end in child.children if end.dep_ == "pobj"), base)
    found = _site(reading, parsed, base) if base is not None else _recall(reading, parsed, token, words)
    if found is None:
        return None
    if found.id is None:
        return Site(None, words, token, extent="partial")
    place = (
        found.id
        if re.match(r"(?:north|south|east|west|central)\w*_", found.id)
        else f"{direction}_{found.id}"
    )
    return Site(place, words, token, is_inferred=found.is_inferred)


def _words(reading: ArticleReading, parsed: Parsed, token: Token) -> str:
    start, end = phrase(token)
    return reading._words(parsed, start, end)
