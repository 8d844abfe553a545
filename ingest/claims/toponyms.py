"""The places that a sentence names: those of the tables, and those in none, known by how they are named.

Which names in no table are places, the text itself shows (unknown_names.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from ingest.claims.place_words import (
    COUNTRY,
    DIRECTION_WORDS,
    DISTRICT,
    LEVELS,
    PROVINCE,
    QUARTER,
    SETTLEMENT,
    SITE,
)
from ingest.claims.reading import Mention
from ingest.claims.unknown_names import KIND_AT_END, KIND_WORDS, WORD, may_be_a_place, unknown_names
from ingest.records import Name

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_JOINED = re.compile(r"-(?:based|backed|led|born|held|controlled|run|bound|style|trained)\b")
_KIND_AFTER = re.compile(rf"[ -]({KIND_WORDS})\b", re.IGNORECASE)
_KIND_OF_AT_END = re.compile(rf"\b({KIND_WORDS})s? of (?:the )?\Z", re.IGNORECASE)
_DIRECTED = re.compile(rf"(?:(?:{'|'.join(DIRECTION_WORDS)})[ -])+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place named in a sentence, by the offsets of its name with the word for its kind beside it.

    `name` is the entry of the tables, None where there is none. `before` is the preposition that stands right
    before it, perhaps with a noun of place between ('in the town of X'); '' where there is none. `within` is
    the id of the place whose part it is called ('the Hama village of X').
    """

    start: int
    end: int
    text: str
    level: int
    name: Name | None
    before: str = ""
    within: str | None = None


def toponyms(reading: ArticleReading, index: int) -> tuple[Toponym, ...]:
    """Return the places that sentence `index` names, in the order of its text; kept for the article."""
    kept = reading.toponyms_of
    if index not in kept:
        text = reading.sentences[index].text
        row = reading.mentions[index]
        kept[index] = tuple(_found(reading, text, row))
    return kept[index]


def _found(reading: ArticleReading, text: str, row: Sequence[Mention]) -> Iterator[Toponym]:
    taken = [(m.start, m.end) for m in row if m.kind in ("actor", "claimant") and not _is_place_too(m, row)]
    found = list(_known(reading, text, row, taken))
    spans = [(t.start, t.end) for t in found]
    for start, end, level in unknown_names(text):
        if any(start < b and a < end for a, b in spans) or any(a <= start < b for a, b in taken):
            continue
        if not may_be_a_place(text, start, end):
            continue
        if _is_people(reading, text, start, end):
            continue
        spans.append((start, end))
        is_loose = level == PROVINCE and re.search(
            r"\bregions?\b", text[max(0, start - 11) : end], re.IGNORECASE
        )
        found.append(Toponym(start, end, text[start:end], DISTRICT if is_loose else level, None))
    found.extend(_placed_at_once(text, row, spans))
    found.sort(key=lambda t: t.start)
    outer: Toponym | None = None
    for place, after in zip_longest(found, found[1:]):
        if after is not None and _is_whole_of(reading, text, place, after):
            outer = place
            continue
        whole, outer = outer, None
        if whole is not None and whole.name is not None:
            place = replace(place, within=whole.name.id)
        before = _before(text, whole.start if whole else place.start)
        yield replace(_quarter(text, place, after), before=before)


def _is_whole_of(reading: ArticleReading, text: str, place: Toponym, after: Toponym) -> bool:
    """True for Hama in 'the Hama village of Tormo', Helmand in 'the Helmand capital of X': it is not meant.

    In 'the Washash district of Baghdad' the part stands first: the whole is never the smaller one.
    """
    gap = text[place.end : after.start]
    if place.name is None or not _OF.fullmatch(gap):
        return False
    if gap.lower().startswith(" of") and not _PART_AT_END.search(place.text):
        return False
    level = level_of(reading, place.name)
    if level < SETTLEMENT or (after.level >= DISTRICT and after.level >= level):
        return False
    if after.name is None or (level >= PROVINCE and level_of(reading, after.name) < level):
        return True
    known = reading.lexicon.places
    outer, inner = known.get(place.name.id), known.get(after.name.id)
    return outer is not None and inner is not None and (outer.population or 0) > (inner.population or 0)


