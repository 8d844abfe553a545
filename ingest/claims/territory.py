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
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ingest.claims import casualty_scope
from ingest.claims.forces import force_of
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Stance, Token
from ingest.claims.recall import CHANGES, Site, recall
from ingest.claims.sites import sites_of
from ingest.claims.territory_parties import (
    NOBODY,
    Parties,
    complete,
    confirm,
    is_war_spoken_of,
    loser_for,
    name_parties,
)
from ingest.claims.territory_senses import holds
from ingest.claims.topics import is_of_war
from ingest.records import NO_DATE, Claim, DateSpan, TerritorialClaim

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_BUILDINGS = frozenset(
    "school mosque church hospital hotel market building compound prison street university college "
    "checkpoint cathedral monastery jail plaza".split()
)
_ROADS = frozenset(
    "road route highway line corridor supply motorway artery path link street bridge crossing".split()
)


def extract_territory(
    matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[Claim]:
    """Yield a claim for each change, or holding, of a place that the sentence states."""
    if not is_of_war(reading):
        return
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
    parties = name_parties(match, parsed, reading)
    if parties is None:
        return
    sites = list(_sites(match, parsed, reading, parties))
    if not sites:
        return
    parties = complete(match, matches, parsed, reading, parties, stance, sites)
    is_nobody = not parties.winners and not parties.losers
    if match.frame.id == "fall" and is_nobody and parsed.sentence.role == "headline":
        return  # 'Live: Ghazni falls': the text tells to whom
    is_known = any(party.id and not party.inferred for party in (*parties.winners, *parties.losers))
    if not is_known and not is_war_spoken_of(reading, stance, (*parties.winners, *parties.losers)):
        return  # 'soldiers took the runway' after an earthquake: no party to a war is spoken of
    if (
        not is_known
        and any(site.id is None for site in sites)
        and not casualty_scope.is_of_war(reading, parsed)
    ):
        return  # 'Worthing, which they had held': neither the place nor the holder is named by a known name
    when = _date(match, parsed, reading, verb)
    change = _change(match, parsed)
    if match.frame.id == "supply_opened" and (relieved := _relieved(match, parsed, reading)):
        change, sites = "siege_broken", relieved
    stance = confirm(reading, stance, parties.losers)
    is_inferred = any(r.inferred for r in (*parties.winners[:1], *parties.losers[:1]))
    prior = 0.35 if frame.gives.get("prior") == "low" else 0.65 if "noun" in frame.gives else 0.85
    for winner in parties.winners or (NOBODY,):
        for site in sites:
            loser = loser_for(reading, winner, parties.losers)
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
    by_force = any(
        lemma(t) not in ("man", "people")
        for t in (*match.roles.get("winner", ()), *match.roles.get("loser", ()))
    )
    if match.frame.id in ("leave", "held", "give_up"):
        return by_force  # a force does not leave, or hold, a man by his name
    if need == "sure" and match.frame.id in ("take", "lose", "win_back"):
        return by_force and not _may_be_a_man(site)
    if need == "sure":
        return False
    if match.frame.id == "capture":
        return lemma(match.head) not in ("capture", "seize") or not _may_be_a_man(site)
    return need == "known" or match.frame.id == "besiege"


def _may_be_a_man(site: Site) -> bool:
    """True for an unknown name that begins as men's names do, or of three words and more."""
    words = re.findall(r"[A-Z][\w'-]+", site.text)
    return len(words) not in (1, 2) or (len(words) == 2 and words[0].lower() in _GIVEN)


_GIVEN = frozenset(
    "abu umm ibn abdul abdel abd abdullah abdallah ahmed ahmad mohammed mohamed muhammad mohammad mahmoud "
    "ali hassan hasan hussein omar khalid ibrahim mustafa yusuf youssef said saleh salim sheikh mullah "
    "haji maulvi imam john david michael james peter paul joseph jean pierre jose juan carlos luis pedro "
    "ivan oleg sergei vladimir andriy oleksandr maung ko min nguyen kim".split()
)


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
