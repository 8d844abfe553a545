"""Casualties: how many people of which kind were killed, injured, displaced, missing or captured.

Units: persons, as a closed interval; a count in families, or of a share of an unstated base, has null bounds.
Errors: a number whose victims stand only in another sentence is read as 'people'; who fired a shell is often not
said, and then null; the one number of 'killed or wounded' is told once, as the first harm, with low confidence.
Source: the sentence, for date, place and speaker also those around it (article.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.claims import casualty_scope, places, status
from ingest.claims.casualty_patterns import find_numbers, harm_beside
from ingest.claims.casualty_victims import HARM_WORDS, Victims, actor_victims, category_of, measure
from ingest.claims.frames import fill_role
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Stance, Token, conjuncts
from ingest.records import CasualtyClaim, Claim, DateSpan

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_INCLUDING = frozenset({"including", "include", "includes", "included", "among"})
_EITHER = re.compile(
    r"\b(?:killed|dead|died|kidnapped|captured|missing)\s+(?:or|and/or)\s+(?:were )?(?:seriously )?(?:wounded|injured|hurt|missing|captured|killed|maimed)",
    re.IGNORECASE,
)
_PRIOR = {"headline": 0.7}


@dataclass(frozen=True, slots=True)
class Found:
    """One number of victims with its harm, as found: before place, date and speaker are asked for."""

    harm: str
    head: Token
    victims: Victims
    agents: tuple[Token, ...]
    rule: str
    prior: float
    end: int
    parent: int | None = None
    """Index of the Found it is a part of ('including three children'), in the same list."""
    is_part: bool = False
    """A part of a number said before ('the dead include a nurse')."""


def extract_casualties(
    matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Iterator[Claim]:
    """Yield a claim for each number of people that the sentence says were harmed in the war."""
    if not casualty_scope.is_of_war(reading, parsed):
        return
    found = _distinct(parsed, _from_frames(matches, parsed, reading))
    taken = {_start(item.victims): item.harm for item in found}
    for quantity, harm, token, end in find_numbers(parsed, taken):
        following = min((q.start for q in parsed.quantities if q.start >= quantity.end), default=token.idx)
        category = _category_beside(reading, parsed, quantity.end, min(following, token.idx))
        victims = Victims(token, quantity, category,
                          None, quantity.start, quantity.end, is_elided=True)  # fmt: skip
        found.append(Found(harm, token, victims, (), "beside", 0.62, end))
    found.extend(_along_with(found, parsed, reading))
    found.sort(key=lambda item: (_start(item.victims), item.harm))
    found = _with_subsets(found, parsed, reading)
    claims: list[CasualtyClaim | None] = []
    for item in found:
        claim = _claim(item, found, claims, parsed, reading)
        claims.append(claim)
        if claim is not None:
            yield claim


_ALONG = re.compile(r"(?:,? as well as|,? along with|,? together with|,? plus)\s+(?:another\s+|also\s+)?$")


def _along_with(found: list[Found], parsed: Parsed, reading: ArticleReading) -> list[Found]:
    """Return the number after 'as well as' with the harm of the number before it."""
    more: list[Found] = []
    taken = {_start(item.victims) for item in found}
    for quantity in parsed.quantities:
        before = parsed.sentence.text[max(0, quantity.start - 30) : quantity.start]
        if quantity.start in taken or not _ALONG.search(before):
            continue
        earlier = [item for item in found if _start(item.victims) < quantity.start]
        token = next((t for t in parsed.doc if quantity.start <= t.idx < quantity.end), None)
        while (
            token is not None
            and token.dep_ in ("nummod", "quantmod", "advmod", "amod")
            and token.head != token
        ):
            token = token.head
        if earlier and token is not None:
            victims = measure(reading, parsed, token, known=True)
            if victims is not None and _start(victims) == quantity.start:
                more.append(replace(earlier[-1], victims=victims, rule="beside", prior=0.6, end=victims.end))
    return more


def _start(victims: Victims) -> int:
    return victims.quantity.start if victims.quantity else victims.start


def _from_frames(matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading) -> Iterator[Found]:
    before: Found | None = None
    for match in matches:
        frame, head = match.frame, match.head
        harm = frame.gives["harm"]
        agents = match.roles.get("perpetrator", ())
        for token in match.roles.get("count", ()):
            if (quantity := reading.count(parsed, token)) is None or quantity.unit:
                continue
            victims = measure(reading, parsed, token, known=False) or Victims(
                token, quantity, "people", None, quantity.start, quantity.end, is_elided=True
            )
            if harm == "same":
                last = reading.last_casualty(parsed.sentence.index)
                if before is not None:
                    harm, category = before.harm, before.victims.category
                elif last is not None:
                    harm, category = last.harm, last.victim
                else:
                    continue
                victims = replace(victims, category=category)
                yield Found(harm, head, victims, agents, frame.id, 0.6, victims.end)
            elif not _is_other_toll(head):
                yield Found(harm, head, victims, agents, frame.id, 0.85, victims.end)
        for token in match.roles.get("victim", ()):
            if token != head and token.lower_ in HARM_WORDS:
                continue  # '1 fatality and 2 injured': the second has a frame of its own
            if head.tag_ == "VBG" and token.i < head.i and frame.pos == "VERB" and token == head.head:
                continue  # 'the gunman killing ...': the noun it hangs by is who does it
            if token == head and (
                token.dep_ in ("amod", "compound") and token.head.pos_ in ("NOUN", "PROPN")
            ):
                continue
            known = frame.gives.get("people") == "known"
            counted = measure(reading, parsed, _unpronoun(reading, parsed, token), known=known)
            if counted is None or _is_excluded(frame.id, head, token, counted):
                continue
            counted = _told_as(reading, parsed, token, counted)
            before = Found(
                harm, head, counted, agents, frame.id, 0.85 if counted.quantity else 0.75,
                max(counted.end, head.idx + len(head.text)), is_part=_is_part(head, token),
            )  # fmt: skip
            yield before


def _told_as(reading: ArticleReading, parsed: Parsed, token: Token, victims: Victims) -> Victims:
    """Give 'four of the dead' the category of what they were: 'four of the dead were children'."""
    verb = token.head
    if victims.category != "people" or token.dep_ != "nsubj" or lemma(verb) != "be":
        return victims
    for child in verb.children:
        if child.dep_ == "attr" and (found := category_of(reading, parsed, child)) is not None:
            return replace(victims, category=found)
    return victims


def _is_part(head: Token, token: Token) -> bool:
    """True for 'the dead include a nurse' and 'among the dead were two nurses'."""
    if token == head or head.dep_ not in ("nsubj", "pobj"):
        return False
    if head.dep_ == "pobj" and head.head.head == token and head.head.lower_ in ("of", "among"):
        return True  # 'four of the dead'
    return lemma(head.head) == "include" or (head.head.lower_ == "among" and head.dep_ == "pobj")


def _unpronoun(reading: ArticleReading, parsed: Parsed, token: Token) -> Token:
    """Return the counted noun that 'them' or 'they' stands for in the same sentence; else the token."""
    if token.lower_ not in ("them", "they", "who", "whom"):
        return token
    for other in reversed(parsed.doc[: token.i]):
        if other.pos_ == "NOUN" and other.tag_ == "NNS" and reading.count(parsed, other) is not None:
            return other
    return token


def _is_other_toll(head: Token) -> bool:
    """'Injury toll', 'road toll', 'toll of 12,000 lorries'."""
    return any(
        c.dep_ in ("compound", "amod") and c.lower_ in ("road", "injury", "bell") for c in head.children
    )


def _is_excluded(frame: str, head: Token, token: Token, victims: Victims) -> bool:
    """Senses that the frame's words have beside the one it is for."""
    if frame in ("flee", "displace", "homeless", "drive_from_home") and victims.category in (
        "fighters",
        "soldiers",
        "police",
    ):
        return True  # a force that flees withdraws: territory, not displacement
    if (
        frame in ("flee", "disappear", "surrender", "capture_people", "detain", "drive_from_home")
        and victims.quantity is None
    ):
        return True
    if frame == "death" and token == head:
        if victims.quantity is None or head.lower_ not in (
            "deaths",
            "killings",
            "murders",
            "executions",
            "death",
        ):
            return True
    if frame in ("injury", "lose_life", "fatality", "body") and token == head and victims.quantity is None:
        return True
    if frame == "body" and token != head and victims.quantity is None and head.lower_ == "bodies":
        return True
    if frame == "lose_men" and victims.quantity is None:
        return True
    return token.dep_ == "nsubj" and token.head == head and _shares_object(head)


