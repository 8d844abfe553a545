"""Which place 'it', 'the town', 'the airport' recalls: what was named, or changed hands, before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from ingest.claims.parse import lemma
from ingest.claims.place_words import AREAS, FEATURES, SETTLEMENT, SETTLEMENTS
from ingest.claims.reading import Parsed, Token
from ingest.claims.toponyms import toponyms
from ingest.records import Place, TerritorialClaim

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

Extent = Literal["full", "partial"]

CHANGES: WeakKeyDictionary[ArticleReading, list[TerritorialClaim]] = WeakKeyDictionary()
"""The changes read so far in an article, for what later sentences only recall."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place as the text names it. `token` is the head of its phrase."""

    id: str | None
    text: str
    token: Token
    extent: Extent | None = None
    is_sure: bool = True
    is_inferred: bool = False


def recall(
    reading: ArticleReading, parsed: Parsed, token: Token, words: str, without: frozenset[str] = frozenset()
) -> Site | None:
    """Return the place named last before a pronoun or 'the town', where it was named as a place.

    Skipped are countries, `without`, names that modify another noun ('the Homs governor') or that mean a
    government ('Moscow said'), and where an outlet reports from.
    """
    last = CHANGES.get(reading, [])[-1:]
    for index in (parsed.sentence.index, *reading.before(parsed.sentence.index, 6)):
        there = reading.parsed.get(index)
        if last and index < parsed.sentence.index and last[0].quote_start >= reading.sentences[index].start:
            known = reading.lexicon.places.get(last[0].place or "")  # what changed hands is what is spoken of
            if known is not None and known.id not in without and _may_be_recalled(reading, token, known):
                return Site(known.id, _as_written(reading, known), token, is_inferred=True)
            is_meant = token.pos_ == "PRON" or lemma(token) in SETTLEMENTS - _WIDE
            if last[0].place is None and is_meant and _is_bare_name(last[0].place_text):
                return Site(None, last[0].place_text or "", token, is_inferred=True)
        row = [m for m in reading.mentions[index] if m.kind == "place"]
        if index == parsed.sentence.index:
            there = parsed
            row = [m for m in reversed(row) if m.end <= token.idx]
            row = [m for m in row if not _FROM.search(parsed.sentence.text[: m.start])]
        else:
            row.sort(key=lambda m: bool(_ASIDE.search(reading.sentences[index].text[: m.start])))
        for mention in row:
            is_town = token.pos_ == "NOUN" and lemma(token) in ("town", "city", "village")
            name = reading.choose_by_kind(mention, _TOWNS) if is_town else reading.choose(mention)
            if name is None or reading.is_country(name) or name.id in without:
                continue
            covering = [
                m
                for m in reading.mentions[index]
                if m.kind in ("actor", "claimant") and m.start <= mention.start and mention.end <= m.end
            ]
            longer = any((m.start, m.end) != (mention.start, mention.end) for m in covering)
            if _TALKS.search(reading.sentences[index].text[: mention.start]):
                continue
            after = reading.sentences[index].text[mention.end :]
            if longer or (covering and _ACTS.match(after)):
                continue
            if there is not None and _modifies(there, mention.start, mention.end):
                continue
            place = reading.lexicon.places.get(name.id)
            if place is None or not _may_be_recalled(reading, token, place):
                continue
            return Site(name.id, mention.text, token, is_inferred=True)
        if token.pos_ in ("PRON", "VERB") if index == parsed.sentence.index else _is_settlement(token):
            for unlisted in toponyms(reading, index):
                is_before = index != parsed.sentence.index or unlisted.end <= token.idx
                if unlisted.name is None and unlisted.level == SETTLEMENT and is_before:
                    return Site(None, unlisted.text, token, is_inferred=True)
    return None


def _is_settlement(token: Token) -> bool:
    """True for 'the town', 'it', or a verb whose place is understood: what a village in no table may be."""
    return token.pos_ in ("PRON", "VERB") or lemma(token) in ("town", "village", "city", "settlement")


def _as_written(reading: ArticleReading, place: Place) -> str:
    """Return a place's name as the article first writes it; its name in the table where it does not."""
    for row in reading.mentions:
        for mention in row:
            if (
                mention.kind == "place"
                and (name := reading.choose(mention)) is not None
                and name.id == place.id
            ):
                return mention.text
    return place.name


