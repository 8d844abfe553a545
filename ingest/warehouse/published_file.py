"""The published DuckDB file: the tables of `marts` and the views of `exports`, with constraints and comments.

CREATE TABLE AS would lose the constraints and the comments, so the tables are made from their own DDL, and
views anew without the warehouse's name. Text of articles stays behind; only quotes are published. Where
there is a file of before, a copy of it is brought up to date: writing a million rows in DuckDB's compressed
form takes ten times as long as comparing them.
"""

# ruff: noqa: S608 - identifiers come from DuckDB's own catalogue and are quoted; there are no other values

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.warehouse.connection import WarehouseError
from ingest.warehouse.differences import forget_comparison, write_differences
from ingest.warehouse.quoting import literal, quoted

TABLE_SCHEMAS = ("marts", "bi")
VIEW_SCHEMAS = ("exports", "bi")
"""`bi` is what charts read: in the file, but in no export, since it says nothing that the marts do not."""
CLUSTERED_BY = ("conflict_id", "date_start")
"""By which rows lie in the file, where a table has these: a question about one war or a stretch of days
then reads few blocks instead of picking rows out of every one (on 100,000 claims, a sixth of the time)."""
ALIAS = "published_copy"
LARGE = 200_000
"""Rows from which a table's content is looked at, and its files are written, year by year."""
PARTED_BY = ("date_start", "as_of", "valid_from", "week_start", "published_at", "known_from")
"""Columns whose year parts a large table: the first that it has."""
MOST_LOOSE = 0.1
"""The share of rows outside a table's order from which the table is written anew, in its order."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table, all or of a large one those of a year (None: of no year); the sum of their hashes."""

    by: str | None
    year: int | None
    rows: int
    hashes: int


Content = Mapping[tuple[str, str], tuple[str, Sequence[Part]]]
"""Of each table, by schema and name: its DDL and its parts."""


@dataclass(frozen=True, slots=True)
class FileBefore:
    """The DuckDB file of the publication before, by 'schema.table': its parts, and rows outside the order.

    A part is a list [by, year, rows, hashes], as Part.
    """

    path: Path
    parts: Mapping[str, Sequence[Sequence[Any]]]
    loose: Mapping[str, int]


def copy_into(
    connection: duckdb.DuckDBPyConnection,
    beside: Path,
    content: Content,
    before: FileBefore | None = None,
) -> dict[str, int]:
    """Write what is published of the open warehouse into a new file, from a copy of that of before.

    `content` is that of the connection. Returns how many rows of each 'schema.table' stand outside the
    table's order in the new file. Raises WarehouseError where a view reads what is not published, and
    duckdb.Error where the file of before cannot be brought up to date: without it all is written whole.
    """
    tables = published_tables(connection)
    views = published_views(connection)
    catalogue = catalogue_of(connection)
    if before is not None:
        shutil.copyfile(before.path, beside)
    connection.execute(f"attach {literal(str(beside))} as {ALIAS}")
    try:
        connection.execute(f"use {ALIAS}")
        for schema in sorted({schema for schema, _, _ in tables} | {schema for schema, _, _ in views}):
            connection.execute(f"create schema if not exists {quoted(schema)}")
        kept = _keep_tables(connection, tables)
        _create_all(connection, [sql for schema, name, sql in tables if (schema, name) not in kept])
        found: dict[str, int] = {}
        for schema, name, sql in _parents_first(connection, catalogue, tables):
            table = f"{quoted(schema)}.{quoted(name)}"
            source, copy = f"{quoted(catalogue)}.{table}", f"{ALIAS}.{table}"
            if before is not None and (schema, name) in kept:
                parts, already = content[schema, name][1], before.loose.get(f"{schema}.{name}", 0)
                where = _where_they_differ(parts, before.parts.get(f"{schema}.{name}", []))
                most = MOST_LOOSE * sum(part.rows for part in parts) - already
                changed = write_differences(connection, source, copy, where, most) if where else 0
                if changed is not None:
                    found[f"{schema}.{name}"] = already + changed
                    continue
                connection.execute(f"drop table {copy}")
                connection.execute(sql)
            order = _order(connection, catalogue, schema, name)
            connection.execute(f"insert into {copy} select * from {source} {order}")
        _create_all(connection, [_view_ddl(connection, view, catalogue) for view in views])
        _comment(connection, catalogue)
        connection.execute("checkpoint")
    finally:
        connection.execute(f"use {quoted(catalogue)}")
        connection.execute(f"detach {ALIAS}")
        forget_comparison(connection)
    return {name: rows for name, rows in found.items() if rows}


def parts_as_json(content: Content) -> dict[str, list[list[Any]]]:
    """Return the parts of each 'schema.table' in the form of FileBefore's."""
    return {
        f"{schema}.{name}": [[part.by, part.year, part.rows, part.hashes] for part in parts]
        for (schema, name), (_, parts) in content.items()
    }


