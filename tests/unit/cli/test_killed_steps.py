"""Landing and parsing killed at any moment: the next run ends with the tables of an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.warehouse import export_sorted

ROOT = Path(__file__).resolve().parents[3]
CODE = "from ingest.__main__ import main; main(['land', {folder!r}]); main(['parse'])"


def start(folder: Path, data: Path) -> subprocess.Popen[bytes]:
    """Land and parse the folder in a process of its own, in batches so small that a kill falls between."""
    code = (
        "import ingest.commands.land as land, ingest.warehouse.store as store\n"
        "land.BATCH_DOCUMENTS = 20\n"
        "store.Warehouse.unparsed_documents.__defaults__ = (20,)\n" + CODE.format(folder=str(folder))
    )
    environment = os.environ | {"FRONTLINE_DATA": str(data), "FRONTLINE_NOW": "2026-03-04T05:06:07"}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.slow
def test_a_killed_run_is_finished_by_the_next(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    chosen = random.Random(7)  # noqa: S311 - moments to kill at, no secret
    for number in range(200):
        text = f"Residents of district {number} said the bridge was shelled on Monday. " * 8
        (folder / f"{number}.txt").write_text(f"---\nid: {number}\n---\n{text}")
    (folder / "empty.txt").touch()

    started = time.monotonic()
    whole = start(folder, tmp_path / "whole")
    assert whole.wait(timeout=120) == 0, whole.stderr and whole.stderr.read()
    lasted = time.monotonic() - started

    killed = 0
    for _ in range(4):
        process = start(folder, tmp_path / "killed")
        time.sleep(chosen.uniform(0.2, 1.0) * lasted)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    last = start(folder, tmp_path / "killed")
    assert last.wait(timeout=120) == 0, last.stderr and last.stderr.read()
    assert killed
    expected = export_sorted(tmp_path / "whole" / "warehouse.duckdb")
    assert expected.count("raw.articles {") == 200
    assert export_sorted(tmp_path / "killed" / "warehouse.duckdb") == expected
