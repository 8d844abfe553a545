"""Territory: which place changed hands or is held, who gained and who lost it.

A claim for each place and each named gainer. Who is not named in the sentence is taken from the sentences
before, or from who fights whom (sides.py), and marked inferred.
Errors: a village in no table is kept by its words only where the sentence shows that it is a place; a change
told without a verb of this kind ('the flag of the republic flies again') is missed.
Source: the sentence, for actors, date, place and speaker also those around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.claims import casualty_scope
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Stance, Token
from ingest.claims.recall import CHANGES, Site, recall
from ingest.claims.sides import (
    FORCE_WORDS,
    actor_counts,
    are_allies,
    conflicts_of,
    force_of,
    opponent_of,
    party_of,
    same_party,
    side_of,
    speaker_party,
)
from ingest.claims.sites import sites_of
from ingest.claims.territory_senses import holds
from ingest.records import NO_DATE, Claim, DateSpan, TerritorialClaim

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

NOBODY = Reference(None, None)
_LOSING = frozenset({"lost", "withdrawal"})
_BUILDINGS = frozenset(
    "school mosque church hospital hotel market building compound prison street university college "
    "checkpoint cathedral monastery jail plaza".split()
)
_ROADS = frozenset(
    "road route highway line corridor supply motorway artery path link street bridge crossing".split()
)
_BACKED = re.compile(
    r"\b(?:backed|supported|aided|assisted|helped|flanked|accompanied) by\b"
    r"|\bwith (?:the )?(?:help|support|backing)\b"
)


@dataclass(frozen=True, slots=True)
class Parties:
    """Who gains and who loses, None where the text does not say and nothing follows."""

    winners: tuple[Reference, ...]
    losers: tuple[Reference, ...]


def extract_territory(
    matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[Claim]:
    """Yield a claim for each change, or holding, of a place that the sentence states."""
    seen: set[tuple[str, str | None, int]] = set()
    for match in matches:
        for claim, key in _claims(match, matches, parsed, reading):
            if key in seen:
                continue
            seen.add(key)
            CHANGES.setdefault(reading, []).append(claim)
            yield claim


def _claims(
    match: FrameMatch, matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[tuple[TerritorialClaim, tuple[str, str | None, int]]]:
    frame = match.frame
    if not holds(match, parsed):
        return
    verb = match.first("verb") or match.head
    stance = reading.stance(parsed, verb if verb.pos_ in ("VERB", "AUX", "NOUN") else match.head)
    if stance is None:
        return
    if any(c.lower_ == "denied" for w in match.roles.get("winner", ()) for c in w.children):
        stance = replace(stance, status="denied")  # 'denied insurgents had captured': parsed as an adjective
    if stance.status != "denied" and _is_background(match.head):
        stance = Stance(
            "asserted"
        )  # 'said they took it a week after the army drove them out': the author's own
    parties = _parties(match, parsed, reading)
    if parties is None:
        return
    sites = list(_sites(match, parsed, reading, parties))
    if not sites:
        return
    parties = _complete(match, matches, parsed, reading, parties, stance, sites)
    is_known = any(party.id and not party.inferred for party in (*parties.winners, *parties.losers))
    if not is_known and not _is_war_spoken_of(reading, parsed, stance, (*parties.winners, *parties.losers)):
        return  # 'soldiers took the runway' after an earthquake: no party to a war is spoken of
    when = _date(match, parsed, reading, verb)
    change = _change(match, parsed)
    if match.frame.id == "supply_opened" and (relieved := _relieved(match, parsed, reading)):
        change, sites = "siege_broken", relieved
    stance = _confirm(reading, stance, parties.losers)
    is_inferred = any(r.inferred for r in (*parties.winners[:1], *parties.losers[:1]))
    prior = 0.35 if frame.gives.get("prior") == "low" else 0.65 if "noun" in frame.gives else 0.85
    for winner in parties.winners or (NOBODY,):
        for site in sites:
            loser = _loser_for(reading, winner, parties.losers)
            start, end = reading.clause(parsed, verb, match.head, site.token)
            slot = f"{change}|{site.id or site.text}|{winner.id or winner.text}"
            columns: dict[str, Any] = reading.common(
                parsed, verb, kind="territorial_change", stance=stance, when=when, rule=frame.id, slot=slot,
                quote=(start, end), prior=prior, inferred=is_inferred or site.is_inferred,
            )  # fmt: skip
            claim = TerritorialClaim(
                **columns, change=change, place=site.id, place_text=site.text, extent=site.extent,
                gained_by=winner.id, gained_by_text=winner.text, gained_by_inferred=winner.inferred,
                lost_by=loser.id, lost_by_text=loser.text, lost_by_inferred=loser.inferred,
            )  # fmt: skip
            yield claim, (change, winner.id or winner.text, site.token.i)


def _is_war_spoken_of(
    reading: ArticleReading, parsed: Parsed, stance: Stance, parties: Sequence[Reference]
) -> bool:
    """True where the article names a party to the war, or such a party speaks, or the sentence is of war."""
    wars = {conflict.id for conflict in conflicts_of(reading)}
    for actor, count in actor_counts(reading).items():
        is_meant = not parties or any(same_party(reading, actor, party.id) for party in parties)
        if count and is_meant and wars & side_of(reading, actor).keys():
            return True
    voice = party_of(reading, stance.claimant) if stance.claimant else None
    if voice is not None and wars & side_of(reading, voice).keys():
        return True
    return not parties and casualty_scope.is_of_war(reading, parsed)


def _is_background(head: Token) -> bool:
    """True in a clause of time with 'after' or 'since': what it tells is taken as known, whoever speaks."""
    token = head
    for _ in range(6):
        if token.dep_ == "advcl" and any(
            c.dep_ == "mark" and c.lower_ in ("after", "since") for c in token.children
        ):
            return True
        if token.dep_ in ("ccomp", "parataxis") or token.head == token:
            return False
        token = token.head
    return False


def _date(match: FrameMatch, parsed: Parsed, reading: ArticleReading, verb: Token) -> DateSpan:
    """Return the day of the change: of its verb, else the only date within its clause; never one to come."""
    when = reading.event_date(parsed, verb)
    day = reading.published
    if day is not None and when.first is not None and when.first > day:
        when = NO_DATE
    if when.basis == "none":
        start, end = reading.clause(parsed, verb, match.head)
        inside = [d for d in parsed.dates if start <= d.start and d.end <= end and d.prec is not None]
        past = [d for d in inside if day is None or d.first is None or d.first <= day]
        if len(past) == 1:
            return past[0]
    return when


def _change(match: FrameMatch, parsed: Parsed) -> Any:
    change = match.frame.gives["change"]
    if (
        change == "captured"
        and match.frame.id != "drive_out"
        and any(c.lower_ in ("back", "again") and c.dep_ in ("advmod", "prt") for c in match.head.children)
    ):
        return "recaptured"
    if change == "captured" and parsed.sentence.text[max(0, match.head.idx - 3) : match.head.idx] == "   ":
        return "recaptured"  # 're-captured', whose prefix the parse blanks
    return change


# --- who -------------------------------------------------------------------------------------------


def _parties(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Parties | None:
    """Return who the words name; None where what should be a force is none."""
    needs_force = match.frame.gives.get("force") == "known"
    winners = _forces(match.roles.get("winner", ()), parsed, reading)
    losers = _forces(match.roles.get("loser", ()), parsed, reading)
    if match.frame.gives.get("loser") == "force" and not losers:
        return None
    if match.roles.get("winner") and not winners and (needs_force or _is_thing(match.roles["winner"][0])):
        return None
    if needs_force and not winners and not losers and not _is_passive(match.head):
        return None
    if match.frame.gives["change"] in _LOSING and match.roles.get("loser") and not losers:
        return None
    return Parties(winners, losers)


def _is_passive(head: Token) -> bool:
    return any(c.dep_ in ("nsubjpass", "auxpass") for c in head.children) or head.dep_ in ("acl", "relcl")


def _is_thing(token: Token) -> bool:
    """True for a subject that can't be a force by its kind: a common noun that is no word for one."""
    return token.pos_ == "NOUN" and lemma(token) not in FORCE_WORDS


