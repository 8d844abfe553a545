"""Fifty kills over ten days: each day's run is killed in every step, mended, and its backup killed too."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from tests.integration.pipeline import ROOT, Home, end_group, kill
from tests.kills.days import day_of, write_day
from tests.kills.reader import Reader
from tests.kills.steps import STEPS, RunEnded, newest_log, open_step, spans, wait_for_open, wait_for_step

BACKUP = "backup"
TRIES = 4
"""Runs begun for one kill: one may end before its moment comes."""


class Kills:
    """Two homes that live through the same days: one undisturbed, one killed. Use `live`."""

    def __init__(self, folder: Path, seed: int, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        self.seed = seed
        self.draw = random.Random(seed)  # noqa: S311 -- moments, not secrets
        self.calm, self.killed = Home(folder / "calm" / "data"), Home(folder / "killed" / "data")
        self.hit: Counter[str] = Counter()
        self.how: Counter[str] = Counter()
        self.moments: list[dict[str, Any]] = []
        self.wrong: list[str] = []

    def live(self, days: int) -> dict[str, Any]:
        """Live through the days; return the figures. What is not as it must be stands in `wrong`."""
        started = time.monotonic()
        with Reader(self.killed.data / "published" / "frontline.duckdb") as reader:
            whole: set[int] = set()
            for number in range(days):
                self._day(number)
                whole |= self._articles()
                self.say(f"day {number + 1} of {days}: {self.hit.total()} kills, {dict(self.hit)}, "
                         f"{sum(reader.seen.values())} looks at what is published")  # fmt: skip
            self.wrong += reader.wrong
            if odd := reader.articles - whole:
                self.wrong.append(f"published in between: {sorted(odd)} articles, which no day ended with")
        return {
            "seed": self.seed,
            "days": days,
            "kills": self.hit.total(),
            "by_step": dict(sorted(self.hit.items())),
            "by_what_was_killed": dict(sorted(self.how.items())),
            "looks_at_the_published_file": sum(reader.seen.values()),
            "publications_seen": len(reader.seen),
            "wrong": self.wrong,
            "minutes": round((time.monotonic() - started) / 60, 1),
            "moments": self.moments,
        }

    def _articles(self) -> set[int]:
        with duckdb.connect(str(self.calm.data / "published" / "frontline.duckdb"), read_only=True) as tables:
            return {int(tables.execute("select count(*) from marts.dim_article").fetchall()[0][0])}

    def _day(self, number: int) -> None:
        news = write_day(self.folder / "news", number, self.seed)
        now = f"{day_of(number)}T06:00:00"
        words = ("run", "--input", str(news))
        seen = self.calm.logs()
        status, printed = self.calm.run(*words, now=now, seconds=600)
        log = newest_log(self.calm, seen)
        if status or log is None:
            raise AssertionError(f"the undisturbed run of day {number} failed: {printed}")
        took = spans(log)
        for step in STEPS:
            self._kill_run(words, now, step, took[step], number)
        status, printed = self.killed.run(*words, now=now, seconds=600)
        if status:
            self.wrong.append(f"day {number}: the run after the kills ended with {status}: {printed[-2000:]}")
        elif self.killed.export() != self.calm.export():
            self.wrong.append(f"day {number}: other tables than those of the undisturbed run")
        self._kill_backup(number, now)

    def _kill_run(self, words: tuple[str, ...], now: str, step: str, took: float, number: int) -> None:
        """Kill a run at a random moment of the step; what it was in at that moment is what counts."""
        for _ in range(TRIES):
            seen = self.killed.logs()
            process = self.killed.start(*words, now=now)
            try:
                wait_for_step(process, self.killed, step, seen)
                after = self.draw.uniform(0.0, took)
                time.sleep(after)
                if process.poll() is not None:
                    raise RunEnded(f"the run ended before the kill in {step}")
            except RunEnded as error:
                self.say(f"  {error}; again")
                end_group(process)
                process.communicate()
                continue
            whom = self.draw.choice(("the run", "the run and its children"))
            if whom == "the run":
                kill(process)
            else:
                os.killpg(process.pid, signal.SIGKILL)
                kill_remains(process)
            met = open_step(newest_log(self.killed, seen)) or "between steps"
            self.hit[met] += 1
            self.how[whom] += 1
            self.moments.append(
                {
                    "day": number,
                    "aimed_at": step,
                    "after_seconds": round(after, 2),
                    "met": met,
                    "killed": whom,
                }
            )
            return
        self.wrong.append(f"day {number}: no kill in {step} in {TRIES} tries")

    def _kill_backup(self, number: int, now: str) -> None:
        """Kill a backup while it is written; the next one is whole and restores what was there."""
        file = self.folder / "backups" / f"{number}.tar"
        path = self.killed.data / "warehouse.duckdb"
        before = self.killed.export()
        took = self._time_backup(self.folder / "backups" / f"timed-{number}.tar", path, now)
        for _ in range(TRIES):
            process = self._backup(file, now)
            try:
                wait_for_open(process, path)
                after = self.draw.uniform(0.0, took)
                time.sleep(after)
                if process.poll() is not None or file.exists():
                    raise RunEnded("the backup ended before the kill")
            except RunEnded as error:
                self.say(f"  {error}; again")
                end_group(process)
                file.unlink(missing_ok=True)
                continue
            kill(process)
            self.hit[BACKUP] += 1
            self.how["the command"] += 1
            self.moments.append(
                {
                    "day": number,
                    "aimed_at": BACKUP,
                    "after_seconds": round(after, 2),
                    "met": BACKUP,
                    "killed": "the command",
                }
            )
            break
        else:
            self.wrong.append(f"day {number}: no kill in a backup in {TRIES} tries")
        if file.exists():
            self.wrong.append(f"day {number}: a killed backup has its file, as if it were whole")
        again = self._backup(file, now)
        printed = again.communicate(timeout=120)[0]
        restored = Home(self.folder / "restored" / str(number))
        back = ingest(restored, now, "restore", str(file))
        said = back.communicate(timeout=240)[0]
        if again.returncode or back.returncode:
            self.wrong.append(f"day {number}: backup or restore failed after the kill: {printed} {said}")
        elif restored.export() != before or self.killed.export() != before:
            self.wrong.append(f"day {number}: what was restored is not what was backed up")
        if left := [item.name for item in file.parent.iterdir() if item.suffix != ".tar"]:
            self.wrong.append(f"day {number}: a backup left {left}")

    def _time_backup(self, file: Path, path: Path, now: str) -> float:
        """Return the seconds from the opening of the warehouse to the backup's end."""
        process = self._backup(file, now)
        wait_for_open(process, path)
        started = time.monotonic()
        process.communicate(timeout=120)
        file.unlink()
        return time.monotonic() - started

    def _backup(self, file: Path, now: str) -> subprocess.Popen[str]:
        return ingest(self.killed, now, "backup", str(file))


def ingest(home: Home, now: str, *words: str) -> subprocess.Popen[str]:
    """Start `python -m ingest` on the home, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", *words],
        cwd=ROOT,
        env={**home.environment, "FRONTLINE_NOW": now},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def kill_remains(process: subprocess.Popen[str]) -> None:
    """Wait for a process that was killed with its group, and close its output."""
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
