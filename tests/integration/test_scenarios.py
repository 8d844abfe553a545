"""The warehouse against stories worked out by hand: tests/scenarios, landed in three orders.

Expected values stand in each scenario's expected.yml with the rule that gives them. A table of events shows
what is known now, so it must come out the same in every order; control as it was known on a day, and
revisions, depend on the days of landing, which `backwards` turns round.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.builds import Builds
from tests.integration.scenarios import NAMES, Scenario, load_scenario

pytestmark = pytest.mark.slow
SCENARIOS = {name: load_scenario(name) for name in NAMES}
COUNTS = ("number_of_claimants", "number_of_stories", "number_of_articles")


LANDING = (pytest.mark.full, pytest.mark.landing)


@pytest.fixture(
    scope="module",
    params=[
        "as_it_happened",
        pytest.param("at_once", marks=LANDING),
        pytest.param("backwards", marks=LANDING),
    ],
)
def landed(request: pytest.FixtureRequest, session_builds: Builds) -> tuple[str, Builds]:
    """All scenarios in one warehouse: they lie in different countries and years."""
    session_builds.start()
    if request.param == "as_it_happened":
        for third in range(3):
            for scenario in SCENARIOS.values():
                size = -(-len(scenario.versions) // 3)
                session_builds.land(scenario.versions[third * size : (third + 1) * size])
            session_builds.run()
    else:
        for scenario in SCENARIOS.values():
            order = list(range(len(scenario.versions)))
            if request.param == "backwards":
                session_builds.land(scenario.landed_in(order[::-1]))
            else:
                session_builds.land(scenario.versions[::-1])  # the same days, written in another order
        session_builds.run()
    return request.param, session_builds


@pytest.fixture(params=NAMES)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return SCENARIOS[request.param]


def test_casualty_events(landed, scenario):
    builds = landed[1]
    rows = _rows(builds, "fct_casualty_events", scenario)
    incidents: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        incidents.setdefault(row["event_id"], []).append(row)
    found = {
        _members(builds, event_id): {
            **_common(parts[0]),
            "harm": parts[0]["harm"],
            "rows": sorted((p["victim"], p["count_low"], p["count_best"], p["count_high"]) for p in parts),
            "total": tuple(_sum(parts, f"count_{bound}") for bound in ("low", "best", "high")),
            "high_stated": sum(part["count_high_stated"] for part in parts),
        }
        for event_id, parts in incidents.items()
    }
    expected = {
        _expected_members(scenario, event): {
            **_expected_common(event),
            "harm": event["harm"],
            "rows": sorted((p["victim"], p["low"], p["best"], p["high"]) for p in event["rows"]),
            "total": tuple(event["total"][bound] for bound in ("low", "best", "high")),
            "high_stated": event["total"].get("high_stated", event["total"]["high"]),
        }
        for event in scenario.expected["casualty_events"]
    }
    assert found == expected


def test_casualty_tolls(landed, scenario):
    names = (
        "claimant_id",
        "harm",
        "victim",
        "place_id",
        "period_start",
        "as_of",
        "toll_low",
        "toll_best",
        "toll_high",
    )
    rows = _rows(landed[1], "fct_casualty_tolls", scenario)
    found = {tuple(row[name] for name in (*names, "overlaps_incidents", "is_latest")) for row in rows}
    keys = ("claimant", "harm", "victim", "place", "period_start", "as_of", "low", "best", "high")
    expected = scenario.expected["casualty_tolls"]
    assert found == {tuple(row[key] for key in (*keys, "overlaps_incidents", "latest")) for row in expected}


def test_territorial_change_events(landed, scenario):
    builds = landed[1]
    found = {
        _members(builds, row["event_id"]): _common(row) | {"gained_by": row["gained_by_id"]}
        for row in _rows(builds, "fct_territorial_change_events", scenario)
    }
    assert found == {
        _expected_members(scenario, event): _expected_common(event) | {"gained_by": event["gained_by"]}
        for event in scenario.expected["territorial_events"]
    }


def test_reinforcement_events(landed, scenario):
    builds = landed[1]
    found = {
        _members(builds, row["event_id"]): _common(row | {"place_id": row["destination_id"]})
        | {"actor": row["actor_id"], "force": row["force"]}
        | {bound: row[f"count_{bound}"] for bound in ("low", "best", "high")}
        for row in _rows(builds, "fct_reinforcement_events", scenario)
    }
    assert found == {
        _expected_members(scenario, event): _expected_common(event | {"place": event["destination"]})
        | {key: event[key] for key in ("actor", "force", "low", "best", "high")}
        for event in scenario.expected.get("reinforcement_events", [])
    }


def test_reinforcement_groups(landed, scenario):
    builds = landed[1]
    groups: dict[str, set[frozenset[str]]] = {}
    for row in _rows(builds, "fct_reinforcement_events", scenario):
        groups.setdefault(row["overlap_group"], set()).add(_members(builds, row["event_id"]))
    found = {
        frozenset(groups[row["overlap_group"]]): (row["week_start"], row["count_low"], row["count_high"])
        for row in _rows(builds, "fct_reinforcement_groups", scenario)
    }
    events = {event["name"]: event for event in scenario.expected.get("reinforcement_events", [])}
    expected = {
        frozenset(_expected_members(scenario, events[name]) for name in group["members"]): group
        for group in scenario.expected.get("reinforcement_groups", [])
    }
    assert found.keys() == expected.keys()
    for members, (week_start, low, high) in found.items():
        group = expected[members]
        assert (week_start, high) == (group["week_start"], group["high"])
        assert low in group.get("low_accept", [group["low"]])


def test_control(landed, scenario):
    """Who held a place on a day, as known on a day; landed backwards, only what is known in the end."""
    order, builds = landed
    wrong = []
    for probe in scenario.expected["control"]:
        if order == "backwards" and probe["known"] < max(version.landed_on for version in scenario.versions):
            continue
        found = builds.ask(
            "select * from marts.fct_place_control where place_id = ? and state = ?"
            " and known_from <= ? and (known_to is null or known_to > ?)"
            " and (valid_from is null or valid_from <= ?) and (valid_to is null or valid_to > ?)",
            *(probe["place"], probe["state"], probe["known"], probe["known"], probe["day"], probe["day"]),
        )
        seen = [_control_row(row, wanted) for row, wanted in zip(found, probe["rows"], strict=False)]
        if len(found) != len(probe["rows"]) or seen != probe["rows"]:
            wrong.append((probe, [_brief(row) for row in found]))
    assert not wrong


def test_revisions(landed, scenario):
    """Each revision that the rules give is there; on other days of landing there are other revisions."""
    order, builds = landed
    if order == "backwards":
        pytest.skip("revisions follow the days of landing, which are turned round here")
    events = {event["name"]: event for table in _EVENT_TABLES for event in scenario.expected.get(table, [])}
    ids = {_members(builds, row["event_id"]): row["event_id"] for row in builds.ask(_EVENT_IDS)}
    missing = []
    for wanted in scenario.expected["revisions"]:
        event_id = ids[_expected_members(scenario, events[wanted["event"]])]
        attribute = {"low": "count_low", "best": "count_best", "high": "count_high"}.get(
            wanted["attribute"], wanted["attribute"]
        )
        found = builds.ask(
            "select old_value, new_value, reason from marts.fct_revisions"
            " where entity_id = ? and attribute = ? and known_from = ?",
            *(event_id, attribute, wanted["known_from"]),
        )
        if (str(wanted["old"]), str(wanted["new"]), wanted["reason"]) not in {
            tuple(row.values()) for row in found
        }:
            missing.append((wanted, found))
    assert not missing


_EVENT_TABLES = ("casualty_events", "territorial_events", "reinforcement_events")
_EVENT_IDS = "select distinct event_id from marts.bridge_event_claims"


def _rows(builds: Builds, table: str, scenario: Scenario) -> list[dict[str, Any]]:
    """The rows of a mart that come from a scenario's claims."""
    ids = [claim_id for version in scenario.versions for claim_id in version.claim_ids().values()]
    if table == "fct_casualty_tolls":
        return builds.ask(f"select * from marts.{table} where list_contains(?, claim_id)", ids)
    mine = "select event_id from marts.bridge_event_claims where list_contains(?, claim_id)"
    if table == "fct_reinforcement_groups":
        groups = f"select overlap_group from marts.fct_reinforcement_events where event_id in ({mine})"
        return builds.ask(f"select * from marts.{table} where overlap_group in ({groups})", ids)
    return builds.ask(f"select * from marts.{table} where event_id in ({mine})", ids)