def _forces(tokens: Sequence[Token], parsed: Parsed, reading: ArticleReading) -> tuple[Reference, ...]:
    """Return the forces among the fillers: each once, 'its allies' not beside the one they are allies of."""
    found: list[Reference] = []
    for token in tokens:
        if found and _BACKED.search(parsed.sentence.text[tokens[0].idx : token.idx]):
            break  # 'the army, backed by jets and militias': those behind it gain nothing
        force = force_of(reading, parsed, token)
        if force is None or any(force.id is not None and force.id == other.id for other in found):
            continue
        if (
            found
            and (force.inferred or force.id is None)
            and lemma(token) in ("ally", "militia", "fighter", "force")
        ):
            continue
        found.append(force)
    return tuple(found)


def _complete(
    match: FrameMatch, matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading,
    parties: Parties, stance: Stance, sites: Sequence[Site],
) -> Parties:  # fmt: skip
    """Fill in from the article who is not named: the opponent of the one who is, else who acts around it."""
    winners, losers = parties.winners, parties.losers
    change = match.frame.gives["change"]
    if not winners and not losers:
        acting = _acting(match, matches, parsed, reading, stance, sites)
        if acting is not None and change in _LOSING:
            losers = (acting,)
        elif acting is not None:
            winners = (acting,)
    if change == "control_held":
        return Parties(winners, losers)
    if winners and not losers:
        enemy = opponent_of(reading, winners[0].id)
        losers = (enemy,) if enemy.id else ()
    elif losers and not winners:
        enemy = opponent_of(reading, losers[0].id)
        winners = (enemy,) if enemy.id else ()
    return Parties(winners, losers)


