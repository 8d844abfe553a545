"""Set a drawn war several times: the same articles again, at other places of their war and on other days.

Landing a million claims as records takes a quarter of an hour that says nothing of the models. So a tenth is
drawn and landed, and SQL sets it ten times: each time the places of a war are rotated among each other and
the days along the years, so that every place and every day gets news of all ten, and chance meetings occur.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from tests.bench.generated_war import Theatre

DAYS_ON = 181
"""Days by which each setting lies after the one before, round the years."""


def set_again(warehouse: Path, wars: Sequence[Theatre], times: int, first: date, last: date) -> None:
    """Let the raw tables hold what they hold `times` times, in one transaction."""
    with duckdb.connect(str(warehouse)) as connection, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.csv"
        _write_places(path, wars, times)
        connection.begin()
        connection.execute(
            "create temp table rotated as select * from read_csv(?, all_varchar = false)", [str(path)]
        )
        connection.execute(
            "create temp table settings as select k, article_id, landed_on, "
            "cast($first as date) + cast((landed_on - cast($first as date) + k * $on) % $days as integer)"
            " - landed_on as shift from raw.articles cross join range(1, $times) as t(k)",
            {"first": first, "on": DAYS_ON, "days": (last - first).days + 1, "times": times},
        )
        for statement in _STATEMENTS:
            connection.execute(statement)
        connection.commit()


def _write_places(path: Path, wars: Sequence[Theatre], times: int) -> None:
    """Write, for each setting, the place that each place is rotated to: a share of its war's list further."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("k", "place_id", "new_id"))
        for war in wars:
            for k in range(1, times):
                by = k * max(1, len(war.places) // times)
                writer.writerows(
                    (k, place, war.places[(rank + by) % len(war.places)])
                    for rank, place in enumerate(war.places)
                )


def _again(column: str) -> str:
    return f"left(sha256({column} || '/' || s.k), 20)"


_STATEMENTS = (
    f"""insert into raw.documents by name select d.* replace ({_again("d.landing_id")} as landing_id,
        d.document_id || '/' || s.k as document_id, d.landed_on + cast(shift as integer) as landed_on,
        d.landed_at + to_days(cast(shift as integer)) as landed_at)
    from raw.documents as d inner join raw.articles as a using (landing_id)
    inner join settings as s on a.article_id = s.article_id""",
    f"""insert into raw.claims by name select c.* replace ({_again("c.claim_id")} as claim_id,
        {_again("c.article_id")} as article_id, c.date_start + cast(shift as integer) as date_start,
        c.date_end + cast(shift as integer) as date_end,
        cast(json_merge_patch(c.detail, to_json(map_from_entries(list_filter([
            row('place', p.new_id), row('destination', t.new_id),
            row('subset_of', {_again("(c.detail ->> 'subset_of')")})
        ], lambda x: x[2] is not null)))) as json) as detail)
    from raw.claims as c inner join settings as s using (article_id)
    left join rotated as p on s.k = p.k and (c.detail ->> 'place') = p.place_id
    left join rotated as t on s.k = t.k and (c.detail ->> 'destination') = t.place_id""",
    f"""insert into raw.changes by name select c.* replace (c.change_number + n.most * s.k as change_number,
        {_again("c.change_id")} as change_id, {_again("c.article_id")} as article_id,
        c.document_id || '/' || s.k as document_id, {_again("c.landing_id")} as landing_id)
    from raw.changes as c inner join settings as s using (article_id)
    cross join (select max(change_number) as most from raw.changes) as n""",
    f"""insert into raw.articles by name select a.* replace ({_again("a.article_id")} as article_id,
        {_again("a.landing_id")} as landing_id, a.document_id || '/' || s.k as document_id,
        a.story_id || '/' || s.k as story_id, a.landed_on + cast(shift as integer) as landed_on,
        a.landed_at + to_days(cast(shift as integer)) as landed_at,
        a.published_at + to_days(cast(shift as integer)) as published_at,
        a.published_on + cast(shift as integer) as published_on,
        a.known_on + cast(shift as integer) as known_on)
    from raw.articles as a inner join settings as s using (article_id)""",
)
