"""Where the time of the whole job goes, on whole articles: each step in a process of its own, on one core.

    python -m tests.bench.whole_job [--articles 10000] [--sampled 300] [--folder FOLDER]

Landing, parsing, reading, the models, publishing, and Dagster around them: seconds of processor (their
children's included), seconds by the clock, articles a second and core, peak memory. What is inside reading is
seen by sampling the stack on some of the articles. Seconds of processor count for little other work on the
machine; still that slows by sharing caches, so the load is printed. Prints Markdown; asserts nothing.

Some ten minutes on a quiet machine. Each step is told when it ends; a measurement that was cut off goes on
with the step it was at when it is started again. A tenth of the articles shows the same shares, but for what
is paid once a run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from ingest.articles.parse import article_of
from ingest.claims import extract_many, load_readers
from ingest.reading import lexicon as kept_lexicon
from ingest.reading import reading_version
from ingest.settings import ROOT
from tests.bench import retold
from tests.bench.costs import Cost, load, run
from tests.eval.profile import profile


def measure(folder: Path, articles: int) -> dict[str, Cost]:
    """Take the articles through the whole job, step after step; return what each step cost.

    What a step cost is kept in `folder` when it ends, and the data as they stood before the one at work: a
    measurement that was cut off goes on with that step, from the same data.
    """
    given, data, kept = folder / "articles.jsonl", folder / "data", folder / "costs.json"
    if not given.exists():
        retold.write(articles, folder / "being-written.jsonl")
        (folder / "being-written.jsonl").replace(given)
    costs = (
        {step: Cost(**cost) for step, cost in json.loads(kept.read_text("utf-8")).items()}
        if kept.exists()
        else {}
    )
    for step, command, where in _steps(folder, given):
        if step not in costs:
            _stand_as_before(folder, data, step)
            costs[step] = run(command, data, where)
            text = json.dumps({name: asdict(cost) for name, cost in costs.items()})
            kept.with_suffix(".part").write_text(text, "utf-8")
            kept.with_suffix(".part").replace(kept)
            print(
                f"{step}: {costs[step].processor:.0f} s of processor; {load()}", file=sys.stderr, flush=True
            )
    whole, again = costs.pop(WHOLE), costs.pop(NOTHING)
    same = [costs[step] for step in ("seeds", "models", "tests of data", "publishing")]
    around = Cost(
        whole.clock - sum(cost.clock for cost in same),
        whole.processor - sum(cost.processor for cost in same),
        whole.memory,
    )
    return costs | {"Dagster around it, and finding nothing to land": around, NOTHING: again}


WHOLE, NOTHING = "the run", "a run with nothing to do"


def _steps(folder: Path, given: Path) -> list[tuple[str, list[str], Path]]:
    """Return the steps in their order: name, command, the folder it runs in."""
    ingest, project = [sys.executable, "-m", "ingest"], ROOT / "dbt_project"
    dbt = [str(Path(sys.executable).with_name("dbt")), "--quiet"]
    target = ["--target-path", str(folder / "t")]
    orchestration = [sys.executable, "-m", "orchestration", "run", "--input", str(given)]
    return [
        ("landing", [*ingest, "land", str(given)], ROOT),
        ("parsing (text, language, dates, copies)", [*ingest, "parse"], ROOT),
        ("reading (claims, loading them too)", [*ingest, "read", "--workers", "1"], ROOT),
        ("seeds", [*dbt, "seed", *target], project),
        ("models", [*dbt, "run", *target], project),
        ("tests of data", [*dbt, "test", "--exclude-resource-type", "unit_test", *target], project),
        ("publishing", [*ingest, "publish"], ROOT),
        # Landing finds nothing new; the models are built from nothing, since no run has published them.
        (WHOLE, orchestration, ROOT),
        (NOTHING, orchestration, ROOT),
    ]


def _stand_as_before(folder: Path, data: Path, step: str) -> None:
    """Keep the data as they are for a step that is to begin; put them back for one that was cut off."""
    before, begun = folder / "before", folder / "begun"
    if begun.exists() and begun.read_text("utf-8") == step:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(before, data)
        return
    begun.unlink(missing_ok=True)
    shutil.rmtree(before, ignore_errors=True)
    data.mkdir(exist_ok=True)
    shutil.copytree(data, before)
    begun.write_text(step, "utf-8")


def inside_reading(articles: int) -> str:
    """Return the stages of reading as a table, in percent of its samples."""
    lexicon = kept_lexicon()
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
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "frontline-bench-job",
        help="where the work stands until it is done (default: %(default)s): after a cut it goes on there",
    )
    given = parser.parse_args()
    if not retold.SOURCE.exists():
        print(f"The texts are not there: {retold.SOURCE}", file=sys.stderr)
        return 2
    print(f"{given.articles:,} articles; {load()}\n", flush=True)
    # Of another version nothing is taken up: its costs are not those of this one.
    folder = given.folder / f"{reading_version()}-{given.articles}"
    folder.mkdir(parents=True, exist_ok=True)
    costs = measure(folder, given.articles)
    results = json.loads((folder / "t" / "run_results.json").read_text("utf-8"))["results"]
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
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
