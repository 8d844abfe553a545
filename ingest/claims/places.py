"""Where: noun phrases to places, and what 'the town' or 'there' recalls.

A directional part of a known place has the composed id '<direction>_<place_id>' ('eastern Aleppo':
eastern_aleppo_sy). A place in no table keeps its words and has no id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.claims.parse import lemma
from ingest.claims.place_words import COUNTRY
from ingest.claims.reading import Mention, Parsed, Reference, Token
from ingest.claims.speakers import phrase
from ingest.claims.toponyms import finest, toponyms
from ingest.records import Name

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

COMPASS = {
    "north": "northern", "south": "southern", "east": "eastern", "west": "western", "central": "central",
    "northeast": "northeastern", "northwest": "northwestern", "southeast": "southeastern",
    "southwest": "southwestern", "center": "central", "centre": "central",
}  # fmt: skip
DIRECTIONS = {**{word: word for word in COMPASS.values()}, **COMPASS}
LOCATIVE = frozenset(
    "in at near outside around inside across within throughout on between along off beside".split()
)
DEFINITE = frozenset(
    "city town village area district neighbourhood neighborhood province region camp capital country "
    "base airport site place there port hospital complex enclave governorate township county state "
    "island strip road front market school mosque church prison building".split()
)


def place_of(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference:
    """Return the place a noun phrase stands for, the smallest that it names: 'Iraq's city of Ramadi'."""
    start, end = phrase(token)
    words = reading.words(parsed, start, end)
    named = toponyms(reading, parsed.sentence.index)
    parts = [p for p in named if p.name is None and p.within is not None]
    inside = [
        p for p in named
        if p.name is not None and start <= p.start and p.end <= end
        and not any(part.start <= p.start and p.end <= part.end for part in parts)
    ]  # fmt: skip
    inside.sort(key=lambda p: (not p.start <= token.idx < p.end, p.start))
    if (place := finest(reading, inside)) is not None and place.name is not None:
        mention = next(m for m in parsed.mentions if m.kind == "place" and place.start <= m.start < place.end)
        return Reference(with_direction(parsed, mention, place.name.id), words)
    is_recalled = token.lower_ in DEFINITE and is_definite(token)
    if is_recalled and (found := recalled(reading, parsed, token)) is not None:
        return Reference(found.id, found.text, inferred=True)
    return Reference(None, words)


def is_definite(token: Token) -> bool:
    """True for 'there', 'the town', 'its northern city': nothing but a direction tells which."""
    if token.lower_ == "there":
        return True
    children = list(token.children)
    return any(c.lower_ in ("the", "this", "that", "its") for c in children) and not any(
        c.dep_ in ("compound", "amod", "nmod") and c.lower_ not in DIRECTIONS for c in children
    )


def with_direction(parsed: Parsed, mention: Mention, place_id: str) -> str:
    """Compose the id of a part: 'eastern Aleppo', 'east Aleppo', 'the north of Aleppo'."""
    text = parsed.sentence.text
    before = re.search(
        r"([A-Za-z-]+)\s+(?:(?:part|side|edge|outskirts)s?\s+of\s+|of\s+)?$", text[: mention.start]
    )
    if before is None:
        return place_id
    word = before.group(1).lower().replace("-", "")
    direction = DIRECTIONS.get(word)
    linked = text[before.end(1) : mention.start].strip()
    if direction is None:
        direction = _part_direction(text[: before.end(1)]) if linked.endswith("of") else None
    elif (linked == "of" and word.endswith("ern")) or (
        linked == "of"
        and re.search(r"(?:km|miles?|kilomet\w+)\s*(?:\([^)]*\)\s*)?(?:to the )?$", text[: before.start(1)])
    ):
        direction = None
    return f"{direction}_{place_id}" if direction else place_id


def _part_direction(before: str) -> str | None:
    """Return the direction in 'the eastern districts (of ...)'."""
    match = re.search(
        r"\b(north|south|east|west|northeast|northwest|southeast|southwest)(?:ern)?[ -](?:part|side|edge|"
        r"outskirt|"
        r"district|neighbou?rhood|suburb|countryside|quarter|half|sector)s?$",
        before,
        re.IGNORECASE,
    )
    return COMPASS[match.group(1).lower()] if match else None