def _where_they_differ(parts: Sequence[Part], before: Sequence[Sequence[Any]]) -> str | None:
    """Return a condition for the rows of the years that differ, 'true' for all rows; None where none do."""
    now, then = (
        {(part.by, part.year): part for part in some} for some in (parts, [Part(*b) for b in before])
    )
    different = [key for key in now.keys() | then.keys() if now.get(key) != then.get(key)]
    if not different:
        return None
    if len({by for by, _ in now.keys() | then.keys()}) > 1 or different[0][0] is None:
        return "true"
    column = quoted(different[0][0])
    return " or ".join(
        f"{column} is null" if year is None else f"year({column}) = {year}"
        for _, year in sorted(different, key=str)
    )


def _keep_tables(
    connection: duckdb.DuckDBPyConnection, tables: list[tuple[str, str, str]]
) -> set[tuple[str, str]]:
    """Drop from the copy in use its views, and tables that are gone or made otherwise; return the rest."""
    for schema, name, _ in published_views(connection):
        connection.execute(f"drop view {quoted(schema)}.{quoted(name)}")
    kept = set()
    for schema, name, sql in published_tables(connection):
        if (schema, name, sql) in tables:
            kept.add((schema, name))
        else:
            connection.execute(f"drop table {quoted(schema)}.{quoted(name)}")
    return kept


def _order(connection: duckdb.DuckDBPyConnection, catalogue: str, schema: str, name: str) -> str:
    """Return the ORDER BY of a table's rows in the file, empty where it has none of CLUSTERED_BY."""
    has = {
        column
        for (column,) in connection.execute(
            "select column_name from duckdb_columns() "
            "where database_name = ? and schema_name = ? and table_name = ?",
            [catalogue, schema, name],
        ).fetchall()
    }
    columns = [quoted(column) for column in CLUSTERED_BY if column in has]
    return f"order by {', '.join(columns)}" if columns else ""


def read_content(connection: duckdb.DuckDBPyConnection) -> Content:
    """Return the tables that are published, each with its parts."""
    return {
        (schema, name): (sql, _parts(connection, schema, name))
        for schema, name, sql in published_tables(connection)
    }


def describe(connection: duckdb.DuckDBPyConnection, content: Content | None = None) -> dict[str, str]:
    """Return what is published by name, as text that is equal where all of it is: DDL, comments, rows.

    Rows are compared by the sum of their hashes, in no order. Hashes hold within one version of DuckDB only.
    `content` is that of the connection, where it was read already.
    """
    catalogue = catalogue_of(connection)
    found = {
        f"{schema}.{name}": f"{sql} {parts}"
        for (schema, name), (sql, parts) in (content or read_content(connection)).items()
    }
    for view in published_views(connection):
        found[f"{view[0]}.{view[1]}"] = _view_ddl(connection, view, catalogue)
    for statement in _comments(connection, catalogue):
        found[statement] = ""
    return found


