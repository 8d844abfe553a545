"""Disturbances at length: kills at random moments, two runs at once, the warehouse held open by a reader."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.pipeline import ROOT, Home, end_group, kill, write_input

pytestmark = pytest.mark.full

KILLS = 10
HOLD = (
    "import duckdb, sys, time; kept = duckdb.connect(sys.argv[1]); print('open', flush=True); time.sleep(600)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_input(tmp_path_factory.mktemp("input"), filler=450)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> tuple[Home, float]:
    """A run that nothing disturbs, and how long it took."""
    home = Home(tmp_path_factory.mktemp("undisturbed") / "data")
    started = time.monotonic()
    status, printed = home.run("run", "--input", str(folder))
    assert status == 0, printed
    return home, time.monotonic() - started


def test_ten_kills_at_random_moments(undisturbed: tuple[Home, float], folder: Path, tmp_path: Path) -> None:
    wanted, length = undisturbed
    home = Home(tmp_path / "data")
    moments = random.Random(20260301)  # noqa: S311 -- moments, not secrets
    for _ in range(KILLS):
        process = home.start("run", "--input", str(folder))
        time.sleep(moments.uniform(0.1, 1.0) * length)
        kill(process)
    status, printed = home.run("run", "--input", str(folder))
    assert status == 0, printed
    assert home.export() == wanted.export()


def test_two_runs_at_once_take_turns(undisturbed: tuple[Home, float], folder: Path, tmp_path: Path) -> None:
    wanted, _ = undisturbed
    home = Home(tmp_path / "data")
    both = [home.start("run", "--input", str(folder)) for _ in range(2)]
    try:
        printed = [process.communicate(timeout=400)[0] for process in both]
    finally:
        for process in both:
            end_group(process)
    assert [process.returncode for process in both] == [0, 0], printed
    assert home.export() == wanted.export()


def test_a_reader_that_holds_the_warehouse_is_named(undisturbed: tuple[Home, float], folder: Path) -> None:
    home, _ = undisturbed
    before = home.export()
    reader = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.data / "warehouse.duckdb")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert reader.stdout is not None
        reader.stdout.readline()
        status, printed = home.run("run", "--input", str(folder), seconds=180)
    finally:
        reader.kill()
        reader.communicate()
    assert status == 1
    assert f"process {reader.pid}" in printed
    assert "Traceback" not in printed
    status, printed = home.run("run", "--input", str(folder))
    assert status == 0, printed
    assert home.export() == before
