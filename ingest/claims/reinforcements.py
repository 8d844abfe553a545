"""Reinforcements: whose forces moved towards which place, how many, from where.

A claim for each sender; senders who share one number share its `count_group`. Units: people, or for ships and
aircraft the hulls; brigades, convoys, lorries have null counts, their number stands in `count_text`.
Errors: a movement away from a place is a withdrawal (territory.py) or nothing; so are supplies for civilians.
Source: the sentence, for actors, destination, date and speaker also those around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ingest.claims import casualty_scope
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Stance, Token, conjuncts
from ingest.claims.recall import CHANGES, Site, recall
from ingest.claims.sides import FORCE_WORDS, force_of, is_ground, party_of, side_of
from ingest.claims.sites import sites_of
from ingest.claims.speakers import phrase
from ingest.records import Claim, Quantity, ReinforcementClaim

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

Force = Literal["fighters", "supplies", "armour", "aircraft", "naval"]

_PEOPLE = frozenset(
    "troop soldier fighter reinforcement volunteer mercenary militant rebel insurgent militiaman "
    "paratrooper marine conscript reservist commando policeman gendarme peacekeeper police man recruit "
    "guard jihadist combatant backup personnel serviceman ranger sniper officer instructor adviser advisor "
    "militia legionnaire guerrilla gunman contractor trainer paramilitary tribesman cadet force".split()
)
_UNITS = frozenset(
    "brigade battalion division regiment company squad platoon unit column convoy contingent corps "
    "detachment force element army group team battlegroup squadron flotilla fleet motorcade bus lorry "
    "truck vehicle pickup technical reserve half part wave batch reinforcement".split()
)
_FORCES: dict[str, Force] = {
    **dict.fromkeys(("tank", "armour", "armor", "artillery", "howitzer", "launcher", "missile", "gun", "apc",
                     "weaponry", "battery", "armoured", "armored"), "armour"),
    **dict.fromkeys(("aircraft", "helicopter", "jet", "warplane", "plane", "drone", "bomber", "fighter-jet",
                     "gunship"), "aircraft"),
    **dict.fromkeys(("ship", "warship", "carrier", "frigate", "destroyer", "submarine", "vessel", "corvette",
                     "boat",
                     "cruiser", "fleet", "flotilla", "gunboat", "navy"), "naval"),
    **dict.fromkeys(("ammunition", "weapon", "arm", "munition", "supply", "fuel", "food", "equipment",
                     "materiel"),
                    "supplies"),
}  # fmt: skip
_VEHICLES = frozenset(
    "bus lorry truck vehicle pickup motorcade technical convoy boat plane helicopter drone".split()
)
_HITS = frozenset(
    "attack ambush target hit strike bomb shell shoot fire explode detonate stop kill wound".split()
)
_NEW = frozenset({"reinforcement", "convoy", "column", "backup", "contingent", "volunteer", "mercenary",
                  "reservist",
                  "conscript", "motorcade", "flotilla"})  # fmt: skip
_FRESH = frozenset({"fresh", "additional", "extra", "more", "new", "reserve", "elite"})
_RECEIVING = frozenset({"receive", "reinforcement_for"})
_NOT_MOVED = re.compile(
    r"\b(?:home|back to (?:their|its) barracks|civilians?|residents|families|aid|humanitarian)\b"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What moves: its head, what kind of force it is, how many."""

    token: Token
    force: Force
    count: Quantity | None
    counts: tuple[int | None, int | None, int | None]
    is_new: bool


