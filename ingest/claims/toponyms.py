"""The places that a sentence names: those of the tables, and those in none, known by how they are named.

An unknown name is a place where a word for a kind of place stands by it ('the village of Tormo', 'Gadra LGA',
'Barangay Luna'), where it stands in a list or in brackets with places, or after 'in', 'at' or 'near'.
Errors: a company or a ship after 'in' or 'at' is taken for a place; a village named without any of these is
missed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from ingest.claims.patterns import one_of
from ingest.claims.place_words import (
    CALENDAR,
    DIRECTION_WORDS,
    FOREIGN_KINDS,
    LEVELS,
    NO_PLACE,
    PREFIXES,
    TITLES,
)
from ingest.claims.reading import Mention
from ingest.records import Lexicon, Name

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

SITE, QUARTER, SETTLEMENT, DISTRICT, PROVINCE, COUNTRY = 1, 2, 3, 4, 5, 6
"""How wide a place is; what stands lower lies in what stands higher."""


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


_PARTICLE = (
    r"(?:al|el|de|del|da|do|dos|das|di|la|las|los|e|du|des|bin|ibn|ul|ath|as|ash|ar|an|at|az|ad|ed|es|i|"
    r"ya|wa)"
)
_WORD = r"(?:(?:[aeAE][lsrntzd]|[aA]sh|[eE]sh)-)?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’ʿʾ`]*(?:-[\w'’]+)*"
_NAME = rf"(?:(?:al|el|ad|ar|as|ash|at|az|an) )?{_WORD}(?: (?:{_PARTICLE}[ -])?{_WORD}){{0,3}}"
_KIND_WORDS = one_of(LEVELS)
_KIND_OF = re.compile(
    rf"\b(?P<kind>(?i:{_KIND_WORDS}))(?P<plural>s?) (?:of|called|named|known as) (?:the )?(?P<names>{_NAME}"
    rf"(?:(?:, | and |, and ){_NAME})*)"
)
_OF_KIND = re.compile(
    rf"(?P<names>{_NAME}(?:(?:, | and |, and |/){_NAME})*)"
    rf"[ -](?P<kind>(?i:{_KIND_WORDS}))(?P<plural>e?s?)\b(?!-)"
)
_KIND_AT_END = re.compile(rf"[ -]({_KIND_WORDS})(?:e?s)?$", re.IGNORECASE)
_JOINED = re.compile(r"-(?:based|backed|led|born|held|controlled|run|bound|style|trained)\b")
_KIND_AFTER = re.compile(rf"[ -]({_KIND_WORDS})\b", re.IGNORECASE)
_KIND_OF_AT_END = re.compile(rf"\b({_KIND_WORDS})s? of (?:the )?\Z", re.IGNORECASE)
_TOLD_WHAT = re.compile(
    rf"(?P<names>{_NAME}), (?:an?|the|its|their|once an?|once the) (?:[a-z][\w-]* ){{0,3}}"
    r"(?:village|town|city|hamlet|settlement|district|suburb|neighbourhood|neighborhood|port|township|oasis)\b"
)
"""'Moqokori, a small town in the north'."""
_PREFIXED = re.compile(rf"\b{one_of(PREFIXES)}[ -]{_NAME}")
_NAME_AT_END = re.compile(rf"{_WORD}[ -]$")
_FOREIGN = re.compile(rf"\b(?P<kind>(?i:{'|'.join(FOREIGN_KINDS)})) (?P<names>{_NAME})")
_KIND = re.compile(rf"{_KIND_WORDS}")
_FOREIGN_KIND = re.compile(one_of(FOREIGN_KINDS))
_OF_NAME = re.compile(r"(?:of|called|named|known as) (?:the )?(?:[A-ZÀ-ÖØ-ÞĀ-Ž]|[aeAE]\w{1,2}-)")
_SUCH = re.compile(r", (?:an?|the|its|their|once an?|once the) ")
"""What a sentence must hold, most in lower case, for the patterns above to be looked for: dear ones."""
_AFTER = re.compile(
    rf"\b(?i:in|at|near|around|outside|inside|between) (?:the )?(?:(?:{'|'.join(DIRECTION_WORDS)}) )?"
    rf"(?P<names>{_NAME}(?:(?:, | and |, and ){_NAME})*)"
)
_STORMED = re.compile(
    r"\b(?:raid|storm|shell|bomb|bombard|invad|besieg|overr[au]n|pound|raz|torch)(?:ed|s|ing|e|es)? "
    rf"(?P<names>{_NAME})"
)
"""What is raided or shelled is a place, or known as an actor."""
_BRACKET = re.compile(rf" ?\((?P<names>{_NAME}(?:, ?{_NAME})*(?: [a-z]+)?)\)")
_WORD_BEFORE = re.compile(rf"(?<![.!?] )(?<![.!?]\" )(?<!^)(?<![\w-])({_WORD})[ -]\Z")
_WORD_AFTER = re.compile(rf"[ -]({_WORD})")
_SPLIT = re.compile(r"(?:, and |, ?| and |/)")
_DIRECTED = re.compile(rf"(?:(?:{'|'.join(DIRECTION_WORDS)})[ -])+$", re.IGNORECASE)


def whole_names(text: str, row: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Leave out the places that are but a word of a longer name ('Gari' in 'Sabon Gari', 'Karim Aden').

    The longer name is in no table, and its part is another place, or a man. A large city is left out only as
    the end of one: what follows it is seldom its own.
    """
    words = text.split()
    if sum(w[:1].isupper() for w in words) > 0.7 * len(words):
        return row  # a headline in capitals tells nothing
    covered = {
        at for m in row if m.kind != "trigger" and not _is_small(m) for at in range(m.start, m.end)
    }  # fmt: skip
    return [m for m in row if m.kind != "place" or not _is_cut(text, m, covered, lexicon)]


