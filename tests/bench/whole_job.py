"""Where the time of the whole job goes, on whole articles: each step in a process of its own, on one core.

    python -m tests.bench.whole_job [--articles 10000] [--sampled 300]

Landing, parsing, reading, the models, publishing, and Dagster around them: seconds of processor (their
children's included), seconds by the clock, articles a second and core, peak memory. What is inside reading is
seen by sampling the stack on some of the articles. Seconds of processor count for little other work on the
machine; still that slows by sharing caches, so the load is printed. Prints Markdown; asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from ingest.articles.parse import article_of
from ingest.claims import extract_many, load_readers
from ingest.lexicon import load_lexicon
from ingest.settings import ROOT
from tests.bench import retold
from tests.bench.costs import Cost, load, run
from tests.eval.profile import profile


def measure(folder: Path, articles: int) -> dict[str, Cost]:
    """Take the articles through the whole job, step after step; return what each step cost."""
    given, data = folder / "articles.jsonl", folder / "data"
    retold.write(articles, given)
    ingest = [sys.executable, "-m", "ingest"]
    dbt = str(Path(sys.executable).with_name("dbt"))
    orchestration = [sys.executable, "-m", "orchestration", "run", "--input", str(given)]
    steps = {
        "landing": run([*ingest, "land", str(given)], data),
        "parsing (text, language, dates, copies)": run([*ingest, "parse"], data),
        "reading (claims, loading them too)": run([*ingest, "read", "--workers", "1"], data),
        "seeds": run(
            [dbt, "--quiet", "seed", "--target-path", str(folder / "t")], data, ROOT / "dbt_project"
        ),
        "models": run(
            [dbt, "--quiet", "run", "--target-path", str(folder / "t")], data, ROOT / "dbt_project"
        ),
        "tests of data": run(
            [
                dbt,
                "--quiet",
                "test",
                "--exclude-resource-type",
                "unit_test",
                "--target-path",
                str(folder / "t"),
            ],
            data,
            ROOT / "dbt_project",
        ),
        "publishing": run([*ingest, "publish"], data),
    }
    # Landing finds nothing new; the models are built from nothing, since no run has published them.
    whole = run(orchestration, data)
    same = ("seeds", "models", "tests of data", "publishing")
    around = Cost(
        whole.clock - sum(steps[step].clock for step in same),
        whole.processor - sum(steps[step].processor for step in same),
        whole.memory,
    )
    nothing = run(orchestration, data)
    return steps | {
        "Dagster around it, and finding nothing to land": around,
        "a run with nothing to do": nothing,
    }


def inside_reading(articles: int) -> str:
    """Return the stages of reading as a table, in percent of its samples."""
    lexicon = load_lexicon()
    load_readers(lexicon)
    read = [article_of(row) for row in retold.retold(articles)]
    return profile(lambda: list(extract_many(read, lexicon)))


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.whole_job", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--sampled", type=int, default=300, help="articles read to see inside reading")
    given = parser.parse_args()
    if not retold.SOURCE.exists():
        print(f"The texts are not there: {retold.SOURCE}", file=sys.stderr)
        return 2
    print(f"{given.articles:,} articles; {load()}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        costs = measure(Path(folder), given.articles)
        results = json.loads((Path(folder) / "t" / "run_results.json").read_text("utf-8"))["results"]
    total = sum(cost.processor for step, cost in costs.items() if "nothing to do" not in step)
    print("| step | seconds of processor | percent | by the clock | articles a second and core | peak MB |")
    print("|---|---|---|---|---|---|")
    for step, cost in costs.items():
        share = f"{100 * cost.processor / total:.0f}" if "nothing to do" not in step else ""
        print(
            f"| {step} | {cost.processor:.1f} | {share} | {cost.clock:.1f} "
            f"| {given.articles / cost.processor:,.0f} | {cost.memory:,.0f} |"
        )
    print(
        f"\n{len(results)} tests of data; {load()}\n\nInside reading, {given.sampled} articles:\n",
        flush=True,
    )
    print(inside_reading(given.sampled))
    return 0


if __name__ == "__main__":
    sys.exit(main())