def _is_bare_name(text: str | None) -> bool:
    """True for a name in no table, as 'Mukwidja' or 'El Khoi'; false for 'the base at Mukwidja'."""
    return bool(re.fullmatch(r"(?:[A-Z][\w'’-]*(?: (?=[A-Z])|$)){1,3}", text or ""))


_TALKS = re.compile(
    r"\b(?:talks|negotiations|summit|conference|meeting|ceremony|court|trial|hearing)\b"
    r"(?: [\w’'-]+){0,8} in (?:the )?$"
)
"""Before a place where people only meet."""
_FROM = re.compile(r"\bfrom (?:the )?$")
"""Before where somebody came from: 'fighters from Nasir came into the town'."""
_ASIDE = re.compile(
    r"\b(?:near|outside|from|towards?|(?:north|south|east|west)(?:east|west)? of|way to|road to) (?:the )?$"
)
"""Before a name that only tells where another thing is."""
_ACTS = re.compile(
    r"'s\b|,? (?:\w+ly )?(?:said|says|has|have|had|will|would|might|may|could|can|should|must|does|did|"
    r"want\w*|plan\w*|hope\w*|back\w*|claim\w*|confirm\w*|accuse\w*|insist\w*|denied|denies|deny|"
    r"announce\w*|warn\w*|decid\w*|agree\w*|refus\w*|sent|joined|began)\b"
)
"""What follows a capital's name where it means the government ('Moscow had denied', 'Kabul might agree')."""

_WIDE = frozenset({"region", "province", "governorate", "area", "state", "territory"})


_TOWNS = frozenset({"city", "town", "village", "populated_place"})


def _may_be_recalled(reading: ArticleReading, token: Token, place: Place) -> bool:
    """True where a place can be what the word recalls: of its kind, in a country the article is about."""
    weights = reading.weights
    if reading.countries and weights[place.country] < 0.4 * weights[reading.countries[0]]:
        return False
    word = lemma(token)
    if word in _WIDE or word in _KINDS.get(place.kind, ()):
        return True
    if place.kind in ("region", "admin1"):
        return False
    if word in ("repel", "repulse"):
        return place.kind in ("district", "admin2", *_TOWNS)
    if word in ("district", "neighbourhood", "neighborhood", "suburb", "quarter"):
        return place.kind in ("district", *_TOWNS)
    if word in _ANY or token.pos_ == "PRON":
        return True
    return place.kind in _TOWNS


_ANY = frozenset({"place", "area", "site", "compound", "position"})


def _modifies(parsed: Parsed, start: int, end: int) -> bool:
    """True where a name modifies a noun that is no place: 'the Homs governor', 'a Misrata brigade'."""
    for token in parsed.doc:
        if start <= token.idx < end and token.dep_ in ("compound", "nmod", "amod", "poss"):
            head = token.head
            if start <= head.idx < end:
                continue
            return (
                lemma(head) not in SETTLEMENTS | FEATURES | AREAS and parsed.mention_at(head, "place") is None
            )
    return False


def recall_feature(reading: ArticleReading, parsed: Parsed, token: Token, word: str) -> str | None:
    """Return the id of the feature of that kind named last ('the airport' after 'Hodeidah airport')."""
    for index in (parsed.sentence.index, *reading.before(parsed.sentence.index, 8)):
        for mention in reading.mentions[index]:
            if mention.kind == "place" and (index != parsed.sentence.index or mention.end <= token.idx):
                if (name := reading.choose(mention)) is None:
                    continue
                place = reading.lexicon.places.get(name.id)
                kind = place.kind if place else ""
                if mention.text.lower().split()[-1] == word or word in _KINDS.get(kind, ()):
                    return name.id
    return None


_KINDS = {
    "base": ("base", "camp", "outpost", "garrison", "barracks", "compound", "headquarters", "command"),
    "airport": ("airport", "airfield", "compound", "site", "facility"),
    "facility": ("complex", "compound", "site", "facility", "plant", "building", "headquarters"),
    "camp": ("camp",), "dam": ("dam",), "bridge": ("bridge",), "crossing": ("crossing",),
    "road": ("road", "highway", "route", "corridor"),
    "district": ("district", "neighbourhood", "neighborhood"),
}  # fmt: skip
