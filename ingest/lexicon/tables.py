"""Reads one reference CSV strictly: known columns, no missing key, dates that are dates.

Every error is a `LexiconError` that names the file and the line, since people edit these files by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path


class LexiconError(ValueError):
    """A reference file that can't be used: what is wrong, in which file, at which line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a reference CSV; `cells` has '' for what is empty."""

    path: Path
    line: int
    cells: dict[str, str]

    def error(self, message: str) -> LexiconError:
        """Return an error that says where this row stands."""
        return LexiconError(f"{self.path.name}, line {self.line}: {message}")

    def text(self, column: str) -> str:
        """Return a cell that must not be empty."""
        value = self.cells[column]
        if not value:
            raise self.error(f"{column} is empty")
        return value

    def maybe(self, column: str) -> str | None:
        """Return a cell, None where it is empty."""
        return self.cells[column] or None

    def day(self, column: str) -> date | None:
        """Return a cell as a day, None where it is empty."""
        value = self.cells[column]
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise self.error(f"{column} is not an ISO date: {value!r}") from None

    def days(self) -> tuple[date | None, date | None]:
        """Return valid_from and valid_to, which must be in order."""
        first, last = self.day("valid_from"), self.day("valid_to")
        if first and last and last < first:
            raise self.error(f"valid_to {last} lies before valid_from {first}")
        return first, last

    def number(self, column: str) -> float | None:
        """Return a cell as a number, None where it is empty."""
        value = self.cells[column]
        try:
            return float(value) if value else None
        except ValueError:
            raise self.error(f"{column} is not a number: {value!r}") from None

    def known(self, column: str, ids: object) -> str:
        """Return a cell that must be one of `ids`."""
        value = self.text(column)
        if value not in ids:  # type: ignore[operator]
            raise self.error(f"{column} {value!r} is not known")
        return value

    def known_or_none(self, column: str, ids: object) -> str | None:
        """Return a cell that must be empty or one of `ids`."""
        return self.known(column, ids) if self.cells[column] else None


def read_rows(path: Path, columns: tuple[str, ...], key: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield the rows of a CSV that has at least `columns`; `key` columns together must not repeat.

    Raises LexiconError where the file is missing, lacks a column, has a ragged row or a second row of a key.
    """
    if not path.is_file():
        raise LexiconError(f"{path.name} is missing from {path.parent.name}/")
    seen: dict[tuple[str, ...], int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)  # a DictReader takes twice as long on forty thousand places
        header = next(reader, [])
        missing = [c for c in columns if c not in header]
        if missing:
            raise LexiconError(f"{path.name}, line 1: no column {', '.join(missing)}")
        for values in reader:
            if not values:
                continue
            if len(values) != len(header):
                raise LexiconError(
                    f"{path.name}, line {reader.line_num}: more or fewer cells than the header has"
                )
            cells = dict(zip(header, values, strict=True))
            row = Row(path, reader.line_num, cells)
            if key:
                value = tuple(cells[c] for c in key)
                if value in seen:
                    what = ", ".join(f"{c} {v!r}" for c, v in zip(key, value, strict=True) if v)
                    raise row.error(f"{what} stands already at line {seen[value]}")
                seen[value] = reader.line_num
            yield row
