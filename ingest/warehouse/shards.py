"""Shards: articles and their claims as Parquet, in a folder or on S3, where workers elsewhere read and write.

A shard is two files: NAME.articles.parquet and NAME.claims.parquet, with the columns of raw.articles and
raw.claims. A file is there whole or not at all. Credentials of S3 are those of a lake (see `lake`); files on
S3 are not deleted: a rule of the bucket may let them expire after a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from ingest import FrontlineError
from ingest.records import Article, Claim
from ingest.warehouse.lake import reach_s3
from ingest.warehouse.rows import article_row, claim_rows, read_rows, to_article, to_claim, unnest


class ShardsError(FrontlineError):
    """Shards cannot be written or read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Shards:
    """A place of shards: a folder, which is made where it is missing, or an s3:// address.

    Every method raises ShardsError where the place cannot be reached.
    """

    place: str

    def write_articles(self, name: str, articles: Sequence[Article]) -> None:
        """Write the articles of a shard."""
        self._write(self._articles(name), "articles", map(article_row, articles))

    def articles(self, name: str) -> list[Article]:
        """Return the articles of a shard, in the order in which they were written."""
        return [to_article(row) for row in self._read(self._articles(name))]

    def write_claims(self, name: str, claims: Sequence[Claim], version: str) -> None:
        """Write what `version` read out of a shard's articles."""
        self._write(self._claims(name), "claims", claim_rows(claims, version))

    def claims(self, name: str) -> dict[str, list[Claim]]:
        """Return the claims of a shard by article, in the order of the text."""
        found: dict[str, list[Claim]] = {}
        for row in sorted(self._read(self._claims(name)), key=lambda row: int(row["position"])):
            found.setdefault(str(row["article_id"]), []).append(to_claim(row))
        return found

    def has_claims(self, name: str) -> bool:
        """Tell whether the shard has been read."""
        if not self._is_remote:
            return Path(self._claims(name)).exists()
        with self._open() as connection:
            try:
                connection.execute("select 1 from read_parquet(?) limit 0", [self._claims(name)])
            except duckdb.HTTPException as error:
                if error.status_code != HTTPStatus.NOT_FOUND:
                    raise
                return False
        return True

    def delete(self, name: str) -> None:
        """Delete the shard's files; on S3 they stay."""
        if not self._is_remote:
            for path in (self._articles(name), self._claims(name)):
                Path(path).unlink(missing_ok=True)

    @property
    def _is_remote(self) -> bool:
        return self.place.startswith("s3:")

    def _articles(self, name: str) -> str:
        return f"{self.place.rstrip('/')}/{name}.articles.parquet"

    def _claims(self, name: str) -> str:
        return f"{self.place.rstrip('/')}/{name}.claims.parquet"

    def _write(self, path: str, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        # An object on S3 appears when it is whole; a file is renamed into place.
        target = path if self._is_remote else f"{path}.{uuid4().hex}"
        given, parameters = unnest(table, rows)
        with self._open() as connection:
            relation = connection.sql(f"select * from {given}", params=parameters)  # noqa: S608 -- a constant
            relation.write_parquet(target, compression="zstd")
        if target != path:
            Path(target).replace(path)

    def _read(self, path: str) -> list[dict[str, Any]]:
        with self._open() as connection:
            return read_rows(connection.execute("select * from read_parquet(?)", [path]))

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self._is_remote:
            Path(self.place).mkdir(parents=True, exist_ok=True)
        try:
            with duckdb.connect(config={"threads": 1}) as connection:
                if self._is_remote:
                    reach_s3(connection)
                yield connection
        except duckdb.Error as error:
            first = str(error).partition("\n")[0]
            raise ShardsError(f"shards at {self.place} cannot be used: {first}") from error
