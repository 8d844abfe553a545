"""What moves: the force that a noun phrase names, of what kind, and how many.

Counts are people, or the hulls of ships and aircraft and the pieces of armour. What holds many (a battalion,
a convoy, lorries) has null bounds unless the phrase counts its people too ('a brigade of 1,500 men'); its
number stays in `count`. Errors: a bare vehicle, a crew of rescuers, the dead or captured are no force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ingest.claims.force_classes import FORCE_WORDS
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Token, conjuncts
from ingest.records import Quantity

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

Force = Literal["fighters", "supplies", "armour", "aircraft", "naval"]
Bounds = tuple[int | None, int | None, int | None]

PEOPLE = frozenset(
    "troop soldier fighter reinforcement volunteer mercenary militant rebel insurgent militiaman "
    "paratrooper marine conscript reservist commando policeman gendarme peacekeeper police man recruit "
    "guard jihadist combatant backup personnel serviceman ranger sniper officer instructor adviser advisor "
    "militia legionnaire guerrilla gunman contractor trainer paramilitary tribesman cadet force "
    "infantryman infantry spetsnaz trooper peshmerga janjaweed".split()
)
UNITS = frozenset(
    "brigade battalion division regiment company squad platoon unit column convoy contingent corps "
    "detachment force element army group team battlegroup squadron flotilla fleet motorcade bus lorry "
    "truck vehicle pickup technical reserve half part wave batch reinforcement rest bulk section armada "
    "battery garrison legion vanguard formation subunit echelon barge train van minibus".split()
)
FORCES: dict[str, Force] = {
    **dict.fromkeys(("tank", "armour", "armor", "artillery", "howitzer", "launcher", "missile", "gun", "apc",
                     "weaponry", "battery", "armoured", "armored"), "armour"),
    **dict.fromkeys(("aircraft", "helicopter", "jet", "warplane", "plane", "drone", "bomber", "fighter-jet",
                     "gunship"), "aircraft"),
    **dict.fromkeys(("ship", "warship", "carrier", "frigate", "destroyer", "submarine", "vessel", "corvette",
                     "boat", "cruiser", "fleet", "flotilla", "gunboat", "navy", "armada"), "naval"),
    **dict.fromkeys(("ammunition", "weapon", "arm", "munition", "supply", "fuel", "food", "equipment",
                     "materiel"), "supplies"),
}  # fmt: skip
_AIRCRAFT = re.compile(
    r"(?:[FAB]/?A?|MiG|Mig|Su|Mi|Ka|Tu|Il|An|C|J|JF|L|K?C|P|E|Yak|[UACMO]H|[MR]Q|A[CT]|E[AC]|TB|OV)-?\d+\w{0,3}"
)
_ARMOUR = re.compile(r"(?:T|BTR|BMP|BMD|BM|MT|BRDM|D|S|M1|AMX|PT|ZSU|MT-LB)-\d+\w{0,3}")
"""Types by their letters and number: 'F-16s', 'Su-25s', 'MiG-29'; 'T-72s', 'BTR-80s'. No 'M23': a party."""
_NAMED: dict[str, Force] = {
    **dict.fromkeys(("apache", "chinook", "rafale", "mirage", "sukhoi", "typhoon", "tornado", "gripen",
                     "bayraktar", "eurofighter", "antonov", "ilyushin", "tucano", "harrier"), "aircraft"),
    **dict.fromkeys(("himars", "leopard", "abrams", "bradley", "stryker", "humvee", "grad", "pantsir",
                     "merkava", "mrap"), "armour"),
}  # fmt: skip
_SHIPS = frozenset("ship warship carrier frigate destroyer submarine corvette cruiser gunboat".split())
VEHICLES = frozenset(
    "bus lorry truck vehicle pickup motorcade technical convoy boat plane helicopter drone barge train van "
    "minibus".split()
)
NEW = frozenset(
    "reinforcement convoy column backup contingent volunteer mercenary reservist conscript motorcade "
    "flotilla warship frigate destroyer armada truckload lorryload busload planeload boatload".split()
)
_FRESH = frozenset({"fresh", "additional", "extra", "more", "new", "reserve", "elite"})
_PARTITIVES = frozenset(
    "number total handful couple lot majority thousand hundred dozen score million ten batch load kind type "
    "lorryload truckload busload planeload boatload consignment shipment delivery piece".split()
)
_NO_FORCE = frozenset({"injured", "wounded", "dead", "captured", "surrendered", "rescue", "medical", "aid",
                       "relief", "humanitarian", "search", "forensic", "negotiating", "negotiation", "fact",
                       "finding", "monitoring", "inspection", "civilian", "football", "news", "diplomatic",
                       "toy", "police-", "water"})  # fmt: skip
_WHOLES = frozenset({"force", "army", "contingent", "mission"})
_RELIEVERS = frozenset({"column", "force", "battalion", "brigade", "troop", "army", "division"})
_LOOSE = frozenset({"group", "team", "convoy", "column", "wave", "batch", "half", "part", "rest"})
_OF_FORCES = PEOPLE | UNITS | FORCE_WORDS | FORCES.keys() | VEHICLES
_ROBES = frozenset({"military", "armoured", "armored", "army", "combat", "attack", "transport", "war"})


def piece_of(token: Token) -> Force | None:
    """Return what kind of weapon the noun is: by its class ('tank'), or by its type ('F-16s', 'Rafales')."""
    if (found := FORCES.get(word_of(token))) is not None:
        return found
    if token.pos_ not in ("NOUN", "PROPN"):
        return None
    if any(c.isdigit() for c in token.text):
        if _AIRCRAFT.fullmatch(token.text):
            return "aircraft"
        return "armour" if _ARMOUR.fullmatch(token.text) else None
    is_several = token.lower_.endswith("s") or any(c.dep_ == "nummod" for c in token.children)
    return _NAMED.get(token.lower_.removesuffix("s")) or _NAMED.get(token.lower_) if is_several else None


@dataclass(frozen=True, slots=True)
class Unit:
    """What moves. `token` heads its phrase; `inner` is what that consists of ('hundreds of fighters')."""

    token: Token
    inner: Token
    force: Force
    count: Quantity | None
    bounds: Bounds
    is_new: bool

    @property
    def words(self) -> frozenset[str]:
        """The lemmas of both heads."""
        return frozenset({word_of(self.token), word_of(self.inner)})


def whole_of(parsed: Parsed, token: Token) -> Token:
    """Return the head of the phrase that the token is the matter of: 'hundreds' for 'fighters' in it.

    For a country ('soldiers from Chad, who arrived') the force that is from there.
    """
    for _ in range(3):
        above = token.head.head if token.dep_ == "pobj" else None
        if above is None or above.i > token.i:
            break
        is_part = token.head.lower_ == "of" and (
            word_of(above) in UNITS | _PARTITIVES or parsed.quantity_at(above) is not None
        )
        is_ground = token.head.lower_ == "from" and word_of(above) in PEOPLE | UNITS
        is_size = lemma(token) in ("person", "people") and word_of(above) in PEOPLE | UNITS
        if not (is_part or is_ground or is_size):
            break
        token = above
    return token


def word_of(token: Token) -> str:
    """Return the lemma, also of a plural that the tagger takes for a name ('Marines')."""
    word = lemma(token)
    return word[:-1] if word.endswith("s") and word[:-1] in PEOPLE | UNITS else word


def read_unit(reading: ArticleReading, parsed: Parsed, token: Token, is_sent: bool) -> Unit | None:
    """Return the force that a noun phrase names, or None where it names none.

    `is_sent`: a force sends it, so its lorries and helicopters need no other sign that they are a force's.
    """
    if token.lower_.endswith("wards"):  # 'sending units eastwards', read as one noun
        token = next((c for c in token.children if c.dep_ == "compound"), token)
    if token.pos_ == "PRON" or any(c.lower_ in ("no", "neither") for c in token.children):
        return None
    line = [token, *_line_inside(parsed, token)]
    inner = line[-1]
    words = {word_of(t) for t in line}
    kind = _force_kind(inner, token)
    if not (words & (PEOPLE | UNITS | FORCE_WORDS) or kind is not None):
        mention = parsed.mention_at(inner, "actor")
        if mention is None or reading.choose(mention) is None:
            return None
        if parsed.mention_at(inner, "place") is not None or inner.pos_ == "ADJ":
            return None  # a country is no unit
    for part in line:
        told = {c.lower_ for c in part.children if c.dep_ in ("amod", "compound", "nmod")}
        if word_of(part) in _RELIEVERS:
            told.discard("relief")  # 'a relief column' of an army; a relief convoy is aid
        if told & _NO_FORCE:
            return None
    of_force = words & (PEOPLE | UNITS | FORCE_WORDS | FORCES.keys())
    if (
        of_force
        and of_force <= VEHICLES
        and not (is_sent and words <= VEHICLES)
        and not _is_military(parsed, line)
    ):
        return None
    if words <= {"side", "group", "team", "half", "part", "rest", "wave"} and not any(
        c.dep_ in ("amod", "compound") for c in token.children
    ):
        return None
    is_loose = word_of(token) in _LOOSE and inner != token and inner.pos_ != "NUM"
    if is_loose and not {word_of(inner)} & _OF_FORCES and kind is None:
        mention = parsed.mention_at(inner, "actor")
        if mention is None or reading.choose(mention) is None:
            return None  # 'a group of refugees'
    count, bounds = _count(reading, parsed, line, kind)
    is_new = bool(words & NEW) or any(
        c.lower_ in _FRESH for t in line for c in t.children if c.dep_ in ("amod", "compound", "advmod")
    )
    return Unit(token, inner, kind or "fighters", count, bounds, is_new)


def _line_inside(parsed: Parsed, token: Token) -> Iterator[Token]:
    """Yield 'fighters' of 'hundreds of fighters', 'soldiers' of 'a convoy with 600 soldiers', and deeper."""
    for _ in range(3):
        word = word_of(token)
        if word in PEOPLE - {"force"} or not (
            word in UNITS | _PARTITIVES
            or piece_of(token) is not None
            or token.pos_ == "NUM"
            or parsed.quantity_at(token) is not None
        ):
            return
        below = _consists_of(token)
        if below is None:
            return
        yield below
        token = below


def _consists_of(token: Token) -> Token | None:
    for child in token.children:
        if child.i < token.i:
            continue
        if child.dep_ == "prep" and child.lower_ == "of":
            return next((end for end in child.children if end.dep_ == "pobj" and _is_matter(end)), None)
        is_carrying = child.dep_ == "acl" and lemma(child) in (
            "carry",
            "transport",
            "comprise",
            "number",
            "bring",
        )
        if is_carrying or (child.dep_ == "prep" and child.lower_ in ("with", "carrying")):
            for end in child.children:
                if end.dep_ in ("pobj", "dobj") and (word_of(end) in PEOPLE or is_carrying):
                    return end
    return None


def _is_matter(token: Token) -> bool:
    """True for what a unit can consist of: not the army that it belongs to ('reinforcements of the army')."""
    return token.pos_ != "PROPN" or word_of(token) in PEOPLE | UNITS | FORCES.keys()


def _is_military(parsed: Parsed, line: list[Token]) -> bool:
    """True for 'army lorries', 'armoured vehicles': a vehicle alone is anybody's."""
    return any(
        c.lower_ in _ROBES or parsed.mention_at(c, "actor") is not None
        for token in line
        for c in token.children
    )


