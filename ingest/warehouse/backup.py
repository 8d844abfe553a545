"""Keep a copy of the warehouse elsewhere, and put it back. A backup is one .tar: a manifest and the file."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import duckdb

from ingest.settings import Lake, warehouse_place
from ingest.warehouse.connection import WarehouseError, connect
from ingest.warehouse.store import Warehouse

MANIFEST, CONTENT = "manifest.json", "warehouse.duckdb"
UNFINISHED = ".tmp"
"""Ends the name of a backup that is being written, or that a kill has cut off."""
MEBIBYTE = CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: rows by raw table, the file's size in bytes and hash, and when it was made."""

    rows: Mapping[str, int]
    bytes: int
    sha256: str
    made_at: str
    duckdb: str


def warehouse_file() -> Path:
    """Return the file to be backed up or restored. Raises WarehouseError where the warehouse is a lake."""
    place = warehouse_place()
    if isinstance(place, Lake):
        raise WarehouseError(
            f"the warehouse is {place}, which is no file: back up its catalog with PostgreSQL's pg_dump "
            "and its data with the store's own tools, the catalog first"
        )
    return place


def back_up(path: Path, target: Path, now: datetime, *, is_own_folder: bool = False) -> Backup:
    """Write the warehouse at `path` to `target`, whole: nobody may write to it meanwhile, all may read.

    In a folder of our own, what killed backups have left there is removed: each is as large as a backup.
    Raises WarehouseError where the warehouse is missing or held by a writer, or `target` exists.
    """
    if not path.exists():
        raise WarehouseError(f"{path} is not there: there is nothing to back up")
    if target.exists():
        raise WarehouseError(f"{target} exists already and is left alone; name another file")
    with Warehouse(path) as warehouse:
        warehouse.connection.execute("force checkpoint")
        rows = warehouse.counts()
        # While it is open for writing nobody else is backing it up.
        for leftover in target.parent.glob(f"*.tar{UNFINISHED}") if is_own_folder else ():
            leftover.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + UNFINISHED)
    try:
        # An open read-only connection keeps every writer out while the file is read.
        with connect(path, read_only=True), path.open("rb") as file:
            found = Backup(rows, path.stat().st_size, _sha256(file), now.isoformat(), duckdb.__version__)
            file.seek(0)
            with tarfile.open(beside, "w") as archive:
                text = json.dumps(
                    {name: getattr(found, name) for name in Backup.__slots__}, indent=2
                ).encode()
                _add(archive, MANIFEST, io.BytesIO(text), len(text))
                _add(archive, CONTENT, file, found.bytes)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return found


def restore(source: Path, path: Path, *, replace: bool = False) -> Backup:
    """Put the backup at `source` in the place of the warehouse at `path`.

    A warehouse that is there is kept beside it as *.before-restore, and only where `replace` is true. Raises
    WarehouseError where it is in use or may not be replaced, and where the backup is damaged, of another
    kind or of a newer DuckDB; the warehouse in place is untouched then.
    """
    if path.exists():
        if not replace:
            raise WarehouseError(f"{path} is there already; give --replace to put the backup in its place")
        with connect(path, wait_seconds=5):
            pass
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".restoring")
    try:
        found = _unpack(source, beside)
        with Warehouse(beside) as warehouse:
            rows = warehouse.counts()
        if {name: rows.get(name) for name in found.rows} != found.rows:
            raise WarehouseError(f"{source} is damaged: its tables hold other numbers of rows than it says")
        if path.exists():
            path.replace(path.with_name(path.name + ".before-restore"))
            path.with_name(path.name + ".wal").unlink(missing_ok=True)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
        beside.with_name(beside.name + ".wal").unlink(missing_ok=True)
    return found


def _unpack(source: Path, target: Path) -> Backup:
    """Write the warehouse of a backup to `target`, its hash checked."""
    try:
        with tarfile.open(source, "r:") as archive:
            manifest, content = archive.extractfile(MANIFEST), archive.extractfile(CONTENT)
            if manifest is None or content is None:
                raise WarehouseError(f"{source} is no backup of a warehouse")
            found = Backup(**json.loads(manifest.read(CHUNK)))
            if not isinstance(found.rows, dict):
                raise TypeError("its manifest counts no rows")
            with target.open("wb") as file:
                while chunk := content.read(CHUNK):
                    file.write(chunk)
    except (tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise WarehouseError(f"{source} is no backup of a warehouse, or cut off: {error}") from error
    with target.open("rb") as file:
        if _sha256(file) != found.sha256:
            raise WarehouseError(f"{source} is damaged: its content is not what was written")
    return found


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size = size
    archive.addfile(member, content)


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