_SEAT = r"capital|stronghold|bastion|heartland"
_OF = re.compile(rf"(?:[ -](?:{KIND_WORDS}|{_SEAT}))? of (?:the )?", re.IGNORECASE)
_PART_AT_END = re.compile(rf"[ -](?:{KIND_WORDS}|{_SEAT})$", re.IGNORECASE)


def _placed_at_once(text: str, row: Sequence[Mention], spans: Sequence[tuple[int, int]]) -> Iterator[Toponym]:
    """Yield 'Moqokori' of 'Moqokori, in Somalia's Hiiraan region, was ...' at the head of a sentence."""
    match = _AT_HEAD.match(text)
    if match is None or not any(m.kind == "place" and m.start == match.end() for m in row):
        return
    start, end = match.span("names")
    taken = [*spans, *((m.start, m.end) for m in row if m.kind != "trigger")]
    if may_be_a_place(text, start, end) and not any(a < end and start < b for a, b in taken):
        yield Toponym(start, end, text[start:end], SETTLEMENT, None)


_AT_HEAD = re.compile(rf"(?P<names>{WORD}(?:[ ]{WORD})?), in (?:the )?")


def _quarter(text: str, place: Toponym, after: Toponym | None) -> Toponym:
    """Return 'the Washash district of Baghdad' as a part of the city that follows it, by both names.

    A site is told by the town that stands right after it as well.
    """
    if after is None or after.level != SETTLEMENT or after.name is None or after.end - place.start > 70:
        return place
    gap = text[place.end : after.start]
    is_part = place.level <= QUARTER or (place.level == DISTRICT and place.name is None)
    if (
        is_part
        and re.fullmatch(r" (?:of|in) (?:the |[A-Z]\w+'s )?|, ", gap)
        and KIND_AT_END.search(place.text)
    ):
        words = text[place.start : after.end]
        within = None if place.name else after.name.id
        return replace(place, end=after.end, text=words, level=min(place.level, QUARTER), within=within)
    return place


def _is_people(reading: ArticleReading, text: str, start: int, end: int) -> bool:
    """True for 'a Kenyan village', 'an Eggon community': what stands before the kind is a people."""
    words = text[start:end].split()
    rest = "".join(words[1:]).lower()
    if rest and rest not in LEVELS:
        return False
    return words[0].lower() in reading.lexicon.words.get("demonyms", {}) or bool(
        rest and re.search(r"\b[Aa]n? (?:[a-z-]+ )?$", text[:start])
    )


def _is_place_too(mention: Mention, row: Sequence[Mention]) -> bool:
    """True where the very words of an actor's or speaker's name are a place's as well ('Kyiv', 'Syria')."""
    return any(m.kind == "place" and (m.start, m.end) == (mention.start, mention.end) for m in row)


def _known(
    reading: ArticleReading, text: str, row: Sequence[Mention], taken: Sequence[tuple[int, int]]
) -> Iterator[Toponym]:
    for mention in row:
        if mention.kind != "place" or any(a <= mention.start and mention.end <= b for a, b in taken):
            continue
        start, end = mention.start, mention.end
        if text[end : end + 1] == "-" and _JOINED.match(text, end):
            continue
        kind = _KIND_AFTER.match(text[end : end + 40])
        word = kind.group(1).lower() if kind else _kind_before(text, start)
        name = reading.choose_by_kind(mention, *_KINDS_OF_LEVEL.get(LEVELS.get(word or "", 0), ()))
        if name is None and kind is None and len({n.id for n in mention.names}) < 2:
            continue  # one place, and not of this article's countries: perhaps another of its name
        among = (name,) if name is not None else mention.names
        level = max(level_of(reading, candidate) for candidate in among)
        level = LEVELS[word] if name is None and word else level
        if kind and (level < PROVINCE or LEVELS[word or ""] >= DISTRICT):
            end += (
                kind.end()
            )  # 'Aqcha district', 'a Mogadishu street'; 'the Yemen port of Aden' is no Yemen port
        window = max(0, start - 60)
        if before := _DIRECTED.search(text[window:start]):
            start = window + before.start()
        if word and LEVELS[word] >= DISTRICT and level == SETTLEMENT:
            level = LEVELS[
                word
            ]  # its chief town stands for a district in no table; for a province nothing does
            name = None if level == PROVINCE else name
        if word and LEVELS[word] in (SITE, QUARTER) and level >= SETTLEMENT:
            if name is not None and mention.end == end:
                pass  # 'the suburb of X' is X
            else:
                level = LEVELS[word]
        yield Toponym(start, end, text[start:end], level, name)


