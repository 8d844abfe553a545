"""All inputs over all parsers, in processes that are watched from outside; figures and finds."""

from __future__ import annotations

import json
import multiprocessing
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import connection
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ingest.warehouse import Warehouse
from tests.fuzz.cases import TRIPWIRE, Case
from tests.fuzz.targets import SHARES
from tests.fuzz.worker import Batch, Tally, cases, kept_waiting, serve

BATCH = 100
END_AFTER_SECONDS = 20.0
"""Of work and waiting: then an input is ended from outside. Over 5 s is noted where it ends by itself."""
MEMORY = Path("/dev/shm")  # noqa: S108 -- a folder of our own in it
"""No disk to wait for: what an input takes is its own."""
TELL_SECONDS = 20
"""Where there is no terminal to draw a bar at, a line so often."""
KEPT_EACH = 3
"""Inputs kept of one and the same find."""
RENEW_AFTER = 60
"""Batches that one process reads: what libraries remember for ever is not put to a later input's account."""


@dataclass(frozen=True)
class Find:
    """Something that must not be: of which parser, what in short and in full, and the input that shows it."""

    target: str
    short: str
    long: str
    kept: Path


@dataclass
class Outcome:
    """What a campaign, or a part of one, came to."""

    inputs: int = 0
    minutes: float = 0.0
    tallies: list[Tally] = field(default_factory=list)
    finds: list[Find] = field(default_factory=list)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    called: int = 0


def plan(inputs: int, seed: int, part: int = 1, parts: int = 1, only: Sequence[str] = ()) -> list[Batch]:
    """Return the batches of `inputs` inputs, half of them mutated, half generated; or one part of them."""
    batches = []
    for target, share in SHARES.items():
        if only and target not in only:
            continue
        due, number = inputs * share // 100, 0
        while due > 0:
            # A backup from nothing gets nowhere.
            is_mutated = number % 2 == 0 or target == "backup"
            batches.append(Batch(target, is_mutated, number, min(BATCH, due), seed))
            due, number = due - BATCH, number + 1
    random.Random(seed).shuffle(batches)  # noqa: S311 -- an order, no secret
    return batches[part - 1 :: parts]


def tell(text: str) -> None:
    """Print it at once."""
    print(text, flush=True)


def fuzz(batches: Sequence[Batch], keep: Path, workers: int, say: Callable[[str], None] = tell) -> Outcome:
    """Read all batches by `workers` processes; inputs that show something are kept in `keep`."""
    started, outcome = time.monotonic(), Outcome()
    told = started
    keep.mkdir(parents=True, exist_ok=True)
    total = sum(batch.size for batch in batches)
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-", dir=MEMORY if MEMORY.is_dir() else None) as scratch,
        tripwire() as called,
        tqdm(total=total, desc="inputs", unit="", file=sys.stderr, disable=None) as bar,
    ):
        folder = Path(scratch)
        database = make_database(folder / "seed.duckdb")
        crew = [Worker(folder / f"worker-{number}", database) for number in range(workers)]
        waiting = list(reversed(batches))
        try:
            for worker in crew:
                worker.take(waiting)
            while any(worker.batch for worker in crew):
                connection.wait([worker.pipe for worker in crew if worker.batch], timeout=0.5)
                for worker in crew:
                    for tally, finds in worker.look():
                        _note(outcome, tally, finds, keep, database, bar.write if not bar.disable else say)
                        bar.update(sum(tally.became.values()))
                        if bar.disable and time.monotonic() > told + TELL_SECONDS:
                            told = time.monotonic()
                            say(f"{outcome.inputs} of {total} inputs, {len(outcome.found)} finds, "
                                f"{(time.monotonic() - started) / 60:.1f} min")  # fmt: skip
                    if worker.batch is None:
                        worker.take(waiting)
        finally:
            for worker in crew:
                worker.end()
        outcome.called = len(called)
    outcome.minutes = (time.monotonic() - started) / 60
    return outcome


def _note(outcome: Outcome, tally: Tally, finds: list[tuple[str, str, int]], keep: Path, database: Path,
          say: Callable[[str], None]) -> None:  # fmt: skip
    outcome.tallies.append(tally)
    outcome.inputs += sum(tally.became.values())
    made: list[Case] = []
    for short, long, number in finds:
        outcome.found[tally.batch.target, short] += 1
        if outcome.found[tally.batch.target, short] > KEPT_EACH:
            continue
        made = made or list(cases(tally.batch, database))
        path = keep / f"{tally.batch.name}-{number}.json"
        made[number].write(path)
        outcome.finds.append(Find(tally.batch.target, short, long, path))
        say(f"FOUND {tally.batch.target}: {short}\n  python -m tests.fuzz --replay {path}")


