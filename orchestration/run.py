"""One run of the pipeline in this process, as `make run` starts it."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import traceback
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from ingest import FrontlineError
from ingest.settings import data_folder, published_path, warehouse_place
from ingest.warehouse import Warehouse, fingerprint, is_there, summarise
from orchestration import recovery
from orchestration.settings import prepare_environment, today

LOGS_KEPT = 30
FULL_BELOW_BYTES = 16 << 20
"""With less room than this a failed run is taken to have failed for want of it."""
DISK_FULL = (
    "The disk that holds {folder} is full. Make room, for instance by deleting old files in backups/ and "
    "logs/, and run this again: what was landed and published is whole."
)


class RunFailed(FrontlineError):
    """A run ended without success; what went wrong was printed with its step."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


def run_pipeline(
    input_path: Path | None = None, landed_on: date | None = None, *, read_again: bool = False
) -> int:
    """Land, read, build and publish; print a line a step, and what is then published.

    `input_path` is a file or folder to land instead of the registered sources; `landed_on` the UTC day to
    land it on instead of today; `read_again` reads also the articles that this version has read already.
    Returns the exit status: 0 for a run that succeeded, 1 for one that failed.
    """
    prepare_environment()
    day = landed_on or today()
    log_file = _new_log_file()
    started = time.monotonic()
    say(f"Frontline: landing day {day.isoformat()}, full log in {log_file}")
    try:
        with recovery.recovered_instance(say) as instance:
            before = fingerprint(published_path(), warehouse_place())
            _catch_up(instance, day, log_file)
            config: dict[str, dict[str, Any]] = {
                "raw__documents": {},
                "raw__claims": {"read_again": read_again},
            }
            if input_path is not None:
                config["raw__documents"]["input"] = str(input_path.absolute())
            if landed_on is not None:
                config["raw__documents"]["landed_on"] = landed_on.isoformat()
            _execute("pipeline", instance, log_file, day, day, config)
    except FrontlineError as error:
        say(f"\n{error}")
        if _is_disk_full():
            say(DISK_FULL.format(folder=data_folder()))
        return 1
    except Exception:
        # Dagster's own history cannot be written either, so it may break anywhere.
        if not _is_disk_full():
            raise
        say("\n" + DISK_FULL.format(folder=data_folder()))
        return 1
    say(f"Done in {time.monotonic() - started:.0f} s.\n")
    say(summarise(published_path(), warehouse_place(), before=before))
    return 0


def _catch_up(instance: dg.DagsterInstance, day: date, log_file: Path) -> None:
    """Read what earlier days have left: by a run that was cut off, or for a new version of the extractor."""
    if not is_there(warehouse_place()) or recovery.is_anyone_at_work(instance):
        return
    from ingest.reading import reading_version
    from orchestration.partitions import spans

    with Warehouse(warehouse_place(), report=say) as tables:
        behind = {*tables.unparsed_days(), *tables.unread_days(reading_version())} - {day}
    for first, last in spans(behind):
        say(f"Landed {first} to {last} and not read by this version:")
        _execute("reading", instance, log_file, first, last, {})


def _execute(
    job: str,
    instance: dg.DagsterInstance,
    log_file: Path,
    first: date,
    last: date,
    config: dict[str, dict[str, Any]],
) -> None:
    """Run the job in this process on the landing days from `first` to `last`. Raises RunFailed."""
    # Loaded late: this parses the dbt project where that has changed.
    from orchestration.definitions import defs
    from orchestration.partitions import days_tags
    from orchestration.schedules import STARTED_BY

    tags = {**recovery.signature(), STARTED_BY: "make run"}
    if first != last:
        tags |= days_tags(first, last)
    with _output_to(log_file):
        result = defs.resolve_job_def(job).execute_in_process(
            run_config={
                "ops": {op: {"config": given} for op, given in config.items()},
                "loggers": {"run_log": {"config": {"log_file": str(log_file)}}},
            },
            partition_key=first.isoformat() if first == last else None,
            instance=instance,
            tags=tags,
            raise_on_error=False,
        )
    if not result.success:
        raise RunFailed(f"The run failed; all it said is in {log_file}")


def _is_disk_full() -> bool:
    return shutil.disk_usage(data_folder()).free < FULL_BELOW_BYTES


@contextlib.contextmanager
def _output_to(log_file: Path) -> Iterator[None]:
    """Send to the log file what dbt and libraries print; the progress lines go past it."""
    with (
        log_file.open("a", encoding="utf-8") as stream,
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(stream),
    ):
        try:
            yield
        except Exception:
            traceback.print_exc()
            raise


def _new_log_file() -> Path:
    """Return the log file of a run that begins now, and delete those of long ago."""
    folder = data_folder() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("run-*.log"))[: -LOGS_KEPT + 1]:
        old.unlink(missing_ok=True)
    return folder / time.strftime(f"run-%Y%m%dT%H%M%SZ-{os.getpid()}.log", time.gmtime())
