"""What landing brings, in the order in which a kill loses nothing: documents, rejects, then visits."""

# ruff: noqa: S608 - what is put into statements here are constants of this package; every value is a parameter

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace

from ingest.records import Arrival, Document, Reject, Visit
from ingest.warehouse.rows import listed, read_rows, to_visit, unnest
from ingest.warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Kept:
    """How many documents and rejects of a batch had not landed before."""

    documents: int
    rejects: int


def keep(warehouse: Warehouse, batch: Sequence[Arrival]) -> Kept:
    """Keep a batch of what landing yields. Visits come last: where a kill forestalls them, we ask again."""
    documents = warehouse.add_documents([item for item in batch if isinstance(item, Document)])
    refused = [item for item in batch if isinstance(item, Reject)]
    rejects = warehouse.add_rejects(refused)
    _forget_earlier_reasons(warehouse, refused)
    add_visits(warehouse, [item for item in batch if isinstance(item, Visit)])
    return Kept(documents, rejects)


_NOT_HAD = (
    "(regexp_full_match(reason_code, 'http_[0-9]+') or reason_code in ('timed_out', 'unreachable', 'cut_off',"
    " 'host_down', 'unknown_host', 'bad_answer', 'robots_unknown'))"
)
"""Reasons for which an address could not be had when it was asked."""


def _forget_earlier_reasons(warehouse: Warehouse, rejects: Sequence[Reject]) -> None:
    """Delete why an address could not be had before, where another reason is told now: it is one reject."""
    addresses = [reject for reject in rejects if reject.landing_id is None and "://" in reject.location]
    if not addresses:
        return
    with warehouse.transaction() as connection:
        connection.execute(
            f"delete from raw.rejects where landing_id is null and {_NOT_HAD}"
            " and (source_id, location) in (select (a, b) from (select"
            "  unnest(?::json::varchar[]) as a, unnest(?::json::varchar[]) as b))"
            " and reject_id not in (select unnest(?::json::varchar[]))",
            [
                listed(reject.source_id for reject in addresses),
                listed(reject.location for reject in addresses),
                listed(reject.reject_id for reject in addresses),
            ],
        )


def visits_of(
    warehouse: Warehouse, source_id: str, addresses: Collection[str], *, again: bool = False
) -> dict[str, Visit]:
    """Return the last visit to each of the addresses of the source, where there was one.

    For asking `again`, refused visits are left out, and the others do not say by what to ask for changes.
    """
    found = read_rows(
        warehouse.connection.execute(
            "select * from raw.visits where source_id = ?"
            " and address in (select unnest(?::json::varchar[])) order by address",
            [source_id, listed(addresses)],
        )
    )
    visits = [to_visit(row) for row in found]
    if again:
        visits = [replace(visit, etag=None, last_modified=None) for visit in visits if not visit.is_refused]
    return {visit.address: visit for visit in visits}


def add_visits(warehouse: Warehouse, visits: Sequence[Visit]) -> None:
    """Keep the visits, each in the place of the one before; what could not be had there before is mended."""
    if not visits:
        return
    latest = {(visit.source_id, visit.address): visit for visit in visits}
    rows, parameters = unnest(
        "visits",
        ({item.name: getattr(visit, item.name) for item in fields(Visit)} for visit in latest.values()),
    )
    with warehouse.transaction() as connection:
        connection.execute(
            f"merge into raw.visits as v using {rows} as n "
            "on v.source_id = n.source_id and v.address = n.address "
            "when matched then update set status = n.status, visited_at = n.visited_at, etag = n.etag,"
            "  last_modified = n.last_modified, marker = n.marker, retry_at = n.retry_at,"
            "  is_refused = n.is_refused "
            "when not matched then insert by name",
            parameters,
        )
        connection.execute(
            "delete from raw.rejects where landing_id is null and exists (select 1 from raw.visits as v"
            " where v.source_id = rejects.source_id and v.address = rejects.location and not v.is_refused"
            f" and (v.source_id, v.address) in (select (source_id, address) from {rows}))",
            parameters,
        )
