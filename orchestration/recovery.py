"""What a killed run leaves behind, put right at the next start.

A run that dies of SIGKILL cannot say so: Dagster goes on showing it as running, and it keeps its slot of the
pool `duckdb`, for which the next run would wait for ever. So each run carries the host, the id and the start
time of its process as tags, and each start fails the runs whose process is gone and frees their slots. Its
dbt, a child process, may outlive it and go on writing: that one is waited for, not killed.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster import DagsterRunStatus as Status

from ingest import FrontlineError
from orchestration.settings import dagster_home, locked

HOST_TAG = "frontline/host"
PROCESS_TAG = "frontline/process"
DBT_TAG = "frontline/dbt_process"

UNFINISHED = [Status.NOT_STARTED, Status.STARTING, Status.STARTED, Status.CANCELING]
UNSIGNED_GRACE = timedelta(minutes=10)
"""How long a run launched from the UI may take until its process signs it."""
ORPHAN_WAIT = 60.0
"""Seconds to wait for the dbt of a killed run before a person is asked."""


class StillBusy(FrontlineError):
    """A process that no run of ours controls goes on using the warehouse; the message says what to do."""


@dataclass(frozen=True)
class Process:
    """A process of this machine: its id, and its start in clock ticks since boot (ids are used again)."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Process:
        """Describe the process; its start is '' where the system has no /proc."""
        return cls(pid, _start_time(pid))

    @classmethod
    def parse(cls, text: str) -> Process:
        """Read what `str` wrote. Raises ValueError on anything else."""
        pid, _, started = text.partition(":")
        return cls(int(pid), started)

    def __str__(self) -> str:
        return f"{self.pid}:{self.started}"

    def is_alive(self) -> bool:
        """Tell whether this very process still runs; a zombie does not."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        if not Path("/proc/self/stat").exists():
            return True
        return bool(self.started) and _start_time(self.pid) == self.started


def _start_time(pid: int) -> str:
    """Return field 22 of /proc/PID/stat, or '' for a zombie, a process that is gone, or no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The second field is the command in parentheses and may hold spaces and parentheses itself.
    after_command = stat.rpartition(")")[2].split()
    return "" if after_command[0] in "ZX" else after_command[19]


def signature() -> dict[str, str]:
    """Return the tags that say in which process a run lives."""
    return {HOST_TAG: socket.gethostname(), PROCESS_TAG: str(Process.of(os.getpid()))}


def sign(instance: dg.DagsterInstance, run_id: str) -> None:
    """Tag the run with this process, unless it is already. Called in the process that executes it."""
    run = instance.get_run_by_id(run_id)
    tags = signature()
    if run is not None and tags.items() - run.tags.items():
        instance.add_run_tags(run_id, tags)


def sign_dbt(instance: dg.DagsterInstance, run_id: str, pid: int) -> None:
    """Tag the run with its dbt process, which can outlive it."""
    instance.add_run_tags(run_id, {DBT_TAG: str(Process.of(pid))})


@contextmanager
def recovered_instance(say: Callable[[str], None]) -> Iterator[dg.DagsterInstance]:
    """Open Dagster's home for a start: one start at a time makes its tables and recovers what was cut off.

    Raises StillBusy as `recover` does.
    """
    with ExitStack() as stack:
        with locked(dagster_home() / ".starting"):
            instance = stack.enter_context(dg.DagsterInstance.get())
            recover(instance, say)
        yield instance


def recover(
    instance: dg.DagsterInstance,
    say: Callable[[str], None],
    *,
    wait: float = ORPHAN_WAIT,
    ours: str | None = None,
) -> list[str]:
    """Fail the runs whose process is gone, free every slot that no living run holds, wait for their dbt.

    Returns the ids of the runs failed. `ours` is a run not to touch. `say` gets each sentence for the person.
    Raises StillBusy where a killed run's dbt is still at work after `wait` seconds.
    """
    dead = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=UNFINISHED)):
        run = record.dagster_run
        if run.run_id == ours or not _is_dead(run.tags, record.update_timestamp):
            continue
        say(f"Run {run.run_id[:8]} was cut off; it is marked as failed and its work is taken up again.")
        _wait_for_dbt(run.tags, say, wait)
        instance.report_run_failed(run, "Its process is gone: killed, or the machine went down.")
        dead.append(run.run_id)
    storage = instance.event_log_storage
    if storage.supports_global_concurrency_limits:
        for run_id in storage.get_concurrency_run_ids():
            holder = instance.get_run_by_id(run_id)
            if holder is None or holder.is_finished:
                storage.free_concurrency_slots_for_run(run_id)
    return dead


def _is_dead(tags: dict[str, str], last_seen: datetime) -> bool:
    if PROCESS_TAG not in tags:
        seen = last_seen if last_seen.tzinfo else last_seen.replace(tzinfo=UTC)
        return datetime.now(UTC) - seen > UNSIGNED_GRACE
    # The file, its lock and Dagster's home are local: another host's name is this machine's earlier one
    # (a container made anew), whose processes ended with it.
    return tags.get(HOST_TAG) != socket.gethostname() or not Process.parse(tags[PROCESS_TAG]).is_alive()


def _wait_for_dbt(tags: dict[str, str], say: Callable[[str], None], wait: float) -> None:
    if DBT_TAG not in tags or tags.get(HOST_TAG) != socket.gethostname():
        return
    dbt = Process.parse(tags[DBT_TAG])
    deadline = time.monotonic() + wait
    if dbt.is_alive():
        say(f"Its dbt (process {dbt.pid}) is still at work; waiting up to {wait:.0f} s for it.")
    while dbt.is_alive():
        if time.monotonic() > deadline:
            raise StillBusy(
                f"dbt of a killed run still writes to the warehouse (process {dbt.pid}). "
                f"Wait until it ends, or end it with: kill {dbt.pid}"
            )
        time.sleep(0.1)


def is_anyone_at_work(instance: dg.DagsterInstance) -> bool:
    """Tell whether a run is at work in some process; ask after `recover`, which fails the dead ones."""
    return any(PROCESS_TAG in run.tags for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)))
