"""What a person does to the raw tables by hand: try rejects again, take an article out, see what is amiss."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.records import Reject, content_hash
from ingest.warehouse.connection import WarehouseError
from ingest.warehouse.rows import listed, read_rows, to_reject
from ingest.warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out: a document's versions and claims; and other articles that carry the same report."""

    document_id: str
    articles: int
    claims: int
    copies: Sequence[str]


def rejects(warehouse: Warehouse) -> list[Reject]:
    """Return all rejects, by source and location."""
    found = read_rows(
        warehouse.connection.execute("select * from raw.rejects order by source_id, location, reject_id")
    )
    return [to_reject(row) for row in found]


def drop_rejects(warehouse: Warehouse, reject_ids: Collection[str]) -> None:
    """Delete rejects, so that what they stand for is tried again or counts as mended."""
    warehouse.connection.execute(
        "delete from raw.rejects where reject_id in (select unnest(?::json::varchar[]))", [listed(reject_ids)]
    )


def forget(warehouse: Warehouse, article_id: str, day: date, reason: str | None = None) -> Forgotten:
    """Take the article's document out, in all its versions, and leave a tombstone.

    Bytes, text, title and claims go; the ids stay, logged as withdrawn on `day`, and the document does not
    land again. The models and the published copy follow with the next run. Copies under other addresses stay
    and are named. Freed parts of the file are written over in time, not at once; backups keep what they hold.
    Raises WarehouseError for an article that is not there.
    """
    connection = warehouse.connection
    row = connection.execute(
        "select document_id from raw.articles where article_id = ?", [article_id]
    ).fetchone()
    if row is None:
        raise WarehouseError(f"there is no article {article_id!r} in the warehouse")
    document_id = str(row[0])
    versions = connection.execute(
        "select article_id, landing_id, story_id from raw.articles where document_id = ? order by article_id",
        [document_id],
    ).fetchall()
    ids = [version[0] for version in versions]
    copies = connection.execute(
        "select article_id from raw.articles where story_id in (select unnest(?)) and document_id <> ? "
        "order by article_id",
        [[version[2] for version in versions], document_id],
    ).fetchall()
    with warehouse.transaction():
        connection.execute(
            "insert into raw.forgotten select $1, $2, $3 "
            "where $1 not in (select document_id from raw.forgotten)",
            [document_id, day, reason],
        )
        claims = connection.execute(
            "select claim_id from raw.claims where article_id in (select unnest(?))", [ids]
        ).fetchall()
        connection.execute("delete from raw.claims where article_id in (select unnest(?))", [ids])
        connection.execute("delete from raw.story_bands where article_id in (select unnest(?))", [ids])
        connection.execute(
            "update raw.articles set text = '', title = null, url = null, signature = null "
            "where document_id = ?",
            [document_id],
        )
        connection.execute(
            "update raw.documents set content = ''::blob, size_bytes = 0, metadata = '{}', url = null "
            "where document_id = ?",
            [document_id],
        )
        warehouse.log(
            [
                {
                    "change_id": content_hash(version[0], "withdrawn", version[1]),
                    "article_id": version[0],
                    "document_id": document_id,
                    "change": "withdrawn",
                    "landing_id": version[1],
                    "changed_on": day,
                }
                for version in versions
            ]
        )
    connection.execute("checkpoint")
    return Forgotten(document_id, len(ids), len(claims), [copy[0] for copy in copies])


def orphans(warehouse: Warehouse) -> dict[str, int]:
    """Return how many rows point at nothing, by what they are; all are 0 in a whole warehouse."""
    row = warehouse.connection.execute(
        "select (select count(*) from raw.articles"
        "   where landing_id not in (select landing_id from raw.documents)),"
        " (select count(*) from raw.claims where article_id not in (select article_id from raw.articles)),"
        " (select count(*) from raw.changes where article_id not in (select article_id from raw.articles)),"
        " (select count(*) from (select article_id, extractor_version from raw.claims"
        "   except select article_id, extractor_version from raw.changes where change = 'read'))"
    ).fetchone()
    names = ("articles without a document", "claims without an article", "changes without an article",
             "readings that are not logged")  # fmt: skip
    return dict(zip(names, row or (0, 0, 0, 0), strict=True))


def waiting(warehouse: Warehouse, version: str) -> dict[str, int]:
    """Return how many documents wait to be parsed, and articles to be read by the extractor `version`."""
    return {
        "documents to be parsed": sum(warehouse.unparsed_days().values()),
        "articles to be read": sum(warehouse.unread_days(version).values()),
    }