def _leaves_place(head: Token) -> bool:
    """True where people left without more, or left a town, a home: not a meeting, a party, somebody dead."""
    if head.tag_ == "VBN" and any(child.dep_ in ("nsubjpass", "auxpass") for child in head.children):
        return False
    objects = [c for c in head.children if c.dep_ in ("dobj", "oprd", "ccomp", "acomp", "xcomp", "prt")]
    return all(c.dep_ == "dobj" and (c.pos_ == "PROPN" or lemma(c) in _HOMES) for c in objects)


_HOMES = frozenset("city town village area district home house camp region country province enclave".split())


def _shares_object(head: Token) -> bool:
    """'The attackers killed and wounded dozens': the subject of an active verb whose object stands later."""
    return any(
        child.dep_ == "conj" and any(c.dep_ == "dobj" for c in child.children) for child in head.children
    )


def _distinct(parsed: Parsed, found: Iterator[Found]) -> list[Found]:
    """Drop what two frames read from the same words, and numbers that are of two harms at once."""
    kept: dict[tuple[str, int], Found] = {}
    for item in found:
        key = (item.harm, _start(item.victims))
        if key not in kept or item.prior > kept[key].prior:
            kept[key] = item
    for key in [key for key, item in kept.items() if _is_apposed(parsed, item, kept.values())]:
        del kept[key]
    for key in [key for key, item in kept.items() if _belongs_elsewhere(parsed, item, kept)]:
        del kept[key]
    counted = {_start(item.victims) for item in kept.values() if item.harm == "killed"}
    for key in [k for k, item in kept.items() if item.head.dep_ == "amod" and item.harm == "injured"]:
        if key[1] in counted:
            del kept[key]  # 'the bodies of three wounded soldiers'
    either = {m.start() for m in _EITHER.finditer(parsed.sentence.text)}
    doubled = [item for item in kept.values() if any(abs(item.head.idx - at) < 2 for at in either)]
    starts = {_start(item.victims) for item in doubled}
    return [  # 'killed or wounded': one number for both, told once, as the first harm
        replace(item, prior=0.5) if item in doubled else item
        for item in kept.values()
        if item in doubled or _start(item.victims) not in starts
    ]


