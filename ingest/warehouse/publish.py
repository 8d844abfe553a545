"""Publish what everybody else reads: the marts and exports, as a DuckDB file, Parquet, CSV, GeoJSON and HXL.

    published/versions/20261122T054012Z-1f0c9a2b/    one publication: all its files and datapackage.json
    published/current -> versions/...                the last good one, swapped in one rename
    published/frontline.duckdb -> current/frontline.duckdb

A publication is written beside the others, read again and checked, and only then pointed at. A reader that
opens several files resolves `current` once and reads below it: versions are never changed, and the last few
are kept. DuckDB lets one process write a file or many read it, so readers get a file of their own. What did
not change since the publication before is taken from there: rows of the DuckDB file, years of large tables.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.records import content_hash
from ingest.warehouse.connection import WarehouseError, connect
from ingest.warehouse.datapackage import describe_package
from ingest.warehouse.published_checks import check_files
from ingest.warehouse.published_file import (
    LARGE,
    Content,
    FileBefore,
    catalogue_of,
    copy_into,
    describe,
    parts_as_json,
    published_tables,
    read_content,
)
from ingest.warehouse.published_files import FilesBefore, Writer, WrittenTable, all_files, writers_of
from ingest.warehouse.quoting import quoted
from ingest.warehouse.store import Warehouse
from ingest.workers import cores

KEPT = 3
"""Publications kept, the current one among them, unless the caller says otherwise."""
DATABASE, PACKAGE, VERSIONS, CURRENT = "frontline.duckdb", "datapackage.json", "versions", "current"
UNFINISHED = ".unfinished-"
WRITTEN_FROM = ".written_from.json"
"""What the next publication asks of this one: a digest of all of it, and what each file was written from."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published: rows of the marts by 'schema.table', files, and whether anything changed."""

    path: Path
    folder: Path
    rows: Mapping[str, int]
    files: int
    is_changed: bool


@dataclass(frozen=True, slots=True)
class _Before:
    """What the publication in place says of itself in WRITTEN_FROM."""

    folder: Path
    digest: str
    database: FileBefore
    files: FilesBefore


def publish(warehouse: Warehouse, target: Path, *, at: datetime, run: str, kept: int = KEPT) -> Publication:
    """Publish the marts and exports of the open warehouse, and let `target` name the new DuckDB file.

    `at` (UTC) and `run` go into the version's name and its datapackage.json. A publication equal to the one
    in place is not written again, so readers keep theirs. What a killed run left is removed, and all but the
    `kept` newest versions. Raises WarehouseError, and leaves the last good one in place, where there are no
    marts yet, a view reads what is not published, or what was written does not hold what it should.
    """
    connection = warehouse.connection
    tables = published_tables(connection)
    if not tables:
        raise WarehouseError(f"{warehouse.path} holds no marts to publish: let dbt build them first")
    root = target.parent
    (root / VERSIONS).mkdir(parents=True, exist_ok=True)
    _remove_leftovers(root, target)
    content = read_content(connection)
    rows = {
        f"{schema}.{name}": sum(part.rows for part in parts)
        for (schema, name), (_, parts) in content.items()
        if schema == "marts"
    }
    state = describe(connection, content)
    digest = content_hash(duckdb.__version__, *sorted(map(str, state.items())))
    before = _read_before(target)
    if before is not None and before.digest == digest:
        _remove_old(root, before.folder, kept)
        return Publication(target, before.folder, rows, _number_of_files(before.folder), False)
    name = f"{at:%Y%m%dT%H%M%SZ}-{digest[:8]}"
    beside = root / VERSIONS / f"{UNFINISHED}{name}"
    beside.mkdir()
    try:
        is_large = any(sum(part.rows for part in parts) >= LARGE for _, parts in content.values())
        loose = _write_database(
            connection, beside / DATABASE, content, state, before.database if before and is_large else None
        )
        written = _write_files(connection, beside, content, before.files if before else None)
        package = describe_package(
            beside,
            written,
            version=_dataset_version(connection) or name,
            run=run,
            created=f"{at:%Y-%m-%dT%H:%M:%SZ}",
            database=DATABASE,
        )
        (beside / PACKAGE).write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", "utf-8")
        written_from = {path: state for table in written for path, state in table.written_from.items()}
        (beside / WRITTEN_FROM).write_text(
            json.dumps(
                {
                    "digest": digest,
                    "parts": parts_as_json(content),
                    "loose": loose,
                    "written_from": written_from,
                }
            )
            + "\n",
            "utf-8",
        )
        for file in (DATABASE, PACKAGE, WRITTEN_FROM, *all_files(written)):
            _make_last(beside / file)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    folder = root / VERSIONS / name
    if folder.exists():
        # The same content at the same moment, no longer pointed at, or damaged since.
        shutil.rmtree(folder)
    beside.rename(folder)
    _point(root / CURRENT, f"{VERSIONS}/{name}")
    if not (target.is_symlink() and target.readlink() == Path(CURRENT) / DATABASE):
        _point(target, f"{CURRENT}/{DATABASE}")
    _remove_old(root, folder, kept)
    return Publication(target, folder, rows, _number_of_files(folder), True)


