"""Dates by their calendar name: '17 July 2016', 'late May', 'Friday 29 October', 'in 2012', 'summer 2012'.

Each reader gets the match of a core word (a month, a weekday, a year, a season, a numeric date) and looks at
the few words on both sides of it. A reader returns None where the word is no date here ('may', 'the 2012
uprising', 'Sunday Times').
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingest.claims import periods
from ingest.claims.noncounts import counts_people
from ingest.claims.periods import MONTH_NUMBERS, UNKNOWN, WEEKDAY_NUMBERS, Period
from ingest.records import DateBasis

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_WEEKDAY_SHORT = rf"(?:{WEEKDAY}|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\.?)"
_TIME = r"(?:\s(?:early\s)?(?:morning|afternoon|evening|night|midnight|dawn))?"
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?"
_TO = r"\s?(?:-|–|—|/|to|and|or)\s?"
_PART = (
    r"(?P<part>early|mid|late|(?:the\s)?(?:very\s)?(?:beginning|start|middle|end|close)(?:\sof|\sin)?"
    r"|the\sfirst\s(?:days|half|weeks?)\s(?:of|in)|the\s(?:second\shalf|last\s(?:days|weeks?))\s(?:of|in))"
)
PARTS = {
    "beginning": "early",
    "start": "early",
    "first": "early",
    "middle": "mid",
    "mid": "mid",
    "early": "early",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a date is read in: the text, where reading may begin, the day of publication, the anchor day."""

    text: str
    floor: int
    published: date | None
    anchor: date | None

    def before(self, position: int, length: int = 48) -> str:
        """Return the words before a position, not those of an earlier date."""
        return self.text[max(self.floor, position - length) : position]

    def after(self, position: int, length: int = 48) -> str:
        """Return the words from a position on."""
        return self.text[position : position + length]


@dataclass(frozen=True, slots=True)
class Found:
    """A date expression: its span in the text, the days it means and how it means them."""

    start: int
    end: int
    period: Period
    basis: DateBasis
    conflict: bool = False
    anaphoric: bool = False
    weekday: int | None = None


def part_word(words: str) -> str:
    """Return 'early', 'mid' or 'late' for any of their wordings ('the beginning of', 'the end of')."""
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in PARTS:
            return PARTS[word]
    return "late"


_DAY_BEFORE = re.compile(
    rf"(?:\b(?P<weekday>{_WEEKDAY_SHORT}),?\s(?:the\s)?)?(?:\bthe\s)?(?<![0-9A-Za-z.,:/])(?P<first>{_DAY})"
    rf"(?:{_TO}(?P<last>{_DAY}))?(?:\sof)?[\s-]$",
    re.IGNORECASE,
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first "
        "twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth "
        "twenty-ninth thirtieth thirty-first".split(),
        1,
    )
}
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_ORDINAL_BEFORE = re.compile(
    rf"(?:\b(?P<weekday>{_WEEKDAY_SHORT}),?\s)?\bthe\s(?P<first>{_ORDINAL})(?P<last>)\sof\s$", re.IGNORECASE
)
_WORD_BEFORE = re.compile(
    rf"(?:\b(?P<weekday>{_WEEKDAY_SHORT})[,.]?\s\(?|\b{_PART}[\s-]|\b(?P<which>this|last|next|past)\s"
    r"|\b(?P<of>the\smonth\sof)\s)$",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:in|since|during|of|until|till|by|from|to|and|through|throughout|before|after|between|for|the|into"
    r"|around|back\sin|as)\s$",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"\b(?:and|to|by|for|of)\s$", re.IGNORECASE)
