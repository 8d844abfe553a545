"""The published tables as files: Parquet and CSV of every mart, and the exports as CSV, HXL and GeoJSON.

What an export is follows from its columns: `exports.hxl_tags` names the views with HXL tags, and a view with
the columns `feature_id` and `feature` is a layer of GeoJSON.
"""

# ruff: noqa: S608 - identifiers come from DuckDB's own catalogue and are quoted; there are no other values

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.warehouse.connection import WarehouseError
from ingest.warehouse.published_file import count_rows, published_tables, published_views
from ingest.warehouse.quoting import literal, quoted

EXPORTS = "exports"
LARGE = 200_000
"""Rows from which a table's Parquet is a folder with one part a year."""
PARTED_BY = ("date_start", "as_of", "valid_from", "week_start", "published_at", "known_from")
"""Columns whose year parts a large table: the first that it has."""
TIME = "%Y-%m-%dT%H:%M:%SZ"
"""How CSV writes a time, always UTC; see https://specs.frictionlessdata.io/table-schema/#datetime"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as DuckDB has it, with its description and its HXL tag where there is one."""

    name: str
    data_type: str
    description: str | None
    is_nullable: bool
    hxl_tag: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """One table or view written in one format: its files, relative to the publication, and its rows."""

    schema: str
    name: str
    format: str
    paths: Sequence[str]
    rows: int
    columns: Sequence[Column]
    description: str | None
    key: Sequence[str] = ()
    references: Sequence[tuple[Sequence[str], str, Sequence[str]]] = ()
    """Foreign keys: own columns, table, its columns."""


def write_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[WrittenTable]:
    """Write all files of a publication into the folder, and return what was written, table by table.

    Every file is read again and its rows are counted. Raises WarehouseError where they are not the table's.
    """
    for sub in ("parquet", "csv", "hxl", "geojson"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    tags = _hxl_tags(connection)
    written: list[WrittenTable] = []
    for schema, name, _ in [*published_tables(connection), *published_views(connection)]:
        if schema not in ("marts", EXPORTS):
            continue
        columns = _columns(connection, schema, name, tags.get(name, {}))
        names = {column.name for column in columns}
        rows = count_rows(connection, schema, name)
        if {"feature_id", "feature"} <= names and schema == EXPORTS:
            files = [("geojson", _write_geojson(connection, name, folder))]
        elif name in tags:
            files = [("hxl", _write_hxl(connection, name, columns, folder))]
        else:
            files = [
                ("parquet", _write_parquet(connection, schema, name, columns, rows, folder)),
                ("csv", _write_csv(connection, schema, name, columns, folder)),
            ]
        key, references = _keys(connection, schema, name)
        written += [
            WrittenTable(
                schema,
                name,
                format_,
                paths,
                rows,
                columns,
                _comment(connection, schema, name),
                key,
                references,
            )
            for format_, paths in files
        ]
    for table in written:
        _check(table, folder)
    return written


def _write_parquet(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    name: str,
    columns: Sequence[Column],
    rows: int,
    folder: Path,
) -> list[str]:
    # Parquet has no integer of 128 bits; DuckDB would write a floating point number in its place.
    narrowed = [
        f"{quoted(column.name)}::bigint as {quoted(column.name)}"
        for column in columns
        if column.data_type == "HUGEINT"
    ]
    replaced = f" replace ({', '.join(narrowed)})" if narrowed else ""
    source = f"from {quoted(schema)}.{quoted(name)}"
    by = next((column for column in PARTED_BY if column in {c.name for c in columns}), None)
    if rows < LARGE or by is None:
        path = folder / "parquet" / f"{name}.parquet"
        connection.execute(
            f"copy (select *{replaced} {source} order by 1) to {literal(str(path))} (format parquet)"
        )
    else:
        path = folder / "parquet" / name
        connection.execute(
            f"copy (select *{replaced}, year({quoted(by)}) as year {source}) to {literal(str(path))} "
            "(format parquet, partition_by (year))"
        )
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    return [file.relative_to(folder).as_posix() for file in files]


def _write_csv(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, columns: Sequence[Column], folder: Path
) -> list[str]:
    path = folder / "csv" / f"{name}.csv"
    # Lists and structs as JSON: what a datapackage calls an array and an object.
    shown = ", ".join(
        f"to_json({quoted(c.name)}) as {quoted(c.name)}" if _is_nested(c) else quoted(c.name) for c in columns
    )
    connection.execute(
        f"copy (select {shown} from {quoted(schema)}.{quoted(name)} order by 1) to {literal(str(path))} "
        f"(format csv, header true, timestampformat '{TIME}')"
    )
    return [path.relative_to(folder).as_posix()]


def _write_hxl(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[Column], folder: Path
) -> list[str]:
    """Write a CSV whose second row holds the hashtags: https://hxlstandard.org/standard/1-1final/"""
    path = folder / "hxl" / f"{name}.csv"
    rows = connection.execute(f"from {EXPORTS}.{quoted(name)} order by 1")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in columns)
        writer.writerow(column.hxl_tag or "" for column in columns)
        while batch := rows.fetchmany(10_000):
            writer.writerows(batch)
    return [path.relative_to(folder).as_posix()]