def recalled(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the place that 'the town' stands for: the article's own where it is one, else the last one
    named.

    'the airport' is only one whose name was given as one; it is no town.
    """
    noun = lemma(token)
    if noun in _SITES:
        fitting = [noun]
    elif noun in ("city", "town", "village", "capital"):
        here = focus(reading)
        if noun == "capital" and not any(c.dep_ == "prep" for c in token.children):
            return _capital(reading) or here
        known = reading.lexicon.places.get(here.id) if here.id else None
        if known is not None and known.kind in ("city", "town", "village"):
            return here
        fitting = []
    else:
        fitting = []
    for index in (parsed.sentence.index, *reading.before(parsed.sentence.index, 4)):
        for mention in reversed(reading.mentions[index]):
            if index == parsed.sentence.index and mention.end > token.idx:
                continue
            name = _event_name(reading, index, mention)
            if name is None or reading.is_country(name) != (noun == "country"):
                continue
            if not fitting or any(word in mention.text.lower() for word in fitting):
                return Reference(name.id, mention.text)
    return None


def _capital(reading: ArticleReading) -> Reference | None:
    """Return the capital of the country that the article speaks of most."""
    capitals = reading.lexicon.words.get("capitals", {})
    id_ = capitals.get(reading.countries[0]) if reading.countries else None
    return Reference(id_, reading.lexicon.places[id_].name, inferred=True) if id_ else None


def site_of_article(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return a site in no table ('the airport') as a place within the one the article is about."""
    if lemma(token) not in _SITES:
        return None
    return Reference(focus(reading).id, token.text, inferred=True)


_SITES = frozenset(
    "base airport site port hospital complex road front market school mosque church prison building "
    "camp".split()
)


def focus(reading: ArticleReading) -> Reference:
    """Return the place the article speaks of most, an early one first; its country where it names no
    other."""
    if reading.focus_place is None:
        weight: dict[str, float] = {}
        words: dict[str, str] = {}
        for index, row in enumerate(reading.mentions):
            for mention in row:
                name = _event_name(reading, index, mention)
                if name is None:
                    continue
                place = reading.lexicon.places.get(name.id)
                grain = (
                    0.1
                    if place and place.kind == "country"
                    else 0.6
                    if place and place.kind == "admin1"
                    else 1.0
                )
                early = 2.0 if index <= 2 else 1.0
                weight[name.id] = weight.get(name.id, 0.0) + early * grain
                words.setdefault(name.id, mention.text)
        best = max(weight, key=lambda key: weight[key]) if weight else None
        reading.focus_place = Reference(best, words[best] if best else None, inferred=True)
    return reading.focus_place


def theatre(reading: ArticleReading) -> Reference:
    """Return what the article's fighting is about: a place that it names time and again, else the smallest
    region or division that holds most of its places, else the country. The headline counts for more.
    """
    weight: dict[str, float] = {}
    own: dict[str, float] = {}
    words: dict[str, str] = {}
    total = 0.0
    for index in range(len(reading.sentences)):
        early = 3.0 if index == 0 else 1.0
        for place in toponyms(reading, index):
            if place.name is None or place.level == COUNTRY:
                continue
            total += early
            words.setdefault(place.name.id, place.text)
            own[place.name.id] = own.get(place.name.id, 0.0) + early
            for id_ in (place.name.id, *reading.parents(place.name.id)):
                weight[id_] = weight.get(id_, 0.0) + early
    most = max(own, key=lambda id_: own[id_]) if own else ""
    if own.get(most, 0.0) >= 0.3 * total:
        return Reference(most or None, words.get(most), inferred=True)
    places = reading.lexicon.places
    held = [
        id_
        for id_, share in weight.items()
        if id_ in places and places[id_].kind in ("region", "admin1") and share >= 0.6 * total
    ]
    if held:
        best = max(held, key=lambda id_: (len(reading.parents(id_)), weight[id_]))
        return Reference(best, words.get(best, places[best].name), inferred=True)
    return country_of_article(reading)


def country_of_article(reading: ArticleReading) -> Reference:
    """Return the country that the article speaks of most, as a place."""
    for code in reading.countries[:1]:
        for place in reading.lexicon.places.values():
            if place.kind == "country" and place.country == code:
                return Reference(place.id, place.name, inferred=True)
    return Reference(None, None)


def _event_name(reading: ArticleReading, index: int, mention: Mention) -> Name | None:
    """Return the place of a mention that is no part of an actor's or speaker's name, in that sentence."""
    if mention.kind != "place":
        return None
    for other in reading.mentions[index]:
        if other.kind in ("actor", "claimant") and other.start <= mention.start and mention.end <= other.end:
            return None
    after = reading.sentences[index].text[mention.end : mention.end + 3]
    if after.startswith("'s"):
        return None
    return reading.choose(mention)
