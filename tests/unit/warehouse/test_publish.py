"""The published file: the same tables, types, constraints, comments and rows, put in place whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.warehouse import Publication, Warehouse, WarehouseError, fingerprint, publish

AT = datetime(2026, 2, 1, 6, tzinfo=UTC)

MARTS = """
create schema marts; create schema intermediate; create schema exports;
create table marts.dim_place (place_id varchar primary key, name varchar not null, latitude double);
create table marts.fct_casualties (
    claim_id varchar primary key, place_id varchar references marts.dim_place (place_id),
    count_low integer, count_high integer, share decimal(5, 2), days date[], unique (claim_id, place_id),
    check (count_low <= count_high)
);
create table intermediate.int_secret (text varchar);
insert into marts.dim_place values ('karsa', 'Karsa', null), ('upper_karsa', 'Upper Karsa', 1.5);
insert into marts.fct_casualties values ('c1', 'karsa', 3, 7, 0.25, ['2016-08-08']);
insert into marts.fct_casualties (claim_id) values ('c2');
insert into intermediate.int_secret values ('the whole article');
comment on table marts.fct_casualties is 'One row per casualty claim: what''s claimed; "not" what is so.';
comment on column marts.fct_casualties.count_low is 'Fewest, persons';
create view exports.like_ged as
    with counted as (select c.*, p.name from "{db}"."marts"."fct_casualties" as c
        left join "{db}".marts.dim_place as p using (place_id)
        where c.count_low in (select max(count_low) from "{db}".marts.fct_casualties))
    select claim_id, name, count_low as best from counted;
create view exports.on_top as select count(*) as rows from "{db}".exports.like_ged;
comment on view exports.like_ged is 'One row per event';
comment on column exports.like_ged.best is 'Best estimate';
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    found = Warehouse(tmp_path / "warehouse.duckdb")
    with found:
        found.connection.execute(MARTS.format(db="warehouse"))
    return found


def put(warehouse: Warehouse, target: Path, minute: int = 0, kept: int = 3) -> Publication:
    """Publish at a minute after six, as run `r<minute>`."""
    return publish(warehouse, target, at=AT + timedelta(minutes=minute), run=f"r{minute}", kept=kept)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "published" / "frontline.duckdb"


def describe(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    """Return what DuckDB says of everything in marts and exports, but for the name of the database."""
    queries = {
        "tables": "select schema_name, table_name, comment, column_count, index_count from duckdb_tables()",
        "views": "select schema_name, view_name, comment, column_count from duckdb_views()",
        "columns": "select schema_name, table_name, column_name, column_index, comment, column_default,"
        " is_nullable, data_type from duckdb_columns()",
        "constraints": "select schema_name, table_name, constraint_type, constraint_text, expression,"
        " constraint_column_names, referenced_table, referenced_column_names from duckdb_constraints()",
    }
    found = {
        name: connection.execute(f"{query} where schema_name in ('marts', 'exports') order by all").fetchall()
        for name, query in queries.items()
    }
    for schema, name in [row[:2] for row in found["tables"] + found["views"]]:
        found[name] = connection.execute(f"from {schema}.{name} order by all").fetchall()
    return found


def test_the_copy_has_the_same_columns_types_constraints_comments_and_rows(warehouse, target):
    with warehouse:
        put(warehouse, target)
        original = describe(warehouse.connection)
    with duckdb.connect(str(target), read_only=True) as copy:
        assert describe(copy) == original
        assert len(original["constraints"]) >= 6
        assert original["like_ged"] == [("c1", "Karsa", 3)]


def test_only_marts_and_exports_are_published(warehouse, target):
    with warehouse:
        put(warehouse, target)
    with duckdb.connect(str(target), read_only=True) as copy:
        schemas = copy.execute("select distinct schema_name from duckdb_tables()").fetchall()
    assert schemas == [("marts",)]
    assert b"the whole article" not in target.read_bytes()


def test_an_unchanged_copy_stays_and_a_changed_one_is_renamed_into_place(warehouse, target):
    with warehouse:
        assert put(warehouse, target).is_changed
        inode = target.stat().st_ino
        assert not put(warehouse, target, 1).is_changed
        assert target.stat().st_ino == inode
        warehouse.connection.execute("update marts.fct_casualties set count_low = 4 where claim_id = 'c1'")
        done = put(warehouse, target, 2)
    assert done.is_changed
    assert target.stat().st_ino != inode
    assert done.rows == {"marts.dim_place": 2, "marts.fct_casualties": 2}
    assert target.resolve() == done.folder / "frontline.duckdb"


def test_a_changed_comment_alone_is_a_change(warehouse, target):
    with warehouse:
        put(warehouse, target)
        before = fingerprint(target)
        warehouse.connection.execute("comment on column marts.dim_place.name is 'Its name'")
        assert put(warehouse, target).is_changed
    assert fingerprint(target) != before


def test_a_reader_keeps_the_copy_it_opened_and_the_next_sees_the_new_one(warehouse, target):
    with warehouse:
        put(warehouse, target)
        with duckdb.connect(str(target), read_only=True) as reader:
            warehouse.connection.execute("delete from marts.fct_casualties")
            put(warehouse, target, 1)
            assert reader.execute("select count(*) from marts.fct_casualties").fetchall() == [(2,)]
    with duckdb.connect(str(target), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.fct_casualties").fetchall() == [(0,)]


def test_what_a_killed_run_left_is_removed_and_a_damaged_copy_replaced(warehouse, target):
    unfinished = target.parent / "versions" / ".unfinished-20260201T060000Z-00000000"
    unfinished.mkdir(parents=True)
    (unfinished / "frontline.duckdb").write_bytes(b"half written")
    for name in ("frontline.duckdb.tmp", "frontline.duckdb.tmp.wal", "frontline.duckdb"):
        (target.parent / name).write_bytes(b"half written")
    with warehouse:
        done = put(warehouse, target)
    assert done.is_changed
    assert {path.name for path in target.parent.iterdir()} == {"frontline.duckdb", "current", "versions"}
    assert list((target.parent / "versions").iterdir()) == [done.folder]
    assert fingerprint(target)


def test_a_view_on_what_is_not_published_is_an_error_and_leaves_the_copy_in_place(warehouse, target):
    with warehouse:
        put(warehouse, target)
        before = target.read_bytes()
        warehouse.connection.execute("create view exports.leak as from intermediate.int_secret")
        with pytest.raises(WarehouseError, match=r"exports\.leak"):
            put(warehouse, target, 1)
        assert warehouse.counts()["documents"] == 0
    assert target.read_bytes() == before
    assert len(list((target.parent / "versions").iterdir())) == 1


def test_a_warehouse_without_marts_says_what_is_missing(tmp_path, target):
    with Warehouse(tmp_path / "empty.duckdb") as empty, pytest.raises(WarehouseError, match="no marts"):
        put(empty, target)
