"""How a place hangs in its sentence: where something happens, what is attacked, or only named beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.claims.parse import lemma
from ingest.claims.place_words import EDGES, FEATURES, LEVELS, SETTLEMENTS
from ingest.claims.places import COMPASS, DEFINITE, LOCATIVE
from ingest.claims.reading import Parsed, Token
from ingest.claims.toponyms import Toponym, toponyms

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading


@dataclass(frozen=True, slots=True)
class Grip:
    """How a place hangs in the sentence: its token, whether it is where something happens, or only named."""

    place: Toponym
    token: Token
    is_where: bool
    is_aside: bool


def grips_of(reading: ArticleReading, parsed: Parsed, spoken: Sequence[tuple[int, int]]) -> list[Grip]:
    """Return the places of the sentence, without those in the name or office of a speaker."""
    found = []
    for place in toponyms(reading, parsed.sentence.index):
        if any(a <= place.start < b for a, b in spoken):
            continue
        token = _token_of(parsed, place)
        if token is None or parsed.date_at(token) is not None:
            continue
        link, governor, top = _link(parsed, token)
        told = link in ("in", "at", "from", "near") and lemma(governor) in _TELLING
        struck = link in ("on", "of", "obj", "for", "over") and _is_struck(link, governor)
        is_where = not told and (struck or link in LOCATIVE - {"on"} or (link == "on" and top.i != token.i))
        is_where = is_where or (link in ("into", "on", "towards") and lemma(governor) in _PUSHES)
        is_where = is_where and not _BEARING.search(parsed.sentence.text[: place.start])
        is_aside = told or (link in _ASIDE and not is_where)
        found.append(Grip(place, token, is_where, is_aside))
    return found


_BEARING = re.compile(r"\b(?:north|south|east|west|km|kilomet\w+|miles?)(?:east|west)? (?:of|from) $")
"""Before a town that only tells where another place lies ('in Tormo, north of Sanaa')."""
_ASIDE = frozenset("to toward towards into for from owner by with against via than subject as".split())
_PUSHES = frozenset(
    "drive push advance incursion invasion offensive thrust march raid go move storm break penetrate".split()
)
_TELLING = frozenset(
    "say tell report speak add announce interview quote statement conference reporter "
    "correspondent briefing "
    "summit talk meeting negotiation embassy ambassador bear meet sign telephone phone spokesman "
    "spokesperson "
    "spokeswoman analyst diplomat envoy".split()
)


def _token_of(parsed: Parsed, place: Toponym) -> Token | None:
    """Return the head of a place's words: the first whose governor lies outside them."""
    inside = [t for t in parsed.doc if place.start <= t.idx < place.end and not t.is_punct]
    for token in reversed(inside):
        if not place.start <= token.head.idx < place.end or token.head == token:
            return token
    return inside[-1] if inside else None


def _link(parsed: Parsed, token: Token) -> tuple[str, Token, Token]:
    """Return by what a place hangs, on what, and the highest noun that still tells the place.

    The link is a preposition, 'obj' of a verb, 'owner' of another noun, 'subject', or ''.
    """
    for _ in range(8):
        above = token.head
        if token.dep_ in ("compound", "nmod", "amod", "poss"):
            if _tells_place(above):
                token = above
            elif lemma(above) in _EVENTS and token.dep_ != "amod":
                return "in", above, token
            else:
                return "owner", above, token
        elif token.dep_ in ("appos", "conj"):
            token = above
        elif token.dep_ == "pobj":
            noun = above.head
            if above.lower_ == "of" and (_tells_place(noun) or lemma(noun) in _PARTITIVE):
                token = noun
            else:
                return above.lower_, noun, token
        elif token.dep_ in ("dobj", "nsubjpass"):
            return "obj", above, token
        elif token.dep_ == "nsubj":
            return "subject", above, token
        else:
            break
    return "", token.head, token


def _tells_place(token: Token) -> bool:
    """True for a noun of place: what it is of, or owned by, is where it is."""
    word = lemma(token)
    return word in DEFINITE or word in SETTLEMENTS | FEATURES | EDGES or word in COMPASS or word in LEVELS


_PARTITIVE = frozenset(
    "outskirt vicinity heart part centre center kilometre kilometer mile km side half periphery environs "
    "edge suburb countryside stretch most rest all border coast".split()
)
_EVENTS = frozenset(
    "attack bombing blast explosion strike airstrike raid shooting massacre offensive battle "
    "clash fighting siege "
    "assault bombardment shelling ambush killing violence operation riot protest suicide".split()
)
_ATTACKED = frozenset(
    "attack storm raid bomb shell hit strike target invade pound ambush assault overrun capture "
    "seize retake "
    "enter besiege rock recapture rack shake burn torch loot bombard mortar liberate encircle raze "
    "destroy".split()
)


def _is_struck(link: str, governor: Token) -> bool:
    """True for the place that a verb or noun of attack is done to: 'stormed X', 'an attack on X'."""
    word = lemma(governor)
    if link == "obj":
        return word in _ATTACKED
    if link == "of":
        return word in _EVENTS or word in ("capture", "seizure", "fall", "storming", "burning")
    if link == "on":
        return (
            word in STRUCK
            or word in _EVENTS
            or word in ("fall", "drop", "open", "fire", "land", "march", "descend")
        )
    return link == "for" and word in ("battle", "fight", "struggle")


STRUCK = frozenset(
    "strike airstrike attack raid bombing shelling bombardment assault offensive ambush fire barrage march "
    "advance siege blockade".split()
)
