"""What the month holds: which source brings which report on which day, and what must become of each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tests.month.articles import Report, correct, draw_report, reprint

FIRST, DAYS = date(2026, 3, 1), 30
LISTED_DAYS = 5
"""How long a feed or sitemap lists an article: outages are shorter, so nothing is missed for good."""
CALM_DAYS = 3
"""At the end no server misbehaves, so that what failed for a while is mended within the month."""
Kind = Literal[
    "rss", "atom", "json_feed", "sitemap", "section", "txt", "html", "json", "jsonl", "zip", "warc"
]
SOURCES: dict[str, Kind] = {
    "rss_whole": "rss", "rss_linked": "rss", "rss_mixed": "rss", "rss_slow": "rss",
    "atom_whole": "atom", "atom_linked": "atom", "atom_busy": "atom",
    "json_whole": "json_feed", "json_linked": "json_feed",
    "map_one": "sitemap", "map_two": "sitemap", "map_three": "sitemap",
    "section_one": "section", "section_two": "section",
    "desk_txt": "txt", "desk_html": "html", "desk_json": "json", "wire_jsonl": "jsonl", "post_zip": "zip",
    "crawl_warc": "warc",
}  # fmt: skip
ONLINE = frozenset({"rss", "atom", "json_feed", "sitemap", "section"})
Fate = Literal["article", "copy", "reject", "tombstone"]
Fault = Literal["gone", "empty", "pdf", "circle", "hollow", "binary", "half"]
ONLINE_FAULTS: tuple[Fault, ...] = ("gone", "empty", "pdf", "circle", "hollow")
FOLDER_FAULTS: dict[Kind, tuple[Fault, ...]] = {
    "txt": ("empty", "binary"), "html": ("empty", "hollow"), "json": ("empty", "half"), "jsonl": ("half",),
    "zip": ("empty", "binary"), "warc": ("gone", "hollow", "pdf"),
}  # fmt: skip
CODES: dict[Fault, str] = {
    "gone": "http_404", "empty": "empty", "pdf": "unknown_type", "circle": "redirect_circle",
    "hollow": "no_text", "binary": "binary", "half": "bad_json",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One document of the month. `original` is what it is a copy of; `corrected` its second version."""

    number: int
    source: str
    day: date
    report: Report
    fate: Fate
    fault: Fault | None = None
    original: int | None = None
    corrected_on: date | None = None
    corrected: Report | None = None
    forgotten_on: date | None = None

    @property
    def kind(self) -> Kind:
        """The kind of its source."""
        return SOURCES[self.source]

    def report_on(self, day: date) -> Report:
        """Return the version that is out on a day."""
        is_corrected = (
            self.corrected is not None and self.corrected_on is not None and self.corrected_on <= day
        )
        return self.corrected if is_corrected and self.corrected else self.report

    def is_listed(self, day: date) -> bool:
        """Tell whether a feed lists it on a day: when it is new, and when it has been corrected."""
        starts = [self.day, *([self.corrected_on] if self.corrected_on else [])]
        return any(start <= day < start + timedelta(LISTED_DAYS) for start in starts)


def days() -> list[date]:
    """Return the days of the month."""
    return [FIRST + timedelta(n) for n in range(DAYS)]


def draw_month(documents: int, seed: int) -> list[Item]:
    """Return the month's items by day: a tenth copies, 1 % broken, 1 % corrected, 2 % in another language."""
    draw = random.Random(seed)  # noqa: S311 -- a test's draw, no secret
    items: list[Item] = []
    last_new = FIRST + timedelta(DAYS - CALM_DAYS - 1)
    for number in range(documents):
        day = FIRST + timedelta(number * (DAYS - CALM_DAYS) // documents)
        items.append(_draw_item(draw, number, day, items, last_new))
    return items


def _draw_item(draw: random.Random, number: int, day: date, before: Sequence[Item], last: date) -> Item:
    source = draw.choice(list(SOURCES))
    kind, chance = SOURCES[source], draw.random()
    if chance < 0.10 and (found := _original(draw, day, before, source)):
        report = reprint(draw, found.report, number, day, edited=draw.random() < 0.5)
        return Item(number, source, day, report, "copy", original=found.number)
    if chance < 0.11:
        fault = draw.choice(ONLINE_FAULTS if kind in ONLINE else FOLDER_FAULTS[kind])
        if not (kind in ("rss", "atom", "json_feed") and source.endswith("whole")):
            return Item(number, source, day, draw_report(draw, number, day), "reject", fault=fault)
    if chance < 0.13:
        language = draw.choice(("fr", "de", "ru", "ar"))
        return Item(number, source, day, draw_report(draw, number, day, language), "article")
    report = draw_report(draw, number, day)
    if chance < 0.14 and kind != "section":
        later = min(day + timedelta(draw.randint(1, 5)), last + timedelta(1))
        if later > day:
            return Item(
                number, source, day, report, "article", corrected_on=later, corrected=correct(draw, report)
            )
    if chance < 0.143 and day + timedelta(4) < last:
        return Item(number, source, day, report, "tombstone", forgotten_on=day + timedelta(2))
    return Item(number, source, day, report, "article")


def _original(draw: random.Random, day: date, before: Sequence[Item], source: str) -> Item | None:
    """Return a recent report of another source to be copied; corrected ones stay single, to be plain."""
    recent = [
        item for item in before[-400:]
        if item.fate == "article" and item.source != source and item.report.language == "en"
        and item.corrected is None and (day - item.report.published).days < 12
    ]  # fmt: skip
    return draw.choice(recent) if recent else None