def _force_kind(inner: Token, outer: Token) -> Force | None:
    if inner != outer and word_of(inner) in PEOPLE and word_of(outer) in VEHICLES | {"aircraft"}:
        return None  # 'two planes with 120 marines': the men are what came
    for token in (inner, outer):
        if (found := piece_of(token)) is not None and not (word_of(token) == "gun" and outer != inner):
            return found
        for child in token.children:
            if child.dep_ in ("compound", "amod") and child.i < token.i:
                if lemma(child) in ("tank", "armoured", "armored", "artillery"):
                    return "armour"
                if lemma(child) in _SHIPS or (token.tag_ == "NNP" and FORCES.get(lemma(child)) == "naval"):
                    return "naval"
    return None


def _count(
    reading: ArticleReading, parsed: Parsed, line: list[Token], kind: Force | None
) -> tuple[Quantity | None, Bounds]:
    """Return the number that the phrase states, and its bounds in people or hulls.

    The innermost noun that has a number of its own is counted; people stand before what holds them.
    """
    for token in line:  # 'three battalions, about 3,000 soldiers in all'
        for child in token.children:
            if child.dep_ != "appos" or word_of(child) not in PEOPLE or child.i < token.i:
                continue
            if (count := _own_count(reading, parsed, child)) is not None:
                return count, (count.low, count.best, count.high)
    for token in dict.fromkeys((line[0], line[-1])):
        if (count := _said_beside(reading, parsed, token)) is not None:
            return count, (count.low, count.best, count.high)
    for token in reversed(line):
        count = _own_count(reading, parsed, token)
        if count is None or (token != line[0] and word_of(token) in _WHOLES and word_of(line[0]) in UNITS):
            continue  # 'the first company of a 3,000-man force': the company is not 3,000
        word = word_of(token)
        is_piece = piece_of(token) in ("naval", "aircraft", "armour") and word not in UNITS
        if token.pos_ == "NUM" or parsed.quantity_at(token) is not None:
            word = word_of(line[-1])  # 'dozens of lorries'
            is_piece = piece_of(line[-1]) in ("naval", "aircraft", "armour") and word not in UNITS
        if kind is None and is_piece and word_of(line[-1]) in PEOPLE:
            return count, (None, None, None)  # 'two planes with commandos': the men are not counted
        if (word not in UNITS or word in PEOPLE) and (
            is_piece or kind in (None, "armour", "naval", "aircraft")
        ):
            return count, (count.low, count.best, count.high)
        return count, (None, None, None)
    inner = line[-1]
    if kind is None and (count := _in_all(parsed, inner)) is not None:
        return count, (count.low, count.best, count.high)
    if kind == "naval" and inner.tag_ in ("NN", "NNP") and word_of(inner) not in UNITS | {"navy", "group"}:
        return None, (1, 1, 1)
    return None, (None, None, None)


