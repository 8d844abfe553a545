"""Which noun phrases are places that can change hands: settlements, districts, features, parts of them.

A site with an id is in the tables; one without keeps its words. 'the air base' never takes the id of the town
it lies by. `is_sure` tells a place by its own words; a bare unknown name may be a man's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.claims.parse import lemma
from ingest.claims.place_words import (
    AREAS,
    EDGES,
    FEATURES,
    FULL,
    FULLY,
    PARTLIKE,
    PARTS,
    PRONOUNS,
    PROVINCE,
    QUARTER,
    SETTLEMENTS,
)
from ingest.claims.places import DIRECTIONS, place_of
from ingest.claims.reading import Parsed, Token, conjuncts
from ingest.claims.recall import Extent, Site, recall, recall_feature
from ingest.claims.site_words import ROADS, is_named_elsewhere, placed, with_ends, with_locative
from ingest.claims.speakers import phrase
from ingest.claims.toponyms import level_of, toponyms

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_LINES = re.compile(r"\bLine of (?:Control|Contact)\b")
_TITLES = re.compile(
    r"(?:Gen|Col|Maj|Lt|Capt|Sgt|Dr|Mr|Mrs|Ms|President|General|Commander|Colonel|Sheikh|Mullah|Maulvi|Haji|Imam|Captain|Lieutenant|Sergeant|Brigadier|Admiral)\.?\s"
)


_NUMBERED = frozenset({"point", "points", "hill", "hills", "height", "heights"})


def sites_of(reading: ArticleReading, parsed: Parsed, token: Token) -> Iterator[Site]:
    """Yield the places a noun phrase stands for: one, or those of the list that 'most of' or 'both' opens."""
    part = _unwrap(token)
    listed = _listed_before(parsed, part.token) or _listed_after(parsed, part.token)
    if listed is not None:
        for name in listed:
            known = _site(reading, parsed, name)
            yield replace(known, is_sure=True) if known is not None else Site(None, name.text, name)
        return
    for member in conjuncts(part.token) if part.token != token else (token,):
        found = _site(reading, parsed, member)
        if found is None:
            continue
        if part.direction and found.id:
            found = replace(found, id=directed(part.direction, found.id), is_inferred=found.is_inferred)
        if part.direction and member == part.token:
            start, end = phrase(token)
            found = replace(found, text=reading.words(parsed, start, max(end, phrase(part.token)[1])))
        yield placed(reading, parsed, replace(found, extent=part.extent or found.extent))


def _listed_before(parsed: Parsed, token: Token) -> list[Token] | None:
    """Return the names of 'Burkan and Dhi Masal areas': several names before one plural noun."""
    if token.tag_ != "NNS" or lemma(token) not in SETTLEMENTS | AREAS | FEATURES:
        return None
    for child in token.children:
        if child.dep_ in ("nmod", "compound") and child.pos_ == "PROPN":
            names = [m for m in conjuncts(child) if m.pos_ == "PROPN"]
            if len(names) > 1 and parsed.mention_at(child, "actor") is None:
                return names
    return None


def _listed_after(parsed: Parsed, token: Token) -> list[Token] | None:
    """Return the names of 'the hills of A and B', 'several villages, among them A and B'."""
    if token.tag_ != "NNS" or lemma(token) not in SETTLEMENTS | AREAS | FEATURES:
        return None
    for inner in token.subtree:
        opens = inner.dep_ == "pobj" and inner.head.head == token
        opens = opens and inner.head.lower_ in ("of", "including", "at", "in", "near")
        opens = opens or (
            inner.i > 1 and inner.nbor(-2).lower_ == "among" and inner.nbor(-1).lower_ == "them"
        )
        names = [m for m in conjuncts(inner) if m.pos_ == "PROPN"] if opens else []
        if len(names) > 1 and parsed.mention_at(names[0], "actor") is None:
            return names
    return None


@dataclass(frozen=True, slots=True)
class _Part:
    """What 'most of', 'the eastern half of' opens: the noun inside, how much of it, which side."""

    token: Token
    extent: Extent | None
    direction: str | None


def _unwrap(token: Token) -> _Part:
    """Go into 'a third of the eastern side of Mosul' down to 'Mosul'."""
    extent: Extent | None = _stated_extent(token)
    direction: str | None = None
    for _ in range(4):
        inner = _inside_part(token)
        if inner is None:
            break
        side = next((DIRECTIONS[c.lower_] for c in token.children if c.lower_ in DIRECTIONS), None)
        if side is not None:
            direction = direction or side
        else:
            part = PARTS.get(lemma(token), PARTS.get(token.lower_, "partial" if token.tag_ == "CD" else None))
            extent = "full" if part == "full" else "partial" if part == "partial" else extent
        token = inner
        extent = extent or _stated_extent(token)
    return _Part(token, extent, direction)


def directed(direction: str, place_id: str) -> str:
    """Compose the id of a part; a part of a part keeps the first direction ('eastern_aleppo_sy')."""
    return place_id if _COMPOSED.match(place_id) else f"{direction}_{place_id}"


_COMPOSED = re.compile(r"(?:northern|southern|eastern|western|northeastern|northwestern|southeastern"
                       r"|southwestern|central)_")  # fmt: skip


def _stated_extent(token: Token) -> Extent | None:
    """Return the extent that an adjective or adverb beside the noun or its verb states."""
    if any(c.lower_ in FULL and c.dep_ in ("amod", "det", "predet") for c in token.children):
        return "full"
    if any(c.lower_ in FULLY for c in token.head.children):
        return "full"
    return None


def _inside_part(token: Token) -> Token | None:
    """Return what a partitive is a part of: 'the city' of 'most of the city'."""
    if lemma(token) not in PARTS and token.lower_ not in PARTS and token.tag_ != "CD":
        return None
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in ("of", "in") and child.i > token.i:
            return next((end for end in child.children if end.dep_ == "pobj"), None)
    return None


def _site(reading: ArticleReading, parsed: Parsed, token: Token) -> Site | None:
    if parsed.date_at(token) is not None:
        return None
    words = _words(reading, parsed, token)
    if token.lower_ in PRONOUNS:
        return recall(reading, parsed, token, words) or _noun_before(reading, parsed, token)
    if token.pos_ == "NUM" and any(c.lower_ in ("point", "hill", "height") for c in token.children):
        return Site(None, words, token)  # 'Point 1607'
    number = next((c for c in token.children if c.dep_ == "nummod" and c.i == token.i + 1), None)
    if number is not None and token.lower_ in _NUMBERED and number.text.isdigit():
        return Site(None, reading.words(parsed, token.idx, number.idx + len(number.text)), token)
    if token.pos_ == "NUM" and token.dep_ == "conj" and token.head.lower_ in _NUMBERED:
        return Site(None, f"{token.head.text} {token.text}", token)  # 'Points 1607 and 1709'
    if token.lower_ in DIRECTIONS:
        return _direction(reading, parsed, token, words)
    people = words.lower().removeprefix("the ").removesuffix("s")
    if token.tag_ == "NNPS" and {people, token.lower_[:-1]} & reading.lexicon.words["demonyms"].keys():
        return None  # 'the South Africans' are no place
    word = lemma(token)
    if word == "side" and token.tag_ == "NNS" and not any(c.lower_ == "of" for c in token.children):
        return None  # 'on three sides'
    mention = parsed.mention_at(token, "place")
    if mention is not None and not _is_other_name(parsed, token, mention.start, mention.end):
        name = reading.choose(mention)
        if name is not None:
            found = place_of(reading, parsed, token)
            if not any(t.start <= mention.start < t.end for t in toponyms(reading, parsed.sentence.index)):
                return Site(found.id, words, token)  # 'the Syrian capital of X' is X
            outer = _smaller(reading, parsed, token, name.id)
            if words in mention.text:
                words = mention.text  # 'Ras al-Ain', of which the parser leaves 'Ain'
            return outer or Site(found.id or name.id, words, token)
        is_one = any(reading.may_mean(mention.text, other) for other in mention.names)
        if is_one and (token.pos_ == "PROPN" or token.text[:1].isupper()):
            return Site(None, words, token)
    if word in ("port", "camp", "island") and any(
        other != token and lemma(other) in FEATURES - SETTLEMENTS for other in conjuncts(token)
    ):
        return Site(None, with_ends(reading, parsed, token, words), token)  # 'the port and the airport'
    if word in ("half", "rest", "remainder") and _is_bare(token):
        whole = recall(reading, parsed, token, words)
        return replace(whole, extent="partial") if whole is not None else None
    if word in SETTLEMENTS or word in FEATURES or word in AREAS or word in EDGES:
        return _common_noun(reading, parsed, token, word, words)
    if token.pos_ == "PROPN" and token.text[:1].isupper():
        if parsed.mention_at(token, "actor", "claimant") or _TITLES.match(words):
            return None
        if _LINES.search(words) or any(c.dep_ == "nummod" for c in token.children):
            return None  # 'three 303 Rifles', 'the Line of Control'
        is_sure = _has_place_beside(parsed, token) or is_named_elsewhere(reading, words)
        return Site(None, words, token, is_sure=is_sure)
    return None


def _noun_before(reading: ArticleReading, parsed: Parsed, token: Token) -> Site | None:
    """Return 'the camp' for 'it' in 'raided the camp, forcing them to abandon it', where no name is near."""
    for other in reversed(parsed.doc[: token.i]):
        if lemma(other) in FEATURES | SETTLEMENTS and other.dep_ in ("dobj", "pobj", "nsubjpass", "nsubj"):
            found = _common_noun(reading, parsed, other, lemma(other), _words(reading, parsed, other))
            return replace(found, is_inferred=True) if found is not None else None
    return None


def _smaller(reading: ArticleReading, parsed: Parsed, token: Token, place: str) -> Site | None:
    """Return Bara for 'Bara in North Kordofan, which ...': the clause speaks of the place, not its region."""
    known = reading.lexicon.places.get(place)
    if known is None or known.kind not in ("admin1", "region", "country") or token.dep_ != "pobj":
        return None
    if not any(c.dep_ == "relcl" for c in token.children) or token.head.lower_ != "in":
        return None
    mention = parsed.mention_at(token.head.head, "place")
    name = reading.choose(mention) if mention is not None else None
    return Site(name.id, name.text, token.head.head) if name is not None else None


def _common_noun(reading: ArticleReading, parsed: Parsed, token: Token, word: str, words: str) -> Site | None:
    """Return 'the village of Minyan', 'the air base', 'several districts in the east', 'the town'."""
    start, end = phrase(token)
    named = [m for m in parsed.mentions if m.kind == "place" and start <= m.start and m.end <= end]
    own = [m for m in named if _names_head(parsed, token, m.start)]
    is_plural = token.tag_ in ("NNS", "NNPS") or word in ("territory", "ground", "land")
    if (word in AREAS and is_plural) or word in EDGES:
        return _areas(reading, parsed, token, words)
    if word == "place" and not _is_bare(token):
        return None
    if word in SETTLEMENTS:
        for mention in own:
            if reading.choose(mention) is not None:
                found = place_of(reading, parsed, token)
                whole = _whole_of(reading, parsed, token) if found.id is None else None
                return Site(found.id or whole, words, token, extent="partial" if whole else None)
        side = next((DIRECTIONS[c.lower_] for c in token.children if c.lower_ in DIRECTIONS), None)
        if (holder := _holder(reading, parsed, token)) is not None and holder.id is not None:
            place = directed(side, holder.id) if side and word in PARTLIKE else None
            return Site(place, words, token)
        if _is_bare(token):
            found_before = recall(reading, parsed, token, words)
            if found_before is None:
                where = reading.event_place(parsed, token.head)
                is_guess = word == "area" and where.inferred
                found_before = (
                    Site(where.id, where.text, token, is_inferred=True)
                    if where.text and not is_guess
                    else None
                )
            return found_before
        end_of = next(
            (e for c in token.children if c.dep_ == "prep" and c.lower_ == "of" for e in c.children), None
        )
        if end_of is not None and end_of.pos_ == "PROPN":
            return Site(None, _words(reading, parsed, end_of), token)  # 'the village of Minyan'
        return Site(None, words, token)
    if word not in FEATURES:
        return None
    for mention in own:
        if (name := reading.choose(mention)) is not None and mention.end >= token.idx:
            return Site(name.id, words, token)
    words = with_ends(reading, parsed, token, with_locative(reading, parsed, token, words))
    if _is_bare(token) and (earlier := recall_feature(reading, parsed, token, word)) is not None:
        return Site(earlier, words, token, is_inferred=True)
    return Site(None, words, token)


def _whole_of(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return Mosul for 'the Jadida neighbourhood of Mosul', in no table; None for 'the Hama village of X'."""
    for place in toponyms(reading, parsed.sentence.index):
        if place.start <= token.idx < place.end and place.name is None and place.level <= QUARTER:
            return place.within
    return None