def _is_cut(text: str, mention: Mention, covered: set[int], lexicon: Lexicon) -> bool:
    kinds = {lexicon.places[name.id].kind for name in mention.names if name.id in lexicon.places}
    if kinds & {"country", "region"} or not mention.text[:1].isupper():
        return False
    demonyms = lexicon.words.get("demonyms", {})
    before = _WORD_BEFORE.search(text, max(0, mention.start - 40), mention.start)
    if before and before.start(1) not in covered and _goes_on(before.group(1), demonyms):
        return True
    after = _WORD_AFTER.match(text, mention.end)
    if not _is_small(mention) or after is None or mention.end + 1 in covered:
        return False
    return not text[: mention.start].rstrip().endswith(",") and _goes_on(after.group(1), demonyms)


def _is_small(mention: Mention) -> bool:
    """True for a place that is no country and no large city in any reading."""
    return mention.kind == "place" and all(name.countries for name in mention.names)


def _goes_on(word: str, demonyms: Collection[str]) -> bool:
    """True for a capitalised word that can be part of a place's name: no title, kind, direction or day."""
    low = word.lower().strip(".'")
    return not (
        low in CALENDAR or low in TITLES or low in NO_PLACE or low in LEVELS or low in _DIRECTION_SET
        or low in demonyms
        or low.endswith("'s") or word.isupper()
    )  # fmt: skip


_DIRECTION_SET = frozenset((*DIRECTION_WORDS, "greater", "old", "new", "local", "rural", "downtown"))


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
    for start, end, level in _unknown(text):
        if any(start < b and a < end for a, b in spans) or any(a <= start < b for a, b in taken):
            continue
        if not _may_be_a_place(text, start, end):
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
_OF = re.compile(rf"(?:[ -](?:{_KIND_WORDS}|{_SEAT}))? of (?:the )?", re.IGNORECASE)
_PART_AT_END = re.compile(rf"[ -](?:{_KIND_WORDS}|{_SEAT})$", re.IGNORECASE)


