"""The copy in a real PostgreSQL: whole or not at all, typed, keyed, told, and read-only to its reader."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ingest.warehouse import Warehouse, WarehouseError, publish
from ingest.warehouse.model_keys import ModelKeys
from ingest.warehouse.postgres import FRESH, REPLACED, PostgresCopy, publish_to_postgres
from tests.postgres_server import MISSING, Server, programs, running_server

pytestmark = [
    pytest.mark.full,
    pytest.mark.landing,
    pytest.mark.skipif(programs() is None, reason=MISSING),
]

READER = "frontline_reader"
AT = datetime(2026, 2, 1, 6, tzinfo=UTC)
NASTY = "He said: \"no, \\N\",\nthen left; {a,b} \\ 'so' … Ж"
MARTS = """
create schema marts; create schema exports;
create table marts.dim_place (
    place_id varchar not null, name varchar, kinds varchar[], lat double,
    sides struct(side varchar, since date)[]
);
create table marts.fct_deaths (
    death_id varchar not null, place_id varchar, holder_id varchar, date_start date, total hugeint,
    share decimal(6,3), told_at timestamp, seen_at timestamptz, is_sure boolean, quote varchar,
    weeks integer[]
);
comment on table marts.fct_deaths is 'One row per death. It''s told.';
comment on column marts.fct_deaths.total is 'How many, persons';
create view exports.ucdp_ged as select death_id as id, date_start from marts.fct_deaths;
comment on view exports.ucdp_ged is 'One row per death, in another''s form.';
"""
DECLARED = {
    "dim_place": ModelKeys("place_id"),
    "fct_deaths": ModelKeys(
        "death_id", {"place_id": ("dim_place", "place_id"), "holder_id": ("dim_actor", "actor_id")}
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as found:
        yield found


@pytest.fixture
def url(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the test's own, and no reader yet."""
    name = f"t{abs(hash(request.node.name))}"
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield server.url(name)
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(READER)))
        for role in ("analyst", "publisher"):
            admin.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(role)))


