"""Write the copy that everybody else reads: marts and exports, with their constraints and comments.

DuckDB lets one process write a file or many read it, so readers get a file of their own, which is renamed
into place whole. Text of articles stays behind; only quotes are published.
"""

# ruff: noqa: S608 - identifiers come from DuckDB's own catalogue and are quoted; there are no other values

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.warehouse.connection import WarehouseError, connect
from ingest.warehouse.store import Warehouse

TABLE_SCHEMAS = ("marts",)
VIEW_SCHEMAS = ("exports",)
ALIAS = "published_copy"


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published: rows by 'schema.table', and whether anything differs from the copy before."""

    path: Path
    rows: Mapping[str, int]
    is_changed: bool


def publish(warehouse: Warehouse, target: Path) -> Publication:
    """Write the marts and exports of the open warehouse to `target`, and rename it into place.

    Tables keep their types, constraints and comments; views are made anew without the warehouse's name. A
    copy equal to the one in place is not written again, so readers keep theirs. What a killed run left beside
    the target is removed. Raises WarehouseError where there are no marts yet, or where a view reads what is
    not published.
    """
    connection = warehouse.connection
    tables = _objects(connection, "duckdb_tables()", TABLE_SCHEMAS)
    views = _objects(connection, "duckdb_views()", VIEW_SCHEMAS)
    if not tables:
        raise WarehouseError(f"{warehouse.path} holds no marts to publish: let dbt build them first")
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f"{target.name}.tmp*"):
        leftover.unlink()
    rows = {f"{schema}.{name}": _count(connection, schema, name) for schema, name, _ in tables}
    if is_published(warehouse, target):
        return Publication(target, rows, False)
    beside = target.with_name(target.name + ".tmp")
    catalogue = _catalogue(connection)
    connection.execute(f"attach {_literal(str(beside))} as {ALIAS}")
    try:
        connection.execute(f"use {ALIAS}")
        for schema in sorted({schema for schema, _, _ in tables} | {schema for schema, _, _ in views}):
            connection.execute(f"create schema if not exists {_name(schema)}")
        _create_all(connection, [sql for _, _, sql in tables])
        for schema, name, _ in _parents_first(connection, catalogue, tables):
            table = f"{_name(schema)}.{_name(name)}"
            connection.execute(f"insert into {ALIAS}.{table} select * from {_name(catalogue)}.{table}")
        _create_all(connection, [_without_catalogue(connection, sql, catalogue) for _, _, sql in views])
        _comment(connection, catalogue)
        connection.execute("checkpoint")
    finally:
        connection.execute(f"use {_name(catalogue)}")
        connection.execute(f"detach {ALIAS}")
    _rename(beside, target)
    return Publication(target, rows, True)


def has_marts(warehouse: Warehouse) -> bool:
    """Tell whether dbt has built anything that can be published."""
    return bool(_objects(warehouse.connection, "duckdb_tables()", TABLE_SCHEMAS))


def is_published(warehouse: Warehouse, target: Path) -> bool:
    """Tell whether the copy at `target` holds what the marts and exports of the open warehouse hold."""
    return target.exists() and describe(warehouse.connection) == _describe_file(target)


def describe(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what is published by name, as text that is equal where all of it is: DDL, comments, rows.

    Rows are compared by the sum of their hashes, in no order. Hashes hold within one version of DuckDB only.
    """
    catalogue = _catalogue(connection)
    found: dict[str, str] = {}
    for schema, name, sql in _objects(connection, "duckdb_tables()", TABLE_SCHEMAS):
        table = f"{_name(schema)}.{_name(name)}"
        row = connection.execute(f"select count(*), sum(hash(t)::hugeint) from {table} as t").fetchone()
        found[f"{schema}.{name}"] = f"{sql} {row}"
    for schema, name, sql in _objects(connection, "duckdb_views()", VIEW_SCHEMAS):
        found[f"{schema}.{name}"] = _without_catalogue(connection, sql, catalogue)
    for statement in _comments(connection, catalogue):
        found[statement] = ""
    return found


def _describe_file(path: Path) -> dict[str, str] | None:
    """Describe a published file; None where it cannot be read, so that it is written again."""
    try:
        with connect(path, read_only=True, wait_seconds=0) as connection:
            return describe(connection)
    except (WarehouseError, duckdb.Error):
        return None


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
                reason = f"{statement.partition('(')[0].partition(' AS ')[0]}: {error}"
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


def _without_catalogue(connection: duckdb.DuckDBPyConnection, sql: str, catalogue: str) -> str:
    """Return a view's DDL with no database name in it: that of the warehouse means nothing in the copy."""
    match = re.match(r"CREATE VIEW (?P<name>.+?) AS (?P<body>.+?);?\s*\Z", sql, re.DOTALL)
    if match is None:
        raise WarehouseError(f"cannot publish a view that DuckDB shows as {sql[:80]!r}")
    row = connection.execute("select json_serialize_sql(?)", [match["body"]]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise WarehouseError(f"cannot publish the view {match['name']}: {tree.get('error_message')}")
    _drop_catalogue(tree, catalogue)
    body = connection.execute("select json_deserialize_sql(?)", [json.dumps(tree)]).fetchone()
    return f"CREATE VIEW {match['name']} AS {body[0] if body else ''}"


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
            found.append(f"comment on {kind} {_name(schema)}.{_name(name)} is {_literal(comment)}")
    for schema, table, column, comment in connection.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() where database_name = ? "
        "and comment is not null and schema_name in (select unnest(?)) order by all",
        [catalogue, schemas],
    ).fetchall():
        found.append(
            f"comment on column {_name(schema)}.{_name(table)}.{_name(column)} is {_literal(comment)}"
        )
    return found


def _catalogue(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("select current_database()").fetchone()
    return str(row[0]) if row else ""


def _count(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    row = connection.execute(f"select count(*) from {_name(schema)}.{_name(name)}").fetchone()
    return int(row[0]) if row else 0


def _rename(beside: Path, target: Path) -> None:
    """Put the finished file in place, and make the rename last through a loss of power."""
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(target)
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
