"""External validity: our incidents beside the governorate and month that others gave to the same articles.

    python -m tests.eval.agreement [--data FOLDER]

Reads the articles of ../shared/bench/fakes (FA-KES: whole articles on the war in Syria, each labelled with
one governorate and one date), builds a warehouse of them, and writes aggregates alone, no text and no id,
to tests/eval/agreement.json, from which the codebook is made. The labels have no number of dead: what is
compared is where and when. With --data, a folder in which the articles are built already is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from tests.eval.sets import SHARED, read_jsonl

FAKES = SHARED / "bench" / "fakes" / "fakes.jsonl"
TARGET = Path(__file__).with_name("agreement.json")
ROOT = Path(__file__).resolve().parents[2]
GOVERNORATES = {
    "aleppo": "Aleppo", "damascus": "Damascus", "idlib": "Idlib", "deir ezzor": "Deir ez-Zor",
    "raqqa": "Ar-Raqqah", "homs": "Homs", "hasakeh": "Al-Hasakah", "hama": "Hama", "daraa": "Daraa",
    "lattakia": "Latakia", "quneitra": "Quneitra", "tartous": "Tartus",
}  # fmt: skip
"""FA-KES names of governorates, and those of the gazetteer; rural Damascus counts as Damascus."""
LEAST = 5
INCIDENTS = """
create temp table incidents as
with told as (
    select distinct l.label_id, l.governorate as labelled, l.day as labelled_on, b.event_id
    from labels as l
    inner join marts.dim_article as a on a.document_id = 'input:' || l.label_id
    inner join marts.fct_casualties as c using (article_id)
    inner join marts.bridge_event_claims as b using (claim_id)
    where c.harm = 'killed' and b.relation = 'supports'
),
totals as (
    select event_id, any_value(place_id) as place_id, any_value(date_start) as date_start,
        any_value(date_end) as date_end, any_value(date_prec) as date_prec, sum(count_low) as low,
        case when count(*) = count(count_best) then sum(count_best) end as best
    from marts.fct_casualty_events where harm = 'killed' group by event_id
)
select t.*, e.* exclude (event_id), p.admin1_name
from told as t inner join totals as e using (event_id) left join marts.dim_place as p using (place_id)
"""


def main() -> int:
    """Write the figures and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a data folder in which the articles are built already")
    options = parser.parse_args()
    if not FAKES.exists():
        print(f"The labelled articles are not there: {FAKES}", file=sys.stderr)
        return 2
    if options.data:
        found = figures(options.data / "warehouse.duckdb")
    else:
        with tempfile.TemporaryDirectory(prefix="frontline-agreement-") as folder:
            _build(Path(folder))
            found = figures(Path(folder) / "warehouse.duckdb")
    TARGET.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))
    return 0


def _build(folder: Path) -> None:
    """Load the articles without their labels, and build the models."""
    lines = folder / "fakes.jsonl"
    keys = ("id", "title", "text", "published_at")
    lines.write_text(
        "".join(json.dumps({key: row[key] for key in keys}) + "\n" for row in read_jsonl(FAKES)), "utf-8"
    )
    environment = {**os.environ, "FRONTLINE_DATA": str(folder)}
    dbt = [str(Path(sys.executable).with_name("dbt")), "--quiet"]
    target = ["--target-path", str(folder / "target")]
    for command, where in (
        ([sys.executable, "-m", "ingest", "load", str(lines)], ROOT),
        ([*dbt, "seed", *target], ROOT / "dbt_project"),
        ([*dbt, "run", *target], ROOT / "dbt_project"),
    ):
        subprocess.run(command, cwd=where, env=environment, check=True)


def figures(warehouse: Path) -> dict[str, Any]:
    """Return what agrees, as shares with their numbers, and both sides by governorate and month."""
    labels = [
        (row["id"], GOVERNORATES[row["gold"]["governorate"]], row["published_at"])
        for row in read_jsonl(FAKES)
    ]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("create temp table labels (label_id varchar, governorate varchar, day date)")
        connection.executemany("insert into labels values (?, ?, ?)", labels)
        connection.execute(INCIDENTS)
        connection.execute(
            "create temp view placed as select *, case when admin1_name in ('Rif-dimashq', 'Dimashq') "
            "then 'Damascus' else admin1_name end as governorate, "
            "coalesce(date_end, date_start) as day from incidents"
        )
        return {
            "articles": len(labels),
            "agreement": [_agreement(connection, *question) for question in QUESTIONS],
            "sizes": _sizes(connection),
            "months": _months(connection),
        }