_IN_MAY = re.compile(r"\b(?:in|since|during|of|until|by|from)\s$", re.IGNORECASE)
_DAY_AFTER = re.compile(
    rf"\.?\s(?:the\s)?(?P<first>{_DAY})(?:{_TO}(?P<last>{_DAY}))?(?![0-9A-Za-z]|[.,:][0-9]|\s(?:percent|per\scent)|%)",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"\.?,?\s(?:of\s)?(?P<year>(?:19|20)[0-9]{2})(?![0-9A-Za-z]|[.,][0-9])"
    r"|\.?\s(?:of\s)?(?P<which>last|this|that\ssame|the\ssame|that)\syear\b"
    r"|\s(?P<short>[0-9]{2})(?=\s?(?:--|[\]).,;]|$))",
    re.IGNORECASE,
)


def read_month(scope: Scope, match: re.Match[str]) -> Found | None:
    """Read the date around the name of a month."""
    name, start, end = match.group(), match.start(), match.end()
    number = MONTH_NUMBERS[name[:3].lower()]
    short = len(name) < 5 and name.lower() not in ("may", "june", "july")
    before = scope.before(start)
    days = _DAY_BEFORE.search(before) or _ORDINAL_BEFORE.search(before)
    word = None if days else _WORD_BEFORE.search(before)
    tail = scope.text[end : end + 1] == "." and short
    right = scope.after(end)
    after = None
    if days is None:
        after = _DAY_AFTER.match(right)
        counts = after is not None and counts_people(right[after.end() :])
        if counts and re.search(r"\bin\s$", before, re.IGNORECASE):
            after = None
    first, last = _days(days or after)
    if first is not None and not 1 <= first <= 31:
        days = after = first = last = None
    if after is not None:
        end += after.end()
    year_match = _YEAR_AFTER.match(scope.text, end)
    if year_match and (year_match["short"] and not (days and name.isupper())):
        year_match = None
    if first is None and year_match is None:
        named = _IN.search(before) and not (_LOOSE.search(before) and re.match(r"\s[A-Z][a-z]", right))
        if name[0].islower() or short or not (word or (_IN_MAY.search(before) if name == "May" else named)):
            return None
    end = year_match.end() if year_match else end + (1 if tail and after is None else 0)
    year = _year(year_match, scope)
    left = days or word
    start -= len(before) - left.start() if left else 0
    weekday_name = (days and days["weekday"]) or (word and word["weekday"])
    found = _month_period(scope, number, year, first, last, word)
    conflict = bool(
        weekday_name
        and found.first is not None
        and found.first.weekday() != WEEKDAY_NUMBERS[weekday_name[:3].lower()]
    )
    basis: DateBasis = "relative" if word and word["which"] else "explicit"
    return Found(start, end, found, basis, conflict)


def _days(match: re.Match[str] | None) -> tuple[int | None, int | None]:
    """Return the first and last day of the month that were matched."""
    if match is None:
        return None, None
    first, last = (_day_number(match[key]) for key in ("first", "last"))
    return first, last


def _day_number(words: str | None) -> int | None:
    """Return the number of '3rd' or 'third'."""
    if not words:
        return None
    return _ORDINALS.get(words.lower()) or int(re.sub(r"\D", "", words))


def _year(match: re.Match[str] | None, scope: Scope) -> int | None:
    if match is None:
        return None
    if match["year"]:
        return int(match["year"])
    if match["short"]:
        short = int(match["short"])
        return short + (1900 if short > 30 else 2000)
    base = scope.published if match["which"].lower() in ("last", "this") else scope.anchor
    return base.year - (match["which"].lower() == "last") if base else None


def _month_period(
    scope: Scope,
    number: int,
    year: int | None,
    first: int | None,
    last: int | None,
    word: re.Match[str] | None,
) -> Period:
    """Return the days of a month, or the days stated of it; UNKNOWN where the year is not known."""
    which = (word["which"] or "").lower() if word else ""
    if year is None:
        if scope.published is None:
            return UNKNOWN
        if which == "this":
            year = scope.published.year
        elif which == "next":
            year = scope.published.year + (number <= scope.published.month)
        else:
            year = periods.latest_year(number, first or 1, scope.published)
    if first is not None:
        begin = date(year, number, first)
        if last is None or last == first:
            return periods.one_day(begin)
        return Period(begin, date(year, number, last)) if last > first else periods.one_day(begin)
    whole = periods.month(year, number)
    if word and word["part"]:
        whole = periods.part(whole, part_word(word["part"]))
    return periods.clip(whole, scope.published) if scope.published else whole


