"""Live through the month, day by day, with the product's own commands, and balance the books at its end."""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from ingest.__main__ import main
from ingest.warehouse import Warehouse, export_sorted
from ingest.warehouse.upkeep import forget
from tests.month.plan import CODES, Item, days, draw_month
from tests.month.world import World

BOOKKEEPING = frozenset({"raw.visits"})
"""When an address was asked last: of that alone another round leaves a trace."""


@dataclass(frozen=True)
class Day:
    """What a day cost: processor seconds, and memory held after it; and how many documents came.

    The seconds are the product's: neither the writing of the world nor its servers are among them. Articles
    are read in this process, for what other processes work nobody counts.
    """

    day: str
    documents: int
    processor_seconds: float
    seconds: float
    memory_mib: float


def live(
    folder: Path, documents: int, seed: int, say: Callable[[str], None] = print
) -> tuple[dict[str, Any], list[str]]:
    """Live through the month twice; return the figures, and what does not balance (nothing, one hopes)."""
    items = draw_month(documents, seed)
    os.environ["FRONTLINE_DATA"] = str(folder / "data")
    os.environ["FRONTLINE_SOURCES"] = str(folder / "world" / "sources.yml")
    path = folder / "data" / "warehouse.duckdb"
    with World(folder / "world", items, seed) as world:
        once = [_day(world, folder, items, day, say) for day in days()]
        figures, wrong = balance(path, world, items)
        before = export_sorted(path, leave_out=BOOKKEEPING)
        asked = sum(len(host.asked) for host in world.hosts)
        say("The same month again:")
        again = [_day(world, folder, items, day, say) for day in days()]
        if export_sorted(path, leave_out=BOOKKEEPING) != before:
            wrong.append("the second run of the month changed a table")
        troubles = dict(sorted(world.troubles.items()))
    third = len(once) // 3
    figures |= {
        "seed": seed,
        "requests": asked,
        "troubles_in_both_runs": troubles,
        "memory_mib_most": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "processor_seconds_a_document": {
            "first_ten_days": _a_document(once[:third]),
            "last_ten_days": _a_document(once[2 * third : 3 * third - 3]),
        },
        "memory_mib": {
            "first_ten_days": _mean(day.memory_mib for day in once[:third]),
            "last_ten_days": _mean(day.memory_mib for day in once[2 * third :]),
        },
        "warehouse_mib": round(path.stat().st_size / 2**20, 1),
        "minutes": round(sum(day.seconds for day in [*once, *again]) / 60, 1),
        "days": [asdict(day) for day in once],
    }
    return figures, wrong


def _day(world: World, folder: Path, items: Sequence[Item], day: date, say: Callable[[str], None]) -> Day:
    """Live through one day: take out what is to be forgotten, then land, parse and read."""
    if day == days()[0]:
        world.begin()
    world.set_day(day)
    path = folder / "data" / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        for item in items:
            # A day later too, for those whose server failed until then.
            if item.forgotten_on and item.forgotten_on <= day <= item.forgotten_on + timedelta(1):
                for article in warehouse.find_articles(world.document_id(item)):
                    forget(warehouse, article.article_id, item.forgotten_on, "taken down")
    os.environ["FRONTLINE_NOW"] = f"{day}T12:00:00"
    started, worked = time.monotonic(), time.process_time() - world.processor_seconds()
    with (folder / "printed.txt").open("a") as printed, redirect_stdout(printed), redirect_stderr(printed):
        status = main(["load", "--workers", "1"])
    if status:
        raise AssertionError(f"{day} ended with {status}: see {folder / 'printed.txt'}")
    done = Day(
        day.isoformat(),
        sum(item.day == day for item in items),
        round(time.process_time() - world.processor_seconds() - worked, 2),
        round(time.monotonic() - started, 1),
        round(_resident_mib(), 1),
    )
    say(f"  {done.day}: {done.documents} documents, {done.seconds:.0f} s, {done.memory_mib:.0f} MiB")
    return done


def _resident_mib() -> float:
    """Return the memory that this process holds now, its servers and pages included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def balance(path: Path, world: World, items: Sequence[Item]) -> tuple[dict[str, Any], list[str]]:
    """Return what became of the items, counted, and a line for each that became what it should not."""
    with duckdb.connect(str(path), read_only=True) as tables:
        rows = tables.execute(
            "select document_id, count(*), count(*) filter (text <> ''), list(distinct story_id),"
            " any_value(language) from raw.articles group by 1"
        ).fetchall()
        articles = {row[0]: row[1:] for row in rows}
        tombstones = {row[0] for row in tables.execute("select document_id from raw.forgotten").fetchall()}
        rejects = Counter(
            {(row[0], row[1]): row[2] for row in tables.execute(
                "select source_id, reason_code, count(*) from raw.rejects group by all").fetchall()}
        )  # fmt: skip
        totals = {
            name: tables.execute(f"select count(*) from raw.{name}").fetchone()[0]  # type: ignore[index]
            for name in ("documents", "articles", "claims", "rejects", "forgotten", "changes")
        }
        read = {
            row[0] for row in tables.execute(
                "select distinct document_id from raw.changes where change = 'read'").fetchall()
        }  # fmt: skip
    wrong: list[str] = []
    found: Counter[str] = Counter()
    stories = {item.number: set(articles.get(world.document_id(item), (0, 0, []))[2]) for item in items}
    own_stories: Counter[str] = Counter()
    for item in items:
        name = world.document_id(item)
        versions, with_text, story, language = articles.get(name, (0, 0, [], None))
        expected = 0 if item.fate == "reject" else world.versions(item)
        if versions != expected or (with_text == 0) != (item.fate in ("reject", "tombstone")):
            wrong.append(
                f"{name}: {versions} versions, {with_text} with text; it is {item.fate}, {item.fault}"
            )
            continue
        if (name in tombstones) != (item.fate == "tombstone"):
            wrong.append(f"{name}: tombstone or not")
        elif item.original is not None and stories[item.number] != stories[item.original]:
            wrong.append(f"{name}: another story than what it is a copy of")
        elif item.fate == "article" and language != item.report.language:
            wrong.append(f"{name}: read as {language}, written in {item.report.language}")
        elif item.fate != "reject" and name not in read:
            wrong.append(f"{name}: never read")
        else:
            found[item.fate] += 1
            found["version"] += versions - 1 if item.fate != "reject" else 0
            found["in another language"] += item.report.language != "en" and item.fate == "article"
        if item.fate == "article" and item.corrected is None:
            own_stories.update(story)
    wrong += [
        f"story {story}: {number} reports of their own" for story, number in own_stories.items() if number > 1
    ]
    due = Counter((item.source, CODES[item.fault]) for item in items if item.fault)
    if due != rejects:
        wrong.append(f"rejects: {dict(due - rejects)} are missing, {dict(rejects - due)} are too many")
    known = {world.document_id(item) for item in items}
    wrong += [f"{name}: an article that nobody wrote" for name in articles.keys() - known]
    return {"offered": len(items), "became": dict(sorted(found.items())), "rows": totals}, wrong


def _a_document(some: Sequence[Day]) -> float:
    return round(sum(day.processor_seconds for day in some) / max(sum(day.documents for day in some), 1), 3)


def _mean(values: Any) -> float:
    numbers = list(values)
    return round(sum(numbers) / len(numbers), 1)
