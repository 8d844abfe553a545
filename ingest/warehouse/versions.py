"""Bring a warehouse of an older version up to date. A row is never lost; a killed migration never happened.

Version 1 is that of v0.1.0, which did not number its schema. Version N is made of N - 1 by the file
migrations/000N.sql, and made from nothing by schema.sql: both give the same tables.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from ingest.settings import Lake
from ingest.warehouse.connection import WarehouseError
from ingest.warehouse.lake import is_lake, without_keys

SCHEMA = Path(__file__).with_name("schema.sql")
MIGRATIONS = {
    int(path.stem): path for path in sorted(Path(__file__).with_name("migrations").glob("[0-9]*.sql"))
}
VERSION = max(MIGRATIONS)


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the version of the open warehouse's raw tables, 0 where it has none yet."""
    there = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = current_database() and schema_name = 'raw'"
        ).fetchall()
    }
    if "schema_versions" not in there:
        return 1 if "documents" in there else 0
    row = connection.execute("select max(version) from raw.schema_versions").fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def refuse_newer(connection: duckdb.DuckDBPyConnection, path: Path | Lake) -> int:
    """Return the version of the raw tables. Raises WarehouseError where a newer Frontline made them."""
    version = schema_version(connection)
    if version > VERSION:
        raise WarehouseError(
            f"{path} was made by a newer Frontline: its raw tables have version {version}, this knows "
            f"{VERSION}. Update Frontline; nothing was changed"
        )
    return version


def bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, path: Path | Lake, report: Callable[[str], None]
) -> None:
    """Make the raw tables, or bring them to this version, in one transaction each.

    Raises WarehouseError for a warehouse of a newer version; it is left as it is.
    """
    version = refuse_newer(connection, path)
    if version == VERSION:
        return
    if version == 0:
        _run(connection, SCHEMA, range(1, VERSION + 1))
        return
    report(f"Bringing {path} from version {version} of its raw tables to {VERSION}; no row is lost.")
    for number in range(version + 1, VERSION + 1):
        _run(connection, MIGRATIONS[number], (number,))


def _run(connection: duckdb.DuckDBPyConnection, script: Path, versions: range | tuple[int, ...]) -> None:
    ddl = script.read_text("utf-8") + (
        ";\ncreate table if not exists raw.schema_versions (version integer primary key);"
    )
    connection.begin()
    try:
        connection.execute(without_keys(ddl) if is_lake(connection) else ddl)
        connection.executemany("insert into raw.schema_versions values (?)", [[n] for n in versions])
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
