"""A publication: its files hold the tables, its descriptor describes them, no reader ever sees half of it."""

from __future__ import annotations

import csv
import hashlib
import importlib
import json
import multiprocessing
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.warehouse import Publication, Warehouse, WarehouseError, publish, published_file, published_files
from ingest.warehouse.publish import CURRENT, WRITTEN_FROM

publish_module = importlib.import_module("ingest.warehouse.publish")
AT = datetime(2026, 2, 1, 6, tzinfo=UTC)
MARTS = """
create schema marts; create schema exports;
create table marts.dim_place (place_id varchar primary key, name varchar not null, kinds varchar[]);
create table marts.fct_deaths (
    death_id integer primary key, place_id varchar references marts.dim_place (place_id),
    date_start date, total hugeint, told_at timestamp, sides struct(side varchar, since date)[]
);
insert into marts.dim_place values ('karsa', 'Karsa, "old town"', ['town', 'port']), ('nowhere', '', null);
insert into marts.fct_deaths values
    (1, 'karsa', '2016-08-08', 9007199254740993, '2016-08-08 12:30:00', [{side: 'a', since: '2011-03-01'}]),
    (2, 'karsa', '2017-01-01', null, null, null),
    (3, null, null, 7, '2017-01-02 00:00:00', null);
comment on table marts.fct_deaths is 'One row per death.';
comment on column marts.fct_deaths.total is 'How many, persons';
create view exports.ucdp_ged as select death_id as id, date_start from marts.fct_deaths;
create view exports.hxl_deaths as select death_id, place_id, total from marts.fct_deaths;
create view exports.hxl_tags as select * from (values
    ('hxl_deaths', 1, 'death_id', '#event+id'), ('hxl_deaths', 2, 'place_id', '#loc+id'),
    ('hxl_deaths', 3, 'total', '#affected+killed')
) as t (table_name, column_order, column_name, hxl_tag);
create view exports.geojson_events as select death_id::varchar as feature_id, 'v1' as dataset_version,
    json_object('type', 'Feature', 'geometry', null, 'properties',
        json_object('place', place_id, 'total', total))::varchar as feature from marts.fct_deaths;
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    found = Warehouse(tmp_path / "warehouse.duckdb")
    with found:
        found.connection.execute(MARTS)
    return found


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "published" / "frontline.duckdb"


def put(warehouse: Warehouse, target: Path, minute: int = 0, kept: int = 3) -> Publication:
    return publish(warehouse, target, at=AT + timedelta(minutes=minute), run=f"r{minute}", kept=kept)


def change(warehouse: Warehouse) -> None:
    """Make the marts differ from what is published."""
    warehouse.connection.execute(
        "insert into marts.fct_deaths (death_id) select max(death_id) + 1 from marts.fct_deaths"
    )


def make_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three rows be many."""
    for module in (published_file, publish_module):
        monkeypatch.setattr(module, "LARGE", 3)