def extract_reinforcements(
    matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[Claim]:
    """Yield a claim for each sender and unit that the sentence says moved towards the fighting."""
    seen: set[tuple[int, str | None]] = set()
    for match in matches:
        for claim, key in _claims(match, parsed, reading):
            if key not in seen:
                seen.add(key)
                yield claim


def _claims(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading
) -> Iterator[tuple[ReinforcementClaim, tuple[int, str | None]]]:
    frame, head = match.frame, match.head
    is_transitive = any(c.dep_ == "dobj" for c in head.children)
    may_have_object = lemma(head) in ("reach", "join", "enter", "cross")
    if frame.gives.get("when") == "intransitive" and is_transitive and not may_have_object:
        return
    if lemma(head) in ("pour", "stream", "flood", "trickle", "flock") and not (
        match.roles.get("destination") or match.roles.get("origin") or match.roles.get("actor")
    ):
        return  # 'the gate blew up and militants poured in': an attack
    verb = match.first("verb") or head
    stance = reading.stance(parsed, verb)
    if stance is None or (stance.status == "denied" and not match.roles.get("destination")):
        return
    units = [unit for token in match.roles["unit"] if (unit := read_unit(reading, parsed, token)) is not None]
    units = [unit for unit in units if not _is_hit(unit.token, head)]
    if frame.gives["unit"] == "new":
        units = [unit for unit in units if unit.is_new]
    if not units:
        return
    origin = _first_site(reading, parsed, match.roles.get("origin", ()))
    via = _first_site(reading, parsed, match.roles.get("via", ()))
    destination = _destination(match, parsed, reading)
    if destination is None and frame.gives["unit"] == "new":
        return
    when = reading.event_date(parsed, verb)
    for unit in units[:1] if len(units) > 1 and units[0].force == units[1].force else units:
        senders = _senders(match, parsed, reading, unit, stance)
        group = _count_group(reading, parsed, unit) if len(senders) > 1 and unit.count else None
        for sender in senders:
            if sender.id is None and destination is None and origin is None and not unit.is_new:
                continue
            if sender.id is None and not casualty_scope.is_of_war(reading, parsed):
                continue
            quote = reading.clause(parsed, verb, head, unit.token)
            words = _words(reading, parsed, unit.token)
            if _NOT_MOVED.search(words.lower()):
                continue
            columns = reading.common(
                parsed, verb, kind="reinforcement", stance=stance, when=when, rule=frame.id,
                slot=f"{sender.id or sender.text}|{unit.token.idx}", quote=quote,
                prior=0.8 if destination is not None and sender.id else 0.6, inferred=sender.inferred,
            )  # fmt: skip
            yield ReinforcementClaim(
                **columns, actor=sender.id, actor_text=sender.text, force=unit.force, unit_text=words,
                count_low=unit.counts[0], count_best=unit.counts[1], count_high=unit.counts[2],
                count_text=unit.count.text if unit.count else None,
                count_qualifier=unit.count.qualifier if unit.count else None, count_group=group,
                origin=origin.id if origin else None, origin_text=origin.text if origin else None,
                via=via.id if via else None, via_text=via.text if via else None,
                destination=destination.id if destination else None,
                destination_text=destination.text if destination else None,
            ), (unit.token.i, sender.id or sender.text)  # fmt: skip


def read_unit(reading: ArticleReading, parsed: Parsed, token: Token) -> Unit | None:
    """Return the force that a noun phrase names, or None where it names none."""
    if token.lower_.endswith("wards"):  # 'sending units eastwards', read as one noun
        token = next((c for c in token.children if c.dep_ == "compound"), token)
    inner, count = token, reading.count(parsed, token)
    for _ in range(3):
        below = _inside(inner)
        if below is None:
            break
        count = count or reading.count(parsed, below)
        inner = below
    word = lemma(inner)
    outer = lemma(token)
    kind = _force_kind(inner, token)
    known = word in _PEOPLE | _UNITS or outer in _UNITS or kind is not None or word in FORCE_WORDS
    if not known:
        mention = parsed.mention_at(inner, "actor")
        name = reading.choose(mention) if mention is not None else None
        if name is None:
            return None
    if any(
        c.lower_ in ("injured", "wounded", "dead", "captured") for c in (*token.children, *inner.children)
    ):
        return None
    if {word, outer} <= _VEHICLES and not _is_military(parsed, token, inner):
        return None
    if outer in ("side", "group") and not any(c.dep_ in ("amod", "compound") for c in token.children):
        return None
    is_new = bool({word, outer} & _NEW) or any(c.lower_ in _FRESH for t in (inner, token) for c in t.children)
    return Unit(token, kind or "fighters", count, _bounds(count, inner, token, kind), is_new)


def _is_military(parsed: Parsed, *tokens: Token) -> bool:
    """True for 'army lorries', 'armoured vehicles': a vehicle alone is anybody's."""
    return any(
        c.lower_ in ("military", "armoured", "armored", "army") or parsed.mention_at(c, "actor") is not None
        for token in tokens
        for c in token.children
    )


def _is_hit(token: Token, verb: Token) -> bool:
    """True for the convoy that is attacked on its way: the movement only tells where."""
    governor = token.head.head if token.dep_ == "pobj" else token.head
    return verb in token.subtree and token.dep_ in ("dobj", "pobj", "nsubjpass") and lemma(governor) in _HITS


def _inside(token: Token) -> Token | None:
    """Return 'fighters' of 'hundreds of fighters', 'a column of tanks', 'part of a division'."""
    if lemma(token) in ("reinforcement", "troop", "soldier", "fighter", "force"):
        return None
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "of" and child.i > token.i:
            return next((end for end in child.children if end.dep_ == "pobj"), None)
    return None


def _force_kind(inner: Token, outer: Token) -> Force | None:
    for token in (inner, outer):
        if (found := _FORCES.get(lemma(token))) is not None:
            return found
        for child in token.children:
            if child.dep_ in ("compound", "amod") and lemma(child) in (
                "tank",
                "armoured",
                "armored",
                "artillery",
            ):
                return "armour"
    carried = [c for t in (inner, outer) for c in t.children if c.dep_ == "acl" and lemma(c) == "carry"]
    for verb in carried:
        for end in verb.children:
            if end.dep_ == "dobj" and _FORCES.get(lemma(end)) == "supplies":
                return "supplies"
    return None


def _bounds(
    count: Quantity | None, inner: Token, outer: Token, kind: Force | None
) -> tuple[int | None, int | None, int | None]:
    """Return low, best, high in people, for ships and aircraft in hulls; nulls for units that hold many."""
    if count is None:
        if kind == "naval" and inner.tag_ == "NN" and any(c.lower_ in ("a", "an") for c in inner.children):
            return 1, 1, 1
        return None, None, None
    counted = inner if inner.i >= outer.i else outer
    if kind in ("naval", "aircraft", "armour") or lemma(counted) not in _UNITS or lemma(counted) in _PEOPLE:
        return count.low, count.best, count.high
    return None, None, None


def _senders(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading, unit: Unit, stance: Stance
) -> tuple[Reference, ...]:
    """Return who sends: the subject, else whose the unit is, else who 'from the A, B and C' are."""
    found: list[Reference] = []
    for token in match.roles.get("actor", ()):
        force = force_of(reading, parsed, token)
        if force is not None and all(force.id is None or force.id != other.id for other in found):
            found.append(force)
    if found:
        return tuple(found)
    if match.roles.get("actor") and match.frame.id not in ("arrival", "reinforcement_for"):
        subject = match.roles["actor"][0]
        if subject.pos_ in ("PROPN", "NOUN") and lemma(subject) not in FORCE_WORDS:
            pass  # a president, a ministry: the unit's own party sends
    named = _own_party(reading, parsed, unit.token)
    if named is not None and named.id is not None and lemma(unit.token) not in _NEW:
        return (named,)
    for token in match.roles.get("origin", ()):
        force = force_of(reading, parsed, token) if parsed.mention_at(token, "actor") else None
        place = parsed.mention_at(token, "place")
        if force is not None and force.id and place is None and force not in found:
            found.append(force)
    if found:
        return tuple(found)
    own = _own_party(reading, parsed, unit.token)
    if own is not None and own.id is not None:
        return (own,)
    if lemma(unit.token) in _UNITS or unit.is_new:
        voice = party_of(reading, stance.claimant) if stance.claimant else None
        if voice is not None and side_of(reading, voice):
            return (Reference(voice, None, inferred=True),)  # who announces the movement of a bare unit
        last = next((c.gained_by for c in reversed(CHANGES.get(reading, []))
                     if c.gained_by and c.change not in ("control_held", "repelled")), None)  # fmt: skip
        if last is not None and stance.status == "asserted":
            return (Reference(last, None, inferred=True),)
    return (own or Reference(None, None),)


def _own_party(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return whose the unit is: named in its phrase ('Russian carrier', 'men of the front'), or recalled."""
    demonyms = reading.lexicon.words["demonyms"]
    for part in (token, _inside(token)):
        for child in part.children if part is not None else ():
            if child.dep_ in ("amod", "compound", "nmod") and child.lower_ in demonyms:
                return Reference(demonyms[child.lower_], reading._words(parsed, *phrase(token)))
    start, end = phrase(token)
    row = reading.mentions[parsed.sentence.index]
    for mention in parsed.mentions:
        if mention.kind == "actor" and start <= mention.start and mention.end <= end:
            if mention.start > start and is_ground(reading, row, parsed.sentence.index, mention):
                continue
            if (name := reading.choose(mention)) is not None:
                return Reference(name.id, reading._words(parsed, start, end))
    if (same := _named_before(reading, parsed, token)) is not None:
        return Reference(same, reading._words(parsed, *phrase(token)), inferred=True)
    inner = _inside(token)
    for part in (token, inner):
        force = force_of(reading, parsed, part) if part is not None else None
        if part is None or force is None or force.id is None:
            continue
        if not force.inferred or lemma(part) not in _UNITS | _NEW | {"troop", "man", "ship"}:
            return force
    return None


def _named_before(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return the Third Brigade for 'the brigade': an actor named before by a name that ends in the same noun."""
    if not any(c.lower_ == "the" for c in token.children) or len(list(token.children)) > 1:
        return None
    for index in reading._back(parsed.sentence.index, 4):
        for mention in reading.mentions[index]:
            if (
                mention.kind == "actor"
                and mention.text.lower().endswith(token.lower_)
                and " " in mention.text
            ):
                if (name := reading.choose(mention)) is not None:
                    return name.id
    return None


def _count_group(reading: ArticleReading, parsed: Parsed, unit: Unit) -> str:
    """Name the number that several senders share by where it stands."""
    start = unit.count.start if unit.count else unit.token.idx
    return f"{reading.article.article_id}:{parsed.sentence.start + start}"


def _destination(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Site | None:
    """Return where the force goes: from the frame, else the place the sentence or article is about."""
    found = _first_site(reading, parsed, match.roles.get("destination", ()))
    if found is not None:
        return found
    gone = frozenset(
        site.id
        for token in match.roles.get("origin", ())
        for site in sites_of(reading, parsed, token)
        if site.id
    )
    where = reading.event_place(parsed, match.head)
    if where.id in gone or (gone and where.id in {i for g in gone for i in reading.parents(g)}):
        return recall(reading, parsed, match.head, "", without=gone)
    origins = {t.i for token in match.roles.get("origin", ()) for t in conjuncts(token)}
    if where.id is None or (
        any(parsed.mention_at(parsed.doc[i], "place") for i in origins) and not where.inferred
    ):
        return None
    return Site(where.id, where.text or "", match.head, is_inferred=True)


def _first_site(reading: ArticleReading, parsed: Parsed, tokens: Sequence[Token]) -> Site | None:
    for token in tokens:
        if token.lower_ == "there":
            where = reading.place(parsed, token)
            if where.id:
                return Site(where.id, where.text or "there", token, is_inferred=True)
        for site in sites_of(reading, parsed, token):
            return site
    return None


def _words(reading: ArticleReading, parsed: Parsed, token: Token) -> str:
    start, end = phrase(token)
    return reading._words(parsed, start, end)