class Worker:
    """A process that reads batches, made anew where it dies or hangs."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder, self.database = folder, database
        self.batch: Batch | None = None
        self.rest: list[Batch] = []
        self.made = self.read = 0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.now: Any = context.Array("d", 3, lock=False)
        self.pipe, theirs = context.Pipe()
        self.made += 1
        folder = self.folder / str(self.made)
        self.process = context.Process(
            target=serve, args=(theirs, folder, self.database, self.now), daemon=True
        )
        self.process.start()
        theirs.close()
        self.read = 0

    def take(self, waiting: list[Batch]) -> None:
        """Begin the next batch, if there is one."""
        if not self.rest and not waiting:
            return
        if self.read >= RENEW_AFTER:
            self.end()
            self._start()
        self.batch = self.rest.pop() if self.rest else waiting.pop()
        self.pipe.send(self.batch)

    def look(self) -> Iterator[tuple[Tally, list[tuple[str, str, int]]]]:
        """Yield what has been read since; an input that ends the process, or does not end, is a find."""
        if self.batch is None:
            return
        if self.pipe.poll():
            try:
                tally: Tally = self.pipe.recv()
            except (EOFError, ConnectionError):
                yield self._lost("the process died")
                return
            self.batch, self.read = None, self.read + 1
            yield tally, tally.finds
        elif not self.process.is_alive():
            yield self._lost("the process died")
        elif (began := self.now[1]) and (
            time.monotonic() - began - (kept_waiting(self.process.pid or 0) - self.now[2]) > END_AFTER_SECONDS
        ):
            yield self._lost("did not end")

    def _lost(self, why: str) -> tuple[Tally, list[tuple[str, str, int]]]:
        """Note the input at which the process was lost. Those before it, not yet told, are read again."""
        assert self.batch is not None
        number = int(self.now[0])
        said = (self.folder / str(self.made) / "fault.txt").read_text("utf-8", "replace")
        self.end()
        tally = Tally(self.batch)
        tally.became["a find"] = 1
        finds = [(f"{why} (status {self.process.exitcode})", said[-4000:], number)]
        self._start()
        end = self.batch.size if self.batch.stop is None else self.batch.stop
        parts = replace(self.batch, stop=number), replace(self.batch, skip=number + 1)
        self.rest += [part for part in parts if part.skip < (end if part.stop is None else part.stop)]
        self.batch = None
        return tally, finds

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@contextmanager
def tripwire() -> Iterator[list[str]]:
    """Listen where inputs lead to; yield the list of who called, which must stay empty."""
    called: list[str] = []
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(TRIPWIRE)
        server.listen(64)

        def listen() -> None:
            while True:
                try:
                    caller, address = server.accept()
                except OSError:
                    return
                called.append(str(address))
                caller.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield called
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def make_database(path: Path) -> Path:
    """Make an empty warehouse, and beside it the number of rows of each table, as a backup states them."""
    with Warehouse(path) as warehouse:
        warehouse.connection.execute("force checkpoint")
        rows = warehouse.counts()
    path.with_suffix(".rows.json").write_text(json.dumps(dict(rows)))
    return path


def figures(outcome: Outcome, seed: int) -> dict[str, Any]:
    """Return the figures of a campaign as they are kept."""
    by_target: dict[str, list[Tally]] = defaultdict(list)
    for tally in outcome.tallies:
        by_target[tally.batch.target].append(tally)
    shown: dict[str, Any] = {}
    for target in SHARES:
        some = by_target.get(target)
        if not some:
            continue
        became = sum((tally.became for tally in some), Counter[str]())
        slowest = max(some, key=lambda tally: tally.slowest)
        shown[target] = {
            "inputs": became.total(),
            "mutated": sum(tally.became.total() for tally in some if tally.batch.is_mutated),
            "became": dict(became.most_common()),
            "seconds": round(sum(tally.seconds for tally in some), 1),
            "slowest_seconds": round(slowest.slowest, 2),
            "slowest_input": slowest.slowest_input,
            "peak_mib": max(tally.peak for tally in some) >> 20,
        }
    return {
        "seed": seed,
        "inputs": outcome.inputs,
        "minutes": round(outcome.minutes, 1),
        "finds": [
            {"target": target, "what": what, "inputs": number}
            for (target, what), number in outcome.found.items()
        ],
        "connections_to_the_trap": outcome.called,
        "slowest_seconds": max((tally["slowest_seconds"] for tally in shown.values()), default=None),
        "peak_mib": max((tally["peak_mib"] for tally in shown.values()), default=None),
        "parsers": shown,
    }


def merged(kept: dict[str, Any] | None, found: dict[str, Any], part: str) -> dict[str, Any]:
    """Return the figures of all parts of one campaign, `found` being those of `part` ('2/4').

    Where `kept` are of another seed or have this part already, a new campaign begins.
    """
    if kept is None or kept["seed"] != found["seed"] or part in kept["parts"]:
        return {"parts": [part], **found}
    parsers: dict[str, Any] = {}
    for target in SHARES:
        some = [its["parsers"][target] for its in (kept, found) if target in its["parsers"]]
        if some:
            slowest = max(some, key=lambda its: float(its["slowest_seconds"]))
            parsers[target] = {
                "inputs": sum(its["inputs"] for its in some),
                "mutated": sum(its["mutated"] for its in some),
                "became": dict(sum((Counter(its["became"]) for its in some), Counter[str]()).most_common()),
                "seconds": round(sum(its["seconds"] for its in some), 1),
                "slowest_seconds": slowest["slowest_seconds"],
                "slowest_input": slowest["slowest_input"],
                "peak_mib": max(its["peak_mib"] for its in some),
            }
    both = (kept, found)
    return {
        "parts": [*kept["parts"], part],
        "seed": found["seed"],
        "inputs": sum(its["inputs"] for its in both),
        "minutes": round(sum(its["minutes"] for its in both), 1),
        "finds": [*kept["finds"], *found["finds"]],
        "connections_to_the_trap": sum(its["connections_to_the_trap"] for its in both),
        "slowest_seconds": max(its["slowest_seconds"] for its in both),
        "peak_mib": max(its["peak_mib"] for its in both),
        "parsers": parsers,
    }
