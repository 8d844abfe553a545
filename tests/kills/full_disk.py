"""A disk that is full in the middle of a step: the run says so, and the next one mends it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.integration.pipeline import Home, end_group, tables_apart
from tests.kills.days import day_of, write_news
from tests.kills.kills import BACKUP, SourceChanged, ingest, rules_version
from tests.kills.reader import Reader
from tests.kills.steps import STEPS, wait_for_step

SIZE_MEBIBYTES = 600
PAGE = 4096
SAYS_SO = ("No space left", "is full")
"""What the message must hold, one of them, for a person to know what to do."""


class CannotMount(Exception):
    """This process may not mount a disk of its own."""


@contextmanager
def small_disk(folder: Path, mebibytes: int = SIZE_MEBIBYTES) -> Iterator[Path]:
    """Mount a small disk in memory at `folder`. Raises CannotMount where that is not allowed."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as error:
        raise CannotMount(str(error)) from error
    if done.returncode:
        raise CannotMount(done.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave not a byte free on the disk for the length of a `with` statement."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb") as file:
            # All of it at once is refused where somebody writes meanwhile: then half of it, and again.
            taken, more = 0, shutil.disk_usage(disk).free
            while more >= PAGE:
                try:
                    os.posix_fallocate(file.fileno(), taken, more)
                    taken += more
                except OSError:
                    more //= 2
        yield
    finally:
        ballast.unlink()


def live(folder: Path, seed: int, say: Callable[[str], None] = print) -> dict[str, Any]:
    """Fill the disk in every step of a second day's run; return the figures and what was wrong."""
    started = time.monotonic()
    wrong: list[str] = []
    said: dict[str, str] = {}
    calm = Home(folder / "calm" / "data")
    version = rules_version()
    with small_disk(folder / "disk") as disk:
        home = Home(disk / "data")
        with Reader(home.data / "published" / "frontline.duckdb") as reader:
            for number in (0, 1):
                now = f"{day_of(number)}T06:00:00"
                words = ("run", "--input", str(write_news(folder / "news", number, seed)))
                for step in STEPS if number else ():
                    said[step], found = _fill_in(home, disk, step, words, now)
                    wrong += found
                    say(f"{step}: {said[step]}")
                for tables in (home, calm):
                    status, printed = tables.run(*words, now=now, seconds=900)
                    if status:
                        wrong.append(f"a run with room on the disk ended with {status}: {printed[-2000:]}")
            if odd := tables_apart(home, calm):
                wrong.append(f"other tables than those of the undisturbed run: {', '.join(odd)}")
            if rules_version() != version:
                raise SourceChanged("the rules were edited while runs were compared: begin again")
            said[BACKUP], found = _fill_in_backup(home, disk, now)
            say(f"{BACKUP}: {said[BACKUP]}")
            wrong += found + reader.wrong
            looks = sum(reader.seen.values())
    return {
        "seed": seed,
        "said": {step: text.replace(str(disk), "...") for step, text in said.items()},
        "looks_at_the_published_file": looks,
        "wrong": wrong,
        "minutes": round((time.monotonic() - started) / 60, 1),
    }


def _fill_in(home: Home, disk: Path, step: str, words: tuple[str, ...], now: str) -> tuple[str, list[str]]:
    """Fill the disk when the run enters the step; return what the run said, and what was wrong."""
    seen = home.logs()
    process = home.start(*words, now=now)
    try:
        wait_for_step(process, home, step, seen)
        with filled(disk):
            printed, _ = process.communicate(timeout=600)
    finally:
        end_group(process)
    wrong = []
    if process.returncode == 0:
        wrong.append(f"{step}: the run ended well on a full disk, so it was not full in the step")
    if not any(words in printed for words in SAYS_SO):
        wrong.append(f"{step}: nothing says that the disk is full: {printed[-3000:]}")
    if "Traceback" in printed:
        wrong.append(f"{step}: a traceback for a person: {printed[-3000:]}")
    said = [line.strip() for line in printed.splitlines() if any(part in line for part in SAYS_SO)]
    return (said[0][:300] if said else "nothing"), wrong


def _fill_in_backup(home: Home, disk: Path, now: str) -> tuple[str, list[str]]:
    """Back up onto the full disk, and again when there is room."""
    before, wrong = home.export(), []
    file = disk / "backups" / "a.tar"
    with filled(disk):
        process = ingest(home, now, "backup", str(file))
        printed = process.communicate(timeout=120)[0]
    if process.returncode != 2 or not any(part in printed for part in SAYS_SO) or "Traceback" in printed:
        wrong.append(f"backup: ended with {process.returncode} and said {printed}")
    if file.parent.exists() and list(file.parent.iterdir()):
        wrong.append("backup: left files on the full disk")
    again = ingest(home, now, "backup", str(file))
    if again.communicate(timeout=120) and again.returncode:
        wrong.append("backup: failed when there was room again")
    if home.export() != before:
        wrong.append("backup: changed the warehouse")
    return " ".join(printed.split())[:200], wrong