_DATE_FOLLOWS = re.compile(
    rf",?\s\(?(?:the\s)?(?:{_DAY}(?:{_TO}{_DAY})?\s(?:of\s)?{MONTH}\b|{MONTH}\.?\s{_DAY}(?![0-9A-Za-z]))",
    re.IGNORECASE,
)
_WEEKDAY_BEFORE = re.compile(
    r"\b(?P<which>last|next|this\scoming|this|this\spast|past|overnight(?:\s(?:on|into|to|from))?)\s$",
    re.IGNORECASE,
)
_NO_WEEKDAY = re.compile(
    r"\s(?:Times|Telegraph|Mirror|Express|Mail|Post|Herald|Sun|World|Star|Tribune|Independent|Guardian|Mass|League"
    r"|Agreement|Accords?)\b"
)
_THE = re.compile(r"\b[Tt]he\s$")
_NAME_FOLLOWS = re.compile(rf"\s(?!(?:{MONTH})\b)[A-Z][a-z]+\b")
_NAMED_DAY = re.compile(r"\b(?:Bloody|Black|Ash|Palm|Easter|Man|(?i:every|each|any|a))\s$")
_WEEKDAY_AFTER = re.compile(_TIME + r"(?:\s(?P<week>last\sweek|this\sweek))?", re.IGNORECASE)


def read_weekday(scope: Scope, match: re.Match[str]) -> Found | None:
    """Read a weekday: the latest, the day of publication included; 'last' excludes it, 'next' comes after."""
    start, end = match.start(), match.end()
    right, before = scope.after(end), scope.before(start, 24)
    if _DATE_FOLLOWS.match(right) or _NO_WEEKDAY.match(right) or _NAMED_DAY.search(before):
        return None
    if _THE.search(before) and _NAME_FOLLOWS.match(right):
        return None  # 'the Monday Market' is a place
    number = WEEKDAY_NUMBERS[match.group()[:3].lower()]
    word, tail = _WEEKDAY_BEFORE.search(before), _WEEKDAY_AFTER.match(right)
    which = word["which"].lower() if word else ""
    start -= len(before) - word.start() if word else 0
    end += tail.end() if tail else 0
    if scope.published is None:
        return Found(start, end, UNKNOWN, "relative", weekday=number)
    day = periods.latest_weekday(number, scope.published)
    if which in ("next", "this coming"):
        day = periods.next_weekday(number, scope.published)
    elif which == "last" and day == scope.published:
        day = periods.days_from(day, -7)
    if tail and tail["week"]:
        week = periods.iso_week(scope.published, -1 if tail["week"].lower().startswith("last") else 0)
        assert week.first is not None  # noqa: S101 - a week has a first day
        day = periods.days_from(week.first, number)
    period = periods.one_day(day)
    if which.startswith("overnight"):
        into = which.endswith(("into", " to"))
        period = Period(periods.days_from(day, -1), day) if into else Period(day, periods.days_from(day, 1))
        period = periods.clip(period, scope.published)
    return Found(start, end, period, "relative", weekday=number if not which else None)


_YEAR_BEFORE = re.compile(
    rf"(?:\b(?P<preposition>in|since|until|till|by|during|from|to|through|before|after|and|between|back\sin|throughout)\s"
    rf"(?:the\syear\s|around\s|about\s|at\sleast\s)?|\b{_PART}[\s-])$",
    re.IGNORECASE,
)
_YEARS_AFTER = re.compile(r"\s?[-–/]\s?(?P<last>(?:(?:19|20)[0-9]{2}|[0-9]{2}))(?![0-9A-Za-z,])")


