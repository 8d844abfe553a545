"""Copy what is published into a PostgreSQL database, for tools whose own driver is PostgreSQL's.

One transaction writes every table into fresh schemas, gives them keys, indexes, comments and a reader's
rights, and renames them into place. Readers see the publication before or the new one, never half of either;
they block nothing and are blocked by nothing. What a killed copy left, PostgreSQL rolls back. The schemas
that were replaced are dropped afterwards, as soon as nobody reads them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg
from psycopg import sql

from ingest.warehouse import postgres_tables as ours
from ingest.warehouse.connection import WarehouseError, connect, say
from ingest.warehouse.model_keys import ModelKeys
from ingest.warehouse.postgres_rights import Database, check_reader, grant_reading, make_reader
from ingest.warehouse.postgres_views import foreign_objects, views_on_top

MARK = "Published by Frontline, version "
"""How the comment of a schema of ours begins; a schema without it is somebody else's and left alone."""
FRESH, REPLACED = "frontline_fresh_", "frontline_replaced_"
LOCK = 0x46524F4E54
"""The advisory lock that publishers of one database take: 'FRONT'."""
DROP_PATIENCE = "3s"


@dataclass(frozen=True, slots=True)
class PostgresCopy:
    """What is in the database: rows by 'schema.table', the version, and whether anything was written."""

    where: str
    version: str
    rows: Mapping[str, int]
    is_changed: bool


def publish_to_postgres(
    published: Path,
    target: str,
    *,
    reader: str,
    declared: Mapping[str, ModelKeys],
    again: bool = False,
    report: Callable[[str], None] = say,
    progress: Callable[[Sequence[ours.Table]], Iterator[ours.Table]] = iter,
) -> PostgresCopy:
    """Copy the published DuckDB file into the database that `target` (a libpq connection string) names.

    `reader` is the role that may read and nothing else; it is made where it is missing, without a password.
    `declared` has the keys of the tables, by name. A version that is there already is not written, unless
    `again`. `progress` wraps the tables while they are copied.

    Raises WarehouseError, and leaves the database as it was, where it cannot be reached, a schema of that
    name is somebody else's, `reader` may write, or something of somebody else's hangs on a published table.
    """
    file = published.resolve()
    with connect(file, read_only=True) as source, _explained(target), psycopg.connect(target) as database:
        source.execute("set timezone = 'UTC'")
        tables = ours.published_as_tables(source, declared)
        if not tables:
            raise WarehouseError(f"{published} holds no tables to copy: `make run` builds them")
        where = f"{database.info.dbname} at {database.info.host or 'local socket'}:{database.info.port}"
        version = file.parent.name
        names = sorted({table.schema for table in tables})
        with database.transaction():
            # Another publisher of this database waits here.
            database.execute("select pg_advisory_xact_lock(%s)", [LOCK])
            standing = _standing(database)
            make_reader(database, reader, names)
            rows = _rows_if_unchanged(database, tables, version) if not again else None
            is_changed = rows is None
            if rows is None:
                _drop_leftovers(database, report)
                rows = _write(source, database, tables, version, progress)
                grant_reading(database, [FRESH + name for name in names], reader)
                _swap(database, names, standing, version)
            else:
                grant_reading(database, names, reader)
            check_reader(database, names, reader, report)
        with database.transaction():
            _drop_leftovers(database, report)
    return PostgresCopy(where, version, rows, is_changed)


def _standing(database: Database) -> set[str]:
    """Return those of the published schemas that are in the database. Raises WarehouseError for another's."""
    standing = set()
    for name, comment in database.execute(
        "select nspname, obj_description(oid, 'pg_namespace') from pg_namespace where nspname = any(%s)",
        [list(ours.SCHEMAS)],
    ).fetchall():
        if not (comment or "").startswith(MARK):
            raise WarehouseError(
                f"the database has a schema {name!r} that Frontline did not make. It is left alone: "
                "give Frontline a database of its own (createdb frontline)"
            )
        standing.add(name)
    return standing


def _rows_if_unchanged(
    database: Database, tables: Sequence[ours.Table], version: str
) -> dict[str, int] | None:
    """Return the rows of each table where the database holds this version whole; None where it does not."""
    there = set(
        database.execute(
            "select nspname::text, relname::text from pg_class join pg_namespace on pg_namespace.oid = "
            "relnamespace where relkind = 'r' and obj_description(pg_namespace.oid, 'pg_namespace') = %s",
            [MARK + version],
        ).fetchall()
    )
    if there != {(table.schema, table.name) for table in tables}:
        return None
    return {f"{table.schema}.{table.name}": _count(database, table.schema, table.name) for table in tables}


def _count(database: Database, schema: str, name: str) -> int:
    row = database.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(schema, name))).fetchone()
    return int(row[0]) if row else 0


