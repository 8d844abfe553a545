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

from ingest.claims.force_senders import senders_of
from ingest.claims.force_units import PEOPLE, UNITS, Unit, ends_of, read_unit, whole_of, word_of
from ingest.claims.forces import force_of
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Token, conjuncts
from ingest.claims.recall import Site, recall
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
_FLIGHT = frozenset("dive run flee scramble scurry reel crash fly rush tumble crawl duck".split())
_GIVEN_UP = frozenset(
    "surrender disarm capture arrest detain defect wound injure evacuate demobilise".split()
)
_AGREED = frozenset("agree approve request consent volunteer clear permit".split())
_AMBUSHES = frozenset(
    "attack attacked ambush ambushed killed explosion blast struck hit bomb fire mine".split()
)
_COMING = frozenset({"arrive", "come", "land", "deploy"})
_STATES = frozenset("deploy station base mass amass concentrate field gather assemble position".split())
_FOR_PEOPLE = re.compile(
    r"\b(?:to|for) (?:the |trapped |besieged |displaced )?(?:civilians|residents|refugees|families)\b|"
    r"\bevacuat\w+|\b(?:and|with) their (?:famil|wives|relatives)|"
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
    for match in sorted(matches, key=lambda match: match.frame.gives["unit"] != "people"):
        if match.head.i in led:
            continue  # 'the army set out with 700 soldiers' is one movement, not also the army's
        for claim, key in _claims(match, parsed, reading):
            if key not in seen:
                seen.add(key)
                if match.frame.gives["unit"] == "people":
                    led.add(match.head.i)
                yield claim


def _claims(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading
) -> Iterator[tuple[ReinforcementClaim, tuple[int, str | None]]]:
    frame, head = match.frame, match.head
    verb = match.first("verb") or head
    if not _is_movement(match) or lemma(verb) in _HITS or _FOR_PEOPLE.search(parsed.sentence.text):
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
            has_name = "PROPN" in (unit.token.pos_, unit.inner.pos_)
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


def _is_movement(match: FrameMatch) -> bool:
    """False where the verb has another sense: an object, a state, an attack, what is only agreed."""
    head = match.head
    is_transitive = any(c.dep_ == "dobj" for c in head.children)
    if match.frame.gives.get("when") == "intransitive" and is_transitive:
        is_passage = any(c.dep_ == "prep" and c.lower_ == "through" for c in head.children)
        if not is_passage and lemma(head) not in ("reach", "join", "enter", "cross"):
            return False
    if head.dep_ == "conj" and not any(
        c.dep_ in ("cc", "punct") and c.i < head.i for c in head.head.children
    ):
        return False  # 'joined by a brigade moved up from the coast': the parser's coordination
    if head.pos_ == "NOUN" and head.dep_ == "pobj" and head.head.lower_ in ("for", "against", "about"):
        return False  # 'called for the deployment of the army'
    if _is_scenery(head):
        return False
    if head.dep_ == "conj" and lemma(head.head) in _GIVEN_UP:
        return False  # 'surrendered and were bussed to the north'
    if lemma(head) in ("pour", "stream", "flood", "trickle", "flock") and not (
        match.roles.get("destination") or match.roles.get("origin") or match.roles.get("actor")
    ):
        return False  # 'the gate blew up and militants poured in': an attack
    if any(
        c.dep_ == "prep" and any(c.lower_ == "to" and _is_counted(match, end) for end in c.children)
        for c in head.children
    ):
        return False  # 'bringing the force to 1,000 men': what it now amounts to
    beside = {c.lower_ for c in head.children if c.dep_ in ("prep", "prt", "advmod")}
    flown = (c for token in match.roles["unit"] for c in token.children if c.dep_ == "prep")
    if lemma(head) == "fly" and (beside | {c.lower_ for c in flown}) & {"over", "above"}:
        return False  # on patrol
    if match.frame.id in ("arrive", "move_there") and beside & {"out", "away", "back"}:
        return False
    if beside & {"out", "back"} and lemma(head) in ("pull", "draw", "move", "bring", "throw", "drive"):
        return False
    if beside & {"outside"} and lemma(head) in ("redeploy", "relocate", "reposition", "move", "pull"):
        return False  # out of the town: a withdrawal
    if lemma(head) == "send" and any(_is_flight(token) for token in match.roles["unit"]):
        return False
    above = head.head
    for _ in range(4):
        if (
            lemma(above) in _AGREED
            and above != head
            and head.dep_ in ("xcomp", "ccomp", "pcomp", "dobj", "acl")
        ):
            return False
        if above.dep_ not in ("aux", "xcomp", "prep"):
            break
        above = above.head
    return not _is_state(match)


def _is_scenery(head: Token) -> bool:
    """True for the convoy hit 'when it was travelling to the capital': the movement only tells when."""
    return (
        head.dep_ == "advcl"
        and head.tag_ == "VBG"
        and any(c.lower_ in ("when", "while", "as") for c in head.children)
        and any(t.text.lower() in _AMBUSHES for t in head.doc)
    )


def _is_flight(token: Token) -> bool:
    """True for those whom 'shells sent diving for cover'."""
    after = (c for t in (token, token.head) for c in t.children if c.i == token.i + 1)
    return any(c.tag_ == "VBG" and lemma(c) in _FLIGHT for c in after)


def _is_counted(match: FrameMatch, token: Token) -> bool:
    """True for a number, or a noun with one before it: no place."""
    if match.parsed.mention_at(token, "place") is not None:
        return False
    numbers = (token, *(c for c in token.children if c.dep_ == "nummod"))
    return any(match.parsed.quantity_at(t) is not None for t in numbers)


def _is_state(match: FrameMatch) -> bool:
    """True for 'are stationed in Iraq', 'the soldiers deployed there': where a force is, not that it came."""
    head = match.head
    if head.pos_ == "NOUN" or lemma(head) not in _STATES or head.tag_ != "VBN":
        return False
    if any(
        c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ in ("to", "into", "from")) for c in head.children
    ):
        return False
    auxiliaries = {c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")}
    if lemma(head) in ("mass", "amass", "concentrate") and head.dep_ != "acl":
        return False  # what is massed was brought there
    if head.dep_ in ("acl", "amod"):
        return True
    if lemma(head) in ("station", "base") and auxiliaries & {"was", "were"}:
        return True
    return bool(auxiliaries & {"is", "are"}) and not auxiliaries & {"been", "being"}


def _units(match: FrameMatch, parsed: Parsed, reading: ArticleReading, is_sent: bool) -> list[Unit]:
    """Return the forces that the frame says moved; of several under one number or of one kind, the first."""
    found: list[Unit] = []
    storms = any(c.dep_ in ("conj", "advcl", "xcomp") and lemma(c) in _STORMS for c in match.head.children)
    wanted = match.frame.gives["unit"]
    for filler in match.roles["unit"]:
        token = whole_of(parsed, filler)
        unit = read_unit(reading, parsed, token, is_sent)
        if unit is None or _is_hit(unit.token, match.head):
            continue
        is_counted = unit.is_new or unit.count is not None or bool(unit.words & UNITS - _LOOSE)
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
        for site in sites_of(reading, parsed, token):
            return site
    return None
