"""What others built on the published tables in PostgreSQL, which a swap of schemas must not leave behind.

A view refers to a table by number, not by name: after a swap it would go on reading the rows of before.
"""

# ruff: noqa: S608 - queries are made of constants of this module

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from ingest.warehouse.postgres_rights import Database

DEPENDING = """
with published as (
    select c.oid, c.reltype from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(%(schemas)s)
),
depending as (
    select distinct coalesce(rule.ev_class, reference.conrelid, d.objid) as object_id,
        case when rule.oid is not null then 'pg_class'::regclass else d.classid end as class_id,
        d.classid as found_as, d.objid as found_id
    from pg_depend d
    left join pg_rewrite rule on d.classid = 'pg_rewrite'::regclass and rule.oid = d.objid
    left join pg_constraint reference on d.classid = 'pg_constraint'::regclass and reference.oid = d.objid
    where d.deptype = 'n' and (
        (d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from published))
        or (d.refclassid = 'pg_type'::regclass and d.refobjid in (select reltype from published))
    )
)
"""
VIEWS = f"""{DEPENDING}
select n.nspname, c.relname, coalesce(c.reloptions, '{{}}'), pg_get_viewdef(c.oid)
from depending join pg_class c on c.oid = object_id and class_id = 'pg_class'::regclass
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and n.nspname <> all(%(schemas)s)
order by 1, 2
"""
OTHERS = f"""{DEPENDING}
select case when class_id = 'pg_class'::regclass then pg_describe_object(class_id, object_id, 0)
    else pg_describe_object(found_as, found_id, 0) end
from depending
left join pg_class c on c.oid = object_id and class_id in ('pg_class'::regclass, 'pg_constraint'::regclass)
where (c.oid is null or c.relnamespace <> all(select oid from pg_namespace where nspname = any(%(schemas)s)))
    and not (class_id = 'pg_class'::regclass and c.relkind = 'v')
union
select pg_describe_object('pg_class'::regclass, c.oid, 0)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any(%(schemas)s)
    and (c.relkind not in ('r', 'i') or pg_get_userbyid(c.relowner) <> current_user)
order by 1
"""


@dataclass(frozen=True, slots=True)
class View:
    """A view on published tables, and the statement that lets it read those of today's names."""

    name: str
    definition: sql.Composed


def views_on_top(database: Database, schemas: Sequence[str]) -> list[View]:
    """Return the views of others that read tables of the schemas; views on those views need nothing.

    CREATE OR REPLACE keeps a view's owner, rights, comment and dependents.
    """
    # With no search path every name in a definition is given with its schema.
    database.execute("set local search_path = ''")
    return [
        View(
            f"{schema}.{name}",
            sql.SQL("create or replace view {}{} as {}").format(
                sql.Identifier(schema, name), _options(options), sql.SQL(definition)
            ),
        )
        for schema, name, options, definition in database.execute(
            VIEWS, {"schemas": list(schemas)}
        ).fetchall()
    ]


def foreign_objects(database: Database, schemas: Sequence[str]) -> list[str]:
    """Name what would be lost: foreign keys, functions on our tables, what others put in our schemas."""
    return [name for (name,) in database.execute(OTHERS, {"schemas": list(schemas)}).fetchall()]


def _options(options: Sequence[str]) -> sql.Composed:
    """Return a view's WITH clause: replaced without it, the view would lose its options."""
    if not options:
        return sql.Composed([])
    pairs = [option.partition("=") for option in options]
    return sql.SQL(" with ({})").format(
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, _, value in pairs
        )
    )
