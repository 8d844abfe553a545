"""The exports as their readers meet them: in the published file, with the columns of the standards.

Two wars of tests/scenarios land in two goes, so that the feed has a version to be followed from. Expected
values are those that the scenarios work out by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.warehouse import Warehouse, publish
from tests.integration.builds import Builds
from tests.integration.scenarios import load_scenario

HALFTIME = date(2024, 6, 11)
GED = set(
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name "
    "dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id "
    "side_b number_of_sources source_article source_office source_date source_headline source_original "
    "where_prec where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid "
    "country country_id region event_clarity date_prec date_start date_end deaths_a deaths_b "
    "deaths_civilians deaths_unknown best high low gwnoa gwnob".split()
)
"""The columns of the UCDP GED codebook, version 25.1."""
STANDARD_TAGS = set("#affected #adm1 #adm2 #country #date #event #geo #group #loc #meta #status".split())
"""Those of the HXL standard 1.1 that the exports use."""
Rows = list[dict[str, Any]]


class Published:
    """The published file after the first landing and after the second."""

    def __init__(
        self, file: Path, before: dict[str, dict[str, Any]], version_before: int, week: Rows
    ) -> None:
        self.file, self.before, self.version_before, self.week = file, before, version_before, week

    def __call__(self, query: str, *values: object) -> Rows:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            found = connection.execute(query, list(values))
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


ENTITIES = {
    "casualty_event": "select distinct event_id, count_sum from (select event_id, "
    "sum(count_low) over (partition by event_id) as count_sum from marts.fct_casualty_events)",
    "reinforcement_event": "select event_id, count_low from marts.fct_reinforcement_events",
    "territorial_change_event": "select event_id, grade from marts.fct_territorial_change_events",
    "toll": "select toll_id, toll_low from marts.fct_casualty_tolls",
    "control": "select control_id, known_to from marts.fct_place_control",
}


@pytest.fixture(scope="module")
def ask(session_builds: Builds) -> Iterator[Published]:
    with pytest.MonkeyPatch.context() as patch:
        yield _published(session_builds, patch)


def _published(session_builds: Builds, patch: pytest.MonkeyPatch) -> Published:
    """Land and build on 12 June and on 26 June 2024; publish what stands then."""
    session_builds.start()
    sudan, syria = load_scenario("sudan_darfur"), load_scenario("syria_manbij")
    early = [version for version in sudan.versions if version.landed_on < HALFTIME]
    late = [version for version in sudan.versions if version.landed_on >= HALFTIME]
    session_builds.land(syria.versions)
    session_builds.land(early)
    patch.setenv("FRONTLINE_NOW", "2024-06-12")
    session_builds.run()
    before = _entities(session_builds)
    (version,) = session_builds.ask("select max(version_number) as n from marts.dim_dataset_version")
    session_builds.land(late)
    patch.setenv("FRONTLINE_NOW", "2024-06-26")
    session_builds.run()
    target = session_builds.warehouse.with_name("exports") / "frontline.duckdb"
    with Warehouse(session_builds.warehouse) as warehouse:
        publish(warehouse, target, at=datetime(2026, 11, 22, tzinfo=UTC), run="test")
    week = session_builds.ask(session_builds.compiled("changed_since_last_week"))
    return Published(target, before, version["n"], week)


def _entities(source: Any) -> dict[str, dict[str, Any]]:
    ask = source.ask if isinstance(source, Builds) else source
    return {
        entity: {next(iter(row.values())): list(row.values())[1] for row in ask(query)}
        for entity, query in ENTITIES.items()
    }


def test_every_export_says_the_one_version_of_the_data(ask: Published) -> None:
    views = [
        row["n"] for row in ask("select view_name as n from duckdb_views() where schema_name = 'exports'")
    ]
    latest = ask("select dataset_version from marts.dim_dataset_version order by version_number desc limit 1")
    assert len(views) >= 7
    for view in set(views) - {"change_feed"}:
        found = ask(f"select distinct dataset_version from exports.{view}")
        assert (view, found) == (view, latest)


def test_ged_columns_are_those_of_the_codebook(ask: Published) -> None:
    names = [row["column_name"] for row in ask("describe exports.ucdp_ged")]
    assert set(names) - GED == {"iso3", "grade", "dataset_version"}
    ordered = "year type_of_violence side_a where_prec latitude date_prec deaths_a best high low".split()
    assert [name for name in names if name in ordered] == ordered


def test_ged_row_of_an_incident_worked_out_by_hand(ask: Published) -> None:
    """The strike on Manbij: 24 to 48 civilians at least, confirmed by the coalition."""
    (row,) = ask("select * from exports.ucdp_ged where where_description = 'Manbij' and year = 2016")
    assert (row["low"], row["best"], row["high"]) == (24, 48, None)
    assert (row["deaths_civilians"], row["deaths_unknown"], row["deaths_a"]) == (48, 0, None)
    assert (row["date_start"], row["date_prec"], row["where_prec"], row["event_clarity"]) == (
        date(2016, 8, 11), 1, 1, 1,
    )  # fmt: skip
    assert (row["country"], row["iso3"], row["adm_1"], row["grade"]) == (
        "Syria",
        "SYR",
        "Aleppo",
        "confirmed",
    )
    assert row["number_of_sources"] == 3
    assert row["type_of_violence"] is None
    # Half-degree cells from the south-western corner: 253 rows below latitude 36.5, 435 columns west of 37.5.
    assert row["priogrid_gid"] == 253 * 720 + 435 + 1
    assert row["geom_wkt"] == f"POINT ({row['longitude']} {row['latitude']})"


def test_ged_leaves_tolls_and_other_harms_out(ask: Published) -> None:
    killed = ask("select distinct event_id from marts.fct_casualty_events where harm = 'killed'")
    assert {row["id"] for row in ask("select id from exports.ucdp_ged")} == {r["event_id"] for r in killed}
    assert not ask("select id from exports.ucdp_ged where low >= 2000")


@pytest.mark.parametrize("view", ["hxl_events", "hxl_place_control"])
def test_every_hxl_column_has_one_hashtag_of_the_standard(ask: Published, view: str) -> None:
    columns = [row["column_name"] for row in ask(f"describe exports.{view}")]
    tags = ask("select * from exports.hxl_tags where table_name = ? order by column_order", view)
    assert [tag["column_name"] for tag in tags] == columns
    assert len({tag["hxl_tag"] for tag in tags}) == len(tags)
    for tag in tags:
        assert re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", tag["hxl_tag"])
        assert tag["hxl_tag"].partition("+")[0] in STANDARD_TAGS


def test_hxl_rows_may_be_summed(ask: Published) -> None:
    """Sudan's killed, by hand: 12 + 9 + 30 + 70 + 20 + 13 + 11."""
    (row,) = ask("select sum(killed) as n, sum(injured) as i from exports.hxl_events where iso3 = 'SDN'")
    assert (row["n"], row["i"]) == (165, None)