def _agreement(connection: duckdb.DuckDBPyConnection, says: str, of: str, agrees: str) -> dict[str, Any]:
    row = connection.execute(f"select count(*), count(*) filter ({agrees}) from ({of})").fetchone()
    number, agreeing = row or (0, 0)
    return {
        "compared": says,
        "number": number,
        "agree": agreeing,
        "share": round(agreeing / number, 2) if number else None,
    }


_ARTICLE = """
select label_id, any_value(labelled) as labelled, any_value(labelled_on) as labelled_on,
    bool_or(governorate = labelled) as is_one_there, bool_or(governorate is not null) as is_one_placed,
    bool_or(date_trunc('month', day) = date_trunc('month', labelled_on)) as is_one_then,
    bool_or(day is not null) as is_one_dated,
    bool_or(governorate = labelled and date_trunc('month', day) = date_trunc('month', labelled_on)) as is_both
from placed group by label_id
"""
QUESTIONS = (
    (
        "articles in which an incident with people killed is found",
        "select l.label_id, p.label_id is not null as is_found from labels as l "
        "left join (select distinct label_id from placed) as p using (label_id)",
        "where is_found",
    ),
    (
        "of those with an incident placed in a governorate: one lies in the one labelled",
        f"select * from ({_ARTICLE}) where is_one_placed",
        "where is_one_there",
    ),
    (
        "of those with an incident dated: one lies in the month labelled",
        f"select * from ({_ARTICLE}) where is_one_dated",
        "where is_one_then",
    ),
    (
        "of those with both: one incident lies in both",
        f"select * from ({_ARTICLE}) where is_one_placed and is_one_dated",
        "where is_both",
    ),
    (
        "an article's incidents placed in a governorate: in the one labelled",
        "select * from placed where governorate is not null",
        "where governorate = labelled",
    ),
    (
        "an article's incidents dated to a month or better: in the month labelled",
        "select * from placed where day is not null and date_prec <= 4",
        "where date_trunc('month', day) = date_trunc('month', labelled_on)",
    ),
    (
        "an article's incidents: placed in a governorate at all",
        "select * from placed",
        "where governorate is not null",
    ),
    (
        "an article's incidents: dated to a month or better at all",
        "select * from placed",
        "where day is not null and date_prec <= 4",
    ),
)


def _sizes(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return how the dead spread over incidents by size: a misread toll outweighs hundreds of incidents."""
    found = connection.execute(
        "select case when low >= 1000 then '1,000 or more' when low >= 100 then '100 to 999'"
        " when low >= 10 then '10 to 99' when low > 0 then '1 to 9' else 'none or not stated' end as size,"
        " count(*) as incidents, cast(sum(low) as bigint) as killed_low from"
        " (select distinct event_id, low from placed) group by size order by min(low) desc"
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _months(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return months of a governorate with articles labelled or incidents found, LEAST of either at least."""
    found = connection.execute(
        f"""
        with labelled as (
            select governorate, date_trunc('month', day) as month, count(*) as articles
            from labels group by all
        ),
        events as (
            select distinct event_id, governorate, date_trunc('month', day) as month, low, best from placed
            where governorate is not null and day is not null and date_prec <= 4
        ),
        counted as (
            select governorate, month, count(*) as incidents, sum(low) as killed_low,
                case when count(*) = count(best) then sum(best) end as killed_best
            from events group by all
        )
        select governorate, strftime(month, '%Y-%m') as month, coalesce(articles, 0) as articles_labelled,
            coalesce(incidents, 0) as incidents_found, killed_low, killed_best
        from labelled full join counted using (governorate, month)
        where governorate in (select distinct governorate from labels)
            and greatest(coalesce(articles, 0), coalesce(incidents, 0)) >= {LEAST}
        order by governorate, month
        """
    )
    names = [column[0] for column in found.description]
    return [
        {name: int(value) if name.startswith("killed") and value is not None else value
         for name, value in zip(names, row, strict=True)}
        for row in found.fetchall()
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
