"""Where Frontline keeps its state, how much of it, and what time it is: all that comes from the environment.

FRONTLINE_DATA is the folder of all state (default: data/ beside the packages). FRONTLINE_NOW, an ISO date or
date-time in UTC, replaces the clock, so that a run can be repeated to the byte. FRONTLINE_PUBLICATIONS_KEPT
is how many publications are kept; FRONTLINE_CONTACT whom servers may write to about our requests.
FRONTLINE_POSTGRES names a PostgreSQL database that every publication is copied into,
FRONTLINE_POSTGRES_READER the role that may read it there. FRONTLINE_LAKE_CATALOG and FRONTLINE_LAKE_DATA put
the warehouse into a lake (DuckLake) instead of one file. FRONTLINE_DASK is the address of a Dask scheduler
whose workers read the articles, FRONTLINE_SHARDS the folder or s3:// address where they find them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ingest import FrontlineError

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Lake:
    """A warehouse that is no file: its catalog in a database, its tables as Parquet in a folder or on S3.

    `catalog` is what DuckLake takes after 'ducklake:', e.g. 'postgres:host=db dbname=wars' or the path of
    a DuckDB file; `data` a folder or an s3:// address.
    """

    catalog: str
    data: str

    def __str__(self) -> str:
        return f"the lake at {self.data}"


def data_folder() -> Path:
    """Return the folder of all state; it need not exist yet."""
    given = os.environ.get("FRONTLINE_DATA")
    return Path(given).expanduser().absolute() if given else ROOT / "data"


def warehouse_path() -> Path:
    """Return the path of the DuckDB file that only the pipeline opens, where no lake is configured."""
    return data_folder() / "warehouse.duckdb"


def warehouse_place() -> Path | Lake:
    """Return where the warehouse is: its file, or the lake that the environment names.

    Raises FrontlineError where only one of FRONTLINE_LAKE_CATALOG and FRONTLINE_LAKE_DATA is set.
    """
    catalog = os.environ.get("FRONTLINE_LAKE_CATALOG", "")
    data = os.environ.get("FRONTLINE_LAKE_DATA", "")
    if not catalog and not data:
        return warehouse_path()
    if not catalog or not data:
        raise FrontlineError(
            "a lake needs both FRONTLINE_LAKE_CATALOG (e.g. postgres:host=127.0.0.1 dbname=frontline) and "
            "FRONTLINE_LAKE_DATA (e.g. s3://bucket/frontline); only one is set"
        )
    return Lake(catalog, data)


def dask_scheduler() -> str | None:
    """Return the address of the Dask scheduler whose workers read; None where this machine reads."""
    return os.environ.get("FRONTLINE_DASK") or None


def shards_place() -> str:
    """Return the folder or s3:// address through which articles go to workers (FRONTLINE_SHARDS)."""
    return os.environ.get("FRONTLINE_SHARDS") or str(data_folder() / "shards")


def published_path() -> Path:
    """Return the path of the DuckDB file that everybody else reads."""
    return data_folder() / "published" / "frontline.duckdb"


def publications_kept() -> int:
    """Return how many publications are kept: FRONTLINE_PUBLICATIONS_KEPT, or 3, the current one among them.

    Raises FrontlineError where it is no whole number above 0.
    """
    given = os.environ.get("FRONTLINE_PUBLICATIONS_KEPT", "3")
    if not given.isdecimal() or int(given) < 1:
        raise FrontlineError(f"FRONTLINE_PUBLICATIONS_KEPT={given!r} is no number of publications, e.g. 3")
    return int(given)


def contact() -> str | None:
    """Return whom a server may write to about our requests: FRONTLINE_CONTACT, an e-mail or web address.

    Raises FrontlineError where it could not stand in a header.
    """
    given = os.environ.get("FRONTLINE_CONTACT", "").strip()
    if not (given.isascii() and given.isprintable()):
        raise FrontlineError(
            f"FRONTLINE_CONTACT={given!r} is no e-mail or web address, e.g. desk@example.org"
        )
    return given or None


def postgres_target() -> str | None:
    """Return the libpq connection string of FRONTLINE_POSTGRES; None where nobody wants a copy in PostgreSQL.

    It may hold a password: never show it.
    """
    return os.environ.get("FRONTLINE_POSTGRES") or None


def postgres_reader() -> str:
    """Return the role that reads the copy in PostgreSQL: FRONTLINE_POSTGRES_READER, or frontline_reader."""
    return os.environ.get("FRONTLINE_POSTGRES_READER") or "frontline_reader"


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
