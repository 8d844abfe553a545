"""The end of a run in words: what the published copy holds, as aligned plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingest.records import content_hash
from ingest.settings import Lake
from ingest.warehouse.connection import WarehouseError, connect
from ingest.warehouse.published_file import describe
from ingest.wording import bounds_in_words, counted

SHOWN = 5
WIDTH = 110
HARMS = {"missing": "missing", "captured": "taken prisoner"}
NEXT = (
    ("make ui", "the Dagster UI: every step, its checks and its log"),
    ("make sql", "ask the published copy in SQL"),
    ("make docs", "what every table and column means"),
    ("make run INPUT=folder-or-file", "the same with articles of your own"),
    ("python -m ingest show ARTICLE", "one article with its claims marked in it"),
)
ARTICLES = """
select count(*), count(distinct outlet_id), count(*) filter (published_at is null),
    min(published_at)::date, max(published_at)::date,
    count(*) filter (coalesce(language, 'en') <> 'en')
from marts.dim_article where is_current
"""
CLAIMS = """
select 'casualties', count(*) from marts.fct_casualties where is_current and not is_rejected
union all
select 'reinforcements', count(*) from marts.fct_reinforcements where is_current and not is_rejected
union all
select 'changes of territory', count(*) from marts.fct_territorial_changes
where is_current and not is_rejected
"""
CASUALTIES = """
select f.count_low, f.count_best, f.count_high, f.victim, f.harm, coalesce(p.name, f.place_text), f.scope,
    f.status, coalesce(c.name, f.claimant_text), f.outlet_id
from marts.fct_casualties as f
left join marts.dim_place as p using (place_id)
left join marts.dim_claimant as c using (claimant_id)
where f.is_current and not f.is_rejected and coalesce(f.count_high, f.count_best, f.count_low) is not null
order by coalesce(f.count_high, f.count_best, f.count_low) desc, f.claim_id limit ?
"""
CHANGES = """
select f.date_end, f.published_at::date, f.change, coalesce(p.name, f.place_text),
    coalesce(g.name, f.gained_by_text), coalesce(l.name, f.lost_by_text), f.status,
    coalesce(c.name, f.claimant_text), f.outlet_id
from marts.fct_territorial_changes as f
left join marts.dim_place as p using (place_id)
left join marts.dim_claimant as c using (claimant_id)
left join marts.dim_actor as g on g.actor_id = f.gained_by_id and g.is_current_name
left join marts.dim_actor as l on l.actor_id = f.lost_by_id and l.is_current_name
where f.is_current and not f.is_rejected and f.change not in ('control_held', 'advance', 'repelled')
order by coalesce(f.date_end, f.published_at::date) desc nulls last, f.claim_id limit ?
"""
REINFORCEMENTS = """
select coalesce(n.name, any_value(f.actor_text), 'somebody not named'), count(*),
    max(coalesce(f.count_low, f.count_best, f.count_high)),
    max(coalesce(f.count_high, f.count_best, f.count_low)),
    bool_or(f.count_low is not null and f.count_high is null),
    array_to_string(list_sort(list_distinct(list(coalesce(p.name, f.destination_text)))), ', ')
