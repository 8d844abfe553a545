"""In which step a run is, seen from outside: by its log, and by the files that a process holds open."""

from __future__ import annotations

import re
import subprocess
import time
from datetime import datetime
from pathlib import Path

from tests.integration.pipeline import Home

STEPS = {
    "landing": ("raw__documents", "raw__articles"),
    "extraction": ("raw__claims",),
    "dbt": ("dbt",),
    "publishing": ("published",),
}
"""Dagster's steps of each of ours."""
EVENT = re.compile(
    r"^(\S+ \S+) \w+ .* - (?P<step>\w+) - (?P<event>STEP_(?:START|SUCCESS|FAILURE)) - ", re.MULTILINE
)


class RunEnded(AssertionError):
    """The run ended, or took for ever, before the moment that was waited for."""


def events(log: Path) -> list[tuple[datetime, str, str]]:
    """Return time, step and event of every beginning and end of a step that a run's log tells of."""
    return [
        (datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S,%f"), match["step"], match["event"])
        for match in EVENT.finditer(log.read_text("utf-8", "replace"))
    ]


def spans(log: Path) -> dict[str, float]:
    """Return how many seconds each of our steps took in a run that nothing disturbed."""
    begun: dict[str, datetime] = {}
    took = dict.fromkeys(STEPS, 0.0)
    for at, step, event in events(log):
        if event == "STEP_START":
            begun[step] = at
        for name, names in STEPS.items():
            if step in names and event == "STEP_SUCCESS":
                took[name] += (at - begun[step]).total_seconds()
    return took


def open_step(log: Path | None) -> str | None:
    """Return our name of the step that the run was in when its log ended; None where it was between steps."""
    at_work = [step for _, step, event in events(log) if event == "STEP_START"] if log else []
    done = {step for _, step, event in events(log) if event != "STEP_START"} if log else set()
    for name, names in STEPS.items():
        if any(step in names and step not in done for step in at_work):
            return name
    return None


def newest_log(home: Home, seen: set[Path]) -> Path | None:
    """Return the log of the run that began after `seen` were there."""
    return max(home.logs() - seen, default=None)


def wait_for_step(
    process: subprocess.Popen[str], home: Home, name: str, seen: set[Path], seconds: float = 300
) -> None:
    """Return when the run enters the step. Raises RunEnded where it ends before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        log = newest_log(home, seen)
        if log and any(step in STEPS[name] and event == "STEP_START" for _, step, event in events(log)):
            return
        if process.poll() is not None:
            raise RunEnded(f"the run ended before {name}")
        time.sleep(0.01)
    raise RunEnded(f"no {name} in {seconds:.0f} s")


def wait_for_open(process: subprocess.Popen[str], path: Path, seconds: float = 60) -> None:
    """Return when the process has the file open. Raises RunEnded where it ends before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if any(link.readlink() == path for link in Path(f"/proc/{process.pid}/fd").iterdir()):
                return
        except OSError:
            pass  # a handle that was closed meanwhile
        if process.poll() is not None:
            raise RunEnded(f"the process ended before it opened {path.name}")
        time.sleep(0.001)
    raise RunEnded(f"{path.name} was not opened in {seconds:.0f} s")