def _members(builds: Builds, event_id: str) -> frozenset[str]:
    """An event's claims, each with what it says for or against it."""
    found = builds.ask(
        "select claim_id, relation from marts.bridge_event_claims"
        " where event_id = ? and relation <> 'refines'",
        event_id,
    )
    return frozenset(f"{row['relation']} {row['claim_id']}" for row in found)


def _expected_members(scenario: Scenario, event: dict[str, Any]) -> frozenset[str]:
    supports = scenario.claim_ids([*event["supports"], *event.get("parts", [])])
    denies = scenario.claim_ids(event.get("denies", []))
    return frozenset({f"supports {claim}" for claim in supports} | {f"denies {claim}" for claim in denies})


def _common(row: dict[str, Any]) -> dict[str, Any]:
    names = ("place_id", "date_start", "date_end", "grade", *COUNTS)
    return {name: row[name] for name in names}


def _expected_common(event: dict[str, Any]) -> dict[str, Any]:
    counts = (event["claimants"], event["stories"], event["articles"])
    first, last = event["date"]
    return {
        "place_id": event["place"],
        "date_start": first,
        "date_end": last,
        "grade": event["grade"],
        **dict(zip(COUNTS, counts, strict=True)),
    }


def _sum(parts: list[dict[str, Any]], name: str) -> int | None:
    values = [part[name] for part in parts]
    return None if None in values else sum(values)


def _control_row(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The columns of a row that an expectation names."""
    brief = _brief(row)
    return {key: brief[key] for key in wanted}


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "holder": row["holder_id"],
        "basis": row["basis"],
        "grade": row["grade"],
        "extent": row["extent"],
        "contenders": sorted(row["contenders"] or []),
        "valid_from_earliest": row["valid_from_earliest"],
    }
