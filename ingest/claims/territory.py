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

from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Stance, Token
from ingest.claims.recall import CHANGES, Site
from ingest.claims.sides import are_allies, may_fight_at
from ingest.claims.territory_before import go_on_listing
from ingest.claims.territory_parties import (
    NOBODY,
    Parties,
    complete,
    confirm,
    is_war_spoken_of,
    loser_for,
    name_parties,
)
from ingest.claims.territory_senses import holds, is_no_longer
from ingest.claims.territory_sites import relieved, where_changed
from ingest.claims.topics import is_harm_of_war, is_of_war
from ingest.records import NO_DATE, Claim, DateSpan, TerritorialClaim

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading


def extract_territory(
    matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[Claim]:
    """Yield a claim for each change, or holding, of a place that the sentence states."""
    if not is_of_war(reading):
        return
    seen: set[tuple[str, str | None, int]] = set()
    told: set[tuple[object, ...]] = set()  # 'took the town, raising the flag over it' says it once
    for match in matches:
        for claim, key in _claims(match, matches, parsed, reading):
            same: tuple[object, ...] = (
                claim.change,
                claim.place,
                claim.gained_by,
                claim.lost_by,
                claim.date_start,
            )
            if key in seen or (claim.place is not None and claim.extent is None and same in told):
                continue
            seen.add(key)
            told.add(same)
            CHANGES.setdefault(reading, []).append(claim)
            yield claim


def _claims(
    match: FrameMatch, matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[tuple[TerritorialClaim, tuple[str, str | None, int]]]:
    frame = match.frame
    if frame.id == "listed_on":
        for listed, position in go_on_listing(match, parsed, reading):
            yield listed, (listed.change, listed.gained_by or listed.gained_by_text, position)
        return
    if not holds(match, parsed, reading):
        return
    verb = match.first("verb") or match.head
    stance = reading.stance(parsed, verb if verb.pos_ in ("VERB", "AUX", "NOUN") else match.head)
    if stance is None:
        return
    if any(c.lower_ == "denied" for w in match.roles.get("winner", ()) for c in w.children):
        stance = replace(stance, status="denied")  # 'denied insurgents had captured': parsed as an adjective
    if stance.status == "denied" and frame.id == "still_in":
        return  # that somebody is there is no change, and that he is not no loss
    if stance.status != "denied" and _is_background(match.head):
        stance = Stance(
            "asserted"
        )  # 'said they took it a week after the army drove them out': the author's own
    if _NEVER.search(parsed.sentence.text[: match.head.idx]):
        stance = replace(stance, status="denied")
    parties = name_parties(match, parsed, reading)
    if parties is None:
        return
    is_lost = frame.gives["change"] == "control_held" and is_no_longer(match)
    if is_lost:
        parties = Parties((), parties.winners)
    sites = list(where_changed(match, parsed, reading, parties))
    if not sites:
        return
    parties = complete(match, matches, parsed, reading, parties, stance, sites)
    is_nobody = not parties.winners and not parties.losers
    if (
        frame.id == "advance_on"
        and not match.roles.get("place")
        and any(other.head == match.head and other.frame.id == "within_km" for other in matches)
    ):
        return  # 'advanced to within 20 km of': its own frame says of what
    if is_nobody and parsed.sentence.role == "headline":
        return  # 'Live: Ghazni falls': the text tells to whom
    is_known = any(party.id and not party.inferred for party in (*parties.winners, *parties.losers))
    if not is_known and not is_war_spoken_of(reading, stance, (*parties.winners, *parties.losers)):
        return  # 'soldiers took the runway' after an earthquake: no party to a war is spoken of
    if (
        not is_known
        and any(site.id is None for site in sites)
        and not is_harm_of_war(reading, parsed.sentence.text)
    ):
        return  # 'Worthing, which they had held': neither the place nor the holder is named by a known name
    when = _date(match, parsed, reading, verb)
    change: Any = "lost" if is_lost else _change(match, parsed)
    if match.frame.id.startswith("hand_over") and not _are_foes(reading, parties):
        change = "withdrawal"  # to his own side
    if (
        change == "advance"
        and match.frame.id in ("move_in", "enter", "came_into", "moved_in")
        and _is_taken(match, sites, parsed, reading)
    ):
        change = "captured"
    if match.frame.id == "supply_opened" and (besieged := relieved(match, parsed, reading)):
        change, sites = "siege_broken", besieged
    stance = confirm(reading, stance, parties.losers)
    is_inferred = any(r.inferred for r in (*parties.winners[:1], *parties.losers[:1]))
    prior = 0.35 if frame.gives.get("prior") == "low" else 0.65 if "noun" in frame.gives else 0.85
    for winner in parties.winners or (NOBODY,):
        for site in sites:
            loser = _if_there(reading, loser_for(reading, winner, parties.losers), site)
            winner = _if_there(reading, winner, site)
            start, end = _quote(match, parsed, reading, verb, site)
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


_NEVER = re.compile(
    r"\b(?:at no (?:time|point|stage|moment)|in no way|by no means|on no account)\b[^;.]*$", re.IGNORECASE
)


def _if_there(reading: ArticleReading, party: Reference, site: Site) -> Reference:
    """Return the party; nobody where it is inferred for a place in a country where it fights no war."""
    is_there = not party.inferred or may_fight_at(reading, party.id, site.id)
    return party if is_there else replace(party, id=None, inferred=False)


def _quote(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading, verb: Token, site: Site
) -> tuple[int, int]:
    """Return the bounds of the clause; of the noun's phrase where a noun in a phrase of time carries it."""
    head = match.head
    if match.frame.gives.get("noun") == "event" and head.dep_ in ("pobj", "nsubj") and head == verb:
        start, end = head.left_edge.idx, head.right_edge.idx + len(head.right_edge.text)
        if start <= site.token.idx < end:
            return start, end
    return reading.clause(parsed, verb, head, site.token)


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


def _are_foes(reading: ArticleReading, parties: Parties) -> bool:
    """True where who gets a place may be an enemy of who gives it away: for all that the lexicon says."""
    if not parties.losers:
        return True
    giver = reading.lexicon.actors.get(parties.losers[0].id or "")
    if giver is not None and giver.kind == "peacekeepers":
        return False  # a mission hands its bases over to whom it came to help
    return any(not w.text or not _LOCAL.search(w.text) for w in parties.winners) and not any(
        w.id and are_allies(reading, w.id, parties.losers[0].id) for w in parties.winners
    )


_LOCAL = re.compile(r"\b(?:local|allied|friendly|its|their)\b")


def _is_taken(match: FrameMatch, sites: Sequence[Site], parsed: Parsed, reading: ArticleReading) -> bool:
    """True where who walks into a place takes it: a whole settlement, no part of one, no land."""
    if any(c.lower_ in _DEEP for c in match.head.children):
        return False
    if match.frame.id == "enter" and not _UNOPPOSED.search(parsed.sentence.text):
        return False
    for site in sites:
        place = reading.lexicon.places.get(site.id or "")
        if site.extent is not None or site.token.tag_ == "NNS" or _WIDE.search(site.text):
            return False
        if site.id is not None and (place is None or place.kind in ("country", "region")):
            return False  # 'eastern Khiam', 'Syria'
    return True


_WIDE = re.compile(r"\b(?:province|region|state|governorate|oblast|department|area|zone|countryside)\b")
_DEEP = frozenset({"deep", "deeper", "further", "through"})
_UNOPPOSED = re.compile(
    r"\bwithout (?:a |any |firing a |meeting (?:any )?)?(?:fight|fighting|shot|resistance|opposition)\b"
    r"|\bunopposed\b"
)


def _lasts(verb: Token) -> bool:
    """True for 'still occupy', 'were occupying', 'is occupied by': a holding, not the taking."""
    beside = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass", "advmod")}
    if "still" in beside or verb.tag_ in ("VBP", "VBZ"):
        return True
    if verb.tag_ == "VBG" and beside & {"is", "are", "was", "were"}:
        return True
    return verb.tag_ == "VBN" and bool(beside & {"is", "are"}) and "being" not in beside


def _change(match: FrameMatch, parsed: Parsed) -> Any:
    change = match.frame.gives["change"]
    if lemma(match.head) == "occupy" and _lasts(match.head):
        return "control_held"
    if match.frame.id == "theirs" and lemma(match.head.head) in ("remain", "stay"):
        return "control_held"
    if (
        change == "captured"
        and match.frame.id != "drive_out"
        and any(c.lower_ in ("back", "again") and c.dep_ in ("advmod", "prt") for c in match.head.children)
    ):
        return "recaptured"
    is_again = parsed.sentence.text[max(0, match.head.idx - 3) : match.head.idx] == "   "
    if is_again and (change == "captured" or match.frame.id == "enter"):
        return "recaptured"  # 're-captured', whose prefix the parse blanks
    return change