def _areas(reading: ArticleReading, parsed: Parsed, token: Token, words: str) -> Site | None:
    """Return 'the eastern districts of Aleppo', 'positions in the southwest': a part of what they lie in."""
    if any(t.dep_ == "appos" and _is_small_place(reading, parsed, t) for t in token.subtree):
        return None  # the names that follow are the places; in 'Helmand, Afghanistan' none is
    side = next((DIRECTIONS[c.lower_] for c in token.children if c.lower_ in DIRECTIONS), None)
    holder = _holder(reading, parsed, token)
    if holder is None and (
        lemma(token) == "front" or (lemma(token) in ("outskirt", "edge", "suburb") and side)
    ):
        holder = recall(reading, parsed, token, words)
    if holder is None and _is_plain(token):
        where = reading.event_place(parsed, token.head)
        if where.text and not where.inferred:  # 'recovered territory in a clash at the dam'
            return Site(where.id, where.text, token, extent="partial")
    if holder is None or holder.id is None:
        words = with_locative(reading, parsed, token, words)
        return Site(None, words, token, is_sure=not _is_plain(token))
    place = directed(side, holder.id) if side else holder.id
    return Site(place, words, token, extent=None if side else "partial", is_inferred=holder.is_inferred)


def _is_small_place(reading: ArticleReading, parsed: Parsed, token: Token) -> bool:
    """True for a name of a place that is no country or province."""
    mention = parsed.mention_at(token, "place")
    name = reading.choose(mention) if mention is not None else None
    return mention is not None and (name is None or level_of(reading, name) < PROVINCE)


