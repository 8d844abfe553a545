"""What an asset reports of itself: a few words for the terminal, and tables for the Dagster UI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg

SUMMARY = "summary"
"""The metadata key under which an asset says in a few words what it did; the terminal shows it."""
BAR_WIDTH = 40


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> dg.MarkdownMetadataValue:
    """Return a Markdown table; cells are shown as text, whatever they hold (quotes come from the press)."""
    lines = [list(header), ["---"] * len(header), *([_cell(value) for value in row] for row in rows)]
    return dg.MetadataValue.md("\n".join("| " + " | ".join(line) + " |" for line in lines))


def bar_chart(counts: Mapping[str, int]) -> dg.MarkdownMetadataValue:
    """Return the counts as a table with a bar each, largest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    longest = max(counts.values(), default=0)
    return markdown_table(
        ["", "", ""],
        ((name, number, "█" * -(-BAR_WIDTH * number // longest)) for name, number in ordered if number),
    )


def day_chart(counts: Mapping[date, int]) -> dg.MarkdownMetadataValue:
    """Return the counts as a table with a bar each, the latest day first; a day without any is left blank."""
    longest = max(counts.values(), default=0)
    return markdown_table(
        ["day", "", ""],
        (
            (day.isoformat(), number, "█" * -(-BAR_WIDTH * number // longest) if longest else "")
            for day, number in sorted(counts.items(), reverse=True)
        ),
    )


def _cell(value: Any) -> str:
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else " ".join(str(value).split())
    for sign, shown in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("|", "\\|"),
        ("`", "\\`"),
        ("[", "\\["),
        ("*", "\\*"),
    ):
        text = text.replace(sign, shown)
    return text
