"""What a command costs, and what else the machine is doing meanwhile."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.settings import ROOT
from ingest.workers import cores


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of processor, and the largest memory of any process so far, in MB.

    Of processor says more on a machine with other work.
    """

    clock: float
    processor: float
    memory: float


def run(command: Sequence[str], data: Path, where: Path = ROOT) -> Cost:
    """Run a command to its end and return its cost; its output, where it fails, ends the benchmark."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"FRONTLINE_DATA": str(data), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True)
    clock, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(clock, used, after.ru_maxrss / 1024)


def load() -> str:
    """Return what the machine has had to do lately, as text."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} (1 minute), {five:.1f} (5 minutes) on {cores()} processors"
