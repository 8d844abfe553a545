"""A day's articles on a warehouse that holds many already, against the same on an empty one: the raw layer.

    python -m tests.bench.daily [--before 1000000] [--articles 1000]

What came before is made by SQL (short texts, but every row, key and band that an article has); the day's
articles are whole ones. Landing, parsing and reading each run as a process of their own, with one worker.
What the models cost of a day is measured by `tests.bench.warehouse`. Prints seconds and ratios.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path

from ingest.reading import reading_version
from ingest.warehouse import Warehouse
from tests.bench import retold
from tests.bench.costs import Cost, load, run

BEFORE = """
create temp table before as
select i, md5('l' || i)[:20] as landing_id, md5('a' || i)[:20] as article_id, 'old:' || i as document_id,
    date '2000-01-01' + (i // 2000)::integer as day
from range($1) as t(i);
insert into raw.documents by name
select landing_id, document_id, 'old' as source_id, 'text/plain' as media_type, 'old'::blob as content,
    md5('d' || i) as sha256, 3 as size_bytes, false as is_archive, '{}'::json as metadata, day as landed_on,
    day::timestamp as landed_at
from before;
insert into raw.articles by name
select article_id, landing_id, document_id, 'old' as source_id, 'old' as text, 'en' as language,
    day::timestamp as published_at, day as published_on, 'metadata' as published_basis, day as landed_on,
    day::timestamp as landed_at, day as known_on, md5('c' || i)[:20] as content_hash,
    list_transform(range(128), x -> (hash(i * 128 + x) >> 32)::uinteger) as signature,
    md5('s' || i)[:20] as story_id
from before;
insert into raw.story_bands by name
select hash(i, b) as band, article_id, day from before, range(32) as t(b);
insert into raw.changes by name
select 2 * i + k + 1 as change_number, md5(k || 'n' || i)[:20] as change_id, article_id, document_id,
    ['loaded', 'read'][k + 1] as change, landing_id, case when k = 1 then $2 end as extractor_version,
    case when k = 1 then 0 end as claims, day as changed_on
from before, range(2) as t(k);
"""


def fill(path: Path, number: int) -> None:
    """Let the warehouse hold `number` articles that landed and were read on earlier days."""
    with Warehouse(path) as warehouse:
        for statement in BEFORE.split(";"):
            if statement.strip():
                given = [number] if "$1" in statement else [reading_version()] if "$2" in statement else []
                warehouse.connection.execute(statement.replace("$2", "$1"), given)


def day(folder: Path, given: Path) -> dict[str, Cost]:
    """Land, parse and read the articles; return what each step cost."""
    ingest = [sys.executable, "-m", "ingest"]
    return {
        "landing": run([*ingest, "land", str(given)], folder),
        "parsing": run([*ingest, "parse"], folder),
        "reading": run([*ingest, "read", "--workers", "1"], folder),
    }


def main() -> int:
    """Print the costs on an empty warehouse and on a full one, and their ratios."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.daily", description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=int, default=1_000_000)
    parser.add_argument("--articles", type=int, default=1_000)
    options = parser.parse_args()
    if not retold.SOURCE.exists():
        print(f"The texts are not there: {retold.SOURCE}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as made:
        given, empty, full = Path(made) / "day.jsonl", Path(made) / "empty", Path(made) / "full"
        retold.write(options.articles, given)
        full.mkdir()
        first = day(empty, given)
        small = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        fill(full / "warehouse.duckdb", options.before)
        size = (full / "warehouse.duckdb").stat().st_size / 1e6
        print(f"{options.before:,} articles before: {size:,.0f} MB; {load()}", flush=True)
        second = day(full, given)
        large = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{options.articles:,} articles; peak memory {small:,.0f} MB empty, {large:,.0f} MB full")
    print(
        "| step | seconds of processor, empty | full | ratio | by the clock, empty | full |\n"
        "|---|---|---|---|---|---|"
    )
    for step in (*first, "together"):
        one, other = (
            Cost(
                sum(c.clock for name, c in costs.items() if step in (name, "together")),
                sum(c.processor for name, c in costs.items() if step in (name, "together")),
                0.0,
            )
            for costs in (first, second)
        )
        print(
            f"| {step} | {one.processor:.1f} | {other.processor:.1f} | {other.processor / one.processor:.2f} "
            f"| {one.clock:.1f} | {other.clock:.1f} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
