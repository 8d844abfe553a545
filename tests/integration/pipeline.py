"""The real pipeline in processes of its own, started as a person starts it, watched from outside."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import IO

import duckdb

from ingest.warehouse import export_sorted

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-03-01T06:00:00"
ARTICLES = {
    "bridge.txt": (
        "2026-02-27",
        "Government forces recaptured the town of Saraqib on Thursday, the army said. At least 14 soldiers"
        " were killed in the fighting, according to the Syrian Observatory for Human Rights.",
    ),
    "market.txt": (
        "2026-02-26",
        "Shelling killed seven civilians, including two children, in a market in Taiz on Wednesday, a"
        " hospital official said. Dozens of people were injured.",
    ),
    "column.txt": (
        "2026-02-28",
        "Russia sent 500 soldiers to Melitopol on Friday, Ukrainian officials said. The army plans to storm"
        " the city next week.",
    ),
    "undated.txt": (None, "Rebels lost the village on the ridge, residents said. Nobody was killed."),
}
"""Our own sentences, with the day of publication where there is one."""
FILLER = 700
"""Articles without a fact, so that landing and reading take several transactions each."""
RUN_BOOKKEEPING = frozenset({"meta.followed"})
"""Tables that count builds, left out where two warehouses are compared: a killed one was built more often."""

MARTS_OF_BUILDS = frozenset({"dim_dataset_version", "fct_changes"})
"""Marts whose ids come from the order of builds, left out where published files are compared."""


def write_input(folder: Path, *, filler: int = 0) -> Path:
    """Write the articles, and as many fillers as asked for, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (published, text) in ARTICLES.items():
        front = f"---\ntitle: {name.removesuffix('.txt')}\n" + (
            f"published_at: {published}\n" if published else ""
        )
        (folder / name).write_text(f"{front}---\n{text}\n", encoding="utf-8")
    if filler:
        with (folder / "filler.jsonl").open("w", encoding="utf-8") as lines:
            for number in range(filler):
                text = f"The council of ward {number} met on Monday and spoke about the price of bread."
                row = {"id": f"filler-{number}", "text": text, "published_at": "2026-02-20"}
                lines.write(json.dumps(row) + "\n")
    return folder


class Home:
    """A data folder of its own, and the processes that work on it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "DAGSTER_HOME")},
            "FRONTLINE_DATA": str(data),
        }

    def start(
        self, *arguments: str, now: str = NOW, output: IO[str] | int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        """Start `python -m orchestration` in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration", *arguments],
            cwd=ROOT,
            env={**self.environment, "FRONTLINE_NOW": now},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, now: str = NOW, seconds: float = 240) -> tuple[int, str]:
        """Run it to its end; return the exit status and all it printed."""
        process = self.start(*arguments, now=now)
        try:
            printed, _ = process.communicate(timeout=seconds)
        except BaseException:
            end_group(process)
            raise
        return process.returncode, printed

    def logs(self) -> set[Path]:
        """Return the log files there are."""
        return set(self.data.glob("logs/*.log"))

    def export(self) -> str:
        """Return the warehouse as sorted text."""
        return export_sorted(self.data / "warehouse.duckdb", leave_out=RUN_BOOKKEEPING)


def tables_apart(one: Home, other: Home) -> list[str]:
    """Return the names of the tables in which two warehouses differ, sorted."""
    rows, others = Counter(one.export().splitlines()), Counter(other.export().splitlines())
    return sorted({line.partition(" ")[0] for line in (rows - others) + (others - rows)})


def marts(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every published mart, sorted, by its name."""
    with duckdb.connect(str(home.data / "published" / "frontline.duckdb"), read_only=True) as reader:
        names = [
            str(name)
            for (name,) in reader.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' order by 1"
            ).fetchall()
        ]
        return {
            name: sorted(reader.execute(f"select to_json(t)::varchar from marts.{name} as t").fetchall())
            for name in names
            if name not in MARTS_OF_BUILDS
        }


def wait_for_line(process: subprocess.Popen[str], home: Home, pattern: str, *, seen: set[Path]) -> None:
    """Return as soon as the log of the run just started has a match; fail where the run ends without one."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if any(re.search(pattern, path.read_text("utf-8", "replace")) for path in home.logs() - seen):
            return
        if process.poll() is not None:
            raise AssertionError(f"the run ended before {pattern!r}: {process.communicate()[0]}")
        time.sleep(0.005)
    raise AssertionError(f"no {pattern!r} in 240 s")


def kill(process: subprocess.Popen[str], *, with_children: bool = False) -> None:
    """SIGKILL the process alone: its children live on, as they do when the kernel runs out of memory.

    `with_children` ends them too, as a machine that goes down does.
    """
    (os.killpg if with_children else os.kill)(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def end_group(process: subprocess.Popen[str]) -> None:
    """End the process and all its children, politely first; return when none is left."""
    for number in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            process.poll()
            try:
                os.killpg(process.pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.05)
    process.wait()
