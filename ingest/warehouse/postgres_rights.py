"""The role that reads what is published in PostgreSQL, and can write nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from ingest.warehouse.connection import WarehouseError

Database: TypeAlias = psycopg.Connection[TupleRow]

WRITING = "insert, update, delete, truncate, references, trigger"
"""All that PostgreSQL lets one be granted on a table, but to read it."""


def make_reader(database: Database, reader: str, schemas: Sequence[str]) -> None:
    """Make the role where it is missing: it may log in once an administrator gives it a password.

    Raises WarehouseError where the publisher may not make roles, or where the role is a superuser, whom no
    right holds back.
    """
    row = database.execute("select rolsuper from pg_roles where rolname = %s", [reader]).fetchone()
    if row is not None:
        if row[0]:
            raise WarehouseError(f"the role {reader!r} is a superuser and could write: name another reader")
        return
    role = sql.Identifier(reader)
    try:
        with database.transaction():
            database.execute(
                sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole noreplication").format(role)
            )
            # A second lock on the door: rights decide, but a tool should not even try.
            database.execute(sql.SQL("alter role {} set default_transaction_read_only = on").format(role))
            database.execute(
                sql.SQL("alter role {} set search_path = {}").format(
                    role, sql.SQL(", ").join(map(sql.Identifier, schemas))
                )
            )
    except psycopg.errors.InsufficientPrivilege as error:
        raise WarehouseError(
            f"there is no role {reader!r}, and the publisher may not make one. Let an administrator say: "
            f"{sql.SQL('create role {} login').format(role).as_string(database)}"
        ) from error


def grant_reading(database: Database, schemas: Sequence[str], reader: str) -> None:
    """Let the role read every table of the schemas."""
    role = sql.Identifier(reader)
    for schema in map(sql.Identifier, schemas):
        database.execute(sql.SQL("grant usage on schema {} to {}").format(schema, role))
        database.execute(sql.SQL("grant select on all tables in schema {} to {}").format(schema, role))


def check_reader(
    database: Database, schemas: Sequence[str], reader: str, report: Callable[[str], None]
) -> None:
    """Make sure that the role reads all and writes nothing, whatever rights it inherits.

    Raises WarehouseError where it may write in our schemas, and reports where it may in `public`.
    """
    found = database.execute(
        "select n.nspname || '.' || c.relname, has_table_privilege(%(reader)s, c.oid, 'select'), "
        "has_table_privilege(%(reader)s, c.oid, %(writing)s) or has_any_column_privilege(%(reader)s, c.oid, "
        "'insert, update') from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname = any(%(schemas)s) and c.relkind = 'r' union all "
        "select nspname, has_schema_privilege(%(reader)s, oid, 'usage'), "
        "has_schema_privilege(%(reader)s, oid, 'create') "
        "from pg_namespace where nspname = any(%(schemas)s)",
        {"reader": reader, "writing": WRITING, "schemas": list(schemas)},
    ).fetchall()
    unread = [name for name, reads, _ in found if not reads]
    written = [name for name, _, writes in found if writes]
    if unread or written:
        what = f"may write to {', '.join(written)}" if written else f"cannot read {', '.join(unread)}"
        raise WarehouseError(
            f"the role {reader!r} {what}, by a right that it has from elsewhere: take it away "
            "(\\du and \\ddp in psql show whence), or name another reader"
        )
    row = database.execute(
        "select has_schema_privilege(%s, oid, 'create') from pg_namespace where nspname = 'public'", [reader]
    ).fetchone()
    if row and row[0]:
        report(
            f"The role {reader} may make tables of its own in the schema public, as everybody in this "
            "database may; an administrator ends that by: revoke create on schema public from public"
        )
