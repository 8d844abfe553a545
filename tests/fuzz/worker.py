"""A process that reads inputs under guard, a batch at a time, and counts what becomes of them."""

from __future__ import annotations

import faulthandler
import random
import re
import resource
import shutil
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.feeds import Article, page, rss
from tests.fuzz.cases import CANARY, Case
from tests.fuzz.generated import STRATEGIES
from tests.fuzz.guard import ROOT, Escaped, Guard, prepare
from tests.fuzz.mutants import mutant
from tests.fuzz.targets import TARGETS, Broken

MOST_SECONDS = 5.0
"""Of work and of waiting, for one input; that others had the processor counts for nothing."""
MOST_MEMORY = 1 << 30
ADDRESS_SPACE = 8 << 30
"""Beyond it an allocation fails,
so that an input that wants all memory is a find and no end of the machine."""


DATED = (
    "---\ndate: Monday, Aug. 8, 2016 at 2:05 p.m. EDT\n---\nМост обстреляли в понедельник, сообщили жители."
)
WARMING = (
    Case("html", "a.html", page("The bridge at Karsa was shelled on Monday, residents said.").encode()),
    Case(
        "text",
        "a.txt",
        DATED.encode(),
    ),
    Case("rss", "feed", rss(Article("https://desk.example/a", "One")).encode(), {"media_type": ""}),
    Case("http", "answer", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", {"robots": "none"}),
)
WARMING_EXTRACT = Case(
    "extract",
    "a.jsonl",
    b'{"id": "a", "published_at": "2016-08-08", "text": "Rebels said on Monday, 8 August 2016, that they had'
    b' taken the town of Azaz two days earlier. At least 12 soldiers were killed there in July, he said."}',
)
"""Read first, uncounted: what is loaded for the first of its kind is not that input's own time."""


@dataclass(frozen=True)
class Batch:
    """Inputs of one parser, made from `seed` alone; of them those from `skip` to before `stop` are read."""

    target: str
    is_mutated: bool
    number: int
    size: int
    seed: int
    skip: int = 0
    stop: int | None = None

    @property
    def name(self) -> str:
        """How people name the batch."""
        return f"{self.target}-{'mutated' if self.is_mutated else 'generated'}-{self.number}"


@dataclass
class Tally:
    """What became of a batch: counts by outcome, seconds,
    the slowest input and the peak in bytes."""

    batch: Batch
    became: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_input: str = ""
    peak: int = 0
    finds: list[tuple[str, str, int]] = field(default_factory=list)
    """By input: what went wrong in short, the whole of it, the input's number in the batch."""


def cases(batch: Batch, database: Path) -> Iterator[Case]:
    """Yield the batch's inputs, always the same ones."""
    if batch.is_mutated:
        for number in range(batch.size):
            draw = random.Random(f"{batch.seed} {batch.name} {number}")  # noqa: S311 -- a test's draw, no secret
            with room_for_depth():
                case = mutant(batch.target, draw, database)
            yield case
        return
    found: list[Case] = []

    @seed(f"{batch.seed} {batch.name}")
    @settings(
        max_examples=batch.size, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(STRATEGIES[batch.target])
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    # Read outside of hypothesis, which lets functions call each other deeper than Python does by itself.
    yield from found[: batch.size]


@contextmanager
def room_for_depth() -> Iterator[None]:
    """Let inputs be written that are deeper than we could write otherwise; they are read without."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


def serve(pipe: Connection, folder: Path, database: Path, now: Any) -> None:
    """Read batches from the pipe until None comes; `now` tells the watchdog which input is being read."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.RLIM_INFINITY))
    (folder / "outside").mkdir(parents=True)
    (folder / "outside" / "canary.txt").write_text(f"The word is {CANARY}.\n", "utf-8")
    (folder / "in").mkdir()
    with (folder / "fault.txt").open("w") as said:
        faulthandler.enable(said)
        guard = prepare(folder / "in")
        for case in WARMING:
            attempt(case, guard, folder / "in")
        while (batch := pipe.recv()) is not None:
            pipe.send(run(batch, guard, folder / "in", database, now))


def run(batch: Batch, guard: Guard, folder: Path, database: Path, now: Any) -> Tally:
    """Read the batch's inputs, one after the other."""
    tally = Tally(batch)
    if batch.target == "extract":
        from ingest.reading import load

        load()
        attempt(WARMING_EXTRACT, guard, folder)
    for number, case in enumerate(cases(batch, database)):
        if number < batch.skip:
            continue
        if number == batch.stop:
            break
        now[0], now[1], now[2] = number, time.monotonic(), kept_waiting()
        reset_peak()
        became, wrong = attempt(case, guard, folder)
        seconds, peak = time.monotonic() - now[1] - (kept_waiting() - now[2]), peak_memory()
        if seconds > MOST_SECONDS:
            # Perhaps it was the first to need some code, and waited for the disk: the second time counts.
            began, waited = time.monotonic(), kept_waiting()
            attempt(case, guard, folder)
            seconds = min(seconds, time.monotonic() - began - (kept_waiting() - waited))
        now[1] = 0.0
        if seconds > MOST_SECONDS:
            wrong.append((f"took more than {MOST_SECONDS:g} s", f"{seconds:.1f} s of work and waiting"))
        if peak > MOST_MEMORY:
            wrong.append((f"took more than {MOST_MEMORY >> 20} MiB", f"{peak >> 20} MiB"))
        tally.finds += [(short, long, number) for short, long in wrong]
        tally.became[became] += 1
        tally.seconds += seconds
        tally.peak = max(tally.peak, peak)
        if seconds > tally.slowest:
            tally.slowest, tally.slowest_input = seconds, f"{batch.name}:{number}"
    return tally


def attempt(case: Case, guard: Guard, folder: Path) -> tuple[str, list[tuple[str, str]]]:
    """Read one input; return what became of it, and what went wrong in short and in full."""
    own = folder / "own"
    own.mkdir()
    became, wrong = "a find", []
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()), guard.watching():
            became = TARGETS[case.target](case, own)
    except (Exception, Escaped) as error:
        wrong.append((shorten(error), "".join(traceback.format_exception(error))[-6000:]))
    shutil.rmtree(own)
    if left := [path.name for path in folder.iterdir()]:
        wrong.append(("left files behind", ", ".join(left)))
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if sorted(path.name for path in folder.parent.iterdir()) != ["fault.txt", "in", "outside"]:
        wrong.append(("wrote beside its folder", ", ".join(map(str, folder.parent.iterdir()))))
    return became, wrong


def shorten(error: BaseException) -> str:
    """Return what tells one find from another: the kind of error and where of our own code it came from."""
    if isinstance(error, Broken | Escaped):
        return re.sub(r"\d+|/\S+", "_", f"{type(error).__name__}: {error}")[:160]
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if f"{ROOT}/ingest/" in frame.filename
    ]
    where = (
        f"{Path(frames[-1].filename).relative_to(ROOT)}:{frames[-1].lineno}" if frames else "outside our code"
    )
    return f"{type(error).__name__} at {where}"


def kept_waiting(pid: int | str = "self") -> float:
    """Return for how many seconds a process was ready to work and had no processor; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def reset_peak() -> None:
    """Have Linux count the most memory held from here on."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_memory() -> int:
    """Return the most memory held since `reset_peak`, in bytes: the process with all it has loaded."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) << 10
