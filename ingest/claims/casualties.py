"""Casualties: how many people of which kind were killed, injured, displaced, missing or captured.

Units: persons, as a closed interval; a count in families, or of a share of an unstated base, has null bounds.
Errors: a number whose victims stand only in another sentence is read as 'people'; who fired a shell is often
not said, and then null; the one number of 'killed or wounded' is told once, as the first harm, with low
confidence. Source: the sentence, for date, place and speaker also those around it (article.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.claims import casualty_scope, event_places, places, status, topics
from ingest.claims.casualty_found import find_casualties
from ingest.claims.casualty_lists import Found, start_of
from ingest.claims.casualty_parts import with_subsets
from ingest.claims.casualty_senses import CIVIL
from ingest.claims.frames import subjects
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Stance, Token
from ingest.claims.sides import party_of, same_party
from ingest.records import CasualtyClaim, Claim, DateSpan

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading


def extract_casualties(
    matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[Claim]:
    """Yield a claim for each number of people that the sentence says were harmed in the war."""
    if not topics.is_harm_of_war(reading, parsed.sentence.text):
        return
    found = with_subsets(find_casualties(matches, parsed, reading), parsed, reading)
    claims: list[CasualtyClaim | None] = []
    for item in found:
        claim = _claim(item, found, claims, parsed, reading)
        claims.append(claim)
        if claim is not None:
            yield claim


def _claim(
    item: Found,
    found: Sequence[Found],
    claims: Sequence[CasualtyClaim | None],
    parsed: Parsed,
    reading: ArticleReading,
) -> CasualtyClaim | None:
    stance = reading.stance(parsed, item.head)
    if stance is None:
        return None
    if stance.status == "denied" and status.is_negated(item.head):
        return None  # 'no one was killed' is no number of dead
    parent = claims[item.parent] if item.parent is not None and item.parent < len(claims) else None
    if item.parent is not None and parent is None:
        return None
    whole = parent
    if whole is None and (item.is_part or item.rule == "same_harm"):
        here = next((c for c in reversed(claims) if c is not None and c.subset_of is None), None)
        whole = None if item.is_part else here
        whole = whole or reading.last_casualty(
            parsed.sentence.index, harm=item.harm if item.is_part else None
        )
    if whole is not None and item.is_part and (whole.count_best or 10**9) < (item.victims.triple[1] or 0):
        whole = None
    start, end = _quote(item, parsed, reading)
    clause = parsed.sentence.text[start:end]
    when = reading.event_date(parsed, item.head)
    where = reading.event_place(parsed, item.head)
    who = casualty_scope.perpetrator_of(
        reading, parsed, item.head, item.agents or _agents(item.head), (item.victims.start, item.victims.end)
    )
    if _is_own(item, who, parsed, reading):
        who = _speaker(stance, item, reading)
    low, best, high = item.victims.triple
    quantity = item.victims.quantity
    category = _category(item, found, reading, parsed.sentence.index)
    stance = reading.confirm(stance, _losers(item, category, who, parsed, reading))
    scope = casualty_scope.scope_of(reading, parsed, item.head, clause, when, item.harm, quantity)
    here = next((c for c in reversed(claims) if c is not None), None)
    if here is not None and stance.status == "asserted" and _is_joined(parsed, here, start):
        stance = Stance(here.status, here.claimant, here.claimant_text)
    earlier = reading.last_casualty(parsed.sentence.index, reach=1)
    if earlier is not None and stance.status == "asserted" and _goes_on(parsed, item, earlier, reading):
        stance = Stance(earlier.status, earlier.claimant, earlier.claimant_text)
    if earlier is not None and scope == "incident" and any(t.lower_ == "also" for t in item.head.children):
        scope = earlier.scope
    if earlier is not None and where.inferred and earlier.scope == scope and earlier.place_text:
        where = Reference(earlier.place, earlier.place_text, inferred=True)
    if _NATIONWIDE.search(parsed.sentence.text) or (scope == "cumulative" and where.inferred):
        where = places.country_of_article(reading)
    elif scope == "period":
        where = event_places.toll_place(reading, parsed, where)
    if whole is not None:  # what is part of a number, or its correction, is of the same event
        if whole.place and (where.inferred or where.id is None):
            where = Reference(whole.place, whole.place_text, inferred=True)
        if when.basis in ("none", "inherited") and whole.date_basis != "none":
            when = DateSpan(whole.date_start, whole.date_end, whole.date_text, whole.date_prec, "inherited")
        if who.id is None and whole.perpetrator:
            who = Reference(whole.perpetrator, whole.perpetrator_text, inferred=True)
        if stance.status == "asserted" and whole.status == "claimed" and item.rule != "same_harm":
            stance = Stance(whole.status, whole.claimant, whole.claimant_text)
        scope = whole.scope
    subset_of = whole.claim_id if whole is not None and item.rule != "same_harm" else None
    claim = CasualtyClaim(
        **reading.common(
            parsed,
            item.head,
            kind="casualty",
            stance=stance,
            when=when,
            rule=item.rule,
            slot=f"{item.harm}:{start_of(item.victims)}",
            quote=(start, end),
            prior=item.prior,
            inferred=where.inferred and who.inferred,
        ),
        harm=item.harm,  # type: ignore[arg-type]
        count_low=low,
        count_best=best,
        count_high=high,
        count_text=quantity.text if quantity else None,
        count_qualifier=quantity.qualifier if quantity else "exact",
        victim=category,
        victim_text=item.victims.text,
        scope=scope,
        place=where.id,
        place_text=where.text,
        perpetrator=who.id,
        perpetrator_text=who.text,
        subset_of=subset_of,
    )
    reading.note_casualty(parsed.sentence.index, claim)
    return claim


_NATIONWIDE = re.compile(
    r"\b(?:(?:across|throughout|all over|around) the (?:country|nation|land)|nationwide|countrywide)\b",
    re.IGNORECASE,
)
"""A toll of the whole country, whatever town its sentence begins with."""


def _is_joined(parsed: Parsed, earlier: CasualtyClaim, start: int) -> bool:
    """True where nothing but a comma or 'and' stands between an attributed number and the next one."""
    end = earlier.quote_end - parsed.sentence.start
    between = parsed.sentence.text[min(end, start) : max(end, start)] if end <= start else ""
    return earlier.status == "claimed" and _JOINED.fullmatch(between) is not None


_JOINED = re.compile(r"[\s,]*(?:and|as well as|with|plus)?[\s,]*")


def _goes_on(parsed: Parsed, item: Found, earlier: CasualtyClaim, reading: ArticleReading) -> bool:
    """True for 'Another 14 were injured' right after a number that somebody gave: his word still."""
    quantity = item.victims.quantity
    return (
        quantity is not None
        and _GOES_ON.match(parsed.sentence.text[: quantity.end + 8]) is not None
        and quantity.start < 24
        and earlier.status in ("claimed", "confirmed")
        and not reading.attributions(parsed.sentence.index)
    )


_GOES_ON = re.compile(
    r"(?:And |At least |Some )?(?:another|a further) |[\w,]+ (?:more|others)\b", re.IGNORECASE
)


def _is_own(item: Found, who: Reference, parsed: Parsed, reading: ArticleReading) -> bool:
    """True where the perpetrator found is the side whose soldiers died, and nothing says that it did it."""
    if who.id is None or item.harm not in ("killed", "injured") or item.victims.category in CIVIL:
        return False
    if _FRIENDLY.search(parsed.sentence.text):
        return False
    own = reading.actor(parsed, item.victims.token)
    named = own.id is not None and not own.inferred
    return named and same_party(reading, own.id, who.id)


_FRIENDLY = re.compile(
    r"\b(?:friendly fire|mistake\w*|accident\w*|own (?:troops|soldiers|men|forces|fighters)|mutin\w+|"
    r"desert\w+|execut\w+|defect\w+|coup|infighting|rival|loyal|dissident)\b",
    re.IGNORECASE,
)


def _speaker(stance: Stance, item: Found, reading: ArticleReading) -> Reference:
    """Return the speaker's side where he says that his own men did it ('says its troops killed 400')."""
    own = any(
        t.lower_ in ("its", "it", "they", "their", "we", "our")
        for agent in item.agents
        for t in agent.subtree
    )
    party = party_of(reading, stance.claimant) if own and stance.claimant else None
    return Reference(party, None, inferred=True) if party is not None else Reference(None, None)