def _acting(
    match: FrameMatch, matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading,
    stance: Stance, sites: Sequence[Site],
) -> Reference | None:  # fmt: skip
    """Return who acts where the clause names nobody.

    In this order: who acts in the clause above it ('took it back in an offensive in which two towns were
    recovered'); who last changed the holder of this very place; the belligerent who announces it; who acted
    in the sentence before.
    """
    if match.frame.gives["change"] in _LOSING:
        return None
    ancestors = set(match.head.ancestors)
    for other in matches:
        if other.head in ancestors and other.frame.gives["change"] not in _LOSING:
            named = _forces(other.roles.get("winner", ()), parsed, reading)
            if named:
                return replace(named[0], text=None, inferred=True)
    changes = CHANGES.get(reading, [])
    near = changes[-4:]
    ids = {site.id for site in sites} - {None}
    if "noun" in match.frame.gives:
        for change in reversed(near):
            if change.place in ids and change.gained_by:
                return Reference(change.gained_by, None, inferred=True)
        return None
    if stance.status in ("claimed", "confirmed") and stance.claimant is not None:
        voice = party_of(reading, stance.claimant)
        if voice is not None and side_of(reading, voice):
            return Reference(voice, None, inferred=True)
    elif stance.status == "claimed" and (voice := speaker_party(reading, parsed)) is not None:
        return Reference(voice, None, inferred=True)
    for change in reversed(near[-2:]):
        if change.gained_by and match.frame.gives["change"] != "repelled":
            return Reference(change.gained_by, None, inferred=True)
    return None


def _loser_for(reading: ArticleReading, winner: Reference, losers: tuple[Reference, ...]) -> Reference:
    """Return the first loser that is not the winner, or on his side."""
    for loser in losers:
        if loser.id is None or winner.id is None or not are_allies(reading, loser.id, winner.id):
            return loser
        if not loser.inferred and not same_party(reading, loser.id, winner.id):
            return loser
    return NOBODY


def _confirm(reading: ArticleReading, stance: Stance, losers: tuple[Reference, ...]) -> Stance:
    """Return the stance with status confirmed where the loser himself says so."""
    if stance.status != "claimed" or stance.claimant is None:
        return stance
    speaker = reading.lexicon.claimants.get(stance.claimant)
    voice = speaker.actor if speaker else stance.claimant
    if voice and any(same_party(reading, voice, loser.id) for loser in losers):
        return replace(stance, status="confirmed")
    return stance


# --- where -----------------------------------------------------------------------------------------


