"""The news of some days, a folder a day: enough of it that a kill falls between transactions."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

from tests.month.articles import draw_report

FIRST = date(2026, 3, 1)
REPORTS, FILLERS = 40, 520
"""Articles with facts, and without, a day: landing takes 500 a transaction, reading 512."""


def day_of(number: int) -> date:
    """Return the landing day of a number, which counts from 0."""
    return FIRST + timedelta(number)


def write_news(folder: Path, number: int, seed: int) -> Path:
    """Write the articles of a day into a folder of its own, and return it."""
    draw = random.Random(f"{seed} {number}")  # noqa: S311 -- a test's draw, no secret
    place = folder / f"day-{number}"
    place.mkdir(parents=True, exist_ok=True)
    day = day_of(number)
    with (place / "wire.jsonl").open("w", encoding="utf-8") as lines:
        for count in range(REPORTS):
            report = draw_report(draw, number * 10_000 + count, day)
            row = {
                "id": f"{number}-{count}",
                "title": report.title,
                "text": report.text,
                "published_at": f"{report.published}",
            }
            lines.write(json.dumps(row) + "\n")
        for count in range(FILLERS):
            name = f"{number}-{count}"
            text = f"The council of ward {name} met on Monday and spoke about the price of bread."
            row = {"id": f"f{name}", "text": text, "published_at": f"{day}"}
            lines.write(json.dumps(row) + "\n")
    (place / "broken.txt").write_bytes(bytes(range(256)) * (number + 1))
    return place