def _write(
    source: duckdb.DuckDBPyConnection,
    database: Database,
    tables: Sequence[ours.Table],
    version: str,
    progress: Callable[[Sequence[ours.Table]], Iterator[ours.Table]],
) -> dict[str, int]:
    """Write the tables into fresh schemas and return their rows."""
    rows = {}
    # A crash loses the last copy at most, and the next run writes it again.
    database.execute("set local synchronous_commit = off")
    database.execute("set local maintenance_work_mem = '256MB'")
    for name in sorted({table.schema for table in tables}):
        database.execute(sql.SQL("create schema {}").format(sql.Identifier(FRESH + name)))
        database.execute(
            sql.SQL("comment on schema {} is {}").format(
                sql.Identifier(FRESH + name), sql.Literal(MARK + version)
            )
        )
    with tempfile.TemporaryDirectory(prefix="frontline-postgres-") as folder:
        files = _written_ahead(source, tables, Path(folder))
        for table, file in zip(progress(tables), files, strict=True):
            fresh = FRESH + table.schema
            database.execute(ours.create_table(fresh, table))
            with database.cursor() as cursor:
                with cursor.copy(ours.copy_rows(fresh, table)) as copy, file.open("rb") as stream:
                    while block := stream.read(1 << 20):
                        copy.write(block)
                rows[f"{table.schema}.{table.name}"] = cursor.rowcount
            file.unlink()
            for statement in ours.keys_and_indexes(fresh, table):
                database.execute(statement)
            for statement in ours.comments(fresh, table):
                database.execute(statement)
    for table in tables:
        for statement in ours.foreign_keys(FRESH + table.schema, table):
            database.execute(statement)
    for table in tables:
        database.execute(sql.SQL("analyze {}").format(sql.Identifier(FRESH + table.schema, table.name)))
    return rows


def _written_ahead(
    source: duckdb.DuckDBPyConnection, tables: Sequence[ours.Table], folder: Path
) -> Iterator[Path]:
    """Yield the file of each table's rows while the next one is written: DuckDB works beside PostgreSQL."""

    def write(table: ours.Table) -> Path:
        file = folder / f"{table.schema}.{table.name}.csv"
        ours.write_rows(source, table, file)
        return file

    with ThreadPoolExecutor(max_workers=1) as ahead:
        following = [ahead.submit(write, table) for table in tables[:1]]
        for table in tables[1:]:
            written = following.pop().result()
            following.append(ahead.submit(write, table))
            yield written
        for last in following:
            yield last.result()


def _swap(database: Database, names: Sequence[str], standing: set[str], version: str) -> None:
    """Rename the fresh schemas into place, and let views that others built on the old tables read the new."""
    hanging = foreign_objects(database, sorted(standing))
    if hanging:
        raise WarehouseError(
            "these hang on published tables, or lie in their schemas, and would be lost: "
            + "; ".join(hanging)
            + ". Views in schemas of your own are kept; move or drop the others, and publish again"
        )
    views = views_on_top(database, sorted(standing))
    for name in sorted(standing):
        database.execute(
            sql.SQL("alter schema {} rename to {}").format(
                sql.Identifier(name), sql.Identifier(f"{REPLACED}{name}_{database.info.backend_pid}")
            )
        )
    for name in names:
        database.execute(
            sql.SQL("alter schema {} rename to {}").format(sql.Identifier(FRESH + name), sql.Identifier(name))
        )
    for view in views:
        try:
            database.execute(view.definition)
        except psycopg.Error as error:
            raise WarehouseError(
                f"the view {view.name} reads published tables and does not fit version {version}: "
                f"{str(error).partition(chr(10))[0]}. Change or drop it, and publish again"
            ) from error


def _drop_leftovers(database: Database, report: Callable[[str], None]) -> None:
    """Drop the schemas that were replaced, so far as nobody reads them; the rest goes next time."""
    for (name,) in database.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s) "
        "and starts_with(obj_description(oid, 'pg_namespace'), %s)",
        [REPLACED, MARK],
    ).fetchall():
        tables = [
            sql.Identifier(name, table)
            for (table,) in database.execute(
                "select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace "
                "where nspname = %s and relkind = 'r'",
                [name],
            ).fetchall()
        ]
        try:
            with database.transaction():
                database.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(DROP_PATIENCE)))
                if tables:
                    database.execute(sql.SQL("drop table {}").format(sql.SQL(", ").join(tables)))
                database.execute(sql.SQL("drop schema {}").format(sql.Identifier(name)))
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DependentObjectsStillExist) as error:
            report(
                f"The publication before stays as schema {name}, and the next run tries again to drop it: "
                f"{_first_line(error)}"
            )


@contextmanager
def _explained(target: str) -> Iterator[None]:
    """Turn PostgreSQL's errors into ours; the connection string, which may hold a password, is not shown."""
    try:
        psycopg.conninfo.conninfo_to_dict(target)
    except psycopg.ProgrammingError:
        raise WarehouseError(
            "FRONTLINE_POSTGRES is no connection string, e.g. postgresql://publisher@127.0.0.1/frontline"
        ) from None
    try:
        yield
    except psycopg.OperationalError as error:
        raise WarehouseError(f"PostgreSQL cannot be reached, or went away: {_first_line(error)}") from error
    except psycopg.Error as error:
        raise WarehouseError(f"PostgreSQL refuses the copy: {_first_line(error)}") from error


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0]
