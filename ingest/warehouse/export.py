"""The whole warehouse as sorted text: two warehouses hold the same where these are equal."""

# ruff: noqa: S608 - identifiers come from DuckDB's own catalogue and are quoted

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from ingest.settings import Lake
from ingest.warehouse.connection import connect

LEFT_OUT = frozenset({"change_number", "changed_in", "content"})
"""change_number is a position in a log, which killed runs fill in another order; changed_in counts
builds, and a killed one is made again; content has its sha256."""


def export_sorted(path: Path | Lake, *, leave_out: Collection[str] = ()) -> str:
    """Return every row of every table as a line 'schema.table {json}', sorted within its table.

    Tables whose name is in `leave_out` (as schema.table) are passed over, such as bookkeeping that holds run
    ids. Raises WarehouseError where the file cannot be opened.
    """
    return "".join(_lines(path, frozenset(leave_out)))


def _lines(path: Path | Lake, leave_out: frozenset[str]) -> Iterator[str]:
    with connect(path, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where not internal and database_name = current_database() order by all"
        ).fetchall()
        for schema, table in tables:
            if f"{schema}.{table}" in leave_out:
                continue
            columns = connection.execute(
                "select column_name from duckdb_columns() "
                "where database_name = current_database() and schema_name = ? and table_name = ? "
                "order by all",
                [schema, table],
            ).fetchall()
            kept = ", ".join(f'"{name}"' for (name,) in columns if name not in LEFT_OUT)
            rows = connection.execute(
                f'select to_json(t)::varchar as line from (select {kept} from "{schema}"."{table}") as t '
                "order by line"
            )
            yield f"{schema}.{table}\n"
            while batch := rows.fetchmany(10_000):
                yield "".join(f"{schema}.{table} {line}\n" for (line,) in batch)
