"""Forces that only this article names: 'the Alliance of Patriots (AOP)', 'the Karamo Brigade', in no table.

They are kept by their words. A later acronym, pronoun or 'the group' means them where no known force is
meant.
Errors: a peaceful movement or a football team with a force's noun in its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading


@dataclass(frozen=True, slots=True)
class LocalForce:
    """A force in no table: its name, its short name, and where it is named, as (sentence, offset)."""

    name: str
    short: str | None
    seen: tuple[tuple[int, int], ...]


_KNOWN: WeakKeyDictionary[ArticleReading, Sequence[LocalForce]] = WeakKeyDictionary()
_NOUN = (
    r"(?:Army|Armies|Front|Brigades?|Militias?|Forces?|Battalions?|Guards?|Coalition|Alliance|Resistance|"
    r"Mujahideen|Legion|Movement|Fighters|Rebels|Regiment|Command)"
)
_WORD = r"[A-Z][\w'’-]+"
_LINK = r"(?:of|for|the|and|in|de|du|la|des)"
_SPELLED = re.compile(
    rf"(?P<name>{_WORD}(?: (?:{_LINK}|{_WORD}|[a-z]+ed|armed|groups?|forces?)){{0,7}}) "
    r"\((?P<short>[A-Z][A-Z0-9-]{1,8}s?)\)"
)
"""'Non-state armed groups (NSAGs)', 'the Alliance of Patriots (AOP)'."""
_NAMED = re.compile(
    rf"\b(?:{_WORD} (?:(?:{_LINK} ){{0,2}}{_WORD} ){{0,4}}){_NOUN}\b"
    rf"|\b{_NOUN} (?:of|for) (?:the )?{_WORD}(?: {_WORD}){{0,3}}"
)
_GENERIC = re.compile(
    r"(?:Mechani[sz]ed|Motori[sz]ed|Infantry|Armou?red|Tank|Rifle|Airborne|Air|Assault|Marine|Naval|Navy|Mountain|"
    r"Light|Special|Security|National|Republican|Presidential|Armed|Defen[cs]e|Government|Joint|Rapid|Border|"
    r"Coast|Regional|Central|General|Staff|Military|Revolutionary|\d+(?:st|nd|rd|th)?|and|of|the|"
    rf"{_NOUN})"
)
"""Words that name a kind of unit, not a party: 'the Mechanized Brigade' is somebody's."""
_IS_FORCE = re.compile(
    rf"\b{_NOUN}\b|\b(?:armed groups?|liberation|self-defen[cs]e|militias?|fighters|rebels|insurgents)\b",
    re.IGNORECASE,
)
_IS_NONE = re.compile(
    r"\b(?:Ministry|Agency|Commission|Committee|Observatory|Programme|Program|Office|Fund|Council|Court|"
    r"University|Union|Party|Bank|Cross|Air Force|Police|Task Force|Labour|Workers|Women|"
    r"Youth|Human|Rights)\b"
)


def local_forces(reading: ArticleReading) -> Sequence[LocalForce]:
    """Return the forces in no table that the article names, in the order of their first naming."""
    if reading not in _KNOWN:
        _KNOWN[reading] = tuple(_found(reading))
    return _KNOWN[reading]


def _found(reading: ArticleReading) -> list[LocalForce]:
    shorts: dict[str, str | None] = {}
    for index, sentence in enumerate(reading.sentences):
        taken = [
            (m.start, m.end)
            for m in reading.mentions[index]
            if m.kind in ("actor", "claimant")
            and (" " in m.text or m.text.isupper())
            and not m.text.islower()
        ]  # 'Army' alone, or 'Coalition', is the end of the name
        for pattern in (_SPELLED, _NAMED):
            for match in pattern.finditer(sentence.text):
                name = (match["name"] if pattern is _SPELLED else match.group()).strip()
                name = re.sub(r"^(?:The|In|On|But|And|While|When|After|Last|This) ", "", name)
                start = match.start()
                if any(start < b and a < match.end() for a, b in taken):
                    continue
                if not _IS_FORCE.search(name) or _IS_NONE.search(name):
                    continue
                if all(_GENERIC.fullmatch(word) for word in name.split()):
                    continue
                short = match["short"] if pattern is _SPELLED else None
                shorts[name] = shorts.get(name) or short
    return [LocalForce(name, short, _places(reading, name, short)) for name, short in shorts.items()]


def _places(reading: ArticleReading, name: str, short: str | None) -> tuple[tuple[int, int], ...]:
    words = [re.escape(name), *([re.escape(short.removesuffix("s")) + "s?"] if short else [])]
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b")
    return tuple((i, m.start()) for i, s in enumerate(reading.sentences) for m in pattern.finditer(s.text))


def named_at(reading: ArticleReading, index: int, start: int, end: int) -> LocalForce | None:
    """Return the local force that is named between two offsets of a sentence."""
    for force in local_forces(reading):
        if any(i == index and start <= at < end for i, at in force.seen):
            return force
    return None


def is_short(force: LocalForce, words: str) -> bool:
    """True where words are but the force's acronym."""
    return force.short is not None and words.removeprefix("the ").removesuffix(
        "s"
    ) == force.short.removesuffix("s")


def first_named(reading: ArticleReading, index: int, offset: int, reach: int = 2) -> LocalForce | None:
    """Return the local force that a pronoun recalls: named before every actor of the nearest sentence."""
    for at in range(index, max(-1, index - 1 - reach), -1):
        limit = offset if at == index else 1_000_000
        actors = [m.start for m in reading.mentions[at] if m.kind == "actor" and m.start < limit]
        named = [(o, f) for f in local_forces(reading) for i, o in f.seen if i == at and o < limit]
        if named:
            first = min(named, key=lambda pair: pair[0])
            within = first[0] + len(first[1].name)
            if not any(start < first[0] for start in actors if not first[0] <= start < within):
                return first[1]
        if named or actors:
            return None
    return None


def last_before(reading: ArticleReading, index: int, offset: int, reach: int = 3) -> LocalForce | None:
    """Return the local force named last before a place in the text, within `reach` sentences."""
    best: tuple[tuple[int, int], LocalForce] | None = None
    for force in local_forces(reading):
        for at in force.seen:
            if index - reach <= at[0] and at < (index, offset) and (best is None or at > best[0]):
                best = (at, force)
    return best[1] if best else None