def _losers(
    item: Found, category: str, who: Reference, parsed: Parsed, reading: ArticleReading
) -> list[str | None]:
    """Return who loses by the claim: who killed civilians, and the force whose own dead they are."""
    losers = [who.id] if category in CIVIL and item.harm != "captured" else []
    named = any(c.dep_ == "poss" for c in item.victims.token.children) or any(
        m.kind == "actor" and item.victims.start <= m.start < item.victims.end for m in parsed.mentions
    )
    if category not in CIVIL and named:
        own = reading.actor(parsed, item.victims.token).id
        losers += [own] if own != who.id else []
    return losers


def _agents(head: Token) -> tuple[Token, ...]:
    """Return the subject of the verb that leads to the harm ('shelling left nine dead', 'caused the deaths
    of').
    """
    token = head
    for _ in range(4):
        if token.dep_ in ("ccomp", "parataxis") or token.head == token:
            break
        token = token.head
        if lemma(token) in ("leave", "cause", "claim", "take", "result", "lead", "inflict"):
            return tuple(subjects(token, {"nsubj"}))
    return ()


def _category(item: Found, found: Sequence[Found], reading: ArticleReading, index: int) -> str:
    """Return the victims' category; a bare number takes that of the number before it in the sentence."""
    own = item.victims.category
    if own != "people" or not (
        item.victims.is_elided or (item.victims.text or "").lower().endswith("others")
    ):
        return own
    before = [
        other for other in found
        if other is not item and start_of(other.victims) < start_of(item.victims) and other.parent is None
        and not other.victims.is_elided
    ]  # fmt: skip
    if before:
        return before[-1].victims.category
    last = reading.last_casualty(index, reach=1) if item.victims.is_elided else None
    return last.victim if last is not None else own


def _quote(item: Found, parsed: Parsed, reading: ArticleReading) -> tuple[int, int]:
    """Return the bounds of the clause: from its first word to its last, the number and the harm within."""
    start, end = reading.clause(parsed, item.head)
    start = min(start, item.victims.start, item.head.idx)
    end = max(end, item.end)
    if end - start > 420:
        start = max(start, min(item.victims.start, item.head.idx) - 120)
        start = parsed.sentence.text.rfind(" ", 0, start) + 1 if start else 0
        end = min(end, max(item.end, item.head.idx) + 160)
    return start, end
