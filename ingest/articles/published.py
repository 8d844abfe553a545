"""When an article was published: what its metadata say, else its own dateline, else nothing.

The day of landing, dates inside the running text and dates of captions are never taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.records import PublishedBasis

PUBLISHED_KEYS = ("published_at", "published", "date_published", "datepublished", "pubdate", "date")
UPDATED_KEYS = ("updated_at", "updated", "modified", "date_modified", "datemodified")
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = r"(?P<month>(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r"))\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\.?,?\s+)?"
_CLOCK = r"(?:[,;|\s]*(?:at\s+|-\s*)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:GMT|UTC|Z)?)?"
MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}}){_CLOCK}", re.IGNORECASE)
DAY_FIRST = re.compile(rf"{_WEEKDAY}{_DAY}\s+{_MONTH},?\s+(?P<year>\d{{4}}){_CLOCK}", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.](?P<month_number>\d{1,2})[/.](?P<day>\d{1,2})")
HEADER = re.compile(r"(?:first\s+)?(?:published|posted|date)(?:\s+on)?\s*[:|]?\s*", re.IGNORECASE)
DATELINE = re.compile(
    rf"(?P<city>[A-Z][A-Z'’.-]+(?:[ -][A-Z][A-Z'’.-]+)*(?:,\s[A-Z][\w.]+(?:\s[A-Z][\w.]+)?)?),?\s+"
    rf"(?:\([^()]{{2,30}}\),?\s*)?(?i:{_WEEKDAY}{_MONTH}\s+{_DAY})(?:,\s+(?P<year>\d{{4}}))?"
    r"\s*(?:\([^()]{2,30}\)\s*)?(?:--|[-–—:])\s"
)
ADDRESS_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d{2})[/-](?P<month_number>\d{1,2})[/-](?P<day>\d{1,2})(?=[/_.-]|$)"
)
ADDRESS_YEAR = re.compile(r"/(?P<year>(?:19|20)\d{2})(?=/)")
HEAD_LINES = 6
YEAR = re.compile(r"\b(?:18|19|20|21)\d{2}\b")
MONTH_NAME = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
WEEKDAY_NAME = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
CLOCK = re.compile(r"\d[:.]\d{2}|\d\s*[ap]\.?m\b", re.IGNORECASE)
WRITTEN_LONGEST = 60
"""Code points of the longest date in words: longer metadata are a text, not a date."""


@dataclass(frozen=True, slots=True)
class Published:
    """When, in UTC; on which calendar day there; and how we know."""

    at: datetime | None
    on: date | None
    basis: PublishedBasis


NOT_PUBLISHED = Published(None, None, "none")


def find_published(metadata: Mapping[str, str], text: str, url: str | None) -> Published:
    """Return when the article was published.

    Metadata go first: the keys of PUBLISHED_KEYS (lower case), then a day in the address (/2018/03/18/).
    Then a dateline with its year ('ALEPPO, Syria, Aug. 8, 2016 (AP) -'), or without one where the address
    gives the year; or a line of its own near the head ('Published: 8 August 2016'). A date whose weekday
    contradicts the calendar settles nothing. Times without an offset are read in the metadata's
    `source_time_zone`, else as UTC.
    """
    zone = _zone(metadata)
    for key in PUBLISHED_KEYS:
        if found := parse_moment(metadata.get(key), zone):
            return Published(*found, "metadata")
    if url and (match := ADDRESS_DAY.search(url)) and (day := _day(match)):
        return Published(_midnight(day), day, "metadata")
    if day := _dateline_day(_head(text), url):
        return Published(_midnight(day), day, "dateline")
    return NOT_PUBLISHED


def find_updated(metadata: Mapping[str, str]) -> datetime | None:
    """Return when the metadata say that the article was last changed, in UTC."""
    zone = _zone(metadata)
    for key in UPDATED_KEYS:
        if found := parse_moment(metadata.get(key), zone):
            return found[0]
    return None


def _zone(metadata: Mapping[str, str]) -> ZoneInfo:
    """Return the source's time zone. The register's is checked; what landed before may say anything."""
    try:
        return ZoneInfo(metadata.get("source_time_zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def parse_moment(value: str | None, zone: ZoneInfo) -> tuple[datetime, date] | None:
    """Return the moment in UTC and its calendar day as written; a day alone is its midnight in UTC.

    Understands ISO 8601, RFC 2822, seconds or milliseconds since 1970, 2016/08/08, and, by dateparser, dates
    in words: '8 August 2016', 'Monday, Aug. 8, 2016 at 2:05 p.m. EDT'. None for anything else, 08/07/2016
    above all, which two continents read differently.
    """
    text = (value or "").strip()
    if not text:
        return None
    if re.fullmatch(r"\d{10}|\d{13}", text):
        moment = datetime.fromtimestamp(int(text[:10]), UTC)
        return moment, moment.date()
    try:
        return _placed(datetime.fromisoformat(text), zone, has_time=len(text) > 10)
    except (ValueError, OverflowError):
        pass
    if match := YEAR_FIRST.fullmatch(text):
        day = _day(match)
        return (_midnight(day), day) if day else None
    try:
        return _placed(parsedate_to_datetime(text), zone, has_time=True)
    except (ValueError, TypeError, IndexError, OverflowError):
        return _written_moment(text, zone)


def _placed(moment: datetime, zone: ZoneInfo, *, has_time: bool) -> tuple[datetime, date] | None:
    if not 1800 <= moment.year <= 2200:
        return None
    if not has_time:
        return moment.replace(tzinfo=UTC), moment.date()
    placed = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return placed.astimezone(UTC), placed.date()


def _written_moment(text: str, zone: ZoneInfo) -> tuple[datetime, date] | None:
    """Read a date in words; day, month by its name, and year must all stand there: nothing is guessed."""
    if len(text) > WRITTEN_LONGEST or not YEAR.search(text) or not MONTH_NAME.search(text):
        return None
    # Loaded late: it costs a quarter of a second, and most metadata are ISO or RFC dates.
    import dateparser

    moment = dateparser.parse(
        text,
        languages=["en"],
        settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]},
    )
    if moment is None or _is_other_weekday(text, moment.date()):
        return None
    return _placed(moment, zone, has_time=CLOCK.search(text) is not None)


def _is_other_weekday(text: str, day: date) -> bool:
    named = WEEKDAY_NAME.search(text)
    return named is not None and not WEEKDAYS[day.weekday()].startswith(named[0][:3].lower())


def _day(match: re.Match[str], year: int | None = None) -> date | None:
    """Return the day a match names; None where there is no such day, or it is another weekday."""
    groups = match.groupdict()
    month = MONTHS[groups["month"].lower()] if groups.get("month") else int(groups["month_number"])
    try:
        day = date(year or int(groups["year"]), month, int(groups["day"]))
    except ValueError:
        return None
    weekday = groups.get("weekday")
    if weekday and not WEEKDAYS[day.weekday()].startswith(weekday.lower()[:3]):
        return None
    return day


def _dateline_day(lines: Iterable[str], url: str | None) -> date | None:
    for line in lines:
        if match := DATELINE.match(line):
            if match["year"]:
                return _day(match)
            address = ADDRESS_YEAR.search(url or "")
            return _day(match, int(address["year"])) if address else None
        header = HEADER.match(line)
        rest = line[header.end() :] if header else line
        for pattern in (MONTH_FIRST, DAY_FIRST):
            if match := pattern.fullmatch(rest.strip(" .|")):
                return _day(match)
    return None


def _head(text: str) -> list[str]:
    return [line.strip() for line in text[:4000].splitlines() if line.strip()][:HEAD_LINES]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