def _write_geojson(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> list[str]:
    """Write a FeatureCollection (RFC 7946) of the view's features, with the version of the data."""
    path = folder / "geojson" / f"{name.removeprefix('geojson_')}.geojson"
    versions = connection.execute(
        f"select distinct dataset_version from {EXPORTS}.{quoted(name)}"
        if _has_column(connection, name, "dataset_version")
        else "select null where false"
    ).fetchall()
    rows = connection.execute(f"select feature from {EXPORTS}.{quoted(name)} order by feature_id")
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection"')
        if len(versions) == 1:
            file.write(f',"dataset_version":{json.dumps(versions[0][0])}')
        file.write(',"features":[')
        separator = "\n"
        while batch := rows.fetchmany(10_000):
            for (feature,) in batch:
                file.write(f"{separator}{feature}")
                separator = ",\n"
        file.write("\n]}\n")
    return [path.relative_to(folder).as_posix()]


def _check(table: WrittenTable, folder: Path) -> None:
    """Read the files again. Raises WarehouseError where they do not hold the table's rows."""
    files = [str(folder / path) for path in table.paths]
    found: int | None = 0
    try:
        if table.format == "parquet":
            found = _counted("select count(*) from read_parquet(?)", files)
        elif table.format == "geojson":
            features = json.loads(Path(files[0]).read_text("utf-8"))["features"]
            found = sum(feature["type"] == "Feature" for feature in features)
        else:
            with Path(files[0]).open(encoding="utf-8", newline="") as file:
                found = sum(1 for _ in csv.reader(file)) - (2 if table.format == "hxl" else 1)
    except (duckdb.Error, ValueError, KeyError, OSError) as error:
        raise WarehouseError(f"cannot publish: {table.name} as {table.format} is damaged: {error}") from error
    if found != table.rows:
        raise WarehouseError(
            f"cannot publish: {table.name} has {table.rows} rows, its {table.format} has {found}. "
            "What was published before stays in place"
        )


def _counted(query: str, files: list[str]) -> int:
    with duckdb.connect() as reader:
        row = reader.execute(query, [files]).fetchone()
    return int(row[0]) if row else 0


def _columns(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, tags: dict[str, str]
) -> list[Column]:
    return [
        Column(column, data_type, comment, bool(is_nullable), tags.get(column))
        for column, data_type, comment, is_nullable in connection.execute(
            "select column_name, data_type, comment, is_nullable from duckdb_columns() where "
            "database_name = current_database() and schema_name = ? and table_name = ? order by column_index",
            [schema, name],
        ).fetchall()
    ]


def _hxl_tags(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return the HXL tag of each column of each view that has them."""
    if not any((schema, name) == (EXPORTS, "hxl_tags") for schema, name, _ in published_views(connection)):
        return {}
    tags: dict[str, dict[str, str]] = {}
    for table, column, tag in connection.execute(
        "select table_name, column_name, hxl_tag from exports.hxl_tags order by table_name, column_order"
    ).fetchall():
        tags.setdefault(table, {})[column] = tag
    return tags


def _keys(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str
) -> tuple[list[str], list[tuple[Sequence[str], str, Sequence[str]]]]:
    """Return the primary key and the foreign keys, as the constraints have them."""
    key: list[str] = []
    references: list[tuple[Sequence[str], str, Sequence[str]]] = []
    for kind, columns, other, other_columns in connection.execute(
        "select constraint_type, constraint_column_names, referenced_table, referenced_column_names "
        "from duckdb_constraints() where database_name = current_database() and schema_name = ? "
        "and table_name = ? and constraint_type in ('PRIMARY KEY', 'FOREIGN KEY') order by constraint_index",
        [schema, name],
    ).fetchall():
        if kind == "PRIMARY KEY":
            key = columns
        else:
            references.append((columns, other, other_columns))
    return key, references


def _comment(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> str | None:
    row = connection.execute(
        "select comment from duckdb_tables() where database_name = current_database() "
        "and schema_name = $1 and table_name = $2 union all "
        "select comment from duckdb_views() where database_name = current_database() "
        "and schema_name = $1 and view_name = $2",
        [schema, name],
    ).fetchone()
    return row[0] if row else None


def _has_column(connection: duckdb.DuckDBPyConnection, view: str, column: str) -> bool:
    return any(found.name == column for found in _columns(connection, EXPORTS, view, {}))


def _is_nested(column: Column) -> bool:
    return column.data_type.endswith("]") or column.data_type.startswith(("STRUCT", "MAP"))


def all_files(written: Sequence[WrittenTable]) -> Iterator[str]:
    """Yield the path of every file, relative to the publication."""
    for table in written:
        yield from table.paths
