"""A run killed with SIGKILL in landing, in extraction and in dbt: the next one ends with the same tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.integration.pipeline import FILLER, Home, kill, wait_for_line, write_input

pytestmark = pytest.mark.slow

MOMENTS = {
    "raw__documents": r"200 documents found so far",
    "raw__claims": r"100 articles read so far, \d+ claims",
    "dbt": r"stg_raw__articles",
}
"""By the step: what the log says when part of its work is done, and part is not."""


def steps(home: Home, event: str) -> list[str]:
    """Return the steps with the event, in all runs, as Dagster wrote it down."""
    found: list[str] = []
    for path in home.data.glob("dagster_home/history/runs/*-*.db"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as log:
            rows = log.execute("select step_key from event_logs where dagster_event_type = ?", [event])
            found += [str(step) for (step,) in rows]
    return found


def test_killed_in_landing_in_extraction_and_in_dbt(tmp_path: Path) -> None:
    folder = str(write_input(tmp_path / "input", filler=FILLER))
    undisturbed, killed = Home(tmp_path / "undisturbed"), Home(tmp_path / "killed")
    status, printed = undisturbed.run("run", "--input", folder)
    assert status == 0, printed

    for step, moment in MOMENTS.items():
        seen = killed.logs()
        process = killed.start("run", "--input", folder)
        wait_for_line(process, killed, moment, seen=seen)
        kill(process)
        assert step in steps(killed, "STEP_START")
        assert step not in steps(killed, "STEP_SUCCESS"), f"killed too late to be in {step}"

    status, printed = killed.run("run", "--input", folder, seconds=150)
    assert status == 0, printed
    assert "cut off" in printed
    assert killed.export() == undisturbed.export()
