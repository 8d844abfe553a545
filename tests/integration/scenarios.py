"""Read the scenarios of tests/scenarios: articles with their landing days, claims, expected answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.raw_layer import Version

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


@dataclass(frozen=True)
class Scenario:
    """One story worked out by hand: versions in their order of landing, and the answers the rules give."""

    name: str
    versions: tuple[Version, ...]
    expected: dict[str, Any]

    def claim_ids(self, names: list[str]) -> set[str]:
        """The ids of claims given as '<version>.<key>'."""
        ids = {version.label: version.claim_ids() for version in self.versions}
        return {ids[label][key] for label, key in (name.split(".") for name in names)}

    def landed_in(self, order: list[int]) -> tuple[Version, ...]:
        """The versions landed in another order: the first of it on the first landing day, and so on."""
        days = sorted(version.landed_on for version in self.versions)
        return tuple(
            replace(self.versions[index], landed_on=day) for index, day in zip(order, days, strict=True)
        )


def load_scenario(name: str) -> Scenario:
    """Read one scenario; a version that says `same_as` another (a copy) has the other's claims."""
    folder = FOLDER / name
    claims = yaml.safe_load((folder / "claims.yml").read_text(encoding="utf-8"))
    versions = []
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    for sequence, line in enumerate(lines):
        row = json.loads(line)
        found = claims[row["version"]]
        if isinstance(found, dict):
            found = claims[found["same_as"]]
        versions.append(
            Version(
                label=row["version"],
                url=row["url"],
                outlet=row["outlet"],
                title=row["title"],
                story=f"{name}:{row['story']}",
                text=row["text"],
                published_at=_moment(row["published_at"]),
                updated_at=_moment(row["updated_at"]),
                landed_on=date.fromisoformat(row["landed_on"]),
                sequence=sequence,
                claims=tuple(found),
            )
        )
    expected = yaml.safe_load((folder / "expected.yml").read_text(encoding="utf-8"))
    return Scenario(name, tuple(versions), expected)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