from marts.fct_reinforcements as f
left join marts.dim_actor as n on n.actor_id = f.actor_id and n.is_current_name
left join marts.dim_place as p on p.place_id = f.destination_id
where f.is_current and not f.is_rejected and f.status <> 'denied'
group by f.actor_id, n.name, case when f.actor_id is null then f.actor_text end
order by count(*) desc, 1
"""
REJECTS = (
    "select location, reason, count(*) over () from raw.rejects order by landed_at desc, location limit ?"
)


def summarise(published: Path, warehouse: Path | Lake | None = None, *, before: str | None = None) -> str:
    """Return what the published copy holds, in plain text of about 110 columns, and what to do next.

    Rejects are counted where `warehouse` is given; while somebody else holds it, the text says so. Where
    `before`, the `fingerprint` of an earlier moment, still holds, the text begins with 'Nothing new'. Raises
    WarehouseError where nothing is published yet or a mart it reads is not among the tables.
    """
    lines = []
    if before is not None and before == fingerprint(published, warehouse):
        lines += ["Nothing new: no row changed.", ""]
    with connect(published, read_only=True) as connection:
        try:
            lines += _overview(connection)
            lines += _section("Largest casualty claims", _casualties(connection))
            lines += _section("Latest changes of territory", _changes(connection))
            lines += _section(
                "Reinforcements by actor (claims may overlap: never add them up)", _reinforcements(connection)
            )
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(f"{published} lacks a table or column of the marts: {error}") from error
    if warehouse is not None:
        lines += _rejects(warehouse)
    lines += _section("Next", NEXT)
    return "\n".join(lines)


def fingerprint(published: Path, warehouse: Path | Lake | None = None) -> str | None:
    """Return a hash of all that is published and of the number of rejects; None where nothing is."""
    if not published.exists():
        return None
    with connect(published, read_only=True) as connection:
        parts = [f"{name} {state}" for name, state in sorted(describe(connection).items())]
    if warehouse is not None:
        parts.append(str([row[2] for row in _reject_rows(warehouse) or []]))
    return content_hash(*parts)


def _overview(connection: duckdb.DuckDBPyConnection) -> list[str]:
    articles, outlets, undated, first, last, foreign = _rows(connection, ARTICLES)[0]
    claims = _rows(connection, CLAIMS)
    span = f", {_days(first, last)}" if first else ""
    notes = [f"{undated:,} without a date"] * (undated > 0)
    notes += [f"{foreign:,} not in English, which are kept and not read"] * (foreign > 0)
    source = f"{articles:,} from {counted(outlets, 'outlet')}"
    return [
        "Articles  " + "; ".join([source + span, *notes]),
        "Claims    " + " · ".join(f"{number:,} {kind}" for kind, number in claims),
    ]


def _casualties(connection: duckdb.DuckDBPyConnection) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for low, best, high, victim, harm, place, scope, status, claimant, outlet in _rows(
        connection, CASUALTIES, SHOWN
    ):
        what = f"{victim} {HARMS.get(harm, harm)}"
        span = {"incident": "", "period": "over a period", "cumulative": "so far"}[scope]
        who = _speaker(status, claimant, outlet)
        count = bounds_in_words(best if low is None and high is None else low, high)
        rows.append((count, what, place or "-", span, who))
    return rows


def _changes(connection: duckdb.DuckDBPyConnection) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    found = _rows(connection, CHANGES, SHOWN)
    for day, published, change, place, gained, lost, status, claimant, outlet in found:
        when = day.isoformat() if day else f"by {published.isoformat()}" if published else "undated"
        sides = gained or "-"
        if lost:
            sides = f"{gained} from {lost}" if gained else f"lost by {lost}"
        who = _speaker(status, claimant, outlet)
        rows.append((when, place or "-", change.replace("_", " "), sides, who))
    return rows


def _reinforcements(connection: duckdb.DuckDBPyConnection) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for actor, number, low, high, is_open, places in _rows(connection, REINFORCEMENTS):
        largest = (
            f"largest {bounds_in_words(low, None if is_open else high)}" if low is not None else "no number"
        )
        rows.append((actor, counted(number, "claim"), largest, f"to {places}" if places else ""))
    return rows


def _rejects(warehouse: Path | Lake) -> list[str]:
    rows = _reject_rows(warehouse)
    if rows is None:
        return ["", "Rejects   not counted: another process holds the warehouse"]
    if not rows:
        return ["", "Rejects   none"]
    number = rows[0][2]
    shown = [(repr(location)[1:-1], reason) for location, reason, _ in rows]
    more = [(f"and {number - len(rows):,} more", "in raw.rejects")] * (number > len(rows))
    return _section(f"Rejects: {number:,} documents or lines could not be used", shown + more)


def _reject_rows(warehouse: Path | Lake) -> list[tuple[Any, ...]] | None:
    try:
        with connect(warehouse, read_only=True, wait_seconds=2, report=lambda _: None) as connection:
            return _rows(connection, REJECTS, SHOWN)
    except WarehouseError:
        return None


def _section(title: str, rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a title and its rows, their columns aligned and the last one wrapped."""
    rows = [[*row] for row in rows]
    if not rows:
        return ["", title, "  none"]
    widths = [min(max(len(row[n]) for row in rows), 34) for n in range(len(rows[0]) - 1)]
    lines = ["", title]
    for row in rows:
        head = "  " + "".join(
            f"{_cut(cell, width):<{width}}  " for cell, width in zip(row, widths, strict=False)
        )
        first, *rest = textwrap.wrap(row[-1], max(WIDTH - len(head), 30)) or [""]
        lines.append((head + first).rstrip())
        lines += [" " * len(head) + line for line in rest]
    return lines


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return connection.execute(query, list(parameters)).fetchall()


def _speaker(status: str, claimant: str | None, outlet: str | None) -> str:
    source = outlet or "an outlet not named"
    if status == "asserted":
        return f"{source} itself"
    said = {"claimed": "", "confirmed": "confirmed by ", "denied": "denied by "}[status]
    return f"{said}{claimant or 'somebody not named'}, in {source}"


def _days(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
