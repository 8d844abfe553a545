"""Figures by which one sees that something has gone wrong with the news, not with the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the articles landed in a span of days: how many there are, and how many lack something.

    `articles_undated` have no day of publication; `articles_claimless` are English, were read, and gave no
    claim; `claims_unplaced` are claims of casualties or territory that name no place.
    """

    articles: int
    articles_undated: int
    articles_read: int
    articles_claimless: int
    claims: int
    claims_unplaced: int


def shares(warehouse: Warehouse, first: date, last: date) -> Shares:
    """Return the figures of the articles landed from `first` to `last`, both included."""
    row = warehouse.connection.execute(
        "with landed as (select * from raw.articles where landed_on between $1 and $2),"
        " readings as (select article_id, arg_max(extractor_version, change_number) as extractor_version,"
        "   arg_max(claims, change_number) as claims from raw.changes join landed using (article_id)"
        "   where change = 'read' and landed.language = 'en' group by article_id),"
        " found as (select c.* from raw.claims as c join readings using (article_id, extractor_version)"
        "   where kind in ('casualty', 'territorial_change'))"
        " select (select count(*) from landed), (select count(*) from landed where published_at is null),"
        " (select count(*) from readings), (select count(*) from readings where claims = 0),"
        " (select count(*) from found), (select count(*) from found where detail ->> 'place_text' is null)",
        [first, last],
    ).fetchone()
    return Shares(*(row or (0, 0, 0, 0, 0, 0)))


def landed_by_source(warehouse: Warehouse, first: date, last: date) -> dict[str, list[int]]:
    """Return, by source, the documents landed on each day from `first` to `last`, both included."""
    days = (last - first).days + 1
    found: dict[str, list[int]] = {}
    for source, day, documents in warehouse.connection.execute(
        "select source_id, landed_on, count(*) from raw.documents where landed_on between ? and ?"
        " group by all order by all",
        [first, last],
    ).fetchall():
        found.setdefault(source, [0] * days)[(day - first).days] = documents
    return found


def failing(warehouse: Warehouse, source_id: str, addresses: Sequence[str]) -> list[tuple[str, str, date]]:
    """Return those of a source's own addresses that could not be had: address, why, and the day since when.

    An address that was had again since is not among them; the reason is the latest.
    """
    return warehouse.connection.execute(
        "select location, arg_max(reason, landed_at), min(landed_on) from raw.rejects"
        " where source_id = ? and location in (select unnest(?)) and landing_id is null"
        " group by location order by location",
        [source_id, list(addresses)],
    ).fetchall()


def claims_by_publication_day(warehouse: Warehouse, days: int) -> dict[date, int]:
    """Return the number of standing claims by day of publication, of the latest `days` days with any."""
    found = warehouse.connection.execute(
        "select published_on, count(*) from bi.bi_claims where published_on is not null "
        "group by published_on order by published_on desc limit ?",
        [days],
    ).fetchall()
    return dict(found)


def latest_events(warehouse: Warehouse, number: int) -> list[tuple[object, ...]]:
    """Return the latest dated events: day, kind, what, place, grade, claimant, quote."""
    return warehouse.connection.execute(
        "select date_start, kind, what, place, grade, claimant, quote from bi.bi_events "
        "where date_start is not null order by date_start desc, event_id limit ?",
        [number],
    ).fetchall()
