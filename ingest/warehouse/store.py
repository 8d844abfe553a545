"""The raw tables as a store of records. Every batch is one transaction; adding what is there adds nothing."""

# ruff: noqa: S608 - what is put into statements here are constants of this package; every value is a parameter

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from ingest.records import Article, Claim, Document, Reject, content_hash
from ingest.settings import Lake
from ingest.warehouse.connection import WAIT_SECONDS, WarehouseError, connect, say
from ingest.warehouse.rows import (
    article_row,
    claim_rows,
    document_row,
    listed,
    read_rows,
    reject_row,
    to_article,
    to_claim,
    to_document,
    unnest,
)
from ingest.warehouse.stories import link_copies
from ingest.warehouse.versions import bring_up_to_date, refuse_newer

BATCH = 1_000
BATCH_BYTES = 64 << 20


class Warehouse:
    """The DuckDB file, or the lake, that holds every table. Open it late, close it early: others wait.

        with Warehouse(path) as warehouse:
            warehouse.add_documents(documents)

    Opening makes the file and its raw tables, or brings those of an older version up to date; it waits up to
    `wait_seconds` for another process that holds the file, and raises WarehouseBusyError naming that process,
    or WarehouseError where the file cannot be used or is of a newer version. A Warehouse may be entered again
    after it was closed. A process killed within a method leaves that method's work undone as a whole.
    """

    def __init__(
        self,
        path: Path | str | Lake,
        *,
        read_only: bool = False,
        wait_seconds: float = WAIT_SECONDS,
        report: Callable[[str], None] = say,
    ) -> None:
        self.path = path if isinstance(path, Lake) else Path(path)
        self._read_only = read_only
        self._wait_seconds = wait_seconds
        self._report = report
        self._open: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        connection = connect(
            self.path, read_only=self._read_only, wait_seconds=self._wait_seconds, report=self._report
        )
        try:
            if self._read_only:
                refuse_newer(connection, self.path)
            else:
                bring_up_to_date(connection, self.path, self._report)
        except BaseException:
            connection.close()
            raise
        self._open = connection
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection, for the modules of this package and for tests."""
        if self._open is None:
            raise WarehouseError("the warehouse is closed: use it in a `with` statement")
        return self._open

    def add_documents(self, documents: Sequence[Document]) -> int:
        """Keep the documents; return how many were new. One that landed before stays on its first day.

        A document that was forgotten (see `upkeep.forget`) does not land again.
        """
        with self.transaction() as connection:
            landed = self._known("documents", "landing_id", [d.landing_id for d in documents])
            forgotten = self._known("forgotten", "document_id", [d.document_id for d in documents])
            new = {
                document.landing_id: document
                for document in reversed(documents)
                if document.landing_id not in landed and document.document_id not in forgotten
            }
            rows, parameters = unnest("documents", map(document_row, reversed(new.values())))
            connection.execute(
                "insert into raw.documents by name select * replace "
                f"(from_base64(content) as content, metadata::json as metadata) from {rows}",
                parameters,
            )
        return len(new)

    def add_rejects(self, rejects: Sequence[Reject]) -> int:
        """Keep the rejects; return how many were new. A reject seen before keeps its first day."""
        with self.transaction() as connection:
            kept = self._known("rejects", "reject_id", [reject.reject_id for reject in rejects])
            new = {r.reject_id: r for r in reversed(rejects) if r.reject_id not in kept}
            rows, parameters = unnest("rejects", map(reject_row, reversed(new.values())))
            connection.execute(f"insert into raw.rejects by name select * from {rows}", parameters)
        return len(new)

    def unparsed_documents(self, day: date, limit: int = BATCH) -> list[Document]:
        """Return documents landed on `day` that are neither an article nor a reject, oldest first.

        At most `limit`, and no more than 64 MiB of bytes (one document at least).
        """
        found = self.connection.execute(
            "select * exclude (bytes_before) from ("
            "  select d.*, coalesce(sum(size_bytes) over (order by landed_at, landing_id"
            "    rows between unbounded preceding and 1 preceding), 0) as bytes_before"
            "  from raw.documents as d where landed_on = ?"
            f"    and {_UNPARSED}"
            ") where bytes_before < ? order by landed_at, landing_id limit ?",
            [day, BATCH_BYTES, limit],
        )
        return [to_document(row) for row in read_rows(found)]

    def add_articles(self, articles: Sequence[Article]) -> int:
        """Keep the articles and log each as loaded; return how many were new or changed.

        Near copies of stored articles take their story. A later landing of the same text replaces what stood
        beside it (date, title, outlet), keeps the first day on which it was known, and is read again; an
        earlier one changes nothing.
        """
        latest: dict[str, Article] = {}
        for article in articles:
            kept = latest.get(article.article_id)
            if kept is None or _landing_order(article) >= _landing_order(kept):
                latest[article.article_id] = article
        with self.transaction() as connection:
            kept_landings = {
                article_id: (landed_at.replace(tzinfo=UTC), landing_id)
                for article_id, landed_at, landing_id in connection.execute(
                    "select article_id, landed_at, landing_id from raw.articles "
                    "where article_id in (select unnest(?::json::varchar[]))",
                    [listed(latest)],
                ).fetchall()
            }
            new = [
                article
                for article in latest.values()
                if article.article_id not in kept_landings
                or _landing_order(article) > kept_landings[article.article_id]
            ]
            added = [article for article in new if article.article_id not in kept_landings]
            rows, parameters = unnest("articles", map(article_row, added))
            connection.execute(f"insert into raw.articles by name select * from {rows}", parameters)
            changed = [article for article in new if article.article_id in kept_landings]
            rows, parameters = unnest("articles", map(article_row, changed))
            connection.execute(
                f"update raw.articles as a set"
                "  landing_id = n.landing_id, outlet = n.outlet, url = n.url,"
                "  title = n.title, language = n.language, text = n.text, signature = n.signature,"
                "  published_at = n.published_at, published_on = n.published_on,"
                "  published_basis = n.published_basis, updated_at = n.updated_at,"
                "  landed_on = n.landed_on, landed_at = n.landed_at,"
                "  known_on = case when n.known_on < n.landed_on then n.known_on"
                "    else least(a.known_on, n.known_on) end "
                f"from {rows} as n where a.article_id = n.article_id",
                parameters,
            )
            moved = link_copies(connection, new)
            self.log([_loaded(article) for article in articles])
            if moved:
                self._log_moved(moved, max(article.landed_on for article in articles if article.landed_on))
        return len(new)

    def unread_articles(
        self, day: date, version: str, limit: int = BATCH, after: Article | None = None
    ) -> list[Article]:
        """Return articles landed on `day` that the extractor `version` has not read yet, oldest first.

        An article whose date or title a later landing changed counts as not read. `after` leaves out all
        up to an article: those that are being read.
        """
        last = after and after.article_id
        found = self.connection.execute(
            f"select * from raw.articles where landed_on = ? and {_UNREAD} "
            "and (?::varchar is null or (landed_at, article_id) > (?::timestamp, ?::varchar)) "
            "order by landed_at, article_id limit ?",
            [day, version, last, after and after.landed_at, last, limit],
        )
        return [to_article(row) for row in read_rows(found)]

    def articles_of(self, day: date, limit: int = BATCH, after: str = "") -> list[Article]:
        """Return articles landed on `day`, read or not, by id from after `after`: for a forced reading."""
        found = self.connection.execute(
            "select * from raw.articles where landed_on = ? and article_id > ? order by article_id limit ?",
            [day, after, limit],
        )
        return [to_article(row) for row in read_rows(found)]

    def add_claims(self, batch: Sequence[Article], claims: Sequence[Claim], version: str, day: date) -> int:
        """Keep what `version` read out of `batch`, log all its articles as read, return the number of claims.

        Claims of an earlier reading by the same version give way to these. Claims of other versions stay.
        Raises ValueError for a claim whose article is not in the batch.
        """
        counts = dict.fromkeys((article.article_id for article in batch), 0)
        for claim in claims:
            if claim.article_id not in counts:
                raise ValueError(
                    f"claim {claim.claim_id} is of article {claim.article_id}, which is not in the batch"
                )
            counts[claim.article_id] += 1
        rows, parameters = unnest("claims", claim_rows(claims, version))
        found: dict[str, list[str]] = {article_id: [] for article_id in counts}
        for claim in claims:
            found[claim.article_id].append(claim.claim_id)
        with self.transaction() as connection:
            connection.execute(
                "delete from raw.claims where extractor_version = ? "
                "and article_id in (select unnest(?::json::varchar[]))",
                [version, listed(counts)],
            )
            connection.execute(
                f"insert into raw.claims by name select * replace (detail::json as detail) from {rows}",
                parameters,
            )
            self.log(
                [
                    {
                        "change_id": content_hash(
                            article.article_id,
                            "read",
                            article.landing_id or "",
                            version,
                            *found[article.article_id],
                        ),
                        "article_id": article.article_id,
                        "document_id": article.document_id,
                        "change": "read",
                        "landing_id": article.landing_id,
                        "extractor_version": version,
                        "claims": counts[article.article_id],
                        "changed_on": day,
                    }
                    for article in batch
                ]
            )
        return len(claims)

    def unparsed_days(self) -> dict[date, int]:
        """Return the landing days that hold documents neither parsed nor rejected, and how many, in order."""
        return self._days(
            f"select landed_on, count(*) from raw.documents as d where {_UNPARSED} group by 1 order by 1",
            [],
        )

    def unread_days(self, version: str) -> dict[date, int]:
        """Return the landing days with articles that `version` has not read, and how many, in order."""
        return self._days(
            f"select landed_on, count(*) from raw.articles where {_UNREAD} group by 1 order by 1", [version]
        )

    def find_articles(self, wanted: str) -> list[Article]:
        """Return articles by article id, by the beginning of one, by document id or address; newest first."""
        found = self.connection.execute(
            "select * from raw.articles where article_id = $1 or starts_with(article_id, $1) "
            "or document_id = $1 "
            "or url = $1 or document_id = 'sample:' || $1 or document_id = 'input:' || $1 "
            "order by landed_at desc, article_id",
            [wanted],
        )
        return [to_article(row) for row in read_rows(found)]

    def claims_of(self, article_id: str) -> list[Claim]:
        """Return the claims of the article's latest reading, in the order of the text."""
        found = self.connection.execute(
            "select * from raw.claims where article_id = $1 and extractor_version = ("
            "  select extractor_version from raw.changes where article_id = $1 and change = 'read'"
            "  order by change_number desc limit 1) order by position",
            [article_id],
        )
        return [to_claim(row) for row in read_rows(found)]

    def counts(self) -> dict[str, int]:
        """Return the rows of each raw table by its name."""
        tables = ("documents", "articles", "claims", "rejects", "changes")
        found = self.connection.execute(
            " union all by name ".join(
                f"select '{name}' as name, count(*) as rows from raw.{name}" for name in tables
            )
        ).fetchall()
        return {str(name): int(rows) for name, rows in found}

    def _known(self, table: str, column: str, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that stand in the column of `raw.<table>`."""
        found = self.connection.execute(
            f"select {column} from raw.{table} where {column} in (select unnest(?::json::varchar[]))",
            [listed(ids)],
        )
        return {row[0] for row in found.fetchall()}

    def _days(self, query: str, parameters: list[str]) -> dict[date, int]:
        return dict(self.connection.execute(query, parameters).fetchall())

    def _log_moved(self, article_ids: Sequence[str], day: date) -> None:
        """Log as loaded again, on `day`, articles whose story became another, so that the models see it."""
        moved = read_rows(
            self.connection.execute(
                "select article_id, document_id, landing_id, story_id from raw.articles "
                "where article_id in (select unnest(?::json::varchar[])) order by all",
                [listed(article_ids)],
            )
        )
        self.log(
            [
                {
                    **row,
                    "change_id": content_hash(
                        row["article_id"], "loaded", row["landing_id"], row["story_id"]
                    ),
                    "change": "loaded",
                    "changed_on": day,
                }
                for row in moved
            ]
        )

    def log(self, changes: Sequence[dict[str, object]]) -> None:
        """Write changes, without their numbers, to the log, each once; within a transaction."""
        # Asked for these ids alone: 'not in' all that were ever logged takes a second at a million articles.
        known = self._known("changes", "change_id", [str(change["change_id"]) for change in changes])
        rows, parameters = unnest("changes", [c for c in changes if c["change_id"] not in known])
        self.connection.execute(
            "insert into raw.changes by name "
            "select (select coalesce(max(change_number), 0) from raw.changes)"
            f"  + row_number() over () as change_number, * from {rows}",
            parameters,
        )

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Run what is within as one transaction: all of it is kept, or none."""
        connection = self.connection
        connection.begin()
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


_UNPARSED = (
    "not exists (select 1 from raw.changes as c where c.landing_id = d.landing_id and c.change = 'loaded')"
    " and not exists (select 1 from raw.rejects as r where r.landing_id = d.landing_id)"
)
_UNREAD = (
    "not exists (select 1 from raw.changes as c where c.article_id = articles.article_id"
    " and c.change = 'read' and c.extractor_version = ? and c.landing_id = articles.landing_id)"
)


def _loaded(article: Article) -> dict[str, object]:
    return {
        "change_id": content_hash(article.article_id, "loaded", article.landing_id or ""),
        "article_id": article.article_id,
        "document_id": article.document_id,
        "change": "loaded",
        "landing_id": article.landing_id,
        "changed_on": article.landed_on,
    }


def _landing_order(article: Article) -> tuple[object, str]:
    return article.landed_at, article.landing_id or ""
