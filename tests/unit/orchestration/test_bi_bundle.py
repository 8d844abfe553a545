"""Dashboards as YAML, to what Superset imports: stable ids, columns that are there, sums that may be made."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.bi import bundle
from orchestration.bi.bundle import DashboardError, bundle_files, write_bundle
from orchestration.settings import DBT_PROJECT


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file with the tables of the schema `bi` as their contracts have them, and no rows."""
    target = tmp_path / "frontline.duckdb"
    with duckdb.connect(str(target)) as writer:
        writer.execute("create schema bi")
        for path in sorted((DBT_PROJECT / "models" / "bi").glob("bi_*.yml")):
            model = yaml.safe_load(path.read_text("utf-8"))["models"][0]
            columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
            writer.execute(f"create table bi.{model['name']} ({columns})")
            writer.execute(f"comment on table bi.{model['name']} is 'One row per thing.'")
    return target


def metric(dataset: str, name: str) -> str:
    described = yaml.safe_load((bundle.FOLDER / "datasets.yml").read_text("utf-8"))
    return str(described["datasets"][dataset]["metrics"][name]["sql"])


def test_every_dashboard_compiles_and_importing_again_is_the_same(published, tmp_path):
    slugs = write_bundle(published, tmp_path / "one.zip")
    assert slugs == ["casualties", "claims", "reinforcements", "situation"]
    write_bundle(published, tmp_path / "two.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as one, zipfile.ZipFile(tmp_path / "two.zip") as two:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: two.read(name) for name in two.namelist()
        }


def test_each_chart_stands_once_under_its_own_id(published):
    files = dict(bundle_files(published))
    charts = {content["uuid"] for name, content in files.items() if name.startswith("charts/")}
    placed = [
        node["meta"]["uuid"]
        for name, content in files.items()
        if name.startswith("dashboards/")
        for node in content["position"].values()
        if isinstance(node, dict) and node["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(charts)


def test_datasets_and_metrics_are_described_and_certified(published):
    for name, content in bundle_files(published):
        if name.startswith("datasets/"):
            assert content["description"] == "One row per thing."
            for certified in (content, *content["metrics"]):
                assert certified["extra"]["certification"]["certified_by"]
            assert all(metric["description"] and metric["verbose_name"] for metric in content["metrics"])


def test_every_saved_metric_is_sql_that_runs(published):
    with duckdb.connect(str(published), read_only=True) as reader:
        for name, content in bundle_files(published):
            if name.startswith("datasets/"):
                for saved in content["metrics"]:
                    group = " group by country, area_id, area_kind" if "over (" in saved["expression"] else ""
                    by = "country, area_id, area_kind, " if group else ""
                    reader.execute(f"select {by}{saved['expression']} from bi.{content['table_name']}{group}")


def test_the_connection_is_read_only_and_reaches_no_other_file(published):
    database = dict(bundle_files(published))["databases/Frontline.yaml"]
    connect: dict[str, Any] = database["extra"]["engine_params"]["connect_args"]
    with duckdb.connect(str(published), **connect) as reader:
        for sql in ("create table bi.mine (a int)", "copy (select 1) to 'x.csv'", "set threads = 9"):
            with pytest.raises(duckdb.Error):
                reader.execute(sql)
    assert not any(database[may] for may in ("allow_dml", "allow_ctas", "allow_cvas", "allow_file_upload"))


def test_tolls_are_never_added(published):
    with duckdb.connect(str(published)) as writer:
        writer.execute("insert into bi.bi_tolls (toll_id, toll_low) values ('a', 290000), ('b', 470000)")
        by_toll = f"select {metric('bi_tolls', 'toll_low')} from bi.bi_tolls group by toll_id order by 1"
        assert writer.execute(by_toll).fetchall() == [(290000,), (470000,)]
        assert writer.execute(f"select {metric('bi_tolls', 'toll_low')} from bi.bi_tolls").fetchall() == [
            (None,)
        ]


def test_a_sum_of_killed_leaves_out_injured_and_undated_and_is_open_where_one_is(published):
    with duckdb.connect(str(published)) as writer:
        writer.execute(
            "insert into bi.bi_casualties (casualty_event_id, event_id, harm, count_low, count_best,"
            " count_high, is_open_high, count_high_stated, date_start) values"
            " ('1', '1', 'killed', 3, 4, 5, false, 5, '2016-08-08'),"
            " ('2', '2', 'killed', 10, null, null, true, 12, '2016-08-09'),"
            " ('3', '3', 'injured', 50, 50, 50, false, 50, '2016-08-09'),"
            " ('4', '4', 'killed', 470000, 470000, 470000, false, 470000, null)"
        )
        names = ("killed_low", "killed_best", "killed_high", "killed_high_stated", "killed_open", "undated")
        sums = ", ".join(metric("bi_casualties", name) for name in names)
        assert writer.execute(f"select {sums} from bi.bi_casualties").fetchone() == (13, 14, None, 17, 1, 1)


def test_places_are_counted_on_one_day_only(published):
    with duckdb.connect(str(published)) as writer:
        writer.execute(
            "insert into bi.bi_control_days (day, place) values ('2016-08-08', 'a'), ('2016-08-09', 'a')"
        )
        count = f"select {metric('bi_control_days', 'places')} from bi.bi_control_days"
        assert writer.execute(count).fetchone() == (None,)
        assert writer.execute(f"{count} where day = '2016-08-08'").fetchone() == (1,)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"dataset": "bi_none"}, "reads no dataset"),
        ({"params": {"metric": "many"}}, "lacks: many"),
        ({"params": {"query_mode": "raw", "all_columns": ["colour"]}}, "lacks: colour"),
    ],
)
def test_a_chart_that_names_what_is_not_there_is_an_error(published, tmp_path, monkeypatch, wrong, says):
    chart = {"name": "Mine", "width": 4, "dataset": "bi_events", "viz": "table", "params": {}} | wrong
    folder = tmp_path / "superset"
    (folder / "dashboards").mkdir(parents=True)
    (folder / "datasets.yml").write_text((bundle.FOLDER / "datasets.yml").read_text("utf-8"), "utf-8")
    dashboard = {
        "title": "Mine",
        "slug": "mine",
        "description": "",
        "note": "",
        "rows": [{"height": 9, "charts": [chart]}],
    }
    (folder / "dashboards" / "mine.yml").write_text(yaml.safe_dump(dashboard), "utf-8")
    monkeypatch.setattr(bundle, "FOLDER", folder)
    with pytest.raises(DashboardError, match=rf"mine\.yml: 'Mine'.*{says}"):
        list(bundle_files(published))


def test_a_file_without_the_tables_says_what_to_do(tmp_path):
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    with pytest.raises(DashboardError, match="make run"):
        list(bundle_files(tmp_path / "empty.duckdb"))