def read_year(scope: Scope, match: re.Match[str]) -> Found | None:
    """Read four digits as a year where a word before them says so ('in 2012', 'early 2014', 'from 2014')."""
    start, end = match.start(), match.end()
    before = scope.before(start, 32)
    word = _YEAR_BEFORE.search(before)
    right = scope.after(end)
    if word is None or re.match(r"[.,:/]?[0-9]|\s(?:GMT|hours|local)\b|%|-[A-Za-z]", right):
        return None
    preposition = (word["preposition"] or "").lower()
    if preposition in ("by", "to", "through", "and", "after", "from", "during") and counts_people(right):
        return None
    number = int(match.group())
    period = periods.year(number)
    following = _YEARS_AFTER.match(right)
    if following:
        last = int(following["last"])
        last += number // 100 * 100 if last < 100 else 0
        if last > number:
            period, end = Period(period.first, periods.year(last).last), end + following.end()
    if word["part"]:
        period = periods.part(period, part_word(word["part"]))
        start -= len(before) - word.start()
    return Found(start, end, periods.clip(period, scope.published) if scope.published else period, "explicit")


_SEASON_BEFORE = re.compile(
    rf"(?:\b{_PART}[\s-])?(?:\b(?P<which>this|last|past|that|next|the\sprevious)|\bthe|\bin|\bsince|\bduring)\s$",
    re.IGNORECASE,
)
_SEASON_AFTER = re.compile(
    r"\s(?:of\s|in\s)?(?P<year>(?:19|20)[0-9]{2})(?:[-–/][0-9]{2,4})?\b|\s(?:of\s)?(?P<last>last)\syear"
)


def read_season(scope: Scope, match: re.Match[str]) -> Found | None:
    """Read a season with its year, or the latest one that has begun ('this summer', 'since the spring')."""
    start, end = match.start(), match.end()
    before, name = scope.before(start, 32), match.group().lower()
    word, tail = _SEASON_BEFORE.search(before), _SEASON_AFTER.match(scope.after(end))
    which = (word["which"] or "").lower() if word else ""
    if tail and tail["year"]:
        period: Period = periods.season(name, int(tail["year"]))
    elif (
        (name in ("fall", "spring") and which not in ("this", "last", "past"))
        or word is None
        or re.match(
            r"\s(?:offensive|camp|house|school|palace|clothes|olympics|capital)", scope.after(end), re.I
        )
    ):
        return None
    elif scope.published is None or which in ("that", "next", "the previous"):
        period = UNKNOWN
    else:
        year = scope.published.year
        while (first := periods.season(name, year).first) is not None and first > scope.published:
            year -= 1
        current = periods.season(name, year)
        if which == "last" and current.last is not None and current.last >= scope.published:
            current = periods.season(name, year - 1)
        if tail and tail["last"]:
            current = periods.season(name, scope.published.year - 1)
        period = periods.clip(current, scope.published)
    if word and (word["part"] or which):
        start -= len(before) - word.start()
    return Found(start, end + (tail.end() if tail else 0), period, "explicit" if tail else "relative")


def read_numeric(scope: Scope, match: re.Match[str]) -> Found | None:
    """Read '2022-09-30' and '30/09/2022'; of two fair readings the latest that is not after publication.

    Without a day of publication an ambiguous one ('03/04/2022') is UNKNOWN.
    """
    if match["iso"]:
        return Found(
            match.start(), match.end(), periods.one_day(date.fromisoformat(match["iso"])), "explicit"
        )
    one, two, year = (int(number) for number in re.split(r"[/.]", match.group()))
    year += 0 if year > 99 else 2000
    readings = {
        date(year, month, day)
        for day, month in ((one, two), (two, one))
        if 1 <= month <= 12 and 1 <= day <= periods.month(year, month).last.day  # type: ignore[union-attr]
    }
    past = [day for day in readings if scope.published and day <= scope.published]
    chosen = max(past) if past else next(iter(readings)) if len(readings) == 1 else None
    if not readings:
        return None
    return Found(match.start(), match.end(), periods.one_day(chosen) if chosen else UNKNOWN, "explicit")