class Marts:
    """A small warehouse and its publications."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = folder / "warehouse.duckdb"
        self.published = folder / "published" / "frontline.duckdb"
        self._minutes = 0
        self.change(MARTS)
        self.change(
            "insert into marts.dim_place values ('karsa', 'Karsa', ['town', 'the \"port\"', null, "
            "'a\\b,c{}'], 36.25, [{side: 'a', since: '2011-03-01'}]), ('nowhere', '', [], null, null)"
        )
        self.change(
            "insert into marts.fct_deaths values "
            "('d1', 'karsa', 'army', '2016-08-08', 9007199254740993, 0.125, '2016-08-08 12:30:00.5', "
            "'2016-08-08 12:30:00+02', true, $$" + NASTY + "$$, [1, 2]), "
            "('d2', null, null, null, null, null, null, null, null, 'nil' || chr(0) || '.', null)"
        )

    def change(self, statement: str) -> None:
        with Warehouse(self.warehouse) as warehouse:
            warehouse.connection.execute(statement)

    def publish(self) -> None:
        self._minutes += 1
        with Warehouse(self.warehouse) as warehouse:
            publish(warehouse, self.published, at=AT + timedelta(minutes=self._minutes), run="test")

    def more_deaths(self, how_many: int) -> None:
        self.change(
            "insert into marts.fct_deaths (death_id, place_id, quote) "
            f"select 'x' || uuid()::varchar, 'karsa', repeat('word ', 20) from range({how_many})"
        )

    def to(self, url: str, **given: bool) -> PostgresCopy:
        said: list[str] = []
        return publish_to_postgres(
            self.published, url, reader=READER, declared=DECLARED, report=said.append, **given
        )


@pytest.fixture
def marts(tmp_path: Path) -> Marts:
    found = Marts(tmp_path)
    found.publish()
    return found


def ask(url: str, query: str, *values: object) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query, values or None).fetchall()


def schemas(url: str) -> set[str]:
    found = ask(
        url,
        "select nspname from pg_namespace where nspname not like 'pg_%' and nspname <> 'information_schema'",
    )
    return {name for (name,) in found}


def reader_url(server: Server, url: str, role: str = READER) -> str:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("alter role {} password 'reading'").format(sql.Identifier(role)))
    return server.url(url.rpartition("/")[2], role, "reading")


def test_values_arrive_as_they_are(url, marts):
    copy = marts.to(url)
    assert copy.rows == {"marts.dim_place": 2, "marts.fct_deaths": 2, "exports.ucdp_ged": 2}
    [row, empty] = ask(url, "select * from marts.fct_deaths order by death_id")
    assert row[:6] == (
        "d1",
        "karsa",
        "army",
        datetime(2016, 8, 8).date(),
        Decimal(9007199254740993),
        Decimal("0.125"),
    )
    assert row[6] == datetime(2016, 8, 8, 12, 30, 0, 500000)
    assert row[7] == datetime(2016, 8, 8, 10, 30, tzinfo=UTC)
    assert row[8:] == (True, NASTY, [1, 2])
    assert empty == ("d2", *[None] * 8, "nil\ufffd.", None)
    [(name, kinds, sides), (no_name, no_kinds, no_sides)] = ask(
        url, "select name, kinds, sides from marts.dim_place order by place_id"
    )
    assert (name, kinds, sides) == (
        "Karsa",
        ["town", 'the "port"', None, "a\\b,c{}"],
        [{"side": "a", "since": "2011-03-01"}],
    )
    # An empty text and an empty list are not the same as nothing.
    assert (no_name, no_kinds, no_sides) == ("", [], None)


def test_keys_indexes_and_comments_are_there(url, marts):
    marts.to(url)
    keys = ask(
        url,
        "select conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) from pg_constraint "
        "where contype in ('p', 'f') and connamespace = 'marts'::regnamespace order by 1, 2",
    )
    # dim_actor is not published: the reference to it is an index, and no key.
    assert keys == [
        ("marts.dim_place", "p", "PRIMARY KEY (place_id)"),
        ("marts.fct_deaths", "f", "FOREIGN KEY (place_id) REFERENCES marts.dim_place(place_id)"),
        ("marts.fct_deaths", "p", "PRIMARY KEY (death_id)"),
    ]
    indexed = ask(
        url, "select indexdef from pg_indexes where schemaname = 'marts' and tablename = 'fct_deaths'"
    )
    assert {definition.partition("btree ")[2] for (definition,) in indexed} == {
        "(death_id)",
        "(place_id)",
        "(holder_id)",
        "(date_start)",
    }
    assert ask(
        url,
        "select obj_description('marts.fct_deaths'::regclass), "
        "col_description('marts.fct_deaths'::regclass, 5), obj_description('exports.ucdp_ged'::regclass)",
    ) == [("One row per death. It's told.", "How many, persons", "One row per death, in another's form.")]
    assert ask(url, "select reltuples::int from pg_class where oid = 'marts.fct_deaths'::regclass") == [(2,)]


def test_the_reader_reads_and_can_write_nothing(server, url, marts):
    marts.to(url)
    reading = reader_url(server, url)
    assert ask(reading, "select count(*) from fct_deaths") == [(2,)]
    assert ask(reading, "select count(*) from exports.ucdp_ged") == [(2,)]
    for statement in (
        "insert into marts.dim_place (place_id) values ('x')",
        "update marts.fct_deaths set total = 0",
        "delete from marts.fct_deaths",
        "truncate marts.fct_deaths",
        "drop table marts.fct_deaths",
        "drop schema marts cascade",
        "alter table marts.fct_deaths add column x int",
        "create table marts.mine (x int)",
        "create index on marts.fct_deaths (quote)",
        "comment on table marts.fct_deaths is 'mine'",
        "create table public.mine (x int)",
        "create schema mine",
        "create role mine",
        "copy marts.fct_deaths to program 'true'",
    ):
        # The role's read-only default is switched off first: rights alone must do.
        with psycopg.connect(reading) as connection:
            connection.execute("set default_transaction_read_only = off")
            connection.commit()
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName)):
                connection.execute(statement)
    with psycopg.connect(reading) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("create temporary table mine (x int)")
    assert ask(url, "select count(*) from marts.fct_deaths") == [(2,)]


def test_a_reader_who_could_write_is_refused_and_nothing_is_published(url, marts):
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("create role {} login in role pg_write_all_data").format(sql.Identifier(READER))
        )
    with pytest.raises(WarehouseError, match="may write to"):
        marts.to(url)
    assert schemas(url) == {"public"}
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("alter role {} superuser").format(sql.Identifier(READER)))
    with pytest.raises(WarehouseError, match="superuser"):
        marts.to(url)


def test_again_changes_nothing_and_a_new_publication_replaces_all(url, marts):
    assert marts.to(url).is_changed
    tables = ask(url, "select oid from pg_class where relnamespace = 'marts'::regnamespace order by 1")
    assert not marts.to(url).is_changed
    assert (
        ask(url, "select oid from pg_class where relnamespace = 'marts'::regnamespace order by 1") == tables
    )
    marts.change("delete from marts.fct_deaths where death_id = 'd2'")
    marts.publish()
    assert marts.to(url).rows["marts.fct_deaths"] == 1
    assert ask(url, "select death_id from marts.fct_deaths") == [("d1",)]
    assert schemas(url) == {"public", "marts", "exports"}


def test_a_table_that_somebody_dropped_comes_back(url, marts):
    marts.to(url)
    with psycopg.connect(url) as admin:
        admin.execute("drop table exports.ucdp_ged")
    assert marts.to(url).is_changed
    assert ask(url, "select count(*) from exports.ucdp_ged") == [(2,)]


def test_a_schema_of_somebody_else_is_left_alone(url, marts):
    with psycopg.connect(url) as admin:
        admin.execute("create schema marts create table precious (x int)")
    with pytest.raises(WarehouseError, match="did not make"):
        marts.to(url)
    assert ask(url, "select count(*) from marts.precious") == [(0,)]
    assert schemas(url) == {"public", "marts"}


def test_views_that_others_built_read_the_new_rows_and_keep_their_rights(server, url, marts):
    marts.to(url)
    with psycopg.connect(url) as admin:
        admin.execute("create role analyst login")
        admin.execute("create schema desk")
        admin.execute(
            "create view desk.sure with (security_barrier) as "
            "select death_id from marts.fct_deaths where is_sure"
        )
        admin.execute("create view desk.above as select count(*) as n from desk.sure")
        admin.execute(
            "grant usage on schema desk to analyst; grant select on desk.sure, desk.above to analyst"
        )
        admin.execute("comment on view desk.sure is 'ours'")
    marts.change("update marts.fct_deaths set is_sure = true")
    marts.publish()
    marts.to(url)
    assert ask(reader_url(server, url, "analyst"), "select n from desk.above") == [(2,)]
    assert ask(
        url, "select obj_description(oid), reloptions from pg_class where oid = 'desk.sure'::regclass"
    ) == [("ours", ["security_barrier=true"])]
    assert schemas(url) == {"public", "marts", "exports", "desk"}
    marts.change("alter table marts.fct_deaths drop column is_sure")
    marts.publish()
    with pytest.raises(WarehouseError, match=r"desk\.sure"):
        marts.to(url)
    assert ask(url, "select n from desk.above") == [(2,)]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("create materialized view public.m as select * from marts.fct_deaths", "materialized view m"),
        ("create table public.t (d text references marts.fct_deaths (death_id))", "constraint t_d_fkey"),
        (
            "create table marts.mine (x int); create role analyst; alter table marts.mine owner to analyst",
            "table marts.mine",
        ),
        ("create view marts.own as select 1 as x", "view marts.own"),
    ],
)
def test_what_a_swap_would_lose_stops_it_and_is_named(url, marts, statement, named):
    marts.to(url)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(statement)
    with pytest.raises(WarehouseError, match="would be lost") as raised:
        marts.to(url, again=True)
    assert named in str(raised.value)
    assert ask(url, "select count(*) from marts.fct_deaths") == [(2,)]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("drop table if exists marts.mine")


def test_a_reader_sees_the_publication_before_or_the_new_one_and_nothing_between(server, url, marts):
    marts.to(url)
    marts.more_deaths(50_000)
    marts.publish()
    reading, seen, done = reader_url(server, url), set(), threading.Event()

    def read() -> None:
        with psycopg.connect(reading, autocommit=True) as connection:
            while not done.is_set():
                row = connection.execute(
                    "select (select count(*) from marts.fct_deaths), count(*) from exports.ucdp_ged"
                ).fetchone()
                seen.add(row)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        marts.to(url)
    finally:
        time.sleep(0.2)
        done.set()
        thread.join()
    assert (50_002, 50_002) in seen
    # Two names in one query are looked up one after the other, so a swap may fall between them.
    assert {number for row in seen for number in row} == {2, 50_002}


def test_a_long_reader_is_not_disturbed_and_its_tables_go_with_the_next_run(server, url, marts):
    marts.to(url)
    with psycopg.connect(reader_url(server, url)) as reading:
        assert reading.execute("select count(*) from marts.fct_deaths").fetchone() == (2,)
        marts.change("delete from marts.fct_deaths where death_id = 'd2'")
        marts.publish()
        marts.to(url)
        assert ask(url, "select count(*) from marts.fct_deaths") == [(1,)]
        [left] = [name for name in schemas(url) if name.startswith(f"{REPLACED}marts")]
    marts.to(url)
    assert left not in schemas(url)


def test_killed_in_the_middle_it_leaves_no_trace_and_the_next_run_mends_it(url, marts, tmp_path):
    marts.to(url)
    marts.more_deaths(200_000)
    marts.publish()
    environment = {**os.environ, "FRONTLINE_DATA": str(tmp_path), "FRONTLINE_POSTGRES": url}
    command = [sys.executable, "-m", "ingest", "publish-postgres"]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    writing = (
        "select 1 from pg_stat_activity where datname = current_database() and query like 'copy %fct_deaths%'"
    )
    limit = time.monotonic() + 120
    while not ask(url, writing):
        assert child.poll() is None, child.stdout.read().decode()
        assert time.monotonic() < limit
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert ask(url, "select count(*) from marts.fct_deaths") == [(2,)]
    gone = time.monotonic() + 60
    while any(name.startswith(FRESH) for name in schemas(url)):
        assert time.monotonic() < gone
        time.sleep(0.1)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "200006 rows" in done.stdout.replace(",", "") or "400006 rows" in done.stdout
    assert ask(url, "select count(*) from marts.fct_deaths") == [(200_002,)]
    assert schemas(url) == {"public", "marts", "exports"}


def test_a_publisher_without_more_rights_than_it_needs_is_enough(server, url, marts):
    name = url.rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("create role publisher login password 'publishing'")
        admin.execute(sql.SQL("grant create on database {} to publisher").format(sql.Identifier(name)))
    as_publisher = server.url(name, "publisher", "publishing")
    with pytest.raises(WarehouseError, match=f"create role .*{READER}"):
        marts.to(as_publisher)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("create role {} login").format(sql.Identifier(READER)))
    assert marts.to(as_publisher).is_changed
    assert marts.to(as_publisher, again=True).is_changed
    assert schemas(url) == {"public", "marts", "exports"}


def test_errors_name_what_is_wrong_and_never_the_password(server, url, marts):
    name = url.rpartition("/")[2]
    for wrong in (
        server.url(name, "postgres", "hunter2wrong"),
        f"postgresql://postgres:hunter2@127.0.0.1:1/{name}",
        "host=127.0.0.1 password=hunter2 nonsense",
    ):
        with pytest.raises(WarehouseError) as raised:
            marts.to(wrong)
        assert "hunter2" not in str(raised.value)


def test_the_command_says_what_to_do_where_no_database_is_named(marts, tmp_path):
    environment = {**os.environ, "FRONTLINE_DATA": str(tmp_path)}
    environment.pop("FRONTLINE_POSTGRES", None)
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "publish-postgres"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "createdb frontline" in done.stderr


def test_the_asset_is_there_only_where_a_database_is_named(url, marts, monkeypatch):
    import dagster as dg

    from orchestration.assets import published_postgres as module
    from orchestration.resources import WarehouseFile

    monkeypatch.delenv("FRONTLINE_POSTGRES", raising=False)
    assert importlib.reload(module).WANTED == []
    monkeypatch.setenv("FRONTLINE_POSTGRES", url)
    wanted = importlib.reload(module).WANTED
    paths = WarehouseFile(path=str(marts.warehouse), published=str(marts.published))
    done = dg.materialize(wanted, resources={"warehouse": paths})
    assert done.success
    [event] = done.get_asset_materialization_events()
    metadata = event.step_materialization_data.materialization.metadata
    assert metadata["summary"].text == "3 tables, 6 rows"
    assert "127.0.0.1" in metadata["database"].text
    assert ask(url, "select count(*) from marts.fct_deaths") == [(2,)]