def test_geojson_events_are_features_with_their_precision(ask: Published) -> None:
    rows = ask(
        "with places as (select event_id, place_id from marts.fct_casualty_events"
        " union select event_id, place_id from marts.fct_territorial_change_events)"
        " select feature, latitude, longitude from exports.geojson_events"
        " left join places on feature_id = event_id left join marts.dim_place using (place_id)"
    )
    features = [json.loads(row["feature"]) for row in rows]
    (events,) = ask(
        "select count(distinct event_id) as n from marts.bridge_event_claims where relation <> 'refines'"
    )
    assert len({feature["id"] for feature in features}) == len(features) == events["n"]
    for row, feature in zip(rows, features, strict=True):
        assert (feature["type"], set(feature)) == ("Feature", {"type", "id", "geometry", "properties"})
        told = feature["properties"]
        assert (told["where_prec"] is None) == (told["where_prec_text"] is None)
        assert (told["date_prec"] is None) == (told["date_prec_text"] is None)
        if told["where_prec"] == 1:
            point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
            assert feature["geometry"] == point
    # The west of Manbij has no coordinate of its own: it is drawn at Manbij, and says so.
    (west,) = [f for f in features if f["properties"]["place"] == "western Manbij"]
    assert (west["properties"]["where_prec"], west["properties"]["point_of"]) == (2, "Manbij")


