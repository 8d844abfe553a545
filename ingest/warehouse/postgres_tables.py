"""What is published, as PostgreSQL tables: types, keys, indexes, comments, and rows as COPY reads them.

Views of the published file become tables: their SQL is DuckDB's. A list of plain values becomes an array, any
other nested value jsonb. PostgreSQL's text cannot hold U+0000, which becomes U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from psycopg import sql

from ingest.warehouse.connection import WarehouseError
from ingest.warehouse.model_keys import ModelKeys
from ingest.warehouse.published_file import TABLE_SCHEMAS, VIEW_SCHEMAS
from ingest.warehouse.quoting import literal, quoted

SCHEMAS = TABLE_SCHEMAS + VIEW_SCHEMAS
TYPES = {
    "BIGINT": "bigint",
    "BLOB": "bytea",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "FLOAT": "real",
    # Ours hold persons; BI tools read numeric without a scale as decimal, so one is given.
    "HUGEINT": "numeric(38, 0)",
    "INTEGER": "integer",
    "JSON": "jsonb",
    "SMALLINT": "smallint",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "TINYINT": "smallint",
    "UBIGINT": "numeric(20, 0)",
    "UHUGEINT": "numeric(39, 0)",
    "UINTEGER": "bigint",
    "USMALLINT": "integer",
    "UTINYINT": "smallint",
    "UUID": "uuid",
    "VARCHAR": "text",
}
LEFT_OUT = frozenset(
    {
        "bi_control_days",
        "bi_event_areas",
        "geojson_events",
        "geojson_place_control",
        "hxl_events",
        "hxl_place_control",
        "hxl_tags",
    }
)
"""Views that would be most of the copy: a row a place and day (6.6 million of 100,000 claims), which
generate_series unfolds from fct_place_control; a country's outline an event (187 MB of 100,000 claims), which
our own map draws; and the forms of files, which are published as files.
"""
INDEXED_DAYS = frozenset({"date_start", "valid_from", "known_from", "week_start", "as_of"})
"""Days by which facts are asked for; what joins tables is indexed besides."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: DuckDB's type, what it means, whether it may be empty."""

    name: str
    data_type: str
    comment: str | None
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of the published file."""

    schema: str
    name: str
    comment: str | None
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    """Foreign keys: own columns, table of the same schema, its columns."""
    indexed: tuple[str, ...] = ()
    """Further columns by which rows are looked up: names of other tables' keys, and days."""


def published_as_tables(
    connection: duckdb.DuckDBPyConnection, declared: Mapping[str, ModelKeys]
) -> list[Table]:
    """Return every table and view of the open published file, in the order of schema and name.

    Keys are those of its constraints, else those that `declared` has for its name. A reference is kept where
    it leads to another table's key.
    """
    found = [
        _table(connection, schema, name, comment, declared.get(name, ModelKeys()))
        for schema, name, comment in connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() "
            "where not internal and schema_name in (select unnest($schemas)) union all "
            "select schema_name, view_name, comment from duckdb_views() "
            "where not internal and schema_name in (select unnest($schemas)) order by all",
            {"schemas": list(SCHEMAS)},
        ).fetchall()
        if name not in LEFT_OUT
    ]
    keys = {(table.schema, table.name): table.key for table in found}
    joined = {name for key in keys.values() for name in key} | INDEXED_DAYS
    return [
        replace(
            table,
            references=tuple(
                reference
                for reference in table.references
                if keys.get((table.schema, reference[1])) == reference[2]
            ),
            indexed=tuple(
                column.name
                for column in table.columns
                if table.schema in TABLE_SCHEMAS
                and (column.name,) != table.key
                and (column.name in joined or any((column.name,) == own for own, _, _ in table.references))
            ),
        )
        for table in found
    ]


def _table(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, comment: str | None, declared: ModelKeys
) -> Table:
    columns = tuple(
        Column(*row)
        for row in connection.execute(
            "select column_name, data_type, comment, is_nullable from duckdb_columns() "
            "where schema_name = ? and table_name = ? order by column_index",
            [schema, name],
        ).fetchall()
    )
    there = {column.name for column in columns}
    key = (declared.key,) if declared.key in there else ()
    references = {
        (own,): (other, (column,)) for own, (other, column) in declared.references.items() if own in there
    }
    for kind, own, other, others in connection.execute(
        "select constraint_type, constraint_column_names, referenced_table, referenced_column_names "
        "from duckdb_constraints() where schema_name = ? and table_name = ? "
        "and constraint_type in ('PRIMARY KEY', 'FOREIGN KEY')",
        [schema, name],
    ).fetchall():
        if kind == "PRIMARY KEY":
            key = tuple(own)
        else:
            references[tuple(own)] = (other, tuple(others))
    return Table(
        schema, name, comment, columns, key, tuple((own, *to) for own, to in sorted(references.items()))
    )


