"""The days on which documents land, in UTC, and what the assets of a landing day have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import dagster as dg

from orchestration.settings import today

FIRST_DAY = date(2010, 1, 1)
"""Before anything can have landed; a day given by hand may be any from here on."""
POOL = "duckdb"
"""The pool of one slot to which every step belongs that opens the warehouse."""


OWNERS = ["team:frontline"]


def _days_ahead() -> int:
    """Return how many days FRONTLINE_NOW runs ahead of the clock by which Dagster counts its partitions."""
    return max(0, (today() - datetime.now(UTC).date()).days)


# A day's partition opens with the day, not after it: end_offset=1 makes today's exist.
LANDING_DAYS = dg.DailyPartitionsDefinition(
    start_date=FIRST_DAY.isoformat(), timezone="UTC", end_offset=1 + _days_ahead()
)

RAW_ASSET: dict[str, Any] = {
    "key_prefix": "raw",
    "group_name": "raw",
    "partitions_def": LANDING_DAYS,
    "backfill_policy": dg.BackfillPolicy.single_run(),
    "pool": POOL,
    "kinds": {"python", "duckdb"},
    "owners": OWNERS,
}
"""What the three raw assets have in common."""


def days_of(context: dg.AssetExecutionContext) -> list[date]:
    """Return the landing days that this run is about, earliest first."""
    return [date.fromisoformat(key) for key in context.partition_keys]


def days_tags(first: date, last: date) -> dict[str, str]:
    """Return the tags by which a run is about all landing days from `first` to `last`."""
    return {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }


def spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each stretch of consecutive days, earliest first."""
    for _, run in groupby(enumerate(sorted(set(days))), key=lambda item: item[1] - timedelta(item[0])):
        stretch = [day for _, day in run]
        yield stretch[0], stretch[-1]
