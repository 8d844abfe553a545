"""From an event, a toll or an interval of control to the claims behind it, their words and their reasons.

Reads the published copy (or the warehouse: names are the same) and says nothing that no row of it says.
"""

# ruff: noqa: S608 - what is put into statements here are constants of this module; every value is a parameter

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from ingest.warehouse.connection import WarehouseError

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Explanation:
    """One thing of the warehouse and all it rests on; rows are those of the marts, by column.

    `kind` is casualty_event, reinforcement_event, territorial_change_event, toll or control. `parts` are the
    rows of an incident by category (else empty), `claims` what was said for and against it, oldest article
    first, `related` the changes that began and ended an interval of control, `history` its revisions.
    """

    kind: str
    entity_id: str
    row: Row
    parts: Sequence[Row] = ()
    claims: Sequence[Row] = ()
    related: Sequence[Row] = ()
    history: Sequence[Row] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    dataset_version: str | None = None


_FOUND = """
select distinct kind, entity_id from (
    select 'casualty_event' as kind, event_id as entity_id from marts.fct_casualty_events
    union all select 'reinforcement_event', event_id from marts.fct_reinforcement_events
    union all select 'territorial_change_event', event_id from marts.fct_territorial_change_events
    union all select 'toll', toll_id from marts.fct_casualty_tolls
    union all select 'control', control_id from marts.fct_place_control
) where starts_with(entity_id, ?) order by all limit 10
"""
_CLAIMS = """
with said as (
    select * from (
        select * from marts.fct_casualties
        union all by name
        select * rename (destination_id as place_id, destination_text as place_text)
        from marts.fct_reinforcements
        union all by name
        select * from marts.fct_territorial_changes
    ) where claim_id in (select unnest(?))
)
select s.* exclude (published_at), b.event_id, b.relation, b.is_standing, b.is_best, b.match_reason,
    b.matched_claim_id, a.title, a.url, a.version_number, a.published_at, a.landed_on
from said as s
inner join marts.dim_article as a using (article_id)
left join (
    select * from marts.bridge_event_claims where ? is null or event_id = ?
    qualify row_number() over (partition by claim_id order by relation = 'refines', event_id) = 1
) as b using (claim_id)
order by a.published_at nulls last, a.article_id, s.quote_start, s.quote_end desc, s.claim_id
"""
_TABLES = {
    "casualty_event": ("marts.fct_casualty_events", "event_id"),
    "reinforcement_event": ("marts.fct_reinforcement_events", "event_id"),
    "territorial_change_event": ("marts.fct_territorial_change_events", "event_id"),
    "toll": ("marts.fct_casualty_tolls", "toll_id"),
    "control": ("marts.fct_place_control", "control_id"),
}


def explain(connection: duckdb.DuckDBPyConnection, wanted: str) -> Explanation:
    """Return what `wanted`, an id or the beginning of one, rests on.

    Raises WarehouseError where nothing has that id, or more than one thing.
    """
    found = connection.execute(_FOUND, [wanted]).fetchall()
    if not found or not wanted:
        raise WarehouseError(
            f"no event, toll or interval of control has an id that begins with {wanted!r}. Ids stand in the "
            "columns event_id, toll_id and control_id of the fact tables: try `make sql`"
        )
    if len(found) > 1:
        shown = "\n".join(f"  {entity_id}  {kind}" for kind, entity_id in found)
        raise WarehouseError(f"{wanted!r} fits several; give more of one:\n{shown}")
    kind, entity_id = found[0]
    table, key = _TABLES[kind]
    rows = _ask(connection, f"select * from {table} where {key} = ? order by all", entity_id)
    row, event_id = rows[0], entity_id if kind.endswith("_event") else None
    claims = _ask(connection, _CLAIMS, _claim_ids(connection, kind, row), event_id, event_id)
    related_ids = [row[name] for name in ("opened_by_event_id", "closed_by_event_id") if row.get(name)]
    related = _ask(
        connection,
        "select * from marts.fct_territorial_change_events where list_contains(?, event_id) order by all",
        related_ids,
    )
    return Explanation(
        kind=kind,
        entity_id=entity_id,
        row=row,
        parts=rows if kind == "casualty_event" else (),
        claims=claims,
        related=related,
        history=_ask(
            connection,
            "select * from marts.fct_revisions where entity_id = ? order by known_from, attribute",
            entity_id,
        ),
        names=_names(connection, [row, *claims, *related]),
        dataset_version=_version(connection),
    )


def _claim_ids(connection: duckdb.DuckDBPyConnection, kind: str, row: Row) -> list[str]:
    if kind == "toll":
        return [row["claim_id"]]
    if kind == "control":
        return list(row["claim_ids"])
    members = _ask(
        connection, "select claim_id from marts.bridge_event_claims where event_id = ?", row["event_id"]
    )
    return [member["claim_id"] for member in members]


def _names(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> dict[str, str]:
    """Return the names of the places, actors and claimants that the rows speak of, by id."""
    ids = {
        value
        for row in rows
        for column, value in row.items()
        if column.endswith("_id") and isinstance(value, str)
    } | {actor for row in rows for actor in row.get("contenders") or ()}
    found = connection.execute(
        "select id, any_value(name) from ("
        "  select claimant_id as id, name from marts.dim_claimant"
        "  union all select place_id, name from marts.dim_place"
        "  union all select actor_id, name from marts.dim_actor where is_current_name"
        ") where id in (select unnest(?)) group by id",
        [sorted(ids)],
    ).fetchall()
    return dict(found)


def _version(connection: duckdb.DuckDBPyConnection) -> str | None:
    rows = _ask(
        connection, "select arg_max(dataset_version, version_number) as v from marts.dim_dataset_version"
    )
    return str(rows[0]["v"]) if rows and rows[0]["v"] is not None else None


def _ask(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[dict[str, Any]]:
    found = connection.execute(query, list(values))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
