"""A day builds what is new in it, and gives to the last row what a full build would give.

test_any_order asks that of orders of landing. Here are the other days: corrections, take-downs, reviews,
another name of a known thing, builds that were killed at a log of units, and full builds killed there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pprint import pformat

import pytest

from ingest.warehouse import Warehouse
from ingest.warehouse.upkeep import forget
from tests.integration.builds import Builds
from tests.integration.scenarios import NAMES, load_scenario

LOGS = (
    "int_documents__now",
    "int_clusters__now",
    "int_events__now",
    "int_control__now",
    "int_control__wholes_now",
)
"""Models that tell others what changed (macros/progress.sql)."""
NUMBERED = (*LOGS, "int_names__now")
"""Tables that hold numbers of builds: these differ, what is built by them does not."""


@pytest.mark.slow
def test_a_day_costs_and_changes_only_what_is_new(builds: Builds) -> None:
    """The logs of units name what a day touched, and nothing on a day without news."""
    scenarios = [load_scenario(name) for name in NAMES]
    for scenario in scenarios[1:]:
        builds.land(scenario.versions)
    builds.run()
    first = _numbers(builds)
    builds.run()
    assert _numbers(builds) == first, "a build without news touched something"
    builds.land(scenarios[0].versions)
    builds.run()
    (documents,) = builds.ask(
        "select list(unit_id order by unit_id) as touched from intermediate.int_documents__now"
        " where changed_in = (select max(changed_in) from intermediate.int_documents__now)"
    )
    assert documents["touched"] == sorted({version.url for version in scenarios[0].versions})
    (events,) = builds.ask(
        "select count(*) as touched, count(*) filter (where a.document_id in (select unnest(?))) as own"
        " from intermediate.int_events__now as e"
        " inner join marts.bridge_event_claims as b on e.unit_id = b.event_id"
        " inner join intermediate.int_claims__known as a on b.claim_id = a.claim_id"
        " where changed_in = (select max(changed_in) from intermediate.int_events__now)",
        documents["touched"],
    )
    assert events["touched"] == events["own"] > 0


@pytest.mark.full
@pytest.mark.landing
def test_every_kind_of_day_gives_what_a_full_build_gives(builds: Builds) -> None:
    versions = [version for name in NAMES for version in load_scenario(name).versions]
    later = max(version.landed_on for version in versions) + timedelta(days=1)
    builds.land(versions[::2])
    builds.run()
    builds.land(versions[1::2])
    builds.run()

    # Taken down, and reviewed: one claim rejected, one put elsewhere.
    shared = builds.ask(
        "select article_id, event_id, claim_id from marts.bridge_event_claims"
        " inner join (select claim_id, article_id from marts.fct_casualties) using (claim_id)"
        " qualify count(*) over (partition by event_id) > 1 order by all"
    )
    by_event = {row["event_id"]: row for row in shared}
    taken_down, rejected, moved = list(by_event.values())[:3]
    with Warehouse(builds.warehouse) as store:
        forget(store, taken_down["article_id"], later)
    for row, verdict, field, value in (
        (rejected, "rejected", None, None),
        (moved, "corrected", "place", "el_fasher_sd"),
    ):
        builds.change(
            "insert into reference.reviews"
            " (claim_id, verdict, field, value, reviewed_by, reviewed_on, reason)"
            " values (?, ?, ?, ?, 'us', ?, 'a test')",
            row["claim_id"], verdict, field, value, later,
        )  # fmt: skip
    builds.run()

    # The same words from another outlet under another title, later: no new version, another voice.
    again = [
        replace(version, outlet="Another Daily", title="Again", landed_on=later) for version in versions[:2]
    ]
    builds.land(again)
    builds.run()

    # Corrected, and killed after each log in turn, with more news each time.
    for number, log in enumerate(LOGS):
        told = versions[3 + 2 * number]
        corrected = replace(
            told,
            label=f"corrected-{number}",
            text=f"{told.text} Corrected.",
            updated_at=datetime(2025, 6, 1 + number, 6, tzinfo=UTC),
            claims=told.claims[:-1],
            landed_on=later + timedelta(days=1 + number),
        )
        builds.land([corrected])
        builds.run(select=f"+{log}")
    builds.run()

    # Another name of what is in tables already.
    builds.change("update reference.ref_actor_names set name = name || ' (renamed)' where is_official")
    builds.run()
    _assert_as_built_from_nothing(builds)

    # A full build that was killed after a log has forgotten what it knew of units that are gone.
    with Warehouse(builds.warehouse) as store:
        forget(store, versions[-1].article_id, later + timedelta(days=9))
        forget(store, versions[-4].article_id, later + timedelta(days=9))
    builds.run(full_refresh=True, select="+int_clusters__now +int_control__wholes_now")
    builds.run()
    _assert_as_built_from_nothing(builds)


def _numbers(builds: Builds) -> dict[str, list[dict[str, object]]]:
    return {
        log: builds.ask(f"select unit_id, changed_in from intermediate.{log} order by all")
        for log in NUMBERED
    }


def _assert_as_built_from_nothing(builds: Builds) -> None:
    before = _tables(builds)
    builds.run(full_refresh=True)
    after = _tables(builds)
    differing = {
        name: {"by days": sorted(rows - after[name])[:3], "at once": sorted(after[name] - rows)[:3]}
        for name, rows in before.items()
        if rows != after[name]
    }
    assert not differing, pformat(differing, width=240)


def _tables(builds: Builds) -> dict[str, set[str]]:
    """The rows of every table of the models as text, each with how often it stands there."""
    names = builds.ask(
        "select schema_name as schema, table_name as name from duckdb_tables()"
        " where schema_name in ('intermediate', 'marts', 'bi') order by all"
    )
    return {
        f"{t['schema']}.{t['name']}": {
            repr(list(row.values()))
            for row in builds.ask(
                "select columns(c -> c <> 'changed_in'), count(*) as times"
                f" from {t['schema']}.{t['name']} group by all"
            )
        }
        for t in names
        if t["name"] not in NUMBERED
    }