def package(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def resources(folder: Path) -> dict[str, dict[str, Any]]:
    return {resource["name"]: resource for resource in package(folder)["resources"]}


def test_parquet_has_every_row_and_type_and_no_rounded_integer(warehouse, target):
    with warehouse:
        folder = put(warehouse, target).folder
        rows = warehouse.connection.execute("from marts.fct_deaths order by 1").fetchall()
    with duckdb.connect() as reader:
        found = reader.execute(f"from '{folder}/parquet/fct_deaths.parquet' order by 1")
        types = {column[0]: str(column[1]) for column in found.description}
        assert found.fetchall() == rows
    assert types["total"] == "BIGINT"
    assert types["sides"].startswith("STRUCT")


def test_csv_writes_null_as_nothing_times_in_utc_and_nested_values_as_json(warehouse, target):
    with warehouse:
        folder = put(warehouse, target).folder
    text = (folder / "csv" / "fct_deaths.csv").read_text("utf-8").splitlines()
    assert text[0] == "death_id,place_id,date_start,total,told_at,sides"
    assert text[2] == "2,karsa,2017-01-01,,,"
    with (folder / "csv" / "fct_deaths.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["told_at"] == "2016-08-08T12:30:00Z"
    assert json.loads(first["sides"]) == [{"side": "a", "since": "2011-03-01"}]
    places = (folder / "csv" / "dim_place.csv").read_text("utf-8")
    assert 'nowhere,"",' in places, "an empty text is no null"


def test_hxl_has_its_hashtags_in_the_second_row(warehouse, target):
    with warehouse:
        folder = put(warehouse, target).folder
    with (folder / "hxl" / "hxl_deaths.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:2] == [["death_id", "place_id", "total"], ["#event+id", "#loc+id", "#affected+killed"]]
    assert rows[2] == ["1", "karsa", "9007199254740993"]
    assert len(rows) == 2 + 3
    assert not (folder / "csv" / "hxl_deaths.csv").exists()


def test_geojson_is_one_collection_with_the_version_of_the_data(warehouse, target):
    with warehouse:
        folder = put(warehouse, target).folder
    found = json.loads((folder / "geojson" / "events.geojson").read_text("utf-8"))
    assert (found["type"], found["dataset_version"], len(found["features"])) == ("FeatureCollection", "v1", 3)
    assert found["features"][0] == {
        "type": "Feature",
        "geometry": None,
        "properties": {"place": "karsa", "total": 9007199254740993},
    }


def test_the_descriptor_names_run_rows_types_keys_and_hashes(warehouse, target):
    with warehouse:
        folder = put(warehouse, target, 5).folder
    found = package(folder)
    assert (found["run"], found["created"]) == ("r5", "2026-02-01T06:05:00Z")
    assert found["rows"]["marts.fct_deaths"] == 3
    table = resources(folder)["fct_deaths"]
    assert table["description"] == "One row per death."
    fields = {field["name"]: field for field in table["schema"]["fields"]}
    assert {name: field["type"] for name, field in fields.items()} == {
        "death_id": "integer",
        "place_id": "string",
        "date_start": "date",
        "total": "integer",
        "told_at": "datetime",
        "sides": "array",
    }
    assert fields["total"]["description"] == "How many, persons"
    assert fields["death_id"]["constraints"] == {"required": True}
    assert table["schema"]["primaryKey"] == ["death_id"]
    assert table["schema"]["foreignKeys"] == [
        {"fields": ["place_id"], "reference": {"resource": "dim_place", "fields": ["place_id"]}}
    ]
    for resource in found["resources"]:
        file = folder / resource["path"]
        assert resource["bytes"] == file.stat().st_size
        assert resource["hash"] == "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
    named = {resource["path"] for resource in found["resources"]} | {"datapackage.json", WRITTEN_FROM}
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == named


def test_a_large_table_is_parted_by_year_and_keeps_rows_without_a_date(warehouse, target, monkeypatch):
    make_large(monkeypatch)
    with warehouse:
        folder = put(warehouse, target).folder
    paths = resources(folder)["fct_deaths.parquet"]["path"]
    assert {path.split("/")[2] for path in paths} == {
        "year=2016",
        "year=2017",
        "year=__HIVE_DEFAULT_PARTITION__",
    }
    with duckdb.connect() as reader:
        assert reader.execute(
            f"select death_id from read_parquet('{folder}/parquet/fct_deaths/**/*.parquet', "
            "hive_partitioning = true) where year is null or year = 2017 order by 1"
        ).fetchall() == [(2,), (3,)]
    assert resources(folder)["dim_place.parquet"]["path"] == "parquet/dim_place.parquet"
    years = {name: found for name, found in resources(folder).items() if name.startswith("fct_deaths.")}
    del years["fct_deaths.parquet"]
    assert {name: (found["path"], found["rows"]) for name, found in years.items()} == {
        "fct_deaths.2016": ("csv/fct_deaths/2016.csv", 1),
        "fct_deaths.2017": ("csv/fct_deaths/2017.csv", 1),
        "fct_deaths.undated": ("csv/fct_deaths/undated.csv", 1),
    }
    with duckdb.connect() as reader:
        assert reader.execute(
            f"select death_id from read_csv('{folder}/csv/fct_deaths/*.csv') order by 1"
        ).fetchall() == [(1,), (2,), (3,)]


def contents(folder: Path) -> dict[str, bytes]:
    """Return what stands in each file but the DuckDB file, which holds its rows in any order."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.*")
        if path.is_file() and path.suffix in (".csv", ".parquet", ".geojson")
    }


def rows_in(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as reader:
        return reader.execute("from marts.fct_deaths order by all").fetchall()


def test_the_next_publication_is_what_it_would_be_without_the_one_before(
    warehouse, target, tmp_path, monkeypatch
):
    make_large(monkeypatch)
    monkeypatch.setattr(published_file, "MOST_LOOSE", 9)
    with warehouse:
        first = put(warehouse, target)
        # A row corrected, one taken out, two alike put in, and a place that nothing points at.
        warehouse.connection.execute("delete from marts.fct_deaths where death_id = 3")
        warehouse.connection.execute("update marts.fct_deaths set total = 5 where death_id = 2")
        warehouse.connection.execute("insert into marts.dim_place values ('upper', 'Upper Karsa', ['town'])")
        warehouse.connection.execute(
            "insert into marts.fct_deaths (death_id, date_start) values (4, '2017-05-05'), (5, '2017-05-05')"
        )
        done = put(warehouse, target, 1)
        whole = put(warehouse, tmp_path / "elsewhere" / "frontline.duckdb", 1)
        expected = warehouse.connection.execute("from marts.fct_deaths order by all").fetchall()
    assert contents(done.folder) == contents(whole.folder)
    assert rows_in(done.folder / "frontline.duckdb") == rows_in(whole.folder / "frontline.duckdb") == expected
    assert json.loads((done.folder / WRITTEN_FROM).read_text())["loose"] == {
        "marts.dim_place": 1,
        "marts.fct_deaths": 5,
    }
    same = [
        path
        for path in contents(done.folder)
        if (first.folder / path).exists() and (done.folder / path).samefile(first.folder / path)
    ]
    assert sorted(same) == ["csv/fct_deaths/2016.csv", "parquet/fct_deaths/year=2016/data_0.parquet"]


@pytest.mark.parametrize("damage", ["a row that is pointed at goes", "the file of before is damaged"])
def test_what_cannot_be_brought_up_to_date_is_written_whole(warehouse, target, monkeypatch, damage):
    make_large(monkeypatch)
    monkeypatch.setattr(published_file, "MOST_LOOSE", 9)
    with warehouse:
        first = put(warehouse, target)
        if damage == "the file of before is damaged":
            file = first.folder / "frontline.duckdb"
            content = file.read_bytes()
            file.write_bytes(content[:4096] + bytes(len(content) - 4096))
            change(warehouse)
        else:
            warehouse.connection.execute("update marts.fct_deaths set place_id = 'nowhere'")
            warehouse.connection.execute("delete from marts.dim_place where place_id = 'karsa'")
        done = put(warehouse, target, 1)
        expected = warehouse.connection.execute("from marts.fct_deaths order by all").fetchall()
    assert rows_in(done.folder / "frontline.duckdb") == expected
    assert json.loads((done.folder / WRITTEN_FROM).read_text())["loose"] == {}


def test_a_table_whose_order_is_lost_in_corrections_is_written_anew(warehouse, target, monkeypatch):
    make_large(monkeypatch)
    monkeypatch.setattr(published_file, "MOST_LOOSE", 0.5)
    found = []
    with warehouse:
        put(warehouse, target)
        for minute in range(1, 5):
            change(warehouse)
            done = put(warehouse, target, minute)
            found.append(json.loads((done.folder / WRITTEN_FROM).read_text())["loose"])
    # One row more each time, of 4, 5, 6 and 7: the fourth makes more than half of them.
    assert found == [{"marts.fct_deaths": 1}, {"marts.fct_deaths": 2}, {"marts.fct_deaths": 3}, {}]


def test_so_many_versions_are_kept_and_the_current_one_always(warehouse, target):
    with warehouse:
        for minute in range(5):
            change(warehouse)
            put(warehouse, target, minute)
        versions = sorted(path.name for path in (target.parent / "versions").iterdir())
        assert [name[:16] for name in versions] == [
            "20260201T060200Z",
            "20260201T060300Z",
            "20260201T060400Z",
        ]
        put(warehouse, target, 5, kept=1)
        assert [path.name for path in (target.parent / "versions").iterdir()] == [versions[-1]]
        change(warehouse)
        earlier = put(warehouse, target, -60, kept=1)
    assert (target.parent / CURRENT).resolve() == earlier.folder


def test_a_publication_that_lost_a_file_is_written_again(warehouse, target):
    with warehouse:
        (put(warehouse, target).folder / "csv" / "dim_place.csv").unlink()
        done = put(warehouse, target)
    assert done.is_changed
    assert (done.folder / "csv" / "dim_place.csv").exists()


@pytest.mark.parametrize("damage", ["short", "garbled"])
def test_files_that_do_not_hold_the_rows_leave_the_last_good_publication(
    warehouse, target, monkeypatch, damage
):
    write = published_files._write_parquet

    def write_wrongly(connection: Any, source: str, columns: Any, path: Path) -> None:
        write(connection, source, columns, path)
        if path.stem == "fct_deaths" and damage == "short":
            connection.execute(f"copy (from marts.fct_deaths limit 1) to '{path}' (format parquet)")
        elif path.stem == "fct_deaths":
            path.write_bytes(path.read_bytes()[:50])

    with warehouse:
        good = put(warehouse, target)
        change(warehouse)
        monkeypatch.setattr(published_files, "_write_parquet", write_wrongly)
        with pytest.raises(WarehouseError, match="cannot publish: fct_deaths"):
            put(warehouse, target, 1)
    assert (target.parent / CURRENT).resolve() == good.folder
    assert list((target.parent / "versions").iterdir()) == [good.folder]
    with duckdb.connect(str(target), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.fct_deaths").fetchone() == (3,)


SEEN = "select count(*), min(version), max(version) from"
BALANCED = """
create schema marts; create schema exports;
create table marts.fct_deaths (death_id integer primary key, version integer, date_start date);
"""


def _read_in_a_loop(target: Path, stop: Any, results: Any) -> None:
    """Open what is published again and again; every publication has ten rows, all of one version."""
    looked, versions, wrong = 0, set(), []
    while not stop.is_set():
        try:
            with duckdb.connect(str(target), read_only=True) as reader:
                row = reader.execute(
                    "select count(*), min(version), max(version) from marts.fct_deaths"
                ).fetchone()
            folder = (target.parent / CURRENT).resolve()
            with duckdb.connect() as reader:
                files = reader.execute(
                    f"{SEEN} read_parquet(?)",
                    [f"{folder}/parquet/fct_deaths.parquet"],
                ).fetchone()
            rows = json.loads((folder / "datapackage.json").read_text("utf-8"))["rows"]
            with (folder / "csv" / "fct_deaths.csv").open(encoding="utf-8", newline="") as file:
                lines = [int(line["version"]) for line in csv.DictReader(file)]
        except Exception as error:  # whatever it is, it is what the test looks for
            wrong.append(repr(error))
            break
        looked += 1
        versions.add(row[1])
        if row[0] != 10 or row[1] != row[2] or files[0] != 10 or {files[1], files[2]} != set(lines):
            wrong.append((row, files, lines))
        if rows["marts.fct_deaths"] != 10:
            wrong.append(rows)
    results.put((looked, versions, wrong))


def test_five_readers_in_loops_see_whole_publications_alone(tmp_path, target):
    fork = multiprocessing.get_context("fork")
    stop, results = fork.Event(), fork.Queue()
    with Warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        warehouse.connection.execute(BALANCED)
        warehouse.connection.execute(
            "insert into marts.fct_deaths select i, 0, ? from range(10) as t (i)", [date(2016, 8, 8)]
        )
        put(warehouse, target)
        readers = [fork.Process(target=_read_in_a_loop, args=(target, stop, results)) for _ in range(5)]
        for reader in readers:
            reader.start()
        try:
            for version in range(1, 16):
                warehouse.connection.execute("update marts.fct_deaths set version = ?", [version])
                put(warehouse, target, version, kept=5)
                time.sleep(0.05)
        finally:
            stop.set()
            found = [results.get(timeout=60) for _ in readers]
            for reader in readers:
                reader.join(60)
    assert [wrong for _, _, wrong in found] == [[]] * 5
    assert all(looked > 3 for looked, _, _ in found)
    assert len(set.union(*(versions for _, versions, _ in found))) > 3, "no reader saw a swap"