def postgres_type(data_type: str) -> str:
    """Return the name of PostgreSQL's type for one of DuckDB's. Raises WarehouseError for one unknown."""
    if data_type.startswith("DECIMAL("):
        return data_type.lower().replace("decimal", "numeric")
    if data_type.startswith("ENUM("):
        return "text"
    if data_type.endswith("[]") and data_type.removesuffix("[]") in TYPES.keys() - {"BLOB", "JSON"}:
        return f"{TYPES[data_type.removesuffix('[]')]}[]"
    if data_type.startswith(("STRUCT(", "MAP(", "UNION(")) or data_type.endswith("]"):
        return "jsonb"
    if data_type not in TYPES:
        raise WarehouseError(
            f"DuckDB's type {data_type} has no name for PostgreSQL yet: ingest/warehouse/postgres_tables.py"
        )
    return TYPES[data_type]


def create_table(schema: str, table: Table) -> sql.Composed:
    """Return the statement that makes the table, without keys and indexes, in a schema of another name."""
    columns = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(column.name),
            sql.SQL(postgres_type(column.data_type)),
            sql.SQL("" if column.is_nullable else " not null"),
        )
        for column in table.columns
    ]
    return sql.SQL("create table {} ({})").format(
        sql.Identifier(schema, table.name), sql.SQL(", ").join(columns)
    )


def copy_rows(schema: str, table: Table) -> sql.Composed:
    """Return the COPY statement that reads what `write_rows` wrote."""
    return sql.SQL("copy {} from stdin (format csv)").format(sql.Identifier(schema, table.name))


def write_rows(connection: duckdb.DuckDBPyConnection, table: Table, file: Path) -> None:
    """Write the rows as CSV: null is nothing, an empty text is two quotation marks.

    Times with a zone are written in the connection's: set it to UTC before.
    """
    columns = ", ".join(_as_text(column) for column in table.columns)
    source = f"{quoted(table.schema)}.{quoted(table.name)}"
    connection.execute(
        f"copy (select {columns} from {source}) to {literal(str(file))} "  # noqa: S608 - quoted identifiers
        "(format csv, header false, nullstr '', quote '\"', escape '\"')"
    )


def _as_text(column: Column) -> str:
    """Return the DuckDB expression that gives a column's value as PostgreSQL reads it."""
    name, kind = quoted(column.name), postgres_type(column.data_type)
    if kind == "bytea":
        return f"'\\x' || hex({name})"
    if kind == "jsonb":
        return f"replace(to_json({name})::varchar, '\\u0000', '\ufffd')"
    if kind.endswith("[]"):
        escaped = r"""replace(replace(replace(e::varchar, chr(0), chr(65533)), '\', '\\'), '"', '\"')"""
        members = f"""list_transform({name}, lambda e: coalesce('"' || {escaped} || '"', 'NULL'))"""
        return f"'{{' || array_to_string({members}, ',') || '}}'"
    if kind == "text":
        return f"replace({name}::varchar, chr(0), chr(65533))"
    return name


def keys_and_indexes(schema: str, table: Table) -> Iterator[sql.Composed]:
    """Yield what makes the table quick to ask, to be run when its rows are there."""
    relation = sql.Identifier(schema, table.name)
    if table.key:
        yield sql.SQL("alter table {} add primary key ({})").format(relation, _names(table.key))
    for name in table.indexed:
        yield sql.SQL("create index on {} ({})").format(relation, _names((name,)))


def foreign_keys(schema: str, table: Table) -> Iterator[sql.Composed]:
    """Yield the table's references, to be run when every table has its key."""
    for own, other, columns in table.references:
        yield sql.SQL("alter table {} add foreign key ({}) references {} ({})").format(
            sql.Identifier(schema, table.name), _names(own), sql.Identifier(schema, other), _names(columns)
        )


def comments(schema: str, table: Table) -> Iterator[sql.Composed]:
    """Yield what tells a reader what a row and what a column is."""
    relation = sql.Identifier(schema, table.name)
    if table.comment:
        yield sql.SQL("comment on table {} is {}").format(relation, sql.Literal(table.comment))
    for column in table.columns:
        if column.comment:
            yield sql.SQL("comment on column {} is {}").format(
                sql.Identifier(schema, table.name, column.name), sql.Literal(column.comment)
            )


def _names(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
