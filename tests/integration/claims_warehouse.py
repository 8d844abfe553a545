"""A warehouse from claims: fills the raw tables with hand-written articles and claims, as if they had been read.

Tests of the dbt project use it where extraction is not what they ask about. An article is a dict:
`id`, `published` and `landed` (ISO days), and optionally `outlet`, `document` (default: its id), `story` (default: its
document), `known` (default: the day it landed), `updated`, `text`, and `claims`, a list of dicts with the fields of the
claim contract; what is left out is null. `withdraw` and `read_again` write later changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.records import COMMON_FIELDS, CasualtyClaim, ReinforcementClaim, TerritorialClaim

SCHEMA = Path(__file__).parents[2] / "ingest" / "warehouse" / "schema.sql"
KINDS: Mapping[str, type] = {
    "casualty": CasualtyClaim,
    "reinforcement": ReinforcementClaim,
    "territorial_change": TerritorialClaim,
}
READING = "reading_1"


class ClaimsWarehouse:
    """A DuckDB file with the raw tables. Every call opens it, writes, and closes it again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.execute(SCHEMA.read_text(encoding="utf-8"))

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.path))

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._connect() as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def land(self, *articles: Mapping[str, Any]) -> None:
        """Land articles and read them, in the order given."""
        with self._connect() as connection:
            for article in articles:
                _add_article(connection, article)
                _add_claims(connection, article, READING, _day(article["landed"]))

    def read_again(self, article: Mapping[str, Any], reading: str, on: str) -> None:
        """Write what another version of the extractor found in an article that has landed."""
        with self._connect() as connection:
            _add_claims(connection, article, reading, _day(on))

    def withdraw(self, article_id: str, on: str) -> None:
        """Write that an article was withdrawn by its source."""
        with self._connect() as connection:
            (document,) = connection.execute(
                "select document_id from raw.articles where article_id = ?", [article_id]
            ).fetchone() or (article_id,)
            _log(connection, article_id, document, "withdrawn", None, None, _day(on))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _log(
    connection: duckdb.DuckDBPyConnection,
    article: str,
    document: str,
    change: str,
    reading: str | None,
    claims: int | None,
    day: date,
) -> None:
    connection.execute(
        "insert into raw.changes select coalesce(max(change_number), 0) + 1, ?, ?, ?, ?, ?, ?, ? from raw.changes",
        [f"{article}/{change}/{reading}", article, document, change, reading, claims, day],
    )


def _add_article(connection: duckdb.DuckDBPyConnection, article: Mapping[str, Any]) -> None:
    key = article["id"]
    document = article.get("document", key)
    landed = _day(article["landed"])
    published = article.get("published")
    connection.execute(
        """insert into raw.articles (article_id, landing_id, document_id, source_id, outlet, title, text, language,
        published_at, published_basis, updated_at, landed_on, landed_at, known_on, content_hash, story_id)
        values (?, ?, ?, ?, ?, ?, ?, 'en', ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            key,
            key,
            document,
            article.get("source", "test"),
            article.get("outlet"),
            article.get("title"),
            article.get("text", ""),
            published,
            "metadata" if published else "none",
            article.get("updated"),
            landed,
            datetime.combine(landed, datetime.min.time()),
            _day(article.get("known", landed)),
            key,
            article.get("story", document),
        ],
    )
    _log(connection, key, document, "loaded", None, None, landed)


def _add_claims(
    connection: duckdb.DuckDBPyConnection, article: Mapping[str, Any], reading: str, day: date
) -> None:
    claims: Iterable[Mapping[str, Any]] = article.get("claims", ())
    rows = [_claim_row(article["id"], position, claim, reading) for position, claim in enumerate(claims)]
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into raw.claims values ({marks})", rows)
    _log(connection, article["id"], article.get("document", article["id"]), "read", reading, len(rows), day)


def _claim_row(article: str, position: int, claim: Mapping[str, Any], reading: str) -> list[Any]:
    kind = claim["kind"]
    own = [field.name for field in fields(KINDS[kind]) if field.name not in COMMON_FIELDS]
    unknown = set(claim) - set(own) - set(COMMON_FIELDS) - {"id"}
    if unknown:
        raise KeyError(f"a {kind} claim has no {sorted(unknown)}")
    booleans = {name: False for name in own if name.endswith("_inferred")}
    dated = claim.get("date_start") or claim.get("date_end")
    return [
        claim.get("id", f"{article}.{position}"),
        article,
        reading,
        position,
        kind,
        claim.get("status", "claimed" if claim.get("claimant") else "asserted"),
        claim.get("claimant"),
        claim.get("claimant_text"),
        claim.get("quote", f"quote {position}"),
        claim.get("quote_start", position * 100),
        claim.get("quote_end", position * 100 + 10),
        claim.get("date_start"),
        claim.get("date_end", claim.get("date_start")),
        claim.get("date_text"),
        claim.get("date_prec", 1 if dated else None),
        claim.get("date_basis", "explicit" if dated else "none"),
        claim.get("date_conflict", False),
        claim.get("confidence", 0.9),
        claim.get("rule", "test"),
        json.dumps({name: claim.get(name, booleans.get(name)) for name in own}),
    ]