def _belongs_elsewhere(parsed: Parsed, item: Found, kept: Mapping[tuple[str, int], Found]) -> bool:
    """True where a list gave a number a second harm: in '29 bodies and 118 wounded' the 118 are wounded only."""
    at = _start(item.victims)
    others = [harm for harm, start in kept if start == at and harm != item.harm]
    if not others or item.victims.quantity is None:
        return False
    beside = harm_beside(parsed.sentence.text.lower(), item.victims.quantity)
    if lemma(item.victims.token) in ("body", "corpse"):
        beside = "killed"
    return beside in others


def _is_apposed(parsed: Parsed, item: Found, others: Iterable[Found]) -> bool:
    """True for the second name of one person ('a judge, Ali Hassan, was killed'), which the parser coordinates."""
    if item.victims.quantity is not None:
        return False
    for other in others:
        if other is item or other.harm != item.harm or other.victims.start > item.victims.start:
            continue
        between = parsed.sentence.text[other.victims.end : item.victims.start]
        if other.victims.end > item.victims.start or (
            other.victims.quantity is None and len(between) < 40 and " and " not in between
        ):
            return True
    return False


def _category_beside(reading: ArticleReading, parsed: Parsed, start: int, end: int) -> str:
    """Return the category that the words between a number and its harm name."""
    for mention in parsed.mentions:
        if mention.kind == "actor" and start <= mention.start and mention.end <= end:
            name = reading.choose(mention)
            if name is not None and (found := actor_victims(reading, name)) is not None:
                return found
    words = reading.lexicon.words.get("victims", {})
    for word in reversed(parsed.sentence.text[start:end].lower().replace(",", " ").split()):
        if (found := words.get(word)) is not None:
            return found
    return "people"


def _with_subsets(found: list[Found], parsed: Parsed, reading: ArticleReading) -> list[Found]:
    """Add 'including three children' and 'two of them women' as parts of the number before them."""
    result = list(found)
    starts = {_start(item.victims): index for index, item in enumerate(result)}
    for token in parsed.doc:
        members: list[Token] = []
        if token.lower_ in ("including", "among") and token.i:
            members = [m for c in token.children if c.dep_ in ("pobj", "dobj") for m in conjuncts(c)]
            if token.lower_ == "among" and any(m.lower_ not in ("them", "whom", "those") for m in members):
                members = []
            elif token.lower_ == "among":
                before = token.nbor(-1)
                members = (
                    [before] if parsed.quantity_at(before) is None and reading.count(parsed, before) else []
                )
                members = members or _after_among(token)
        elif token.lower_ == "of" and token.i + 1 < len(parsed.doc):
            follows = token.doc[token.i + 1]
            if follows.lower_ in ("them", "whom") and token.head.i < token.i:
                members = _of_them(parsed, token)
        parent = _parent(result, token.idx)
        if parent is None:
            continue
        for member in members:
            part = measure(reading, parsed, member, known=True)
            counted = parsed.quantity_at(token.head) if token.lower_ == "of" else None
            if counted is not None:
                kind = category_of(reading, parsed, member)
                end = member.idx + len(member.text)
                part = Victims(token.head, counted, kind, member.text, counted.start, end) if kind else None
            if part is None or part.quantity is None and part.token.i > token.i + 12:
                continue
            at = _start(part)
            if at in starts:
                if starts[at] != parent and result[starts[at]].parent is None:
                    result[starts[at]] = replace(result[starts[at]], parent=parent)
                continue
            total = result[parent]
            if (part.triple[0] or 0) > (total.victims.triple[2] or total.victims.triple[0] or 10**9):
                continue
            starts[at] = len(result)
            result.append(
                Found(total.harm, total.head, part, total.agents, total.rule, total.prior - 0.05,
                      max(part.end, total.end), parent)
            )  # fmt: skip
    return result


