"""Fill the raw layer from claims written by hand or made by a generator, apart from landing and extraction.

The warehouse's models are tested on this: what a reader would take from an article is given, so that a
mistake of extraction can't hide one of reconciliation, nor the other way round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from ingest.records import (
    Article,
    CasualtyClaim,
    Claim,
    Document,
    ReinforcementClaim,
    TerritorialClaim,
    content_hash,
)
from ingest.warehouse import Warehouse

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
    `sequence` orders the landings of one day.
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
    sequence: int = 0
    claims: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def article_id(self) -> str:
        """The id of this version: of the document and its white-space-folded text."""
        return content_hash(self.url, _folded(self.text))

    @property
    def known_on(self) -> date:
        """Rule 2: the landing day; for an archive, the day of publication."""
        if self.is_archive and self.published_at:
            return self.published_at.date()
        return self.landed_on

    def document(self) -> Document:
        """The version as a document that landed."""
        content = self.text.encode()
        return Document(
            landing_id=self._landing_id,
            document_id=self.url,
            source_id="by-hand",
            outlet=self.outlet,
            url=self.url,
            path=None,
            media_type="text/plain",
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            landed_on=self.landed_on,
            landed_at=self._landed_at,
            is_archive=self.is_archive,
        )

    def article(self) -> Article:
        """The version as an article that was parsed."""
        return Article(
            article_id=self.article_id,
            landing_id=self._landing_id,
            document_id=self.url,
            source_id="by-hand",
            outlet=self.outlet,
            url=self.url,
            title=self.title,
            text=self.text,
            language="en",
            published_at=self.published_at,
            published_on=self.published_at.date() if self.published_at else None,
            published_basis="metadata" if self.published_at else "none",
            updated_at=self.updated_at,
            landed_on=self.landed_on,
            landed_at=self._landed_at,
            known_on=self.known_on,
            content_hash=content_hash(_folded(self.text)),
            story_id=self.story,
        )

    @property
    def _landing_id(self) -> str:
        # Of the bytes and of what stood beside them, as that of a document that lands.
        return content_hash(self.url, self.text, self.outlet, self.title or "")

    @property
    def _landed_at(self) -> datetime:
        return datetime.combine(self.landed_on, time(6), UTC) + timedelta(seconds=self.sequence)

    def records(self) -> list[Claim]:
        """The claims as records. Raises ValueError where a quote does not stand in the text."""
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


def _folded(text: str) -> str:
    return " ".join(text.split())


def land(warehouse: Path, versions: Iterable[Version]) -> None:
    """Add versions and their claims to the raw layer, in the order given, as landing and extraction would."""
    with Warehouse(warehouse) as store:
        for day, landed in groupby(versions, key=lambda version: version.landed_on):
            _land(store, list(landed), day)


def land_in_bulk(warehouse: Path, versions: Sequence[Version], size: int = 10_000) -> None:
    """Add many versions in batches that span days; all count as read on the last day of their batch."""
    with Warehouse(warehouse) as store:
        for start in range(0, len(versions), size):
            batch = versions[start : start + size]
            _land(store, batch, batch[-1].landed_on)


def _land(store: Warehouse, versions: Sequence[Version], day: date) -> None:
    articles = [version.article() for version in versions]
    store.add_documents([version.document() for version in versions])
    store.add_articles(articles)
    store.add_claims(articles, [claim for version in versions for claim in version.records()], EXTRACTOR, day)
