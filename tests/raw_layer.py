"""Fill the raw layer from claims written by hand or made by a generator, apart from landing and extraction.

The warehouse's models are tested on this: what a reader would take from an article is given, so that a
mistake of extraction can't hide one of reconciliation, nor the other way round.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb

from ingest.records import (
    COMMON_FIELDS,
    CasualtyClaim,
    Claim,
    ReinforcementClaim,
    TerritorialClaim,
    claim_to_dict,
    content_hash,
)

SCHEMA = Path(__file__).resolve().parents[1] / "ingest" / "warehouse" / "schema.sql"
EXTRACTOR = "written-by-hand"
KINDS = {"harm": CasualtyClaim, "force": ReinforcementClaim, "change": TerritorialClaim}
KIND_NAMES = {
    CasualtyClaim: "casualty",
    ReinforcementClaim: "reinforcement",
    TerritorialClaim: "territorial_change",
}


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of an article with the claims a reader finds in it.

    A claim is a mapping of CLAIMS.md's fields that are not null, and besides: `key` (its name within the
    version; `subset_of` names another's), `count` ([low, best, high]) and `quote`, which stands in the text.
    """

    label: str
    url: str
    outlet: str
    story: str
    text: str
    published_at: datetime | None
    landed_on: date
    updated_at: datetime | None = None
    title: str | None = None
    is_archive: bool = False
    claims: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def article_id(self) -> str:
        """The id of this version: of the document and its white-space-folded text."""
        return content_hash(self.url, " ".join(self.text.split()))

    @property
    def known_on(self) -> date:
        """Rule 2: the landing day; for an archive, the day of publication."""
        if self.is_archive and self.published_at:
            return self.published_at.date()
        return self.landed_on

    def records(self) -> list[Claim]:
        """The claims as records. Raises ValueError where a quote does not stand in the text, once."""
        ids = {spec["key"]: self._claim_id(spec) for spec in self.claims}
        return [self._record(spec, ids) for spec in self.claims]

    def claim_ids(self) -> dict[str, str]:
        """The id of each claim by its key."""
        return {spec["key"]: self._claim_id(spec) for spec in self.claims}

    def _span(self, spec: Mapping[str, Any]) -> tuple[int, int]:
        if not (start := self.text.find(spec["quote"])) >= 0:
            raise ValueError(f"{self.label}.{spec['key']}: the quote does not stand in the text")
        return start, start + len(spec["quote"])

    def _claim_id(self, spec: Mapping[str, Any]) -> str:
        start, end = self._span(spec)
        record = next(record for mark, record in KINDS.items() if mark in spec)
        return content_hash(self.article_id, str(start), str(end), KIND_NAMES[record], spec["key"])

    def _record(self, spec: Mapping[str, Any], ids: Mapping[str, str]) -> Claim:
        record = next(record for mark, record in KINDS.items() if mark in spec)
        start, end = self._span(spec)
        values = {key: value for key, value in spec.items() if key not in ("key", "count")}
        if "count" in spec:
            values |= dict(zip(("count_low", "count_best", "count_high"), spec["count"], strict=True))
        if "subset_of" in spec:
            values["subset_of"] = ids[spec["subset_of"]]
        dated = "date_start" in spec or "date_end" in spec
        values.setdefault("date_basis", "explicit" if dated else "none")
        unknown = values.keys() - {item.name for item in fields(record)}
        if unknown:
            raise ValueError(f"{self.label}.{spec['key']}: no such fields: {sorted(unknown)}")
        return record(
            claim_id=self._claim_id(spec),
            article_id=self.article_id,
            kind=KIND_NAMES[record],
            quote_start=start,
            quote_end=end,
            confidence=values.pop("confidence", 0.9),
            rule="by-hand",
            **values,
        )


def land(warehouse: Path, versions: Iterable[Version]) -> None:
    """Add versions and their claims to the raw layer, in the order given, in one transaction."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        (number,) = connection.execute("select coalesce(max(change_number), 0) from raw.changes").fetchone()
        connection.begin()
        for version in versions:
            number = _land_one(connection, version, number)
        connection.commit()


def _land_one(connection: duckdb.DuckDBPyConnection, version: Version, number: int) -> int:
    # Landing of one day keeps the order in which it was done, by the second.
    landed_at = datetime.combine(version.landed_on, time(6)) + timedelta(seconds=number)
    landing_id = content_hash(version.url, version.text)
    content = version.text.encode()
    claims = version.records()
    _insert(
        connection,
        "raw.documents",
        landing_id=landing_id,
        document_id=version.url,
        source_id="scenario",
        outlet=version.outlet,
        url=version.url,
        path=None,
        media_type="text/plain",
        content=content,
        sha256=content_hash(version.text, length=64),
        size_bytes=len(content),
        is_archive=version.is_archive,
        metadata="{}",
        landed_on=version.landed_on,
        landed_at=landed_at,
    )
    _insert(
        connection,
        "raw.articles",
        article_id=version.article_id,
        landing_id=landing_id,
        document_id=version.url,
        source_id="scenario",
        outlet=version.outlet,
        url=version.url,
        title=version.title,
        text=version.text,
        language="en",
        published_at=version.published_at,
        published_basis="metadata" if version.published_at else "none",
        updated_at=version.updated_at,
        landed_on=version.landed_on,
        landed_at=landed_at,
        known_on=version.known_on,
        content_hash=content_hash(" ".join(version.text.split())),
        story_id=version.story,
    )
    for position, claim in enumerate(claims):
        values = claim_to_dict(claim)
        common = {name: values.pop(name) for name in COMMON_FIELDS}
        _insert(
            connection,
            "raw.claims",
            **common,
            extractor_version=EXTRACTOR,
            position=position,
            detail=json.dumps(values),
        )
    for change, extractor, found in (("loaded", None, None), ("read", EXTRACTOR, len(claims))):
        number += 1
        _insert(
            connection,
            "raw.changes",
            change_number=number,
            change_id=content_hash(version.article_id, change, extractor or ""),
            article_id=version.article_id,
            document_id=version.url,
            change=change,
            extractor_version=extractor,
            claims=found,
            changed_on=version.landed_on,
        )
    return number


def _insert(connection: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"insert into {table} ({', '.join(values)}) values ({marks})", list(values.values()))