def _after_among(token: Token) -> list[Token]:
    """Return the noun after 'among them', which the parser hangs in several ways."""
    doc = token.doc
    for other in doc[token.i + 2 : token.i + 8]:
        if other.pos_ in ("NOUN", "PROPN") and other.dep_ not in ("compound", "amod"):
            return list(conjuncts(other))
    return []


def _of_them(parsed: Parsed, of: Token) -> list[Token]:
    """Return a stand-in for 'two of them children': the noun after 'them', counted by the number before 'of'."""
    doc = of.doc
    noun = next((t for t in doc[of.i + 2 : of.i + 5] if t.pos_ in ("NOUN", "PROPN")), None)
    return [noun] if noun is not None and parsed.quantity_at(of.head) is not None else []


def _parent(found: list[Found], before: int) -> int | None:
    """Return the index of the last whole number that stands before an offset."""
    best: int | None = None
    for index, item in enumerate(found):
        if item.parent is None and _start(item.victims) < before:
            if best is None or _start(item.victims) >= _start(found[best].victims):
                best = index
    return best


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
    start, end = _quote(item, parsed, reading)
    clause = parsed.sentence.text[start:end]
    when = reading.event_date(parsed, item.head)
    where = reading.event_place(parsed, item.head)
    who = casualty_scope.perpetrator_of(
        reading, parsed, item.head, item.agents or _agents(item.head), (item.victims.start, item.victims.end)
    )
    low, best, high = item.victims.triple
    quantity = item.victims.quantity
    category = _category(item, found, reading, parsed.sentence.index)
    stance = reading.confirm(stance, _losers(item, category, who, parsed, reading))
    scope = casualty_scope.scope_of(reading, parsed, item.head, clause, when, item.harm, quantity)
    here = next((c for c in reversed(claims) if c is not None), None)
    if here is not None and stance.status == "asserted" and _is_joined(parsed, here, start):
        stance = Stance(here.status, here.claimant, here.claimant_text)
    earlier = reading.last_casualty(parsed.sentence.index, reach=1)
    if earlier is not None and scope == "incident" and any(t.lower_ == "also" for t in item.head.children):
        scope = earlier.scope
    if scope == "cumulative" and where.inferred:
        where = places.country_of_article(reading)
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
            slot=f"{item.harm}:{_start(item.victims)}",
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


_CIVIL = frozenset({"civilians", "children", "women", "medics", "journalists"})


def _is_joined(parsed: Parsed, earlier: CasualtyClaim, start: int) -> bool:
    """True where nothing but a comma or 'and' stands between an attributed number and the next one."""
    end = earlier.quote_end - parsed.sentence.start
    between = parsed.sentence.text[min(end, start) : max(end, start)] if end <= start else ""
    return (
        earlier.status == "claimed" and re.fullmatch(r"[\s,]*(?:and|as well as)?[\s,]*", between) is not None
    )


def _losers(
    item: Found, category: str, who: Reference, parsed: Parsed, reading: ArticleReading
) -> list[str | None]:
    """Return who loses by the claim: who killed civilians, and the force whose own dead they are."""
    losers = [who.id] if category in _CIVIL and item.harm != "captured" else []
    named = any(c.dep_ == "poss" for c in item.victims.token.children) or any(
        m.kind == "actor" and item.victims.start <= m.start < item.victims.end for m in parsed.mentions
    )
    if category not in _CIVIL and named:
        own = reading.actor(parsed, item.victims.token).id
        losers += [own] if own != who.id else []
    return losers


def _agents(head: Token) -> tuple[Token, ...]:
    """Return the subject of the verb that leads to the harm ('shelling left nine dead', 'caused the deaths of')."""
    token = head
    for _ in range(4):
        if token.dep_ in ("ccomp", "parataxis") or token.head == token:
            break
        token = token.head
        if lemma(token) in ("leave", "cause", "claim", "take", "result", "lead", "inflict"):
            return fill_role(token, ())
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
        if other is not item and _start(other.victims) < _start(item.victims) and other.parent is None
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
