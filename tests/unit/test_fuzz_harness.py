"""The fuzzing itself: its guard sees harm, its watchdog loses nothing, its inputs stay the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz import campaign, worker
from tests.fuzz.campaign import figures, fuzz, make_database, plan
from tests.fuzz.cases import Case
from tests.fuzz.targets import SHARES, TARGETS
from tests.fuzz.worker import Batch, cases, serve

ROOT = Path(__file__).parents[2]
PROBE = """
import subprocess, sys, urllib.request
from pathlib import Path
from tests.fuzz.guard import Escaped, prepare
folder = Path(sys.argv[1])
guard = prepare(folder)
def attempt(deed):
    try:
        with guard.watching():
            try: deed()
            except Exception: pass
    except Escaped: return "seen"
    return "let through"
print(attempt(lambda: (folder / "mine.txt").write_text("x")))
print(attempt(lambda: (folder / "mine.txt").read_text()))
print(attempt(lambda: (folder.parent / "beside.txt").write_text("x")))
print(attempt(lambda: (folder.parent / "canary.txt").read_text()))
print(attempt(lambda: (folder / ".." / "canary.txt").unlink()))
print(attempt(lambda: (folder / "mine.txt").rename(folder.parent / "moved.txt")))
print(attempt(lambda: urllib.request.urlopen("http://127.0.0.1:9/")))
print(attempt(lambda: subprocess.run(["true"])))
"""
SEEN = ["let through"] * 2 + ["seen"] * 6

pytestmark = pytest.mark.slow


def test_the_guard_sees_what_leaves_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "canary.txt").write_text("x")
    command = [sys.executable, "-c", PROBE, str(tmp_path / "in")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:-1] == SEEN
    assert sorted(path.name for path in tmp_path.iterdir()) == ["canary.txt", "in"]


@pytest.mark.parametrize("target", sorted(SHARES))
def test_a_batch_gives_the_same_inputs_every_time(target: str, tmp_path: Path) -> None:
    database = make_database(tmp_path / "seed.duckdb")
    for is_mutated in (True, False) if target != "backup" else (True,):
        batch = Batch(target, is_mutated, 3, 12, 5)
        found = list(cases(batch, database))
        assert found == list(cases(batch, database))
        assert found != list(cases(replace(batch, number=4), database))
        found[0].write(tmp_path / "kept.json")
        assert Case.read(tmp_path / "kept.json") == found[0]


def test_the_parts_of_a_plan_are_the_whole_of_it() -> None:
    whole = plan(10_000, 1)
    assert sum(batch.size for batch in whole) == 10_000
    assert sorted(b.name for part in (1, 2, 3) for b in plan(10_000, 1, part, 3)) == sorted(
        b.name for b in whole
    )


HARMS = (2, 1, 2, 3, 0, 4)


def harmful(batch: Batch, database: Path) -> Iterator[Case]:
    """Inputs that say by their byte what the parser shall do."""
    yield from (Case(batch.target, "a.txt", bytes([harm])) for harm in HARMS)


def misread(case: Case, folder: Path) -> str:
    """A parser that breaks, dies, leaves its folder and takes for ever, by what it is given."""
    harm = case.content[0]
    if harm == 0:
        raise KeyError("a bug")
    if harm == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if harm == 2:
        (folder.parents[1] / "beside.txt").write_text("x")
    if harm == 3:
        while True:
            pass
    return "read"


def serve_badly(pipe: Connection, folder: Path, database: Path, now: Any) -> None:
    TARGETS["text"] = misread  # type: ignore[index]
    worker.WARMING = ()
    worker.cases = harmful
    serve(pipe, folder, database, now)


def test_whatever_a_parser_does_is_found_and_every_input_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "serve", serve_badly)
    monkeypatch.setattr(campaign, "END_AFTER_SECONDS", 0.5)
    monkeypatch.setattr(campaign, "cases", harmful)
    started = time.monotonic()
    outcome = fuzz([Batch("text", True, 0, len(HARMS), 1)], tmp_path / "kept", 1, say=lambda _: None)
    assert outcome.inputs == 6, f"after {time.monotonic() - started:.0f} s"
    short = {
        "KeyError at": HARMS.count(0), "the process died": HARMS.count(1), "Escaped: writes": HARMS.count(2),
        "did not end": HARMS.count(3),
    }  # fmt: skip
    for what, number in short.items():
        assert sum(count for (_, said), count in outcome.found.items() if said.startswith(what)) == number, (
            what
        )
    assert figures(outcome, 1)["parsers"]["text"]["inputs"] == 6
    assert all(Case.read(find.kept).target == "text" for find in outcome.finds)
