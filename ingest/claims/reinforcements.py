"""Reinforcements: whose forces moved towards which place, how many, from where.

A claim for each sender; senders who share one number share its `count_group`. Units: people, or for ships and
aircraft the hulls; brigades, convoys, lorries have null counts, their number stands in `count_text`.
Errors: a movement away from a place is a withdrawal (territory.py) or nothing; so are supplies for civilians.
Source: the sentence, for actors, destination, date and speaker also those around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.claims.event_places import entry_place
from ingest.claims.force_senders import senders_of
from ingest.claims.force_units import (
    PEOPLE,
    UNITS,
    Unit,
    ends_inside,
    ends_of,
    read_unit,
    whole_of,
    word_of,
)
from ingest.claims.forces import force_of
from ingest.claims.movement_senses import is_movement
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Token, conjuncts
from ingest.claims.recall import Site, recall
from ingest.claims.sides import conflicts_of, side_of
from ingest.claims.sites import sites_of
from ingest.claims.speakers import phrase
from ingest.claims.topics import is_harm_of_war, is_of_war
from ingest.records import Claim, ReinforcementClaim

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_HITS = frozenset(
    "attack ambush target hit strike bomb shell shoot fire explode detonate stop kill wound crash capsize "
    "sink".split()
)
_OBJECTS = ("dobj", "pobj", "nsubjpass")
_STORMS = frozenset(
    "kill attack fire shoot storm seize capture overrun kidnap abduct loot burn wound raid occupy slaughter "
    "massacre behead free open steal rob rustle hijack ambush raid".split()
)
_STORMED = frozenset(
    "base post outpost camp compound building barracks prison hotel street square house station village "
    "school market".split()
)
_LOOSE = frozenset({"force", "group", "army", "team"})
_ENLISTED = frozenset({"volunteer", "recruit", "conscript", "reservist", "youth"})
_HELP = frozenset(
    "help reinforce join bolster support relieve defend aid assist back swell strengthen".split()
)
_RAIDERS = frozenset("gunman attacker assailant bandit terrorist".split())
_COMING = frozenset({"arrive", "come", "land", "deploy"})
_FOR_PEOPLE = re.compile(
    r"\b(?:to|for) (?:the |trapped |besieged |displaced )?(?:civilians|residents|refugees|families)\b|"
    r"\bevacu(?:at|ee)\w+|\b(?:and|with) their (?:famil|wives|relatives)|"
    r"\b(?:earthquake|quake|cyclone|hurricane|typhoon|floods?|flooding|landslides?|tsunami|wildfires?|eruption|"
    r"pandemic|ebola|cholera)\b",
    re.IGNORECASE,
)
_VOTE = re.compile(r"\b(?:elections?|polling|polls|referendum|vote)\b", re.IGNORECASE)
_NOT_MOVED = re.compile(
    r"\b(?:home|back to (?:their|its) barracks|civilians?|residents|families|aid|humanitarian)\b"
)
_AWAY = re.compile(
    r"\b(?:prisons?|jails?|court|courts|trial|hospitals?|clinics?|medical|morgue|mortuary|cemetery|detention|custody|"
    r"graves?|parade|ceremony|home|homes|talks|quarters)\b",
    re.IGNORECASE,
)


def extract_reinforcements(
    matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[Claim]:
    """Yield a claim for each sender and unit that the sentence says moved towards the fighting."""
    if not is_of_war(reading):
        return
    seen: set[tuple[int, str | None]] = set()
    led: set[int] = set()
    moved: set[int] = set()
    for match in sorted(matches, key=_rank):
        if match.head.i in led:
            continue  # 'the army set out with 700 soldiers' is one movement, not also the army's
        is_own = match.frame.gives.get("when") == "intransitive"
        if is_own and match.head.i in moved:
            continue  # 'the army flew in marines': it did not fly itself
        for claim, key in _claims(match, parsed, reading):
            if key not in seen:
                seen.add(key)
                if match.frame.gives["unit"] == "people":
                    led.add(match.head.i)
                if not is_own:
                    moved.add(match.head.i)
                yield claim


def _rank(match: FrameMatch) -> tuple[bool, bool]:
    """Frames of a leader with men come first, then those of who sends, then those of who comes."""
    return match.frame.gives["unit"] != "people", match.frame.gives.get("when") == "intransitive"


def _claims(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading
) -> Iterator[tuple[ReinforcementClaim, tuple[int, str | None]]]:
    frame, head = match.frame, match.head
    verb = match.first("verb") or head
    if not is_movement(match) or lemma(verb) in _HITS or _FOR_PEOPLE.search(parsed.sentence.text):
        return
    stance = reading.stance(parsed, verb)
    if stance is None or (stance.status == "denied" and not match.roles.get("destination")):
        return
    is_sent = any(force_of(reading, parsed, token) for token in match.roles.get("actor", ()))
    units = _units(match, parsed, reading, is_sent)
    if not units:
        return
    origin = _first_site(reading, parsed, ends_of(match, units[0], "origin", "from"))
    via = _first_site(reading, parsed, match.roles.get("via", ()))
    destination = _destination(match, parsed, reading, units[0])
    if destination is None and frame.gives["unit"] == "new":
        return
    if destination is not None and _AWAY.search(destination.text):
        return
    when = reading.event_date(parsed, verb)
    is_told = bool(match.roles.keys() & {"destination", "origin", "via"})
    if not is_told and not any(unit.is_new or unit.count for unit in units) and lemma(head) in _COMING:
        return  # 'the police arrived and ...'
    is_scene = any(_is_scene(token) for token in match.roles.get("destination", ()))
    if is_scene and not any(u.is_new or u.count for u in units):
        return  # 'soldiers were deployed to the area'
    is_stated = any(site is not None and site.id and not site.is_inferred for site in (origin, destination))
    first: tuple[Reference, ...] = ()
    for unit in units:
        senders = senders_of(match, parsed, reading, unit, stance)
        if first and all(sender.id is None or sender.inferred for sender in senders):
            senders = first  # 'two Russian battalions and some 30 tanks'
        first = first or senders
        is_shared = len(senders) > 1 and unit.count is not None and not _is_each(head)
        group = _count_group(parsed, reading, unit) if is_shared else None
        quote = reading.clause(parsed, verb, head, unit.token)
        start, end = phrase(unit.token)
        start = min(start, unit.count.start) if unit.count else start
        words = reading.words(parsed, start, end)
        if _NOT_MOVED.search(words.lower()):
            continue
        for sender in senders:
            if lemma(head) == "join" and _joins_foe(reading, parsed, head, sender.id):
                continue
            heads = (unit.token, unit.inner)
            has_name = any(t.pos_ == "PROPN" for head in heads for t in (head, *head.lefts))
            is_named = sender.id is not None or (sender.text is not None and (is_sent or has_name))
            if not is_named and not (is_stated and (unit.is_new or frame.gives.get("sender") != "known")):
                continue
            if (sender.id is None or sender.inferred) and (
                _VOTE.search(parsed.sentence.text) or not is_harm_of_war(reading, parsed.sentence.text)
            ):
                continue
            columns = reading.common(
                parsed, verb, kind="reinforcement", stance=stance, when=when, rule=frame.id,
                slot=f"{sender.id or sender.text}|{unit.token.idx}", quote=quote,
                prior=0.8 if destination is not None and sender.id else 0.6, inferred=sender.inferred,
            )  # fmt: skip
            yield ReinforcementClaim(
                **columns, actor=sender.id, actor_text=sender.text, force=unit.force, unit_text=words,
                count_low=unit.bounds[0], count_best=unit.bounds[1], count_high=unit.bounds[2],
                count_text=unit.count.text if unit.count else None,
                count_qualifier=unit.count.qualifier if unit.count else None, count_group=group,
                origin=origin.id if origin else None, origin_text=origin.text if origin else None,
                via=via.id if via else None, via_text=via.text if via else None,
                destination=destination.id if destination else None,
                destination_text=destination.text if destination else None,
            ), (unit.token.i, sender.id or sender.text)  # fmt: skip


def _units(match: FrameMatch, parsed: Parsed, reading: ArticleReading, is_sent: bool) -> list[Unit]:
    """Return the forces that the frame says moved; of several under one number or of one kind, the first."""
    found: list[Unit] = []
    storms = any(c.dep_ in ("conj", "advcl", "xcomp") and lemma(c) in _STORMS for c in match.head.children)
    wanted = match.frame.gives["unit"]
    for filler in match.roles["unit"]:
        token = whole_of(parsed, _meant(filler, match.head))
        unit = read_unit(reading, parsed, token, is_sent)
        if unit is None or _is_hit(unit.token, match.head):
            continue
        is_counted = unit.is_new or unit.count is not None or bool(unit.words & UNITS - _LOOSE)
        if wanted == "new" and match.frame.id == "move_there" and _is_to_help(match.head):
            wanted = "any"  # 'rolled into Afrin to help the Kurds'
        if (
            wanted == "new"
            and match.frame.id == "move_there"
            and _is_from_to(match)
            and not unit.words & PEOPLE
        ):
            wanted = "counted"  # 'units rolled south from Taiz towards Lahij'
        if match.frame.id in ("arrive", "move_there") and unit.words & _RAIDERS and not unit.is_new:
            continue  # 'gunmen arrived at dusk': an attack
        if wanted == "new" and match.frame.id == "reach_there" and unit.count is not None and not storms:
            wanted = "counted"  # 'two companies of infantry reached the base'
        if (wanted == "new" and not unit.is_new) or (wanted == "counted" and not is_counted):
            continue
        if match.frame.id == "mass" and lemma(match.head) in ("gather", "assemble") and not is_counted:
            continue  # to mourn, to pray, to hear a general
        if match.frame.id == "join" and unit.words & _ENLISTED:
            continue
        if wanted == "people" and not (unit.words & PEOPLE and unit.count is not None and is_sent):
            continue
        inside = token.dep_ == "pobj" and token.head.lower_ == "in"
        if inside and not unit.words & PEOPLE:
            continue  # 'flew in helicopters': the means
        if not unit.is_new and _storms(match, unit):
            continue
        same = [u for u in found if u.force == unit.force]
        if same and (unit.count is None or any(u.count and u.count.start == unit.count.start for u in same)):
            continue
        found.append(unit)
    return found


def _meant(token: Token, head: Token) -> Token:
    """Return '3,000 troops' for 'them' in 'pulled 3,000 troops out of Somalia and sent them north'."""
    if token.lower_ not in ("them", "it", "these") or head.dep_ != "conj":
        return token
    ends = [c for c in head.head.children if c.dep_ in ("dobj", "nsubjpass") and c.i < token.i]
    return ends[-1] if ends else token


def _is_from_to(match: FrameMatch) -> bool:
    """True where both ends of the way are told."""
    return bool(match.roles.get("origin")) and bool(match.roles.get("destination"))


def _is_to_help(head: Token) -> bool:
    """True for forces that come 'to help', 'to relieve', 'as reinforcements'."""
    return any(
        (lemma(c) in _HELP and c.tag_ == "VB" and any(t.lower_ == "to" for t in c.children))
        or lemma(c) == "reinforcement"
        for c in head.subtree
        if c.i > head.i
    )


def _storms(match: FrameMatch, unit: Unit) -> bool:
    """True for gunmen who pour into a base, or come and kill: an attack, not a movement."""
    head = match.head
    if match.frame.id not in ("arrive", "move_there", "cross_border", "mass"):
        return False
    if any(c.dep_ in ("conj", "advcl", "xcomp") and lemma(c) in _STORMS for c in head.children):
        return True
    if head.dep_ == "conj" and lemma(head.head) in _STORMS:
        return True
    if lemma(head) not in ("pour", "stream", "flood", "descend", "land", "converge", "gather", "assemble"):
        return False
    return any(word_of(token) in _STORMED for token in match.roles.get("destination", ()))


def _joins_foe(reading: ArticleReading, parsed: Parsed, head: Token, sender: str | None) -> bool:
    """True for soldiers who 'joined the Taliban', whom their army fights: they changed sides."""
    for token in head.children:
        joined = force_of(reading, parsed, token) if token.dep_ == "dobj" else None
        if joined is None or joined.id is None or sender is None:
            continue
        mine, theirs = side_of(reading, sender), side_of(reading, joined.id)
        for conflict in conflicts_of(reading):
            own, other = mine.get(conflict.id), theirs.get(conflict.id)
            if own and other and other in conflict.sides.get(own, frozenset()):
                return True
    return False


def _is_each(head: Token) -> bool:
    """True where every sender has the number for itself: 'A and B each sent 500'."""
    return any(t.lower_ in ("each", "apiece", "both", "respectively") for t in head.subtree)


def _is_hit(token: Token, verb: Token) -> bool:
    """True for the convoy that is attacked on its way: the movement only tells where."""
    governor = token.head.head if token.dep_ == "pobj" else token.head
    roles = ("dobj", "pobj", "nsubjpass", "nsubj") if lemma(governor) in ("explode", "detonate") else _OBJECTS
    return verb in token.subtree and token.dep_ in roles and lemma(governor) in _HITS


def _count_group(parsed: Parsed, reading: ArticleReading, unit: Unit) -> str:
    """Name the number that several senders share by where it stands."""
    start = unit.count.start if unit.count else unit.token.idx
    return f"{reading.article.article_id}:{parsed.sentence.start + start}"


def _destination(match: FrameMatch, parsed: Parsed, reading: ArticleReading, unit: Unit) -> Site | None:
    """Return where the force goes: from the frame, else the place the sentence or article is about."""
    aims = ends_of(match, unit, "destination", "to", "into", "towards", "toward")
    aims = tuple(token for token in aims if token not in (unit.token, unit.inner))
    found = _first_site(reading, parsed, aims)
    if found is None:  # 'flew in the first 160 of its soldiers to Bamako'
        found = _first_site(reading, parsed, ends_inside(unit, "to", "into", "towards", "toward"))
    if found is not None:
        return found
    if match.frame.gives.get("place") == "stated":
        return None
    origins = ends_of(match, unit, "origin", "from")
    gone = frozenset(site.id for token in origins for site in sites_of(reading, parsed, token) if site.id)
    where = reading.event_place(parsed, match.head)
    if where.id in gone or (gone and where.id in {i for g in gone for i in reading.parents(g)}):
        return recall(reading, parsed, match.head, "", without=gone)
    left = {t.i for token in origins for t in conjuncts(token)}
    if where.id is None or (
        any(parsed.mention_at(parsed.doc[i], "place") for i in left) and not where.inferred
    ):
        return None
    return Site(where.id, where.text or "", match.head, is_inferred=True)


def _is_scene(token: Token) -> bool:
    """True for 'the area', 'the scene' of what was told before."""
    return lemma(token) in ("area", "scene", "site", "spot", "place") and not any(
        c.dep_ in ("compound", "amod", "nmod", "prep", "poss") and c.lower_ not in ("in", "at", "on")
        for c in token.children
    )


def _first_site(reading: ArticleReading, parsed: Parsed, tokens: Sequence[Token]) -> Site | None:
    for token in tokens:
        if token.lower_ == "there":
            where = reading.place(parsed, token)
            if where.id:
                return Site(where.id, where.text or "there", token, is_inferred=True)
        entry = entry_place(reading, parsed.sentence.index) if token.lower_ == "here" else None
        if entry is not None:
            return Site(entry.id, entry.text or "here", token, is_inferred=True)
        for site in sites_of(reading, parsed, token):
            return site
    return None
