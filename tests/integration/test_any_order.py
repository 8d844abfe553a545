"""Rule 25 on drawn wars: any order and batching of landing ends in the same answers, and so a full refresh.

An order of landing changes what was known when, so across orders only answers about what happened are
compared: sets of claims and values. A full refresh of one landing must give all of it again: ids, intervals
of knowledge, revisions.
"""

from __future__ import annotations

from pprint import pformat
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, assume, given, settings
from hypothesis import strategies as st

from tests.integration.builds import Builds
from tests.integration.worlds import landings, worlds

SLOW = {
    "deadline": None,
    "database": None,
    # A build takes seconds; a failure names its world, which is small, instead of being shrunk.
    "phases": [Phase.explicit, Phase.generate],
    "verbosity": Verbosity.quiet,  # the drawn wars fill screens; the assertion shows the rows that differ
    "suppress_health_check": list(HealthCheck),
}
# What is known now of what happened, with every event named by its claims in place of its id.
ANSWERS = {
    "fct_casualty_events": "{event}, * exclude (event_id, casualty_event_id, known_from)",
    "fct_territorial_change_events": "{event}, * exclude (event_id, known_from)",
    "fct_reinforcement_events": "{event}, * exclude (event_id, known_from, overlap_group)",
    "fct_reinforcement_groups": "* exclude (overlap_group)",
    "fct_casualty_tolls": "* exclude (known_from)",
    "bridge_event_claims": "{event}, * exclude (event_id, event_claim_id)",
    "fct_place_control": "* exclude (control_id, known_from, opened_by_event_id, closed_by_event_id)",
}


NOW = {"fct_place_control": " where known_to is null"}


def check_any_order(builds: Builds, data: st.DataObject) -> None:
    """Land the same articles in two orders; compare the answers, then both with a full refresh."""
    drawn = data.draw(worlds())
    assume(sum(map(len, drawn)) > 20)  # hypothesis begins with the smallest, in which nothing can go wrong
    first = _answers_after(builds, data.draw(landings(drawn, batches=2)))
    everything = _everything(builds)
    builds.run(full_refresh=True)
    _assert_same("after a full refresh", everything, _everything(builds))
    second = _answers_after(builds, data.draw(landings(drawn, batches=1)))
    _assert_same("in another order", first, second)


@pytest.mark.full
@pytest.mark.landing
def test_any_order_ends_in_the_same_answers(session_builds):
    @settings(max_examples=1, derandomize=True, **SLOW)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        check_any_order(session_builds, data)

    run()


@pytest.mark.full
def test_any_order_ends_in_the_same_answers_on_many_wars(session_builds):
    @settings(max_examples=12, **SLOW)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        check_any_order(session_builds, data)

    run()


def _assert_same(when: str, before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    """Fail with a few of the rows that differ: a whole warehouse is too much to read."""
    differing = {
        table: {
            "before": sorted(set(rows) - set(after[table]))[:3],
            when: sorted(set(after[table]) - set(rows))[:3],
        }
        for table, rows in before.items()
        if rows != after[table]
    }
    assert not differing, pformat(differing, width=240)


def _answers_after(builds: Builds, batches: list[list[Any]]) -> dict[str, list[str]]:
    builds.start()
    for batch in batches:
        builds.land(batch)
        builds.run()
    return _answers(builds)


def _answers(builds: Builds) -> dict[str, list[str]]:
    claims = (
        "(select list(row(b.relation, b.claim_id) order by b.claim_id) from marts.bridge_event_claims as b"
        " where b.event_id = t.event_id) as claims"
    )
    return {
        table: _rows(
            builds, f"select {columns.format(event=claims)} from marts.{table} as t{NOW.get(table, '')}"
        )
        for table, columns in ANSWERS.items()
    }


def _everything(builds: Builds) -> dict[str, list[str]]:
    """Every published table whole: nothing in them may come from the clock, the run, or the order of rows."""
    tables = builds.ask(
        "select table_schema || '.' || table_name as name from information_schema.tables "
        "where table_schema in ('marts', 'bi') order by all"
    )
    return {row["name"]: _rows(builds, f"select * from {row['name']}") for row in tables}


def _rows(builds: Builds, query: str) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in builds.ask(query))
