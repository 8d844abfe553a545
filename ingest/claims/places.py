"""Where: noun phrases to places, and the place of an event.

A directional part of a known place has the composed id '<direction>_<place_id>' ('eastern Aleppo':
eastern_aleppo_sy). A place in no table keeps its words and has no id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.claims import speech
from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Reference, Token
from ingest.claims.speakers import phrase
from ingest.records import Name

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_COMPASS = {
    "north": "northern", "south": "southern", "east": "eastern", "west": "western", "central": "central",
    "northeast": "northeastern", "northwest": "northwestern", "southeast": "southeastern",
    "southwest": "southwestern", "center": "central", "centre": "central",
}  # fmt: skip
_DIRECTIONS = {**{word: word for word in _COMPASS.values()}, **_COMPASS}
_STRONG = frozenset("in at near outside around inside across within throughout on".split())
_DEFINITE = frozenset(
    "city town village area district neighbourhood neighborhood province region camp capital country "
    "base airport site place there port hospital complex enclave governorate township county state "
    "island strip road front market school mosque church prison building".split()
)
_NOT_PLACE = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December|Ramadan|Eid|Christmas|Easter|AD|BC|GMT"
)


def place_of(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference:
    """Return the place a noun phrase stands for."""
    start, end = phrase(token)
    inside = [m for m in parsed.mentions if m.kind == "place" and start <= m.start and m.end <= end]
    inside.sort(key=lambda m: (not m.start <= token.idx < m.end, m.start))
    for mention in inside:
        if (name := reading.choose(mention)) is not None:
            return Reference(_directed(parsed, mention, name.id), reading.words(parsed, start, end))
    words = reading.words(parsed, start, end)
    is_recalled = token.lower_ in _DEFINITE and _is_definite(token)
    if is_recalled and (found := _recalled(reading, parsed, token)) is not None:
        return Reference(found.id, found.text, inferred=True)
    return Reference(None, words)


def _is_definite(token: Token) -> bool:
    if token.lower_ == "there":
        return True
    children = list(token.children)
    return any(c.lower_ in ("the", "this", "that", "its") for c in children) and not any(
        c.dep_ in ("compound", "amod", "nmod") and c.lower_ not in _DIRECTIONS for c in children
    )


def _directed(parsed: Parsed, mention: Mention, place_id: str) -> str:
    """Compose the id of a part: 'eastern Aleppo', 'east Aleppo', 'the north of Aleppo'."""
    text = parsed.sentence.text
    before = re.search(
        r"([A-Za-z-]+)\s+(?:(?:part|side|edge|outskirts)s?\s+of\s+|of\s+)?$", text[: mention.start]
    )
    if before is None:
        return place_id
    word = before.group(1).lower().replace("-", "")
    direction = _DIRECTIONS.get(word)
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
    return _COMPASS[match.group(1).lower()] if match else None


def _recalled(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the place that 'the town' stands for: the article's own where it is one, else the last one
    named.

    'the airport' is only one whose name was given as one; it is no town.
    """
    noun = lemma(token)
    if noun in _SITES:
        fitting = [noun]
    elif noun in ("city", "town", "village", "capital"):
        here = focus(reading)
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