def has_marts(warehouse: Warehouse) -> bool:
    """Tell whether dbt has built anything that can be published."""
    return bool(published_tables(warehouse.connection))


def is_published(warehouse: Warehouse, target: Path) -> bool:
    """Tell whether the copy at `target` holds what the marts and exports of the open warehouse hold."""
    return target.exists() and describe(warehouse.connection) == _describe_file(target)


def _describe_file(path: Path) -> dict[str, str] | None:
    """Describe a published file; None where it cannot be read, so that it is written again."""
    try:
        with connect(path, read_only=True, wait_seconds=0) as connection:
            return describe(connection)
    except (WarehouseError, duckdb.Error):
        return None


def _write_files(
    connection: duckdb.DuckDBPyConnection, folder: Path, content: Content, before: FilesBefore | None
) -> list[WrittenTable]:
    """Write all other files, as many at once as there are processors, and read them again.

    DuckDB itself uses one processor for most of it.
    """
    catalogue = catalogue_of(connection)

    def write(writer: Writer) -> list[WrittenTable]:
        with connection.cursor() as own:
            own.execute(f"use {quoted(catalogue)}")
            written = writer(own)
        for table in written:
            check_files(table, folder)
        return written

    with ThreadPoolExecutor(cores()) as pool:
        found = [pool.submit(write, writer) for writer in writers_of(connection, folder, content, before)]
        try:
            return [table for written in found for table in written.result()]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _write_database(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    content: Content,
    state: Mapping[str, str],
    before: FileBefore | None,
) -> dict[str, int]:
    """Write the DuckDB file, from that of before where that can be, and read it again."""
    if before is not None:
        # Whatever is wrong with the file of before, or in the way of changing rows of it: it is not needed.
        with suppress(duckdb.Error, OSError):
            loose = copy_into(connection, path, content, before)
            if _describe_file(path) == state:
                return loose
        for leftover in (path, path.with_name(f"{path.name}.wal")):
            leftover.unlink(missing_ok=True)
    copy_into(connection, path, content)
    if _describe_file(path) != state:
        raise WarehouseError("cannot publish: the copy does not hold what the marts hold")
    return {}


def _read_before(target: Path) -> _Before | None:
    """Return the publication that `target` leads to; None where a file it should have is missing or cut."""
    try:
        folder = target.resolve(strict=True).parent
        resources = json.loads((folder / PACKAGE).read_text("utf-8"))["resources"]
        kept = json.loads((folder / WRITTEN_FROM).read_text("utf-8"))
        sizes = {
            resource["name"]: sum(
                (folder / path).stat().st_size
                for path in ([resource["path"]] if isinstance(resource["path"], str) else resource["path"])
            )
            for resource in resources
        }
        is_whole = all(sizes[resource["name"]] == resource["bytes"] for resource in resources)
        found = _Before(
            folder,
            kept["digest"],
            FileBefore(folder / DATABASE, kept["parts"], kept["loose"]),
            FilesBefore(folder, kept["written_from"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if is_whole and (target.parent / CURRENT).resolve() == folder else None


def _dataset_version(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the models' own name of the state of the data; None where they give none."""
    if not any(name == "dim_dataset_version" for _, name, _ in published_tables(connection)):
        return None
    row = connection.execute(
        "select dataset_version from marts.dim_dataset_version order by version_number desc limit 1"
    ).fetchone()
    return str(row[0]) if row else None


def _number_of_files(folder: Path) -> int:
    return sum(path.is_file() and path.name != WRITTEN_FROM for path in folder.rglob("*"))


def _remove_leftovers(root: Path, target: Path) -> None:
    """Remove what a killed run left: unfinished versions, links that were not renamed."""
    for folder in (root / VERSIONS).glob(f"{UNFINISHED}*"):
        shutil.rmtree(folder)
    for name in (target.name, CURRENT):
        for leftover in root.glob(f"{name}.tmp*"):
            leftover.unlink()


def _remove_old(root: Path, current: Path, kept: int) -> None:
    """Delete all but the newest versions; a version's name begins with its moment. The current one stays."""
    versions = sorted((path for path in (root / VERSIONS).iterdir() if path != current), reverse=True)
    for folder in versions[max(kept - 1, 0) :]:
        shutil.rmtree(folder)


def _point(link: Path, to: str) -> None:
    """Let the link name another file or folder, in one step, lasting through a loss of power."""
    beside = link.with_name(f"{link.name}.tmp")
    beside.unlink(missing_ok=True)
    beside.symlink_to(to)
    beside.replace(link)
    _make_last(link.parent)


def _make_last(path: Path) -> None:
    """Have the system write the file or folder to the disk."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