def test_geojson_control_has_the_days_on_which_it_holds(ask: Published) -> None:
    """Kutum, by hand: inferred until 31 May, the RSF's until 21 June, the army's since."""
    rows = ask("select * from exports.geojson_place_control order by valid_from nulls first")
    told = [(row, json.loads(row["feature"])) for row in rows]
    kutum = [
        (row["valid_from"], row["valid_to"], feature["properties"]["holder"], feature["properties"]["basis"])
        for row, feature in told
        if feature["properties"]["place"] == "Kutum"
    ]
    assert kutum == [
        (None, date(2024, 5, 31), "Sudanese Armed Forces", "inferred"),
        (date(2024, 5, 31), date(2024, 6, 21), "Rapid Support Forces", "reported"),
        (date(2024, 6, 21), None, "Sudanese Armed Forces", "reported"),
    ]
    for row, feature in told:
        assert feature["properties"]["valid_from"] == (str(row["valid_from"]) if row["valid_from"] else None)
        assert feature["properties"]["valid_to"] == (str(row["valid_to"]) if row["valid_to"] else None)


def test_the_feed_leads_from_a_version_to_the_present(ask: Published) -> None:
    """Removing what was removed and reading what came or changed gives the warehouse as it stands."""
    now = _entities(ask)
    feed = ask(
        "select * from exports.change_feed where version_number > ? order by version_number",
        ask.version_before,
    )
    assert {row["entity"] for row in feed} >= {"casualty_event", "territorial_change_event", "control"}
    copy = {entity: dict(rows) for entity, rows in ask.before.items()}
    for row in feed:
        if row["action"] == "removed":
            del copy[row["entity"]][row["entity_id"]]
        else:
            assert (row["entity_id"] in copy[row["entity"]]) == (row["action"] == "changed")
            copy[row["entity"]][row["entity_id"]] = now[row["entity"]][row["entity_id"]]
    assert copy == now


def test_the_feed_says_what_changed_and_why(ask: Published) -> None:
    """Kutum's dead of 8 June: the UN's 13, the medics' 11; the medics' article was corrected to the 6th."""
    (medics,) = ask(
        "select article_id from marts.dim_article where outlet_id = 'Nile Courier' and version_number = 2"
    )
    rows = ask("select * from exports.change_feed where article_id = ?", medics["article_id"])
    assert {row["reason"] for row in rows} == {"corrected_article"}
    told = [row for row in rows if row["entity"] == "casualty_event"]
    # One event became two: whichever keeps the id, it changed, and the other was added.
    assert sorted(row["action"] for row in told) == ["added", "changed"]
    (changed,) = (json.loads(row["attributes"]) for row in told if row["action"] == "changed")
    assert ("number_of_claimants", "2", "1") in {
        (item["attribute"], item["old_value"], item["new_value"]) for item in changed
    }


def test_the_week_is_told_with_its_articles_and_what_they_changed(ask: Published) -> None:
    """By hand, of the week to 26 June: the residents' article of the 22nd and the admissions of the 25th.

    The admissions give Kutum's recapture the 21st, confirm it, and settle the siege of El Fasher.
    """
    landed = {(str(row["day"]), row["title"]) for row in ask.week if row["what"] == "article landed"}
    assert landed == {("2024-06-22", "Army back in Kutum"), ("2024-06-25", "Paramilitaries admit setbacks")}
    changed = [row for row in ask.week if row["what"] == "territorial change event added"]
    assert {(row["place_id"], row["reason"]) for row in changed} >= {("kutum_sd", "new_claim")}
    assert {row["day"] for row in ask.week if row["entity_id"]} == {date(2024, 6, 26)}


def test_an_unchanged_warehouse_feeds_nothing(ask: Published, session_builds: Builds) -> None:
    before = session_builds.ask("select count(*) as n from marts.fct_changes")
    session_builds.run()
    session_builds.run(full_refresh=True)
    assert session_builds.ask("select count(*) as n from marts.fct_changes") == before
