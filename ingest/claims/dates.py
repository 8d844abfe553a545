"""Dates: when a text says something happened, as spans of days with their precision and basis.

No general date parser is let loose on the text: dateparser's search reads 'we' as Wednesday and '2000
injured' as a year, and makes an invented day of 'last month'. A pattern finds core words (a month, a weekday,
a year, a unit of time); a reader for each sort looks at its neighbours; what stands before it ('since', 'by')
and beside it ('to Tuesday') is read here.

Rules: a weekday is the latest one, the day of publication included; 'by Friday' and 'until Friday' in a plan
are the next one; 'since X' is from X to publication; a day and month without a year is the latest such day
not after publication; a stated date that contradicts its weekday is kept and marked. Anaphoric dates ('a day
earlier') stay unknown until `find_dates` is given an anchor, or `with_anchor` is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ingest.claims import calendar_dates, periods, relative_dates
from ingest.claims.calendar_dates import MONTH, WEEKDAY, Found, Scope
from ingest.claims.periods import UNKNOWN, Period
from ingest.records import DateRelation, DateSpan

_CORE = re.compile(
    r"(?<![0-9A-Za-z_'’])(?:"
    rf"(?P<weekday>{WEEKDAY})"
    rf"|(?P<month>{MONTH})"
    r"|(?P<numeric>(?P<iso>(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])(?:T[0-9:.]{2,15}Z?)?(?!-)"
    r"|[0-3]?[0-9](?P<mark>[/.])[0-3]?[0-9](?P=mark)(?:(?:19|20)[0-9]{2}|(?<=/)[0-9]{2})(?![0-9/]))"
    r"|(?P<year>(?:19|20)[0-9]{2})"
    r"|(?P<unit>(?:day|week|month|year|hour|minute|night|morning|afternoon|evening|fortnight|decade)s?)"
    r"|(?P<word>today|yesterday|tomorrow|tonight|overnight|weekend)"
    r"|(?P<season>spring|summer|autumn|fall|winter)"
    r"|(?P<then>(?<=since\s)then|(?<=by\s)then)"
    r")(?![0-9A-Za-z_]|-(?:old|long)\b)",
    re.IGNORECASE,
)
_READERS: dict[str, Callable[[Scope, re.Match[str]], Found | None]] = {
    "weekday": calendar_dates.read_weekday,
    "month": calendar_dates.read_month,
    "numeric": calendar_dates.read_numeric,
    "year": calendar_dates.read_year,
    "season": calendar_dates.read_season,
    "unit": relative_dates.read_unit,
    "word": relative_dates.read_word,
    "then": relative_dates.read_then,
}
_LINK = re.compile(
    r"\s?[-–—]\s?|,?\s(?:to|through|until|till)\s(?:(?:on|early|late|the)\s){0,2}|\s(?:and|or)\s",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s(?:(?:early|late|the)\s){0,2}$", re.IGNORECASE)
_RELATION = re.compile(
    r"\b(?P<relation>since|from|by|until|till|before|after|as\sof|no\slater\sthan|prior\sto|up\sto|up\suntil|through"
    r"|ahead\sof|following)\s(?:(?:at\sleast|early|late|about|around|the|on|in|dawn|dusk|noon|midnight|of|night|morning"
    r"|evening|afternoon|[0-9]{1,2}(?:[:.][0-9]{2})?(?:\s?[ap]\.?m\.?)?)\s){0,4}$",
    re.IGNORECASE,
)
_RELATIONS: dict[str, DateRelation] = {
    "since": "since", "from": "on", "by": "by", "as of": "by", "no later than": "by", "until": "until",
    "till": "until", "up to": "until", "up until": "until", "through": "until", "before": "before",
    "prior to": "before", "ahead of": "before", "after": "after", "following": "after",
}  # fmt: skip
_PLANNED = re.compile(
    r"\b(?:will|would|shall|should|must|may|might|can|could|vow\w*|plan\w*|deadline|ultimatum|expect\w*|demand\w*"
    r"|order\w*|urg\w+|aim\w*|hop(?:e|es|ed|ing)|promis\w*|going\sto|set\sto|due\sto|agreed\sto|told|ha[sd]\sto"
    r"|have\sto|truce|ceasefire|pause)\b[^.;]*$"
)
PLAN_WINDOW = 100
"""Code points before 'by Friday' in which a word makes it a plan."""


def find_dates(text: str, published: date | None, anchor: date | None = None) -> list[DateSpan]:
    """Return the dates in the text, in its order, none overlapping another.

    `published` is the day relative dates count from; None leaves their bounds None and keeps their words.
    `anchor` is the day anaphoric dates count from. Linear in the length of the text; raises nothing on any
    text. Goes wrong on: years without a word before them, other calendars, feasts, a weekday used of a habit.
    """
    found: list[tuple[Found, DateRelation]] = []
    floor = 0
    for match in _CORE.finditer(text):
        if match.start() < floor or match.lastgroup is None:
            continue
        kind = "numeric" if match["numeric"] else match.lastgroup
        one = _read(Scope(text, floor, published, anchor), match, kind)
        if one is None:
            continue
        joined = (_dated_beside(text, found[-1], one) or _join(text, found[-1], one)) if found else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(_relate(text, floor, one, published))
        floor = found[-1][0].end
    return [_span(text, one, relation, published) for one, relation in found]


def with_anchor(span: DateSpan, published: date | None, anchor: date) -> DateSpan:
    """Return an anaphoric span counted from the anchor, its place in the text kept; any other as it is."""
    if not span.anaphoric or span.text is None:
        return span
    for again in find_dates(span.text, published, anchor):
        if again.anaphoric:
            return replace(again, text=span.text, start=span.start, end=span.end)
    return span


def _read(scope: Scope, match: re.Match[str], kind: str) -> Found | None:
    """Read one core word; a day that no calendar has ('31 February', two thousand years ago) is no date."""
    try:
        return _READERS[kind](scope, match)
    except (ValueError, OverflowError):
        return None


def _dated_beside(
    text: str, earlier: tuple[Found, DateRelation], later: Found
) -> tuple[Found, DateRelation] | None:
    """Return 'Wednesday [14 August]' as the day in brackets, which an editor put there; else None."""
    first, relation = earlier
    if first.basis == "explicit" or later.basis != "explicit" or later.period.first is None:
        return None
    if not _OPENS.fullmatch(text[first.end : later.start]) or text[later.end : later.end + 1] not in (
        "]",
        ")",
    ):
        return None
    known = first.period.first is not None and first.period.last is not None
    inside = known and first.period.first <= later.period.first <= first.period.last  # type: ignore[operator]
    return Found(first.start, later.end + 1, later.period, "explicit", known and not inside), relation


_OPENS = re.compile(r"\s?[\[(](?:on\s)?(?:the\s)?")


def _join(text: str, earlier: tuple[Found, DateRelation], later: Found) -> tuple[Found, DateRelation] | None:
    """Return the range of two dates that stand as one ('from Saturday to Tuesday', 'May and June'), or None.

    'and' joins only after 'between' or where the second follows the first within a day or touches it.
    """
    first, relation = earlier
    link = text[first.end : later.start]
    if (
        len(link) > 24
        or not _LINK.fullmatch(link)
        or first.anaphoric
        or later.anaphoric
        or relation not in ("on", "since")
    ):
        return None
    between = _BETWEEN.search(text[max(0, first.start - 24) : first.start])
    if first.period.first is None or later.period.last is None:
        return None
    begin, end = first.period, later.period
    if begin.first is not None and end.first is not None and end.first < begin.first:
        begin = _before(first, begin, end)
    if (
        begin.first is None
        or begin.last is None
        or end.first is None
        or end.last is None
        or begin.first > end.first
    ):
        return None
    adjacent = (end.first - begin.last).days <= 1
    if re.search(r"and|or", link) and not (adjacent or between):
        return None
    start = first.start - (len(between.group()) if between else 0)
    conflict = first.conflict or later.conflict
    return Found(start, later.end, Period(begin.first, end.last), later.basis, conflict), "on"


def _before(first: Found, begin: Period, end: Period) -> Period:
    """Move the first weekday of a range to before its last ('from Saturday to Tuesday', read on a Sunday)."""
    if first.weekday is None or end.first is None:
        return begin
    return periods.one_day(periods.latest_weekday(first.weekday, end.first))


def _relate(text: str, floor: int, one: Found, published: date | None) -> tuple[Found, DateRelation]:
    """Read the word before a date into its span; move a weekday of a plan to the next one."""
    before = text[max(floor, one.start - 48) : one.start]
    word = _RELATION.search(before)
    if word is None:
        return one, "on"
    relation = _RELATIONS[re.sub(r"\s+", " ", word["relation"].lower())]
    if relation == "on" or (
        relation == "after" and re.match(r"\s(?:prayers?)\b", text[one.end : one.end + 9])
    ):
        return one, "on"
    if relation in ("by", "until") and one.weekday is not None and published is not None:
        window = text[max(0, one.start - PLAN_WINDOW) : one.start]
        if _PLANNED.search(window):
            day = periods.next_weekday(one.weekday, published)
            one = replace(one, period=periods.one_day(day))
    return replace(one, start=one.start - len(before) + word.start()), relation


def _span(text: str, one: Found, relation: DateRelation, published: date | None) -> DateSpan:
    """Return the record of a date, its open side by its relation."""
    period = one.period
    if period != UNKNOWN:
        if relation == "since":
            period = Period(
                period.first, published if published and period.first and period.first <= published else None
            )
        elif relation in ("by", "until", "before"):
            period = Period(None, period.last)
        elif relation == "after":
            period = Period(period.first, None)
    precision = periods.precision(period)
    words = text[one.start : one.end]
    if period.first is None and period.last is not None and relation == "on":
        precision = 3 if words.lower().endswith("days") else 4 if words.lower().endswith("weeks") else 5
    return DateSpan(
        period.first,
        period.last,
        words,
        precision,
        one.basis,
        one.conflict,
        one.start,
        one.end,
        relation,
        one.anaphoric,
    )