def _kind_before(text: str, start: int) -> str | None:
    """Return 'city' before 'city of Kano'; none for 'the Washash district of Baghdad', which is another's."""
    match = _KIND_OF_AT_END.search(text, max(0, start - 40), start)
    if match is None or text[: match.start()].rstrip().rsplit(" ", 1)[-1][:1].isupper():
        return None
    return match.group(1).lower()


def level_of(reading: ArticleReading, name: Name) -> int:
    """Return how wide a place of the tables is."""
    place = reading.lexicon.places.get(name.id)
    return _LEVEL_OF_KIND.get(place.kind, SITE) if place else SETTLEMENT


_LEVEL_OF_KIND = {
    "country": COUNTRY, "region": PROVINCE, "admin1": PROVINCE, "admin2": DISTRICT, "city": SETTLEMENT,
    "town": SETTLEMENT, "village": SETTLEMENT, "populated_place": SETTLEMENT, "district": QUARTER,
    "neighbourhood": QUARTER, "island": DISTRICT,
}  # fmt: skip


_KINDS_OF_LEVEL = {
    DISTRICT: (frozenset({"admin2"}), frozenset({"admin1"})),
    PROVINCE: (frozenset({"admin1", "region"}), frozenset({"admin2"})),
}


_PART_OF = re.compile(
    rf"\b(?:{KIND_WORDS}|outskirts|edge|centre|center|heart|vicinity|part|capital|side|north|south|east|west)s?"
    r" of (?:the )?$",
    re.IGNORECASE,
)


_PREPOSITION = re.compile(
    r"\b(in|at|near|around|outside|inside|between|within|across|throughout|on|to|into|towards|toward|from|"
    r"through|against|over|off|along|of|by|for) (?:the |a |an )?(?:[a-z][\w'’-]* ){0,2}$",
    re.IGNORECASE,
)
_WORDS_BEFORE = 6
"""Spaces from the name back to before what `_PREPOSITION` reaches: itself, an article, two words."""


def _before(text: str, start: int) -> str:
    """Return the preposition before a name, over 'the', adjectives and 'village of'."""
    left = text[max(0, start - 70) : start]
    if " of " in left[-8:].lower() and (match := _PART_OF.search(left)):
        left = left[: match.start()]
    at = len(left)
    for _ in range(_WORDS_BEFORE):
        at = max(0, left.rfind(" ", 0, at))
    match = _PREPOSITION.search(left, at)
    return match.group(1).lower() if match else ""


def finest(reading: ArticleReading, hits: Sequence[Toponym], known: Toponym | None = None) -> Toponym | None:
    """Return the place of the first hit, or a smaller one given with it that can lie in it.

    `known` is what stands already; a hit that cannot lie in it does not replace it.
    """
    best = known
    for place in hits:
        if best is None or (
            place.level < best.level and best.level >= DISTRICT and may_hold(reading, best, place)
        ):
            best = place
    return best


def may_hold(reading: ArticleReading, outer: Toponym, inner: Toponym) -> bool:
    """True where nothing speaks against a place lying in another: a known one must, an unknown one may."""
    if outer.name is None or inner.name is None:
        return True
    if outer.name.id in reading.parents(inner.name.id):
        return True
    places = reading.lexicon.places
    a, b = places.get(outer.name.id), places.get(inner.name.id)
    # a region ('Darfur') and a division by its older name are on no line of the tables
    return a is not None and b is not None and a.country == b.country and a.kind == "region"
