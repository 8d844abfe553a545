"""What the daemon watches: runs that were cut off, the drop folder, articles that wait to be read."""

from __future__ import annotations

import time
from pathlib import Path

import dagster as dg

from ingest.reading import reading_version
from ingest.records import content_hash
from ingest.settings import warehouse_place
from ingest.warehouse import Warehouse, WarehouseBusyError, is_there
from orchestration import recovery
from orchestration.partitions import days_tags, spans
from orchestration.schedules import PIPELINE, STARTED_BY
from orchestration.settings import drop_folder, today

SETTLED = 10.0
"""Seconds that a folder must have been left alone: a file may still be on its way into it."""


@dg.sensor(minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def cut_off_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Fail the runs whose process is gone and free their slots, so that queued runs do not wait for them."""
    said: list[str] = []
    try:
        recovery.recover(context.instance, said.append, wait=0)
    except recovery.StillBusy as error:
        said.append(str(error))
    return dg.SkipReason(" ".join(said) or "every run in progress has its process")


@dg.sensor(job=PIPELINE, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def dropped_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Land what people put into the drop folder, once it has been left alone for ten seconds.

    The folder is read whole, whatever is in it: what landed before is known by its content, and what is no
    article becomes a reject with its reason. Files stay where they are; they may be taken away once landed.
    """
    folder = drop_folder()
    if not folder.is_dir():
        return dg.SkipReason(f"there is no drop folder; make {folder} and put articles into it")
    listing, newest = _listing(folder)
    if listing == context.cursor:
        return dg.SkipReason(f"nothing new in {folder}")
    if time.time() - newest < SETTLED:
        return dg.SkipReason(f"{folder} is still changing")
    if listing == _listing_of_nothing():
        return dg.SensorResult(skip_reason=f"{folder} is empty", cursor=listing)
    request = dg.RunRequest(
        run_key=f"dropped-{listing}",
        partition_key=today().isoformat(),
        run_config={"ops": {"raw__documents": {"config": {"input": str(folder)}}}},
        tags={STARTED_BY: "dropped_files"},
    )
    return dg.SensorResult(run_requests=[request], cursor=listing)


@dg.sensor(job=PIPELINE, minimum_interval_seconds=300, default_status=dg.DefaultSensorStatus.RUNNING)
def unread_articles(context: dg.SensorEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
    """Read what landed on earlier days and this version of the rules and of the lexicon has not read.

    A stretch of days is asked for once a day, so that a failing one is not tried without end.
    """
    if not is_there(warehouse_place()):
        return dg.SkipReason("there is no warehouse yet")
    version = reading_version()
    try:
        with Warehouse(warehouse_place(), read_only=True, wait_seconds=0) as tables:
            behind = {*tables.unparsed_days(), *tables.unread_days(version)} - {today()}
    except WarehouseBusyError:
        return dg.SkipReason("a run is at work; asked again in five minutes")
    requests = [
        dg.RunRequest(
            run_key=f"unread-{version}-{first}-{last}-{today()}",
            tags={STARTED_BY: "unread_articles", **days_tags(first, last)},
        )
        for first, last in spans(behind)
    ]
    return requests or dg.SkipReason("every article has been read by this version")


def _listing(folder: Path) -> tuple[str, float]:
    """Return a hash of the names, sizes and times of all that lies in the folder, and the newest time."""
    seen: list[str] = []
    newest = 0.0
    for path in sorted(folder.rglob("*")):
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue
        if not path.is_dir() or path.is_symlink():
            seen.append(f"{path.relative_to(folder)!s}:{found.st_size}:{found.st_mtime_ns}")
            newest = max(newest, found.st_mtime, found.st_ctime)
    return content_hash(*seen), newest


def _listing_of_nothing() -> str:
    return content_hash()
