"""The published tables as files: Parquet and CSV of every mart, and the exports as CSV, HXL and GeoJSON.

A large mart is a folder with a file a year, and a year with the rows of the publication before is its file.
What an export is follows from its columns: `exports.hxl_tags` names the views with HXL tags, and a view with
the columns `feature_id` and `feature` is a layer of GeoJSON.
"""

# ruff: noqa: S608 - identifiers come from DuckDB's own catalogue and are quoted; there are no other values

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb

from ingest.records import content_hash
from ingest.warehouse.published_file import Content, Part, published_tables, published_views
from ingest.warehouse.quoting import literal, quoted

EXPORTS = "exports"
FORM = "1"
"""Another one wherever the same rows become another file: then none of before is linked to."""
WORKED_OUT, YEAR = "published_rows", "published_year"
"""The rows of a table or view in the order of its files, and the column that tells a large table's file."""
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
    written_from: Mapping[str, str] = field(default_factory=dict)
    """Of each path what it was written from, where that is known: equal for equal rows."""
    rows_of: Sequence[int] = ()
    """The rows of each path, where there are several."""


Writer = Callable[[duckdb.DuckDBPyConnection], list[WrittenTable]]
"""Writes the files of a table or export and returns them, format by format."""


@dataclass(frozen=True, slots=True)
class FilesBefore:
    """The publication before: its folder, and of its files what they were written from."""

    folder: Path
    written_from: Mapping[str, str]


def writers_of(
    connection: duckdb.DuckDBPyConnection, folder: Path, content: Content, before: FilesBefore | None = None
) -> list[Writer]:
    """Return what writes all files of a publication into the folder, one for each table and export.

    Each is called with a connection of its own to what `connection` is open on; `content` is of it. A file
    that the publication `before` wrote from the same rows is not written again: it is a link to that one.
    """
    for sub in ("parquet", "csv", "hxl", "geojson"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    tags = _hxl_tags(connection)
    marts: list[Writer] = [
        partial(
            _write_mart, folder=folder, schema=schema, name=name, content=content[schema, name], before=before
        )
        for schema, name, _ in published_tables(connection)
        if schema == "marts"
    ]
    exports: list[Writer] = [
        partial(_write_export, folder=folder, name=name, tags=tags.get(name, {}))
        for schema, name, _ in published_views(connection)
        if schema == EXPORTS
    ]
    return marts + exports


def _write_mart(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    schema: str,
    name: str,
    content: tuple[str, Sequence[Part]],
    before: FilesBefore | None,
) -> list[WrittenTable]:
    sql, parts = content
    columns = _columns(connection, schema, name, {})
    paths = {
        "parquet": [_parquet_path(name, part) for part in parts],
        "csv": [_csv_path(name, part) for part in parts],
    }
    states = [content_hash(FORM, duckdb.__version__, sql, str(part)) for part in parts]
    written_from = {path: state for form in paths for path, state in zip(paths[form], states, strict=True)}
    for path in written_from:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    new: list[tuple[Part, str, str]] = []
    for part, parquet, csv in zip(parts, paths["parquet"], paths["csv"], strict=True):
        if before is not None and all(before.written_from.get(p) == written_from[p] for p in (parquet, csv)):
            _link(before.folder / parquet, folder / parquet)
            _link(before.folder / csv, folder / csv)
        else:
            new.append((part, parquet, csv))
    if new:
        by = new[0][0].by
        year = f"year({quoted(by)})" if by else "null::bigint"
        wanted = [part.year for part, _, _ in new]
        connection.execute(
            f"create or replace temp table {WORKED_OUT} as select {year} as {YEAR}, * "
            f"from {quoted(schema)}.{quoted(name)} where list_contains(?, coalesce({year}, 0)) order by 1, 2",
            [[found or 0 for found in wanted]],
        )
        try:
            for part, parquet, csv in new:
                which = "null" if part.year is None else part.year
                source = f"from temp.{WORKED_OUT} where {YEAR} is not distinct from {which}"
                _write_parquet(connection, source, columns, folder / parquet)
                _write_csv(connection, source, columns, folder / csv)
        finally:
            connection.execute(f"drop table temp.{WORKED_OUT}")
    rows = sum(part.rows for part in parts)
    key, references = _keys(connection, schema, name)
    comment = _comment(connection, schema, name)
    return [
        WrittenTable(
            schema,
            name,
            form,
            paths[form],
            rows,
            columns,
            comment,
            key,
            references,
            {path: written_from[path] for path in paths[form]},
            [part.rows for part in parts],
        )
        for form in paths
    ]


def _write_export(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str, tags: dict[str, str]
) -> list[WrittenTable]:
    """Write an export; its view is worked out once, however many files it becomes."""
    columns = _columns(connection, EXPORTS, name, tags)
    key = "feature_id" if _is_layer(columns) else "2"
    connection.execute(
        f"create or replace temp table {WORKED_OUT} as "
        f"select null as {YEAR}, * from {EXPORTS}.{quoted(name)} order by {key}"
    )
    source = f"from temp.{WORKED_OUT}"
    try:
        rows = _number(connection, f"select count(*) {source}")
        if _is_layer(columns):
            files = {"geojson": f"geojson/{name.removeprefix('geojson_')}.geojson"}
            _write_geojson(connection, columns, folder / files["geojson"])
        elif tags:
            files = {"hxl": f"hxl/{name}.csv"}
            _write_hxl(connection, source, columns, folder / files["hxl"])
        else:
            files = {"parquet": f"parquet/{name}.parquet", "csv": f"csv/{name}.csv"}
            _write_parquet(connection, source, columns, folder / files["parquet"])
            _write_csv(connection, source, columns, folder / files["csv"])
    finally:
        connection.execute(f"drop table temp.{WORKED_OUT}")
    comment = _comment(connection, EXPORTS, name)
    return [WrittenTable(EXPORTS, name, form, [path], rows, columns, comment) for form, path in files.items()]


def _parquet_path(name: str, part: Part) -> str:
    if part.by is None:
        return f"parquet/{name}.parquet"
    year = "__HIVE_DEFAULT_PARTITION__" if part.year is None else part.year
    return f"parquet/{name}/year={year}/data_0.parquet"


def _csv_path(name: str, part: Part) -> str:
    if part.by is None:
        return f"csv/{name}.csv"
    return f"csv/{name}/{'undated' if part.year is None else part.year}.csv"


def _link(before: Path, path: Path) -> None:
    """Let the file be that of before, which nobody changes; a copy where the disk knows no links."""
    try:
        path.hardlink_to(before)
    except OSError:
        shutil.copyfile(before, path)


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[Column], path: Path
) -> None:
    # Parquet has no integer of 128 bits; DuckDB would write a floating point number in its place.
    narrowed = [
        f"{quoted(column.name)}::bigint as {quoted(column.name)}"
        for column in columns
        if column.data_type == "HUGEINT"
    ]
    replaced = f" replace ({', '.join(narrowed)})" if narrowed else ""
    connection.execute(
        f"copy (select * exclude ({YEAR}){replaced} {source}) to {literal(str(path))} (format parquet)"
    )


