"""Kills in every step of a run, day after day, and of its backup; each day is then brought to its end."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.pipeline import ROOT, Home, end_group, kill, tables_apart
from tests.kills.days import FILLERS, REPORTS, day_of, write_news
from tests.kills.reader import Reader
from tests.kills.steps import STEPS, RunEnded, newest_log, open_step, spans, wait_for_open, wait_for_step

BACKUP = "backup"
KILLS_A_DAY, SPARE_DAYS = len((*STEPS, BACKUP)), 2
TRIES = 4
"""Backups begun for one kill: one may end before its moment comes."""
BACKUP_SECONDS = 0.3
"""What is drawn from for a backup, which is a matter of tenths."""


class Kills:
    """Two homes that live through the same days: one undisturbed, one killed. Use `live`.

    Each day's run is killed in every step, on the same articles, then mended; then its backup is killed.
    """

    def __init__(self, folder: Path, seed: int, say: Callable[[str], None]) -> None:
        self.folder, self.seed, self.say = folder, seed, say
        self.draw = random.Random(seed)  # noqa: S311 -- moments, not secrets
        self.calm, self.killed = Home(folder / "calm" / "data"), Home(folder / "killed" / "data")
        self.hit: Counter[str] = Counter()
        self.how: Counter[str] = Counter()
        self.moments: list[dict[str, Any]] = []
        self.wrong: list[str] = []
        self.took: dict[str, float] = {}
        self.words: tuple[str, ...] = ()
        self.now = ""

    def live(self, days: int, keep: Callable[[dict[str, Any]], None] = lambda _: None) -> dict[str, Any]:
        """Live through the days, or some more for the kills that runs escaped; return the figures.

        `keep` is given them after each day. What is not as it must be stands in `wrong`. Raises SourceChanged
        where rules were edited meanwhile.
        """
        started, version = time.monotonic(), rules_version()
        whole: set[int] = set()
        with Reader(self.killed.data / "published" / "frontline.duckdb") as reader:
            for number in range(days + SPARE_DAYS):
                if self.hit.total() >= days * KILLS_A_DAY:
                    break
                self._day(number)
                if rules_version() != version:
                    raise SourceChanged("the rules were edited while runs were compared: begin again")
                whole.add((number + 1) * (REPORTS + FILLERS))
                if odd := reader.articles - whole:
                    self._tell(f"published in between: {sorted(odd)} articles, which no day ended with")
                found = {
                    "seed": self.seed,
                    "days": number + 1,
                    "kills": self.hit.total(),
                    "by_step": dict(sorted(self.hit.items())),
                    "by_what_was_killed": dict(sorted(self.how.items())),
                    "looks_at_the_published_file": sum(reader.seen.values()),
                    "publications_seen": len(reader.seen),
                    "wrong": [*self.wrong, *reader.wrong],
                    "minutes": round((time.monotonic() - started) / 60, 1),
                    "moments": self.moments,
                }
                self.say(f"day {number + 1} of {days}: {found | {'moments': len(self.moments)}}")
                keep(found)
        return found

    def _tell(self, what: str) -> None:
        self.wrong.append(what)
        self.say(f"WRONG: {what}")

    def _day(self, number: int) -> None:
        self.now = f"{day_of(number)}T06:00:00"
        self.words = ("run", "--input", str(write_news(self.folder / "news", number, self.seed)))
        self._run(self.calm, number)
        for step in STEPS:
            self._kill_run(number, step)
        self._run(self.killed, number)
        if odd := tables_apart(self.killed, self.calm):
            self._tell(f"day {number}: other tables than those of the undisturbed run: {', '.join(odd)}")
        self._kill_backup(number)
        self._put_back(number)

    def _run(self, home: Home, number: int) -> None:
        """Run to the end on the day's articles."""
        seen = home.logs()
        status, printed = home.run(*self.words, now=self.now, seconds=900)
        log = newest_log(home, seen)
        if status or log is None:
            self._tell(f"day {number}: a run that nothing disturbed ended with {status}: {printed[-3000:]}")
        elif home is self.calm:
            # How long each step takes on this machine, now: moments are drawn from that.
            self.took = spans(log)

    def _kill_run(self, number: int, step: str) -> None:
        """Kill a run at a random moment of the step; what it was in at that moment is what counts.

        One that ended first is no kill: it leaves nothing to do, and another day makes up for it. (To put the
        warehouse back for another try would leave Dagster's history of what is not there any more.)
        """
        seen = self.killed.logs()
        process = self.killed.start(*self.words, now=self.now)
        try:
            wait_for_step(process, self.killed, step, seen)
            after = self.draw.uniform(0.0, self.took[step])
            time.sleep(after)
            if process.poll() is not None:
                raise RunEnded(f"the run ended before the kill in {step}")
        except RunEnded as error:
            self.say(f"  {error}")
            end_group(process)
            process.communicate()
            return
        whom = self.draw.choice(("the run", "the run and its children"))
        kill(process, with_children=whom != "the run")
        met = open_step(newest_log(self.killed, seen)) or "between steps"
        self._note(number, step, after, met, whom)

    def _kill_backup(self, number: int) -> None:
        file = self.folder / "backups" / f"{number}.tar"
        if not any(self._kills_in_time(number, file) for _ in range(TRIES)):
            self._tell(f"day {number}: no kill in a backup in {TRIES} tries")

    def _kills_in_time(self, number: int, file: Path) -> bool:
        """Kill a backup at a random moment after it opened the warehouse; tell whether it was in time."""
        process = ingest(self.killed, self.now, "backup", str(file))
        try:
            wait_for_open(process, self.killed.data / "warehouse.duckdb")
            after = self.draw.uniform(0.0, BACKUP_SECONDS)
            time.sleep(after)
            if process.poll() is not None:
                raise RunEnded("backup ended before the kill")
        except RunEnded as error:
            self.say(f"  {error}")
            process.communicate()
            file.unlink(missing_ok=True)
            return False
        kill(process, with_children=True)
        self._note(number, BACKUP, after, BACKUP, "ingest backup")
        if file.exists():
            self._tell(f"day {number}: a killed backup has its file, as if it were whole")
        return True

    def _note(self, number: int, aimed: str, after: float, met: str, whom: str) -> None:
        self.hit[met] += 1
        self.how[whom] += 1
        row = {"day": number, "aimed_at": aimed, "after_seconds": round(after, 2), "met": met, "killed": whom}
        self.moments.append(row)
        self.say(f"  kill {self.hit.total()}: {row}")

    def _put_back(self, number: int) -> None:
        """Back up where backups were killed, and restore elsewhere: it is what was there; nothing is left."""
        file = self.folder / "backups" / f"{number}.tar"
        before = self.killed.export()
        restored = Home(self.folder / "restored" / str(number))
        done = [ingest(self.killed, self.now, "backup", str(file))]
        said = done[0].communicate(timeout=300)[0]
        done.append(ingest(restored, self.now, "restore", str(file)))
        said += done[1].communicate(timeout=300)[0]
        if any(process.returncode for process in done):
            self._tell(f"day {number}: backup or restore failed after the kills: {said}")
        elif restored.export() != before or self.killed.export() != before:
            self._tell(f"day {number}: what was restored is not what was backed up")
        if left := [item.name for item in file.parent.iterdir() if item.suffix != ".tar"]:
            self._tell(f"day {number}: a backup left {left}")


class SourceChanged(Exception):
    """The code under test is not what it was when the test began."""


def rules_version() -> str:
    """Return the version of the rules and the lexicon as they lie on the disk now."""
    code = "from ingest.reading import reading_version; print(reading_version())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


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
