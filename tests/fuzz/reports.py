"""The words that hostile inputs are made of: sentences of our own specs, reports, and what reaches rules."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from tests.month.articles import Report, draw_report

SPECS = Path(__file__).parents[1] / "unit" / "claims" / "specs"
DAY = date(2026, 3, 1)
GLUE: Sequence[str] = (
    "according to", "he said", "she said", "they said", "two days earlier", "that night", "at least",
    "up to", "including",
    "among them", "of whom", "denied", "did not", "plans to", "in order to", "if", "unless", "from", "to",
    "near", "in",
    "killed", "were killed", "captured", "sent", "wounding", "half of", "a dozen", "dozens of", "hundreds",
    "3,000", "no",
    "the army", "the group", "its", "the town", "the region", "Monday", "on Friday", "12 August",
    "last week", "since 2014",
    "respectively", "and", "or", "but", "while", "who", "which", "–", "-", "(", ")", "“", "”", "‘", "’",
    '"', "'s", ",", ";",
    ":", ".", "...", "\n\n", "\n", "?", "!", "[", "]", "/", "•", "İstanbul’da", "قتل 7 جنود", "погибли 5",
    "\u2067", "\u2069",
)  # fmt: skip


@cache
def sentences() -> tuple[str, ...]:
    """Return every sentence of our specs of claims."""
    rows = [row for path in sorted(SPECS.glob("*.yml")) for row in yaml.safe_load(path.read_text("utf-8"))]
    return tuple(str(row["text"]) for row in rows if isinstance(row, dict) and row.get("text"))


def draw_prose(draw: random.Random, most: int = 12) -> str:
    """Return some sentences as an article has them, in one paragraph or several."""
    chosen = [draw.choice(sentences()) for _ in range(draw.randint(1, most))]
    return draw.choice((" ", "\n", "\n\n")).join(chosen)


def draw_soup(draw: random.Random) -> str:
    """Return words of our sentences and glue in no order: grammar without sense."""
    words = " ".join(draw.choice(sentences()) for _ in range(4)).split()
    return " ".join(draw.choice(words if draw.random() < 0.6 else GLUE) for _ in range(draw.randint(1, 80)))


def draw_one(draw: random.Random) -> Report:
    """Return a report of some hundred words, one in five in another language than English."""
    language = draw.choice(("fr", "de", "ru", "ar")) if draw.random() < 0.2 else "en"
    return draw_report(draw, draw.randrange(10_000), DAY, language)