def _write_csv(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[Column], path: Path
) -> None:
    # Lists and structs as JSON: what a datapackage calls an array and an object.
    shown = ", ".join(
        f"to_json({quoted(c.name)}) as {quoted(c.name)}" if _is_nested(c) else quoted(c.name) for c in columns
    )
    connection.execute(
        f"copy (select {shown} {source}) to {literal(str(path))} "
        f"(format csv, header true, timestampformat '{TIME}')"
    )


def _write_hxl(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[Column], path: Path
) -> None:
    """Write a CSV whose second row holds the hashtags: https://hxlstandard.org/standard/1-1final/"""
    names = ", ".join(quoted(column.name) for column in columns)
    tags = ", ".join(literal(column.hxl_tag or "") for column in columns)
    texts = ", ".join(f"{quoted(column.name)}::varchar" for column in columns)
    connection.execute(
        f"copy (with lines (line, {names}) as (select 0, {tags} union all select 1, {texts} {source}) "
        f"select {names} from lines order by line, 1) to {literal(str(path))} (format csv, header true)"
    )


def _write_geojson(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], path: Path) -> None:
    """Write a FeatureCollection (RFC 7946), one feature a line, with the version of the data."""
    versions = []
    if any(column.name == "dataset_version" for column in columns):
        versions = connection.execute(f"select distinct dataset_version from temp.{WORKED_OUT}").fetchall()
    rows = connection.execute(f"select feature from temp.{WORKED_OUT} order by feature_id")
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection"')
        if len(versions) == 1:
            file.write(f',"dataset_version":{json.dumps(versions[0][0])}')
        file.write(',"features":[')
        separator = "\n"
        while batch := rows.fetchmany(10_000):
            file.write(separator)
            file.write(",\n".join(feature for (feature,) in batch))
            separator = ",\n"
        file.write("\n]}\n")


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


def _is_layer(columns: Sequence[Column]) -> bool:
    return {"feature_id", "feature"} <= {column.name for column in columns}


def _is_nested(column: Column) -> bool:
    return column.data_type.endswith("]") or column.data_type.startswith(("STRUCT", "MAP"))


def all_files(written: Sequence[WrittenTable]) -> Iterator[str]:
    """Yield the path of every file, relative to the publication."""
    for table in written:
        yield from table.paths


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
