"""Dates that count from a day: from publication ('two weeks ago', 'last month', 'overnight') or from another
date of the text ('the day before', 'later that day'): the latter are anaphoric and need an anchor.

'N weeks ago' is that ISO week, 'N months ago' that month, 'N years ago' that year: no more precise than its
unit. 'over the past three days' is the day three days before publication up to publication.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from ingest.claims import periods
from ingest.claims.calendar_dates import Found, Scope, part_word
from ingest.claims.numerals import VAGUE, read_words
from ingest.claims.periods import UNKNOWN, Period
from ingest.records import DateBasis

_N = (
    r"(?P<n>[0-9]{1,3}|an?\scouple(?:\sof)?|a\sfew|several|a\shandful\sof|an?|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|fifteen|twenty|thirty|few|couple\sof)"
)
_QUALIFIED = r"(?:(?:about|around|almost|nearly|more\sthan|over|just|some|roughly|less\sthan|at\sleast)\s)?"
_COUNT_BEFORE = re.compile(rf"\b(?:the\s)?{_QUALIFIED}{_N}\s$", re.IGNORECASE)
_PART = r"(?:(?P<part>early|late|earlier|later|mid|the\s(?:beginning|start|middle|end)\sof)[\s-])?"
_WHICH_BEFORE = re.compile(
    rf"(?:\b{_PART}\b(?P<which>this|last|next|that\ssame|that|the\ssame|the\sprevious|the\spreceding|the\sfollowing"
    r"|the\snext|the\scoming|previous)"
    rf"|\b(?:the\s)?(?P<window>past|last|latest|previous|preceding|next|following|coming)\s{_QUALIFIED}{_N}"
    r"|\b(?:the\s)?(?P<past>past|recent|coming)(?:\sfew)?"
    r"|\b(?P<in_the>(?:earlier|later|early|late)\s(?:in|on)\sthe)|\bthe)\s$",
    re.IGNORECASE,
)
_AGO = re.compile(r"\sago\b", re.IGNORECASE)
_OFFSET = re.compile(
    r"\s(?P<way>earlier|before|previously|beforehand|later|after|afterwards|on)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"\s(?!(?:and|but|or|when|while|who|which|as|with|in|by|said|says)\b)[A-Za-z]")
_INTO = re.compile(r"\sinto\b", re.IGNORECASE)
VAGUE_NUMBERS = {"several": VAGUE["several"], "a few": VAGUE["a few"], "few": VAGUE["a few"]}


def read_unit(scope: Scope, match: re.Match[str]) -> Found | None:
    """Read the date around a unit of time: 'two days ago', 'last week', 'the previous day'."""
    start, end, unit = match.start(), match.end(), match.group().lower()
    before, after = scope.before(start, 40), scope.after(end, 24)
    count = _COUNT_BEFORE.search(before)
    ago = _AGO.match(after)
    unit = unit.removesuffix("s")
    if ago:
        if not count:
            return None
        found = _ago(unit, _numbers(count["n"]), scope.published)
        return Found(start - len(before) + count.start(), end + ago.end(), found, "relative")
    which = _WHICH_BEFORE.search(before)
    offset = _OFFSET.match(after)
    if offset and not (which and which["which"]):
        return _read_offset(scope, start, end, unit, before, count, which, offset)
    if unit == "day" and re.search(r"\bthe\s$", before, re.IGNORECASE) and re.match(r"['’]s\b", after):
        return _anchored(scope, start - 4, end + 2, periods.one_day)
    into = _INTO.match(after)
    if into and count and unit in ("day", "week", "month"):
        low, high = _numbers(count["n"])
        return _anchored(scope, start - len(before) + count.start(), end + into.end(),
                         lambda day: _shift(unit, day, low or 1, high))  # fmt: skip
    if which is None or (count and not which["window"]):
        return None
    start -= len(before) - which.start()
    if which["window"]:
        return _read_window(scope, start, end, unit, which)
    if which["past"]:
        return _read_recent(scope, start, end, unit, match.group().lower(), which["past"].lower())
    if which["in_the"]:
        return _read_within(scope, start, end, unit, which["in_the"].lower())
    if which["which"]:
        return _read_which(scope, start, end, unit, which)
    return None


def _anchored(scope: Scope, start: int, end: int, days: Callable[[date], Period]) -> Found:
    """Return an anaphoric date, counted from the anchor where there is one."""
    return Found(start, end, days(scope.anchor) if scope.anchor else UNKNOWN, "relative", anaphoric=True)


def _numbers(words: str) -> tuple[int, int]:
    """Return the least and the greatest number that the words before a unit mean."""
    words = re.sub(r"\s+", " ", words.lower())
    if words.isdigit():
        return int(words), int(words)
    if "couple" in words:
        return 2, 2
    if words in VAGUE_NUMBERS or words.startswith("a handful"):
        low, high = VAGUE_NUMBERS.get(words, (3, 9))
        return low or 1, high or 9
    return read_words(words), read_words(words)


def _shift(unit: str, day: date, least: int, most: int) -> Period:
    """Return the day, week, month or year `least` to `most` units after the day (before it: negative)."""
    least, most = sorted((least, most))
    if unit in ("hour", "minute"):
        return Period(periods.days_from(day, least // 24), periods.days_from(day, most // 24))
    if unit in ("day", "night"):
        return Period(periods.days_from(day, least), periods.days_from(day, most))
    if unit in ("week", "fortnight"):
        weeks = 2 if unit == "fortnight" else 1
        return Period(periods.iso_week(day, weeks * least).first, periods.iso_week(day, weeks * most).last)
    if unit == "month":
        first, last = (periods.month(day.year, day.month + number) for number in (least, most))
        return Period(first.first, last.last)
    years = 10 if unit == "decade" else 1
    return Period(periods.year(day.year + years * least).first, periods.year(day.year + years * most).last)


def _ago(unit: str, numbers: tuple[int, int], published: date | None) -> Period:
    if published is None or unit in ("decade", "morning", "afternoon", "evening"):
        return UNKNOWN
    if unit in ("hour", "minute"):
        return Period(periods.days_from(published, -(numbers[1] // 24) - 1), published)
    return _shift(unit, published, -numbers[0], -numbers[1])


def _read_offset(
    scope: Scope, start: int, end: int, unit: str, before: str,
    count: re.Match[str] | None, which: re.Match[str] | None, offset: re.Match[str],
) -> Found | None:  # fmt: skip
    """Read 'a day earlier', 'the day after', 'two weeks later', 'hours before', 'the two days before'.

    None where 'before' and 'after' begin a clause or a date of their own ('a day after the army left').
    """
    way = offset["way"].lower()
    tail = scope.after(end + offset.end(), 24)
    if way in ("before", "after", "on") and _CLAUSE.match(tail):
        return None
    sign = -1 if way in ("earlier", "before", "previously", "beforehand") else 1
    finish = end + offset.end()
    if count:
        begin = start - len(before) + count.start()
        low, high = _numbers(count["n"])
        if re.match(r"the\s", count.group(), re.IGNORECASE) and way in ("before", "after"):
            return _anchored(scope, begin, finish, lambda day: _days_around(day, sign, sign * high))
        return _anchored(scope, begin, finish, lambda day: _shift(unit, day, sign * low, sign * high))
    if unit in ("hour", "minute") or (unit == "night" and which):
        begin = start - (len(before) - which.start() if which and unit == "night" else 0)
        return _anchored(scope, begin, finish, lambda day: _days_around(day, sign, 0))
    if (
        which
        and re.fullmatch(r"the\s", which.group(), re.IGNORECASE)
        and unit in ("day", "week", "month", "year")
    ):
        return _anchored(
            scope, start - len(before) + which.start(), finish, lambda day: _shift(unit, day, sign, sign)
        )
    return None


def _days_around(day: date, one: int, other: int) -> Period:
    """Return the days between two numbers of days from the day, in either order."""
    return Period(periods.days_from(day, min(one, other)), periods.days_from(day, max(one, other)))


def _read_window(scope: Scope, start: int, end: int, unit: str, which: re.Match[str]) -> Found | None:
    """Read 'the past three days', 'the last two weeks', 'the following two days'."""
    word, (least, number) = which["window"].lower(), _numbers(which["n"])
    if word in ("past", "last", "latest") and least < number:
        return Found(start, end, Period(None, scope.published), "relative")
    if word in ("past", "last", "latest"):
        return Found(start, end, _back(unit, number, scope.published), "relative")
    if word in ("previous", "preceding"):
        return _anchored(
            scope, start, end,
            lambda day: Period(_back(unit, number, day).first, periods.days_from(day, -1)),
        )  # fmt: skip
    if word == "following":
        return _anchored(
            scope,
            start,
            end,
            lambda day: Period(periods.days_from(day, 1), _shift(unit, day, number, number).last),
        )
    return None


def _back(unit: str, number: int, day: date | None) -> Period:
    """Return the days from `number` units before the day to the day."""
    if day is None:
        return UNKNOWN
    if unit in ("hour", "minute"):
        return Period(periods.days_from(day, -max(1, number // 24) if number >= 12 else 0), day)
    if unit in ("day", "night"):
        return Period(periods.days_from(day, -number), day)
    if unit in ("week", "fortnight"):
        return Period(periods.days_from(day, -7 * number * (2 if unit == "fortnight" else 1)), day)
    months = number * {"month": 1, "year": 12, "decade": 120}.get(unit, 0)
    if not months:
        return UNKNOWN
    month = periods.month(day.year, day.month - months)
    assert month.first is not None and month.last is not None  # noqa: S101, PT018 - a month has both
    return Period(month.first.replace(day=min(day.day, month.last.day)), day)


def _read_recent(scope: Scope, start: int, end: int, unit: str, written: str, word: str) -> Found | None:
    """Read 'in recent days' (open to publication) and 'the past week' (the seven days before it)."""
    if word == "coming":
        return None
    if word == "past" and not written.endswith("s"):
        return Found(start, end, _back(unit, 1, scope.published), "relative") if unit != "night" else None
    if not written.endswith("s"):
        return None
    return Found(start, end, Period(None, scope.published), "relative")


def _read_within(scope: Scope, start: int, end: int, unit: str, word: str) -> Found | None:
    """Read 'earlier in the week' and, from an anchor, 'later in the day'."""
    if unit == "day":
        return _anchored(scope, start, end, periods.one_day)
    if unit in ("week", "month", "year") and word.startswith("earl"):
        return Found(start, end, _current(unit, scope.published), "relative")
    return None


def _current(unit: str, published: date | None) -> Period:
    """Return this week, month or year up to publication."""
    return UNKNOWN if published is None else Period(_shift(unit, published, 0, 0).first, published)


def _read_which(scope: Scope, start: int, end: int, unit: str, which: re.Match[str]) -> Found | None:
    """Read 'this morning', 'last week', 'late last month', 'that night', 'the following day'."""
    word = which["which"].lower()
    part = (which["part"] or "").lower()
    if unit in ("hour", "minute", "decade", "fortnight"):
        return None
    if word in ("this", "last", "next"):
        return _from_publication(scope, start, end, unit, word, part)
    if unit in ("morning", "afternoon", "evening", "night", "day") and word in (
        "that",
        "that same",
        "the same",
    ):
        return _anchored(scope, start, end, periods.one_day)
    if unit in ("morning", "afternoon", "evening"):
        unit = "day"
    if word in ("that", "that same", "the same"):
        return _anchored(scope, start, end, lambda day: _shift(unit, day, 0, 0))
    if word in ("the previous", "the preceding", "previous"):
        if unit == "night":
            return _anchored(scope, start, end, lambda day: Period(periods.days_from(day, -1), day))
        return _anchored(scope, start, end, lambda day: _shift(unit, day, -1, -1))
    if word in ("the following", "the next"):
        return _anchored(scope, start, end, lambda day: _shift(unit, day, 1, 1))
    return None


def _from_publication(scope: Scope, start: int, end: int, unit: str, word: str, part: str) -> Found | None:
    day, times = scope.published, ("morning", "afternoon", "evening", "night")
    basis: DateBasis = "publication" if unit in times else "relative"
    if (unit in times and word == "next") or unit == "day":
        return None
    if day is None:
        return Found(start, end, UNKNOWN, basis)
    if unit in times:
        night = Period(periods.days_from(day, -1), day)
        return Found(start, end, night if word == "last" else periods.one_day(day), basis)
    if word == "next":
        return Found(start, end, _shift(unit, day, 1, 1), basis)
    if word == "this":
        whole = _shift(unit, day, 0, 0)
        period = (
            periods.part(whole, part_word(part))
            if part in ("early", "late", "mid") and unit != "week"
            else whole
        )
        period = Period(day, whole.last) if part == "later" else periods.clip(period, day)
        return Found(start, end, period, basis)
    period = periods.last_week(day) if unit == "week" else _shift(unit, day, -1, -1)
    if part and part not in ("earlier", "later") and unit != "week":
        period = periods.part(period, part_word(part))
    return Found(start, end, period, basis)


_WEEKEND_BEFORE = re.compile(
    r"\b(?P<which>this|last|past|next|that|the\sprevious|the\sfollowing|the)\s(?:past\s)?$", re.IGNORECASE
)


def read_word(scope: Scope, match: re.Match[str]) -> Found | None:
    """Read 'today', 'yesterday', 'overnight', 'tonight', 'tomorrow' and weekends."""
    word, start, end, day = match.group().lower(), match.start(), match.end(), scope.published
    if word == "weekend":
        before = scope.before(start, 24)
        which = _WEEKEND_BEFORE.search(before)
        if which is None or re.match(r"\sof\s", scope.after(end)):
            return None
        name, start = which["which"].lower(), start - len(before) + which.start()
        if name in ("that", "the previous", "the following"):
            weeks = {"the previous": -1, "the following": 1}.get(name, 0)
            return _anchored(
                scope, start, end, lambda anchor: periods.weekend(periods.days_from(anchor, 2), weeks)
            )
        if name == "next":
            return None
        if day is None:
            return Found(start, end, UNKNOWN, "relative")
        weeks = -1 if name == "last" and day.weekday() >= 5 else 0
        return Found(start, end, periods.weekend(day, weeks), "relative")
    basis: DateBasis = "relative" if word in ("yesterday", "tomorrow") else "publication"
    if word == "overnight" and re.match(
        rf"\s(?:on|into|to|from)?\s?(?:{_DAYS})", scope.after(end), re.IGNORECASE
    ):
        return None
    if word == "today" and re.match(r"(?:['’]s|\sas\s)", scope.after(end)):
        return None
    if word == "yesterday":
        tail = re.match(
            r"\s(?:early\s)?(?:morning|afternoon|evening|night)\b", scope.after(end), re.IGNORECASE
        )
        end += tail.end() if tail else 0
    if day is None:
        return Found(start, end, UNKNOWN, basis)
    if word == "overnight":
        return Found(start, end, Period(periods.days_from(day, -1), day), basis)
    shift = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
    return Found(start, end, periods.one_day(periods.days_from(day, shift)), basis)


_DAYS = r"mon|tues|wednes|thurs|fri|satur|sun"


def read_then(scope: Scope, match: re.Match[str]) -> Found:
    """Read 'then' after 'since' or 'by': the anchor."""
    return _anchored(scope, match.start(), match.end(), periods.one_day)