def _placed_at_once(text: str, row: Sequence[Mention], spans: Sequence[tuple[int, int]]) -> Iterator[Toponym]:
    """Yield 'Moqokori' of 'Moqokori, in Somalia's Hiiraan region, was ...' at the head of a sentence."""
    match = _AT_HEAD.match(text)
    if match is None or not any(m.kind == "place" and m.start == match.end() for m in row):
        return
    start, end = match.span("names")
    taken = [*spans, *((m.start, m.end) for m in row if m.kind != "trigger")]
    if _may_be_a_place(text, start, end) and not any(a < end and start < b for a, b in taken):
        yield Toponym(start, end, text[start:end], SETTLEMENT, None)


_AT_HEAD = re.compile(rf"(?P<names>{_WORD}(?:[ ]{_WORD})?), in (?:the )?")


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
        and _KIND_AT_END.search(place.text)
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


def _unknown(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, level) of what may be an unknown place's name, the surest construction first."""
    low = text.lower()
    has_kind = _KIND.search(low) is not None
    for match in _KIND_OF.finditer(text) if has_kind and _OF_NAME.search(text) else ():
        if match["kind"][:1].isupper() and match["kind"].lower() not in (
            "city",
            "town",
            "village",
            "province",
            "state",
        ):
            continue
        for start, end in _members(match, "names", bool(match["plural"])):
            yield start, end, LEVELS[match["kind"].lower()]
    for match in _OF_KIND.finditer(text) if has_kind else ():
        members = list(_members(match, "names", bool(match["plural"])))
        kind = _KIND_AT_END.search(match.group())
        level = LEVELS[kind.group(1).lower()] if kind else SETTLEMENT
        if not match["plural"]:
            yield members[-1][0], match.end(), level
            continue
        for start, end in members:
            yield start, end, level
    for match in _PREFIXED.finditer(text):
        if not _NAME_AT_END.search(text[: match.start()]):
            yield match.start(), match.end(), SETTLEMENT
    for match in _TOLD_WHAT.finditer(text) if has_kind and _SUCH.search(text) else ():
        yield *match.span("names"), SETTLEMENT
    for match in _FOREIGN.finditer(text) if _FOREIGN_KIND.search(low) else ():
        yield match.start(), match.end(), LEVELS[match["kind"].lower()]
    for match in _STORMED.finditer(text):
        yield *match.span("names"), SETTLEMENT
    for match in _AFTER.finditer(text):
        yield from ((a, b, SETTLEMENT) for a, b in _members(match, "names", True))
    for match in _BRACKET.finditer(text):
        if match.start() and text[match.start() - 1].isalnum():
            yield from ((a, b, DISTRICT) for a, b in _members(match, "names", True))


def _members(match: re.Match[str], group: str, is_list: bool) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the names in a list; of one that can't be a list, its first or last stand alone."""
    start = match.start(group)
    names: list[tuple[int, int]] = []
    at = 0
    words = match[group]
    for gap in [*_SPLIT.finditer(words), None]:
        stop = gap.start() if gap else len(words)
        if stop > at:
            names.append((start + at, start + stop))
        at = gap.end() if gap else stop
    if is_list or len(names) <= 1:
        yield from names
    elif match.re is _KIND_OF:
        yield names[0]
    else:
        yield names[-1]


def _may_be_a_place(text: str, start: int, end: int) -> bool:
    words = [w.strip(".'").lower() for w in re.split(r"[ ]", text[start:end])]
    if any(w in CALENDAR or w in TITLES for w in words) or words[0] in NO_PLACE or words[-1] in NO_PLACE:
        return False
    if len(text[start:end]) < 2 or (text[start:end].isupper() and end - start <= 5):
        return False
    after = text[end : end + 12]
    return not re.match(r"['’]s |-(?:based|led|backed|born|held)", after) and not _PEOPLE.match(text, end)


_PEOPLE = re.compile(
    r" (?:tribes\w*|tribal|clans?|famil(?:y|ies)|militia\w*|forces?|fighters?|militants?|rebels?|gunm[ae]n|"
    r"troops|soldiers?|police\w*|herders?|herdsmen|youths?|people|men|women|members?|gangs?|party|spokes\w+)\b"
)
"""After a name that is a people's or a force's."""


_PART_OF = re.compile(
    rf"\b(?:{_KIND_WORDS}|outskirts|edge|centre|center|heart|vicinity|part|capital|side|north|south|east|west)s?"
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