def _said_beside(reading: ArticleReading, parsed: Parsed, token: Token) -> Quantity | None:
    """Return the number of people that is told beside the noun: 'a 900-strong force', 'a batch, 200 strong',
    'conscripts, some 6,000,', 'a contingent made up of 738 soldiers', 'a unit numbering 300'.
    """
    for child in token.children:
        if lemma(child) == "strong" or (child.dep_ == "appos" and child.pos_ == "NUM"):
            numbers = (child, *child.children)
            is_aside = child.i > token.i and (
                child.pos_ == "NUM" or any(c.tag_ == "CD" for c in child.children)
            )
            if is_aside or (child.i < token.i and any(c.i < child.i for c in child.children)):
                for number in numbers:
                    if (found := parsed.quantity_at(number)) is not None:
                        return found
        if child.dep_ == "prep" and child.lower_ == "of" and child.i > token.i:
            for end in child.children:  # 'a group of volunteers of about 60 persons'
                is_people = end.dep_ == "pobj" and lemma(end) in ("person", "people", "man")
                if is_people and (count := _own_count(reading, parsed, end)) is not None:
                    return count
                if end.dep_ == "pobj" and end.pos_ == "NUM" and word_of(token) in _LOOSE:
                    return parsed.quantity_at(end)  # 'a team of 20'
        if (
            child.dep_ == "acl"
            and child.i > token.i
            and lemma(child) in ("make", "number", "comprise", "consist")
        ):
            for end in child.subtree:
                is_told = word_of(end) in PEOPLE and end.dep_ in ("dobj", "pobj")
                if is_told and (count := _own_count(reading, parsed, end)) is not None:
                    return count
            if lemma(child) == "number":
                for end in child.children:
                    if end.dep_ in ("dobj", "attr") and (found := parsed.quantity_at(end)) is not None:
                        return found
    return None