def _holder(reading: ArticleReading, parsed: Parsed, token: Token) -> Site | None:
    """Return the place that areas lie in: 'of', 'in' or its possessor, else the place of the verb."""
    for child in token.children:
        if child.i > token.i:
            continue
        if child.dep_ == "poss" and (found := _site(reading, parsed, child)) is not None:
            return found
        mention = parsed.mention_at(child, "place") if child.dep_ in ("compound", "nmod") else None
        if mention is not None and (name := reading.choose(mention)) is not None:
            return Site(name.id, name.text, child)
    around = [*token.children, *(token.head.children if token.dep_ in ("dobj", "nsubjpass") else ())]
    if token.dep_ == "pobj":
        around += [c for c in token.head.head.children if c.i > token.i]
    for child in around:
        if child.dep_ == "prep" and child.lower_ in ("of", "in", "around", "near", "on", "at", "inside"):
            for end in child.children:
                if end.dep_ != "pobj" or end == token or parsed.date_at(end) is not None:
                    continue
                if (found := next(sites_of(reading, parsed, end), None)) is not None and found.is_sure:
                    return found
    return None


def _is_plain(token: Token) -> bool:
    """True for 'positions', 'ground', 'new areas': nothing tells which."""
    return not any(c.dep_ in ("nummod", "compound", "nmod", "appos", "poss") for c in token.children)


