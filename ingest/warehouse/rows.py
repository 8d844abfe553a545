"""How records cross into rows and back. Times are UTC: aware in records, without an offset in tables."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from ingest.records import (
    COMMON_FIELDS,
    Article,
    CasualtyClaim,
    Claim,
    Document,
    ReinforcementClaim,
    Reject,
    TerritorialClaim,
    Visit,
    claim_to_dict,
)

CLAIM_KINDS: Mapping[str, type[Claim]] = {
    "casualty": CasualtyClaim,
    "reinforcement": ReinforcementClaim,
    "territorial_change": TerritorialClaim,
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "documents": {
        "landing_id": "varchar", "document_id": "varchar", "source_id": "varchar", "outlet": "varchar",
        "url": "varchar", "path": "varchar", "media_type": "varchar", "content": "varchar",
        "sha256": "varchar", "size_bytes": "bigint", "is_archive": "boolean", "metadata": "varchar",
        "landed_on": "date", "landed_at": "timestamp",
    },
    "articles": {
        "article_id": "varchar", "landing_id": "varchar", "document_id": "varchar", "source_id": "varchar",
        "outlet": "varchar", "url": "varchar", "title": "varchar", "text": "varchar", "language": "varchar",
        "published_at": "timestamp", "published_on": "date", "published_basis": "varchar",
        "updated_at": "timestamp", "landed_on": "date", "landed_at": "timestamp", "known_on": "date",
        "content_hash": "varchar", "signature": "uinteger[]", "story_id": "varchar",
    },
    "story_bands": {"band": "ubigint", "article_id": "varchar", "day": "date"},
    "claims": {
        "claim_id": "varchar", "article_id": "varchar", "extractor_version": "varchar", "position": "integer",
        "kind": "varchar", "status": "varchar", "claimant": "varchar", "claimant_text": "varchar",
        "quote": "varchar", "quote_start": "integer", "quote_end": "integer", "date_start": "date",
        "date_end": "date", "date_text": "varchar", "date_prec": "integer", "date_basis": "varchar",
        "date_conflict": "boolean", "confidence": "double", "rule": "varchar", "detail": "varchar",
    },
    "rejects": {
        "reject_id": "varchar", "source_id": "varchar", "location": "varchar", "reason_code": "varchar",
        "reason": "varchar", "sha256": "varchar", "landing_id": "varchar", "landed_on": "date",
        "landed_at": "timestamp",
    },
    "changes": {
        "change_id": "varchar", "article_id": "varchar", "document_id": "varchar", "change": "varchar",
        "landing_id": "varchar", "extractor_version": "varchar", "claims": "integer", "changed_on": "date",
    },
    "visits": {
        "source_id": "varchar", "address": "varchar", "status": "integer", "visited_at": "timestamp",
        "etag": "varchar", "last_modified": "varchar", "marker": "varchar", "retry_at": "timestamp",
        "is_refused": "boolean",
    },
}  # fmt: skip


def unnest(table: str, rows: Iterable[Mapping[str, Any]]) -> tuple[str, list[str]]:
    """Return a FROM clause that stands for `rows`, typed as the columns of `raw.<table>`, and its parameters.

    The rows travel as one JSON parameter: no statement holds a value; 50,000 rows take a third of a second.
    """
    columns = COLUMNS[table]
    values = [{name: _plain(row.get(name)) for name in columns} for row in rows]
    return "(select unnest(from_json_strict(?, ?), recursive := true))", [
        json.dumps(values),
        json.dumps([columns]),
    ]


def listed(values: Iterable[str | int]) -> str:
    """Return values as one parameter, which a statement unnests: `in (select unnest(?::json::varchar[]))`.

    Of a list DuckDB asks for each value whether it is pandas' idea of nothing, and where there is no pandas
    Python looks for it each time: a list of 10,000 takes a second, this a fiftieth of one.
    """
    return json.dumps(list(values))


def document_row(document: Document) -> dict[str, Any]:
    """Return the row of raw.documents, its bytes in base64."""
    row = _row(document)
    row["content"] = base64.b64encode(document.content).decode("ascii")
    row["size_bytes"] = len(document.content)
    row["metadata"] = json.dumps(dict(document.metadata), ensure_ascii=False, sort_keys=True)
    return row


def article_row(article: Article) -> dict[str, Any]:
    """Return the row of raw.articles."""
    return _row(article)


def reject_row(reject: Reject) -> dict[str, Any]:
    """Return the row of raw.rejects."""
    return _row(reject)


def claim_rows(claims: Sequence[Claim], version: str) -> list[dict[str, Any]]:
    """Return the rows of raw.claims, numbered within their article in the order given."""
    rows, positions = [], dict[str, int]()
    for claim in claims:
        values = claim_to_dict(claim)
        row = {name: values.pop(name) for name in COMMON_FIELDS}
        row["position"] = positions[claim.article_id] = positions.get(claim.article_id, -1) + 1
        row["extractor_version"] = version
        row["detail"] = json.dumps(values, ensure_ascii=False)
        rows.append(row)
    return rows


def read_rows(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the rows of a result by column name."""
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def to_document(row: Mapping[str, Any]) -> Document:
    """Return the document of a row of raw.documents."""
    values = _values(Document, row)
    return Document(**{**values, "metadata": json.loads(row["metadata"])})


def to_article(row: Mapping[str, Any]) -> Article:
    """Return the article of a row of raw.articles."""
    values = _values(Article, row)
    signature = values["signature"]
    return Article(**{**values, "signature": None if signature is None else tuple(signature)})


def to_reject(row: Mapping[str, Any]) -> Reject:
    """Return the reject of a row of raw.rejects."""
    return Reject(**_values(Reject, row))


def to_visit(row: Mapping[str, Any]) -> Visit:
    """Return the visit of a row of raw.visits."""
    return Visit(**_values(Visit, row))


def to_claim(row: Mapping[str, Any]) -> Claim:
    """Return the claim of a row of raw.claims."""
    values = {name: row[name] for name in COMMON_FIELDS}
    return CLAIM_KINDS[row["kind"]](**values, **json.loads(row["detail"]))


def _row(record: Any) -> dict[str, Any]:
    return {item.name: getattr(record, item.name) for item in fields(record)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _values(record: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the record's fields are in the row, times as times of UTC."""
    values = {item.name: row[item.name] for item in fields(record)}
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
