"""Dagster's event log in SQLite, as Dagster keeps it, without waiting for the disk at each of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool


class EventLog(SqliteEventLogStorage):
    """The same files and tables; set by dagster.yaml where Dagster's history is not in PostgreSQL.

    A run of this pipeline writes some 900 rows of events. Dagster makes an engine, opens the file, writes,
    waits for the disk and closes it for each: half of the time of a run that finds nothing to do. Here one
    engine a file compiles each statement once, and the system writes to the disk when it likes. So a process
    may be killed at any moment and nothing is lost; a power cut may cost the last seconds of the index, and
    the log of the run that was going on. The file of a run is still closed after each row: the UI watches
    it. The overridden name is private to Dagster, whose version is pinned exactly.
    """

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> EventLog:
        """Make the storage that dagster.yaml describes."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> Engine:
        """Return the engine of the index, or of a run; of runs, that of the last one asked for is kept."""
        if shard not in self._engines:
            address = self.conn_string_for_shard(shard)
            patience = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
            if shard == INDEX_SHARD_NAME:
                engine = create_engine(address, connect_args=patience)
                event.listen(engine, "connect", _at_ease)
            else:
                engine = create_engine(address, connect_args=patience, poolclass=NullPool)
                event.listen(engine, "connect", _careless)
                self._engines = {k: e for k, e in self._engines.items() if k == INDEX_SHARD_NAME}
            self._engines[shard] = engine
        return self._engines[shard]


def _at_ease(connection: Any, _record: object) -> None:
    # In the mode WAL this never damages the file, even when the power goes.
    connection.execute("pragma synchronous = normal")


def _careless(connection: Any, _record: object) -> None:
    # The file is closed after each row, which would make 'normal' wait for the disk all the same.
    connection.execute("pragma synchronous = off")