def _parts(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[Part]:
    has = {
        column
        for (column,) in connection.execute(
            "select column_name from duckdb_columns() where database_name = current_database() "
            "and schema_name = ? and table_name = ?",
            [schema, name],
        ).fetchall()
    }
    by = next((column for column in PARTED_BY if column in has), None)
    if count_rows(connection, schema, name) < LARGE:
        by = None
    year = f"year({quoted(by)})" if by else "null::bigint"
    rows = connection.execute(
        f"select {year} as year, count(*), coalesce(sum(hash(t)::hugeint), 0) "
        f"from {quoted(schema)}.{quoted(name)} as t group by 1 order by 1 nulls last"
    ).fetchall()
    return [Part(by, *row) for row in rows] or [Part(None, None, 0, 0)]


def published_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return schema, name and DDL of the tables that are published, sorted."""
    return _objects(connection, "duckdb_tables()", TABLE_SCHEMAS)


def published_views(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return schema, name and DDL of the views that are published, sorted."""
    return _objects(connection, "duckdb_views()", VIEW_SCHEMAS)


def count_rows(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    """Return the number of rows of a table or view."""
    row = connection.execute(f"select count(*) from {quoted(schema)}.{quoted(name)}").fetchone()
    return int(row[0]) if row else 0


def _objects(
    connection: duckdb.DuckDBPyConnection, source: str, schemas: tuple[str, ...]
) -> list[tuple[str, str, str]]:
    """Return schema, name and DDL of the tables or views in `schemas`, sorted."""
    name = "table_name" if "tables" in source else "view_name"
    return connection.execute(
        f"select schema_name, {name}, sql from {source} where database_name = current_database() "
        "and not internal and schema_name in (select unnest(?)) order by all",
        [list(schemas)],
    ).fetchall()


def _create_all(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> None:
    """Run the statements, those that need another's result after it, in as many rounds as it takes."""
    while statements:
        left, reason = [], ""
        for statement in statements:
            try:
                connection.execute(statement)
            except duckdb.CatalogException as error:
                left.append(statement)
                what = statement.partition("(")[0].partition(" AS ")[0].replace('"', "")
                reason = f"{what}: {error}"
        if len(left) == len(statements):
            raise WarehouseError(f"cannot publish, since something it reads is not published. {reason}")
        statements = left


def _parents_first(
    connection: duckdb.DuckDBPyConnection, catalogue: str, tables: list[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """Order the tables so that rows that a foreign key points at are copied before those that point."""
    pointing: dict[str, set[str]] = {}
    for name, referenced in connection.execute(
        "select table_name, referenced_table from duckdb_constraints() "
        "where database_name = ? and constraint_type = 'FOREIGN KEY'",
        [catalogue],
    ).fetchall():
        pointing.setdefault(name, set()).add(referenced)
    ordered: list[tuple[str, str, str]] = []
    waiting = list(tables)
    while waiting:
        names = {name for _, name, _ in waiting}
        ready = [table for table in waiting if not (pointing.get(table[1], set()) - {table[1]}) & names]
        ordered += ready or waiting
        waiting = [table for table in waiting if table not in ordered]
    return ordered


def _view_ddl(connection: duckdb.DuckDBPyConnection, view: tuple[str, str, str], catalogue: str) -> str:
    """Return the DDL of a view (schema, name, DDL as DuckDB shows it) with no database name in it.

    That of the warehouse means nothing in the copy; and of a lake's views DuckDB shows no schema either.
    """
    schema, name, sql = view
    match = re.match(r"CREATE VIEW (?P<name>.+?) AS (?P<body>.+?);?\s*\Z", sql, re.DOTALL)
    if match is None:
        raise WarehouseError(f"cannot publish a view that DuckDB shows as {sql[:80]!r}")
    row = connection.execute("select json_serialize_sql(?)", [match["body"]]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise WarehouseError(f"cannot publish the view {match['name']}: {tree.get('error_message')}")
    _drop_catalogue(tree, catalogue)
    tree = _with_values_once(tree)
    body = connection.execute("select json_deserialize_sql(?)", [json.dumps(tree)]).fetchone()
    return f"CREATE VIEW {quoted(schema)}.{quoted(name)} AS {body[0] if body else ''}"


def _drop_catalogue(tree: Any, catalogue: str) -> None:
    if isinstance(tree, dict):
        if tree.get("catalog_name") == catalogue:
            tree["catalog_name"] = ""
        names = tree.get("column_names")
        if isinstance(names, list) and len(names) == 4 and names[0] == catalogue:
            del names[0]
        for value in tree.values():
            _drop_catalogue(value, catalogue)
    elif isinstance(tree, list):
        for value in tree:
            _drop_catalogue(value, catalogue)


def _with_values_once(tree: Any) -> Any:
    """Take out the subqueries that DuckDB puts around VALUES each time it shows or reads a statement."""
    if isinstance(tree, list):
        return [_with_values_once(value) for value in tree]
    if not isinstance(tree, dict):
        return tree
    tree = {key: _with_values_once(value) for key, value in tree.items()}
    if tree.get("type") == "SUBQUERY" and tree.get("alias") == "valueslist":
        inner = tree["subquery"]["node"].get("from_table", {})
        if inner.get("type") == "EXPRESSION_LIST":
            return inner
    return tree


def _comment(connection: duckdb.DuckDBPyConnection, catalogue: str) -> None:
    for statement in _comments(connection, catalogue):
        connection.execute(statement)


def _comments(connection: duckdb.DuckDBPyConnection, catalogue: str) -> list[str]:
    """Return the statements that set the comments which `catalogue` has on what is published."""
    schemas = list(TABLE_SCHEMAS + VIEW_SCHEMAS)
    found = []
    for kind, source in (("table", "duckdb_tables()"), ("view", "duckdb_views()")):
        for schema, name, comment in connection.execute(
            f"select schema_name, {kind}_name, comment from {source} where database_name = ? "
            "and comment is not null and schema_name in (select unnest(?)) order by all",
            [catalogue, schemas],
        ).fetchall():
            found.append(f"comment on {kind} {quoted(schema)}.{quoted(name)} is {literal(comment)}")
    for schema, table, column, comment in connection.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() where database_name = ? "
        "and comment is not null and schema_name in (select unnest(?)) order by all",
        [catalogue, schemas],
    ).fetchall():
        found.append(
            f"comment on column {quoted(schema)}.{quoted(table)}.{quoted(column)} is {literal(comment)}"
        )
    return found


def catalogue_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the name of the database that the connection is open on."""
    row = connection.execute("select current_database()").fetchone()
    return str(row[0]) if row else ""
