"""Numbers of victims that take their harm from another: lists after a total, 'as well as', 'from 9 to 29'."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.claims.casualty_victims import Victims, measure
from ingest.claims.quantities import find_quantities
from ingest.claims.reading import Parsed, Token
from ingest.records import Quantity

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading


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


def start_of(victims: Victims) -> int:
    """Return the offset that tells numbers of victims apart: where the number, else the noun, begins."""
    return victims.quantity.start if victims.quantity else victims.start


_ALONG = re.compile(r"(?:,? as well as|,? along with|,? together with|,? plus)\s+(?:another\s+|also\s+)?$")


def along_with(found: list[Found], parsed: Parsed, reading: ArticleReading) -> list[Found]:
    """Return the number after 'as well as' with the harm of the number before it."""
    more: list[Found] = []
    taken = {start_of(item.victims) for item in found}
    for quantity in parsed.quantities:
        before = parsed.sentence.text[max(0, quantity.start - 30) : quantity.start]
        if quantity.start in taken or not (_ALONG.search(before) or _is_share_list(found, parsed, quantity)):
            continue
        earlier = [item for item in found if start_of(item.victims) < quantity.start]
        token = parsed.token_in(quantity)
        while (
            token is not None
            and token.dep_ in ("nummod", "quantmod", "advmod", "amod")
            and token.head != token
        ):
            token = token.head
        if earlier and token is not None:
            victims = measure(reading, parsed, token, known=True)
            if victims is not None and start_of(victims) == quantity.start:
                more.append(replace(earlier[-1], victims=victims, rule="beside", prior=0.6, end=victims.end))
    return more


_WERE = re.compile(r"\s+(?:were|are)\s+(?:\w+\s+){0,2}?\w+(?:,? and|,)\s+$")


def _is_share_list(found: list[Found], parsed: Parsed, quantity: Quantity) -> bool:
    """True for the 34 of 'of the 108 dead, 49 were children and 34 women'."""
    ends = [i.victims.quantity.end for i in found if i.victims.quantity is not None]
    before = max((end for end in ends if end < quantity.start), default=None)
    return before is not None and _WERE.fullmatch(parsed.sentence.text[before : quantity.start]) is not None


def of_list(found: list[Found], parsed: Parsed, reading: ArticleReading) -> list[Found]:
    """Return the members of a list after a colon that add up to the total before it: '147 dead: 142 students,
    three soldiers and two policemen'.
    """
    text, taken = parsed.sentence.text, {start_of(item.victims) for item in found}
    for index, item in enumerate(found):
        total = item.victims.quantity
        if total is None or item.parent is not None or total.best is None:
            continue
        colon = next((m.start() for m in re.finditer(r":\s| [-–—] ", text) if m.start() > total.end), None)
        if colon is None:
            continue
        members: list[Victims] = []
        for quantity in parsed.quantities:
            token = parsed.token_in(quantity)
            if quantity.start < colon or token is None:
                continue
            while token.dep_ in ("nummod", "quantmod", "advmod", "compound") and token.head.i > token.i:
                token = token.head
            victims = measure(reading, parsed, token, known=True)
            if victims is not None and start_of(victims) == quantity.start and quantity.best:
                members.append(victims)
        if len(members) > 1 and sum(m.triple[1] or 0 for m in members) == total.best:
            return [
                replace(item, victims=m, parent=index, prior=item.prior - 0.05, end=m.end)
                for m in members
                if start_of(m) not in taken
            ]
    return []


_FROM_TO = re.compile(
    r"\b(?:toll|number of (?:the )?(?:dead|deaths|fatalities|killed|those killed)|death count)\b[^.;:]{0,80}?"
    r"\bfrom (?P<old>[\w,-]+) (?:people |dead )?to (?:at least |more than |over )?(?P<new>[\w,-]+)"
)


def raised(found: list[Found], parsed: Parsed) -> list[Found]:
    """Return the 29 of 'raised the toll from nine to 29': what the toll is now."""
    text, taken = parsed.sentence.text, {start_of(item.victims) for item in found}
    hit = _FROM_TO.search(text)
    if hit is None:
        return []
    token = next((t for t in parsed.doc if t.lower_ in ("toll", "number", "count")), None)
    new = next(iter(find_quantities(hit["new"])), None)
    if token is None or new is None or hit.start("new") in taken:
        return []
    start = hit.start("new")
    new = replace(new, start=start + new.start, end=start + new.end)
    victims = Victims(token, new, "people", None, new.start, new.end, is_elided=True)
    return [Found("killed", token, victims, (), "toll", 0.75, new.end)]


_MONTH_DAY = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r" \d{1,2},? and\s$"
)


def elided(found: list[Found], parsed: Parsed) -> list[Found]:
    """Return the 165 of 'killed 160 rebels on Saturday and 165 on the next day', with the 160's harm."""
    low, taken = parsed.sentence.text.lower(), {start_of(item.victims) for item in found}
    more: list[Found] = []
    for quantity in parsed.quantities:
        before, after = low[: quantity.start], low[quantity.end :]
        earlier = [
            item
            for item in found
            if item.victims.quantity is not None
            and 0 < quantity.start - item.victims.quantity.end < 60
            and item.victims.quantity.end <= item.victims.end <= quantity.start
            and item.head.idx < quantity.start
        ]
        if not earlier or quantity.start in taken or quantity.unit is not None:
            continue
        is_next = re.search(r"\b(?:on|in|at|near) [^.;:]*? and (?:another |a further )?$", before) is not None
        is_place = re.match(r"\s+(?:more )?(?:on|in|at|near)\s", after) is not None
        may_be_day = (quantity.best or 0) < 32 and _MONTH_DAY.search(before)
        if not (is_next and is_place) or may_be_day:
            continue
        token = parsed.token_in(quantity)
        if token is None:
            continue
        last = earlier[-1]
        own = Victims(
            token, quantity, last.victims.category, None, quantity.start, quantity.end, is_elided=True
        )
        more.append(replace(last, victims=own, rule="beside", prior=0.6, end=quantity.end, parent=None))
    return more
