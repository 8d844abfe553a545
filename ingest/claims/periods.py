"""Runs of days: months, ISO weeks, weekends, seasons and their parts, and the precision they have.

Conventions (SCHEMA.md): early is days 1 to 10 of a month, mid 11 to 20, late 21 to its end; of a year they
are its thirds. Weeks are ISO weeks. All raise ValueError or OverflowError for days outside the calendar.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}
"""By the first three letters; January is 1."""
WEEKDAY_NUMBERS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


class Period(NamedTuple):
    """First and last day, both included; None is open or unknown."""

    first: date | None
    last: date | None


UNKNOWN = Period(None, None)


def one_day(day: date) -> Period:
    """Return the period of a single day."""
    return Period(day, day)


def days_from(day: date, number: int) -> date:
    """Return the day `number` days later (earlier where it is negative)."""
    return day + timedelta(days=number)


def month(year: int, number: int) -> Period:
    """Return the month, whose number may lie outside 1 to 12 (0 is last December)."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return Period(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def year(number: int) -> Period:
    """Return the calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def iso_week(day: date, weeks: int = 0) -> Period:
    """Return the ISO week that holds the day, moved by a number of weeks."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return Period(monday, days_from(monday, 6))


def last_week(published: date) -> Period:
    """Return the ISO week before.

    On a Sunday writers who begin the week that day mean the six days before it, the others the ISO week
    before: the period then holds both.
    """
    week = iso_week(published, -1)
    return week if published.weekday() != 6 else Period(week.first, days_from(published, -1))


def weekend(published: date, weeks: int = 0) -> Period:
    """Return the latest weekend that has begun, moved by a number of weeks; never beyond publication."""
    saturday = days_from(published, -((published.weekday() - 5) % 7) + 7 * weeks)
    return Period(saturday, min(days_from(saturday, 1), published) if not weeks else days_from(saturday, 1))


def season(name: str, year_number: int) -> Period:
    """Return the northern meteorological season that begins in the year (winter runs into the next)."""
    first = SEASON_STARTS[name]
    return Period(month(year_number, first).first, month(year_number, first + 2).last)


def latest_weekday(weekday: int, published: date) -> date:
    """Return the latest such weekday, the day of publication included."""
    return days_from(published, -((published.weekday() - weekday) % 7))


def next_weekday(weekday: int, published: date) -> date:
    """Return the first such weekday after publication."""
    return days_from(published, (weekday - published.weekday() - 1) % 7 + 1)


def latest_year(number: int, day: int, published: date) -> int:
    """Return the year of the latest such month and day not after publication (29 February: a leap year)."""
    for candidate in range(published.year, max(published.year - 9, 0), -1):
        if day <= monthrange(candidate, number)[1] and date(candidate, number, day) <= published:
            return candidate
    raise ValueError(f"no day {day} in month {number}")


def part(period: Period, word: str) -> Period:
    """Return the early, mid or late third of a month or a year."""
    if period.first is None or period.last is None:
        return UNKNOWN
    if (period.last - period.first).days > 31:
        first = {"early": 1, "mid": 5, "late": 9}[word]
        return Period(month(period.first.year, first).first, month(period.first.year, first + 3).last)
    first, last = {"early": (1, 10), "mid": (11, 20), "late": (21, period.last.day)}[word]
    return Period(period.first.replace(day=first), period.first.replace(day=last))


def clip(period: Period, published: date) -> Period:
    """Return the period without the days after publication, where it has begun by then."""
    if period.first is not None and period.last is not None and period.first <= published < period.last:
        return Period(period.first, published)
    return period


def precision(period: Period) -> int | None:
    """Return UCDP's date_prec: 1 day, 2 two to six days, 3 a week, 4 up to a month, 5 longer or open."""
    if period.first is None and period.last is None:
        return None
    if period.first is None or period.last is None:
        return 5
    days = (period.last - period.first).days + 1
    return 1 if days <= 1 else 2 if days <= 6 else 3 if days == 7 else 4 if days <= 31 else 5
