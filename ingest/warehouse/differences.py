"""Bring a table of a copy up to date: only rows that differ are written.

A day's news changes some thousand rows of millions. Rows are compared by their hashes, each as often as it
stands there.
"""

# ruff: noqa: S608 - identifiers come from DuckDB's own catalogue and are quoted; there are no other values

from __future__ import annotations

import duckdb


def write_differences(
    connection: duckdb.DuckDBPyConnection, source: str, copy: str, where: str, most: float
) -> int | None:
    """Let the table `copy` hold the rows of `source`; return how many rows were taken out or put in.

    Both are quoted names with their database, and have the same columns; they differ in rows of the condition
    `where` at most. None, with nothing done, where more than `most` rows would be changed: then the table is
    better written whole. Raises duckdb.ConstraintException where a row that another table points at would go.
    """
    for name, table in (("published_source", source), ("published_before", copy)):
        connection.execute(
            f"create or replace temp table {name} as "
            f"select rowid as place, hash(t) as row_hash from {table} as t where {where}"
        )
    connection.execute("""
        create or replace temp table published_different as
        select coalesce(s.row_hash, c.row_hash) as row_hash
        from (select row_hash, count(*) as times from published_source group by row_hash) as s
        full join (select row_hash, count(*) as times from published_before group by row_hash) as c
            on s.row_hash = c.row_hash
        where s.times is distinct from c.times
    """)
    gone, added = (
        _number(
            connection,
            f"select count(*) from {name} where row_hash in (from published_different)",
        )
        for name in ("published_before", "published_source")
    )
    if gone + added > most:
        return None
    if gone:
        connection.execute(
            f"delete from {copy} where rowid in "
            "(select place from published_before where row_hash in (from published_different))"
        )
    if added:
        connection.execute(
            f"insert into {copy} select * from {source} where rowid in "
            "(select place from published_source where row_hash in (from published_different))"
        )
    return gone + added


def forget_comparison(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what was kept to compare the last tables."""
    for name in ("published_source", "published_before", "published_different"):
        connection.execute(f"drop table if exists temp.{name}")


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
