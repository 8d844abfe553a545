"""Open a DuckDB file that one process may write or many may read, and say who is in the way."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from ingest import FrontlineError
from ingest.settings import Lake
from ingest.warehouse.lake import connect_lake
from ingest.warehouse.quoting import literal, quoted

WAIT_SECONDS = 60.0
"""A killed run may leave a dbt child that holds the file for as long as its last model takes."""


ROW_GROUP = 8 * 2048
"""Rows, a multiple of DuckDB's 2,048."""
LOCKED = re.compile(r"\block\b")
"""In what DuckDB says of a file that another process holds; of a damaged one it speaks of a block."""


class WarehouseError(FrontlineError):
    """The warehouse cannot be used; the message says why and what to do."""


class WarehouseBusyError(WarehouseError):
    """Another process holds the warehouse; `pid` is its process id, None where DuckDB does not say."""

    def __init__(self, message: str, pid: int | None) -> None:
        super().__init__(message)
        self.pid = pid


def is_there(place: Path | Lake) -> bool:
    """Tell whether there is a warehouse to open. A lake is made by the first who opens it."""
    return isinstance(place, Lake) or place.exists()


def say(message: str) -> None:
    """Write a line of progress to standard error."""
    print(message, file=sys.stderr, flush=True)


def connect(
    path: Path | Lake,
    *,
    read_only: bool = False,
    wait_seconds: float = WAIT_SECONDS,
    report: Callable[[str], None] = say,
) -> duckdb.DuckDBPyConnection:
    """Open the file, waiting up to `wait_seconds` for another process to let go of it.

    Raises WarehouseBusyError where it does not, and WarehouseError where the file is missing (read_only),
    damaged, of another version of DuckDB, or not allowed to be opened. Nobody waits for a lake.
    """
    if isinstance(path, Lake):
        return connect_lake(path, read_only=read_only)
    if read_only and not path.exists():
        raise WarehouseError(f"{path} is not there yet: `make run` or `python -m ingest load` makes it")
    path.parent.mkdir(parents=True, exist_ok=True)
    started, told = time.monotonic(), 0.0
    while True:
        try:
            return duckdb.connect(str(path), read_only=True) if read_only else _connect_to_write(path)
        except duckdb.IOException as error:
            if not LOCKED.search(str(error)):
                raise WarehouseError(_explain(path, error)) from error
            pid, waited = _holder(error), time.monotonic() - started
            who = f"process {pid}" if pid else "another process"
            if waited >= wait_seconds:
                raise WarehouseBusyError(
                    f"{path} is held open by {who}, and still was after {waited:.0f} s. "
                    f"Let it finish, or end it{f' (kill {pid})' if pid else ''}, and run this again: "
                    "nothing is lost.",
                    pid,
                ) from error
            if waited - told >= 10 or told == 0.0:
                report(
                    f"Waiting for {who} to let go of {path.name}, {wait_seconds - waited:.0f} s at most ..."
                )
                told = max(waited, 0.001)
            time.sleep(min(0.2, max(wait_seconds - waited, 0.01)))
        except duckdb.Error as error:
            raise WarehouseError(_explain(path, error)) from error


def _connect_to_write(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file so that closing it costs what was written, not what the last row group holds.

    A row group that grew is compressed anew as a whole. DuckDB makes them of 122,880 rows; only to who
    attaches a file does it leave the choice. Those that are there stay as they are.
    """
    connection = duckdb.connect()
    try:
        connection.execute(f"attach {literal(str(path))} (row_group_size {ROW_GROUP})")
        row = connection.execute(
            "select database_name from duckdb_databases() where not internal and path is not null"
        ).fetchone()
        connection.execute(f"use {quoted(str(row[0] if row else path.stem))}")
    except BaseException:
        connection.close()
        raise
    return connection


def _holder(error: duckdb.IOException) -> int | None:
    match = re.search(r"PID (\d+)", str(error))
    return int(match[1]) if match else None


def _explain(path: Path, error: duckdb.Error) -> str:
    first = str(error).partition("\n")[0]
    if "version" in first:
        return f"{path} was written by another version of DuckDB (this is {duckdb.__version__}): {first}"
    if "not a valid DuckDB" in first:
        return f"{path} is no DuckDB file. Move it away, or restore a backup, and run this again"
    if "Corrupt" in first or "Could not read enough" in first:
        return (
            f"{path} is damaged: {first}. Put a backup in its place: python -m ingest restore FILE --replace"
        )
    return f"{path} cannot be opened: {first}"
