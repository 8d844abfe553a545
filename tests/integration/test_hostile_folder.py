"""A hostile folder through the real commands: the good comes through, the bad is told, nothing leaves it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tests.hostile import INJECTION, NUMBERS, make_hostile_folder
from tests.integration.pipeline import NOW, ROOT, Home

MOST_KIBIBYTES = 1 << 20
MEASURE = """
import pathlib, resource, subprocess, sys
status = subprocess.run(sys.argv[2:]).returncode
pathlib.Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""
"""1 GiB, of the process and of each child that it waited for."""

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    wanted = make_hostile_folder(tmp_path / "in", tmp_path / "outside")
    return tmp_path / "in", dict(wanted)


def run(home: Home, *command: str) -> tuple[int, str, int]:
    """Run a command of ours; return its status, what it printed, and its peak memory in KiB.

    A small process starts it and measures: Linux counts what the starting process held before the command
    itself began, and this one may have held gigabytes in another test.
    """
    log, peak = home.data.parent / "printed.txt", home.data.parent / "peak.txt"
    started = time.monotonic()
    with log.open("w") as printed:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(peak), sys.executable, "-m", *command],
            cwd=ROOT,
            env={**home.environment, "FRONTLINE_NOW": NOW, "TMPDIR": str(home.data.parent / "scratch")},
            stdout=printed,
            stderr=subprocess.STDOUT,
            check=False,
        )
    seconds, memory = time.monotonic() - started, int(peak.read_text())
    print(f"{command[:2]}: {seconds:.0f} s, {memory / 1024:.0f} MiB at most")
    return done.returncode, log.read_text("utf-8", "replace"), memory


def look(home: Home, wanted: dict[str, str]) -> None:
    """Check what is in the warehouse after the folder landed."""
    with duckdb.connect(str(home.data / "warehouse.duckdb"), read_only=True) as tables:
        texts = [str(text) for (text,) in tables.execute("select text from raw.articles").fetchall()]
        told = dict(tables.execute("select location, reason_code from raw.rejects").fetchall())
        reasons = [str(r) for (r,) in tables.execute("select reason from raw.rejects").fetchall()]
        counted = tables.execute("select kind, count(*) from raw.claims group by all").fetchall()
    for name, number in NUMBERS.items():
        assert any(f"killed {number} civilians" in text for text in texts), name
    # The link inside the folder is a second name of one text, which is its content's document.
    assert len(texts) == len(NUMBERS)
    assert told == wanted
    assert all(reasons)
    everything = "\n".join(texts)
    assert not any(secret in everything for secret in ("999", "998", "997", "root:"))
    assert "fetch(" not in everything
    assert INJECTION in everything, "words of an article stay words"
    assert ("casualty", len(NUMBERS)) in counted


def test_good_articles_come_through_and_everything_else_is_told(
    folder: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    path, wanted = folder
    before = {item: item.lstat().st_mtime_ns for item in tmp_path.rglob("*")}
    (tmp_path / "scratch").mkdir()
    home = Home(tmp_path / "data")
    status, printed, memory = run(home, "ingest", "load", str(path))
    assert status == 0, printed
    assert memory < MOST_KIBIBYTES
    look(home, wanted)
    # Nothing was written into the folder or beside it, and the scratch folder is empty again.
    ours = {tmp_path / name for name in ("scratch", "printed.txt", "peak.txt", "data")}
    after = {
        item: item.lstat().st_mtime_ns
        for item in tmp_path.rglob("*")
        if not any(item == own or own in item.parents for own in ours)
    }
    assert after == before
    assert list((tmp_path / "scratch").iterdir()) == []
    status, printed, _ = run(home, "ingest", "load", str(path))
    assert "0 of them new" in printed
    look(home, wanted)


@pytest.mark.full
def test_the_whole_pipeline_takes_a_hostile_folder_too(
    folder: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    path, wanted = folder
    (tmp_path / "scratch").mkdir()
    home = Home(tmp_path / "data")
    status, printed, memory = run(home, "orchestration", "run", "--input", str(path))
    assert status == 0, printed
    assert f"{len(wanted) - 2} new rejects" in printed, "two more are pages without an article"
    assert memory < MOST_KIBIBYTES
    look(home, wanted)
