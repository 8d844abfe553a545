"""The published DuckDB file: the tables of `marts` and the views of `exports`, with constraints and comments.

CREATE TABLE AS would lose the constraints and the comments, so the tables are made from their own DDL, and
views anew without the warehouse's name. Text of articles stays behind; only quotes are published.
"""

# ruff: noqa: S608 - identifiers come from DuckDB's own catalogue and are quoted; there are no other values

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb

from ingest.warehouse.connection import WarehouseError
from ingest.warehouse.quoting import literal, quoted

TABLE_SCHEMAS = ("marts", "bi")
VIEW_SCHEMAS = ("exports", "bi")
"""`bi` is what charts read: in the file, but in no export, since it says nothing that the marts do not."""
CLUSTERED_BY = ("conflict_id", "date_start")
"""By which rows lie in the file, where a table has these: a question about one war or a stretch of days
then reads few blocks instead of picking rows out of every one (on 100,000 claims, a sixth of the time)."""
ALIAS = "published_copy"


def copy_into(connection: duckdb.DuckDBPyConnection, beside: Path) -> None:
    """Write what is published of the open warehouse into a new file.

    Raises WarehouseError where a view reads what is not published.
    """
    tables = published_tables(connection)
    views = published_views(connection)
    catalogue = _catalogue(connection)
    connection.execute(f"attach {literal(str(beside))} as {ALIAS}")
    try:
        connection.execute(f"use {ALIAS}")
        for schema in sorted({schema for schema, _, _ in tables} | {schema for schema, _, _ in views}):
            connection.execute(f"create schema if not exists {quoted(schema)}")
        _create_all(connection, [sql for _, _, sql in tables])
        for schema, name, _ in _parents_first(connection, catalogue, tables):
            table = f"{quoted(schema)}.{quoted(name)}"
            order = _order(connection, catalogue, schema, name)
            connection.execute(
                f"insert into {ALIAS}.{table} select * from {quoted(catalogue)}.{table} {order}"
            )
        _create_all(connection, [_view_ddl(connection, view, catalogue) for view in views])
        _comment(connection, catalogue)
        connection.execute("checkpoint")
    finally:
        connection.execute(f"use {quoted(catalogue)}")
        connection.execute(f"detach {ALIAS}")


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


def describe(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what is published by name, as text that is equal where all of it is: DDL, comments, rows.

    Rows are compared by the sum of their hashes, in no order. Hashes hold within one version of DuckDB only.
    """
    catalogue = _catalogue(connection)
    found: dict[str, str] = {}
    for schema, name, sql in published_tables(connection):
        table = f"{quoted(schema)}.{quoted(name)}"
        row = connection.execute(f"select count(*), sum(hash(t)::hugeint) from {table} as t").fetchone()
        found[f"{schema}.{name}"] = f"{sql} {row}"
    for view in published_views(connection):
        found[f"{view[0]}.{view[1]}"] = _view_ddl(connection, view, catalogue)
    for statement in _comments(connection, catalogue):
        found[statement] = ""
    return found


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


def _catalogue(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("select current_database()").fetchone()
    return str(row[0]) if row else ""