def _names_head(parsed: Parsed, token: Token, start: int) -> bool:
    """True where the name at `start` is the head's own ('the village of Minyan'), not of where it lies."""
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
    """True for 'the town', 'the northern city': definite, and no name that tells which."""
    children = list(token.children)
    return any(c.lower_ in ("the", "this", "that", "its") for c in children) and not any(
        c.dep_ in ("compound", "nmod", "nummod", "appos", "poss")
        or (
            c.dep_ == "prep"
            and c.i > token.i
            and c.lower_ in ("of", "in", "near", "between", "on", "at", "to")
        )
        for c in children
    )


def _has_place_beside(parsed: Parsed, token: Token) -> bool:
    """True where a known place stands in the name's list, in apposition, or after 'in' or 'near'."""
    near = [*conjuncts(token), token.head, *token.children]
    if not any(child.dep_ == "compound" and child.pos_ == "PROPN" for child in token.children):
        # 'captured Hamid Nur in Khartoum' may be a man
        near += [end for child in token.children if child.dep_ == "prep" for end in child.children]
    return any(other != token and parsed.mention_at(other, "place") is not None for other in near) or any(
        lemma(child) in SETTLEMENTS | FEATURES for child in token.children
    )


def _direction(reading: ArticleReading, parsed: Parsed, token: Token, words: str) -> Site | None:
    """Return 'the east', "the city's southwest", 'the north of Aleppo' as a part of the place meant."""
    direction = DIRECTIONS[token.lower_]
    base: Token | None = None
    for child in token.children:
        if child.dep_ in ("poss", "compound") and child.i < token.i:
            base = child
        elif child.dep_ == "prep" and child.lower_ in ("of", "in"):
            base = next((end for end in child.children if end.dep_ == "pobj"), base)
    if base is not None and base.dep_ == "compound" and lemma(base) in SETTLEMENTS:
        if (seat := _seat(reading, parsed, token)) is not None:
            return Site(seat, words, token)
        base = None  # 'the city centre'
    found = _site(reading, parsed, base) if base is not None else recall(reading, parsed, token, words)
    if found is None:
        return None
    if found.id is None:
        return Site(None, words, token, extent="partial")
    return Site(directed(direction, found.id), words, token, is_inferred=found.is_inferred)


def _seat(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return the district of 'the Nerkh district centre', where its offices are; None where none is known."""
    start, end = phrase(token)
    for mention in parsed.mentions:
        is_inside = mention.kind == "place" and start <= mention.start and mention.end <= end
        if is_inside and (name := reading.choose(mention)) is not None:
            return name.id
    return None


def _words(reading: ArticleReading, parsed: Parsed, token: Token) -> str:
    start, end = phrase(token)
    for child in token.rights:
        if (
            child.dep_ == "prep"
            and child.lower_ == "from"
            and start < child.idx <= end
            and lemma(token) not in ROADS
        ):
            end = child.idx - 1  # 'retook the mine of Toretsk from the army'
        elif child.dep_ == "prep" and child.lower_ in ("of", "to") and start < child.idx <= end:
            parties = [e for e in child.children if parsed.mention_at(e, "actor") is not None]
            is_bare = child.lower_ == "to" or token.pos_ == "PROPN"
            if parties and is_bare and parsed.mention_at(parties[0], "place") is None:
                end = child.idx - 1  # 'cleared Gambori of Boko Haram', 'handed the market to the mission'
    return reading.words(parsed, start, end)