def _site_of_article(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return a site in no table ('the airport') as a place within the one the article is about."""
    if lemma(token) not in _SITES:
        return None
    return Reference(focus(reading).id, token.text, inferred=True)


_SITES = frozenset(
    "base airport site port hospital complex road front market school mosque church prison building "
    "camp".split()
)


def event_place(reading: ArticleReading, parsed: Parsed, head: Token) -> Reference:
    """Return where the event happened.

    In this order: a place with a locative preposition in the head's own phrase, then up the tree clause by
    clause; any place of the sentence that is no part of a speaker's or actor's name; 'there', 'the town'; the
    nearest place named in the sentences before, then after it.
    """
    spoken = [phrase(token) for token in speech.speakers_in(parsed)]
    if (left := _left_behind(reading, parsed, head)) is not None:
        return left
    for group in _by_clause(head):
        outside = [token for token in group if not any(a <= token.idx < b for a, b in spoken)]
        hits = [found for token in outside if (found := _located(reading, parsed, token)) is not None]
        if hits:
            return _finest(reading, hits)
    free = [
        m
        for m in reading.mentions[parsed.sentence.index]
        if m.kind == "place" and _stands_free(parsed, m) and not any(a <= m.start < b for a, b in spoken)
    ]
    for mention in free:
        if (name := reading.choose(mention)) is not None and not _is_aside(parsed, mention):
            return Reference(_directed(parsed, mention, name.id), mention.text)
    for token in parsed.doc:
        is_recalled = token.lower_ in _DEFINITE and token.dep_ in ("pobj", "advmod") and _is_definite(token)
        if is_recalled and (recalled := _recalled(reading, parsed, token)) is not None:
            return Reference(recalled.id, recalled.text, inferred=True)
    return _nearby(reading, parsed)


def _by_clause(head: Token) -> list[list[Token]]:
    """Return the tokens to look through: the head's subtree, then what each governor adds."""
    groups = [list(head.subtree)]
    token = head
    for _ in range(8):
        if token.head == token or token.dep_ in ("ccomp", "parataxis"):
            break
        seen = {t.i for t in token.subtree}
        token = token.head
        groups.append([t for t in token.subtree if t.i not in seen])
    return groups


def _located(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the place that the object of a locative preposition names: 'in Azaz', 'near the town of Azaz'.

    A name inside another noun ('the Kabul Bank branch', 'a house in Azaz') is not it; the latter's 'in' is
    asked for itself.
    """
    if token.dep_ not in ("pobj", "conj") or _preposition(token) not in _STRONG:
        return None
    if parsed.date_at(token) is not None or parsed.quantity_at(token) is not None:
        return None
    mention = parsed.mention_at(token, "place")
    is_site = lemma(token) in _DEFINITE
    if mention is None and is_site:
        start, end = phrase(token)
        inside = [m for m in parsed.mentions if m.kind == "place" and start <= m.start and m.end <= end]
        mention = inside[0] if inside else None
        if mention is None and (words := _site_words(reading, parsed, token)) is not None:
            return Reference(None, words)
    if mention is not None and (name := reading.choose(mention)) is not None:
        words = reading.words(parsed, *_tight(parsed, token, mention))
        return Reference(_directed(parsed, mention, name.id), words)
    if _preposition(token) == "on" and lemma(_governor(token)) not in _STRUCK:
        return None
    if is_site and _is_definite(token):
        return _recalled(reading, parsed, token) or _site_of_article(reading, parsed, token)
    is_name = token.pos_ == "PROPN" and token.text[:1].isupper() and not _NOT_PLACE.fullmatch(token.text)
    if is_name and parsed.mention_at(token, "actor", "claimant") is None:
        start = min([token.idx, *(c.idx for c in token.lefts if c.dep_ == "compound")])
        return Reference(None, reading.words(parsed, start, token.idx + len(token.text)))
    return None


def _preposition(token: Token) -> str:
    """Return the preposition a noun stands under, also as a later member of a list."""
    while token.dep_ == "conj":
        token = token.head
    return str(token.head.lower_) if token.dep_ == "pobj" else ""


def _governor(token: Token) -> Token:
    """Return what the preposition over a noun hangs by."""
    while token.dep_ == "conj":
        token = token.head
    return token.head.head


_STRUCK = frozenset(
    "strike airstrike attack raid bombing shelling bombardment assault offensive ambush fire barrage march "
    "advance siege blockade".split()
)


def _tight(parsed: Parsed, token: Token, mention: Mention) -> tuple[int, int]:
    """Return the bounds of the place's words: its name with what directly belongs to it, no article."""
    start = min(
        [mention.start, *(c.idx for c in token.lefts if c.dep_ in ("compound", "amod", "nmod", "poss"))]
    )
    end = max(mention.end, token.idx + len(token.text))
    return (start, end) if end - start <= 45 else (mention.start, mention.end)


def _site_words(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return the words of a place in no table: 'the town of Dresa', 'the Narimanda area'."""
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            for end in child.children:
                if end.dep_ == "pobj" and end.pos_ == "PROPN":
                    start = min([end.idx, *(c.idx for c in end.lefts if c.dep_ == "compound")])
                    return reading.words(parsed, start, end.idx + len(end.text))
    names = [c for c in token.lefts if c.dep_ in ("compound", "nmod") and c.pos_ == "PROPN"]
    if not names and token.pos_ != "PROPN":
        return None
    start = min([c.left_edge.idx for c in names], default=token.idx)
    return reading.words(parsed, start, token.idx + len(token.text))


def _finest(reading: ArticleReading, hits: list[Reference]) -> Reference:
    """Return the first hit, unless a later one lies within it ('in Syria, in the town of Azaz').

    Where the first is in no table, it keeps its words and takes the id of the known place named with it.
    """
    best = hits[0]
    for other in hits[1:]:
        if best.id is None and other.id is not None:
            return Reference(other.id, best.text)
        if best.id and other.id and other.id != best.id and best.id in reading.parents(other.id):
            best = other
    return best


def _stands_free(parsed: Parsed, mention: Mention) -> bool:
    return not any(
        other.kind in ("actor", "claimant") and other.start <= mention.start and mention.end <= other.end
        for other in parsed.mentions
    )


def _is_aside(parsed: Parsed, mention: Mention) -> bool:
    """True for 'Syria' in "Syria's army", and for where somebody goes to or comes from."""
    for token in parsed.doc:
        if mention.start <= token.idx < mention.end:
            if token.dep_ == "poss" or (token.dep_ == "compound" and token.head.pos_ == "PROPN"):
                return True
            if token.dep_ == "pobj" and token.head.lower_ in (
                "to",
                "toward",
                "towards",
                "into",
                "for",
                "from",
            ):
                return True
    return False


def _left_behind(reading: ArticleReading, parsed: Parsed, head: Token) -> Reference | None:
    """Return the place that people fled or left: 'have fled the city', 'fled from Bara'."""
    if lemma(head) not in ("flee", "leave", "escape", "abandon", "displace", "uproot", "evacuate", "drive"):
        return None
    for child in head.children:
        ends = [child] if child.dep_ == "dobj" else []
        if child.dep_ == "prep" and child.lower_ in ("from", "of"):
            ends = [c for c in child.children if c.dep_ == "pobj"]
        for end in ends:
            found = place_of(reading, parsed, end)
            if found.id is not None or (end.pos_ == "PROPN" and parsed.mention_at(end, "actor") is None):
                return found
            if (words := _site_words(reading, parsed, end)) is not None and lemma(end) in _DEFINITE:
                return Reference(None, words)
    return None


def _nearby(reading: ArticleReading, parsed: Parsed) -> Reference:
    """Return the place of the sentences before in the paragraph, else the one that the article is about."""
    here = parsed.sentence
    for other in reading.before(here.index, 4):
        if reading.sentences[other].paragraph != here.paragraph:
            break
        for mention in reading.mentions[other]:
            name = _event_name(reading, other, mention)
            if name is not None and not reading.is_country(name):
                return Reference(name.id, mention.text, inferred=True)
    return focus(reading)


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