def _sites(match: FrameMatch, parsed: Parsed, reading: ArticleReading, parties: Parties) -> Iterator[Site]:
    """Yield the places that the frame's words name; the event's place where the frame can do without."""
    need = match.frame.gives.get("place")
    is_optional = "place?" in match.frame.roles
    taken: set[tuple[str | None, str]] = set()
    count = 0
    for token in match.roles.get("place", ()):
        for site in sites_of(reading, parsed, token):
            if not _is_place_enough(match, reading, site, need):
                continue
            if (
                need == "road"
                and site.id is None
                and (road := _road_above(match, reading, parsed)) is not None
            ):
                site = road
            key = (site.id, site.text)
            if key not in taken:
                taken.add(key)
                count += 1
                yield site
    if count:
        return
    if match.frame.id == "besiege":
        yield from _encircled(match, parsed, reading)
    elif is_optional and not match.roles.get("place"):
        where = reading.event_place(parsed, match.head)
        if where.id is not None and not where.inferred:
            yield Site(where.id, where.text or "", match.head, is_inferred=True)
        elif match.frame.gives["change"] == "advance":
            return
        elif (found := recall(reading, parsed, match.head, "")) is not None:
            yield found


def _is_place_enough(match: FrameMatch, reading: ArticleReading, site: Site, need: str | None) -> bool:
    if match.frame.id == "x_held":
        known = reading.lexicon.places.get(site.id or "")
        return known is not None and known.kind not in ("country", "admin1") and site.extent is None
    if need == "road":
        return lemma(site.token) in _ROADS
    if site.id is not None and reading.lexicon.places.get(site.id) is not None:
        place = reading.lexicon.places[site.id]
        if place.kind == "country" and match.frame.gives["change"] not in ("withdrawal", "captured", "lost"):
            return False
    if match.frame.id in ("enter", "advance") and lemma(site.token) in _BUILDINGS:
        return False
    if match.frame.id == "leave" and lemma(site.token) in _BUILDINGS:
        return False
    if site.is_sure:
        return True
    if any(c.dep_ == "det" and c.lower_ in ("a", "an") for c in site.token.children):
        return False
    if match.roles.get("loser") and match.frame.id in ("take", "drive_out", "capture", "recapture"):
        return not _may_be_a_man(site) or match.frame.id == "drive_out"
    if lemma(match.head) in ("recapture", "retake", "liberate", "reoccupy") or match.frame.id == "take_over":
        return True
    if need == "sure":
        return False
    if match.frame.id == "capture":
        return lemma(match.head) not in ("capture", "seize") or not _may_be_a_man(site)
    return need == "known" or match.frame.id == "besiege"


def _may_be_a_man(site: Site) -> bool:
    """True for an unknown name of two or three words, or of one word with a title before it."""
    return len(re.findall(r"[A-Z][\w'-]+", site.text)) != 1


def _road_above(match: FrameMatch, reading: ArticleReading, parsed: Parsed) -> Site | None:
    """Return the road of 'captured the highway, thus cutting a supply route': the same road, said again."""
    if match.head.tag_ != "VBG" or match.head.dep_ not in ("advcl", "xcomp"):
        return None
    for child in match.head.head.children:
        if child.dep_ == "dobj" and lemma(child) in _ROADS:
            return next(sites_of(reading, parsed, child), None)
    return None


def _relieved(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> list[Site]:
    """Return the besieged place that an opened corridor leads into; none where the article knows no siege."""
    besieged = any("besieged" in s.text or "siege" in s.text for s in reading.sentences)
    if not besieged:
        return []
    for token in match.roles.get("place", ()):
        for prep in [*token.children, *match.head.children]:
            if prep.dep_ == "prep" and prep.lower_ in ("into", "to", "in"):
                for end in prep.children:
                    if end.dep_ == "pobj" and (found := list(sites_of(reading, parsed, end))):
                        return found
    return []


def _encircled(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Iterator[Site]:
    """Yield the place in which a force is encircled ('units were surrounded in Avdiivka')."""
    objects = match.roles.get("place", ())
    if not objects or all(force_of(reading, parsed, token) is None for token in objects):
        return
    for child in match.head.children:
        if child.dep_ == "prep" and child.lower_ in ("in", "at", "inside"):
            for end in child.children:
                if end.dep_ == "pobj":
                    yield from (s for s in sites_of(reading, parsed, end) if s.is_sure)
