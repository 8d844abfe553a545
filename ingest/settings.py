"""Where Frontline keeps its state and what time it is: the two things that come from the environment.

FRONTLINE_DATA is the folder of all state (default: data/ beside the packages). FRONTLINE_NOW, an ISO date or
date-time in UTC, replaces the clock, so that a run can be repeated to the byte.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from ingest import FrontlineError

ROOT = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """Return the folder of all state; it need not exist yet."""
    given = os.environ.get("FRONTLINE_DATA")
    return Path(given).expanduser().absolute() if given else ROOT / "data"


def warehouse_path() -> Path:
    """Return the path of the DuckDB file that only the pipeline opens."""
    return data_folder() / "warehouse.duckdb"


def published_path() -> Path:
    """Return the path of the DuckDB file that everybody else reads."""
    return data_folder() / "published" / "frontline.duckdb"


def now(landed_on: date | None = None) -> datetime:
    """Return the time of landing, aware and in UTC; on `landed_on`, where given, at the clock's time of day.

    Raises FrontlineError where FRONTLINE_NOW is no ISO date or date-time.
    """
    given = os.environ.get("FRONTLINE_NOW")
    if given:
        try:
            moment = datetime.fromisoformat(given)
        except ValueError as error:
            raise FrontlineError(
                f"FRONTLINE_NOW={given!r} is no ISO date or date-time, e.g. 2016-08-08T12:00:00"
            ) from error
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    else:
        moment = datetime.now(UTC).replace(microsecond=0)
    return moment if landed_on is None else datetime.combine(landed_on, moment.timetz())