def _in_all(parsed: Parsed, token: Token) -> Quantity | None:
    """Return the 20 of 'a team of advisers to Benghazi, 20 in all'."""
    doc = token.doc
    for at in range(token.i + 2, len(doc) - 2):
        if doc[at - 1].text == "," and doc[at + 1].lower_ == "in" and doc[at + 2].lower_ in ("all", "total"):
            return parsed.quantity_at(doc[at])
    return None


def _own_count(reading: ArticleReading, parsed: Parsed, token: Token) -> Quantity | None:
    """Return the number before the noun, or the one that it is; never that of the noun it belongs to."""
    count = reading.count(parsed, token)
    if count is None or count.start > token.idx:
        return None
    of = token.head if token.dep_ == "pobj" else None
    return None if of is not None and count.start < of.idx else count


def ends_of(match: FrameMatch, unit: Unit, role: str, *words: str) -> tuple[Token, ...]:
    """Return the fillers of a role, else what such a preposition inside the unit's phrase leads to."""
    return match.roles.get(role, ()) or ends_inside(unit, *words)


def ends_inside(unit: Unit, *words: str) -> tuple[Token, ...]:
    """Return what such a preposition inside the unit's phrase leads to: 'units (sent) from Gao'."""
    ends: list[Token] = []
    for part in dict.fromkeys((unit.token, unit.inner)):
        held = [c for c in part.children if c.i > part.i]
        held += [c for acl in held if acl.dep_ == "acl" and lemma(acl) in _BROUGHT for c in acl.children]
        for child in held:
            if child.dep_ == "prep" and child.lower_ in words:
                ends += [member for end in child.children if end.dep_ == "pobj" for member in conjuncts(end)]
    return tuple(ends)


_BROUGHT = frozenset("send come bring fly draw pull deploy arrive dispatch rush transfer move recall".split())
