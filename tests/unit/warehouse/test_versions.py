"""Warehouses of other versions: v0.1.0's is brought up to date whole, a newer one is left alone."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.articles import read_article
from ingest.landing import INPUT, land_path
from ingest.records import Article, Document, Reject, Visit
from ingest.warehouse import Warehouse, WarehouseError, versions
from ingest.warehouse.arrivals import keep, visits_of
from ingest.warehouse.stories import bands
from ingest.warehouse.upkeep import rejects

V0_1_0 = Path(__file__).with_name("v0_1_0")
TABLES = ("documents", "articles", "story_bands", "claims", "rejects", "forgotten", "changes")
NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
def old(tmp_path) -> Path:
    """A warehouse as v0.1.0 left it: its DDL, and what its code made of our sentences."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        for script in ("schema.sql", "rows.sql"):
            connection.execute((V0_1_0 / script).read_text("utf-8"))
    return path


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            table: connection.execute(f"select * from raw.{table} order by all").fetchall()
            for table in TABLES
        }


def catalogue(path: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type, is_nullable from duckdb_columns() "
            "where schema_name = 'raw' order by all"
        ).fetchall()
        constraints = connection.execute(
            "select table_name, constraint_type, constraint_column_names from duckdb_constraints() "
            "where schema_name = 'raw' order by all"
        ).fetchall()
    return columns, constraints


def test_a_warehouse_of_v0_1_0_is_brought_up_to_date_without_losing_a_row(old):
    before = rows(old)
    assert sum(map(len, before.values())) >= 20
    said: list[str] = []
    with Warehouse(old, report=said.append) as warehouse:
        assert versions.schema_version(warehouse.connection) == versions.VERSION
    assert rows(old) == before
    assert "from version 1" in said[0]
    with Warehouse(old, report=said.append):
        pass
    assert len(said) == 1, "brought up to date once"


def test_copies_of_what_v0_1_0_knew_are_found_by_the_same_bands(old):
    own = bands(range(128))
    with duckdb.connect(str(old)) as connection:
        connection.executemany(
            "insert into raw.story_bands values (?, 'kept')", [[format(band, "016x")] for band in own]
        )
    with Warehouse(old) as warehouse:
        found = warehouse.connection.execute("select band, article_id from raw.story_bands").fetchall()
    assert sorted(found) == sorted((band, "kept") for band in own)


def test_bands_take_the_day_of_their_article_and_none_where_it_has_none(old):
    with duckdb.connect(str(old)) as connection:
        days = connection.execute(
            "select article_id, published_at::date from raw.articles order by article_id"
        ).fetchall()
        assert len(days) >= 2
        ids = [article_id for article_id, _ in days] + ["gone"]
        connection.executemany(
            "insert into raw.story_bands values (?, ?)",
            [[format(n, "016x"), id_] for n, id_ in enumerate(ids)],
        )
    with Warehouse(old, report=lambda _: None) as warehouse:
        found = warehouse.connection.execute("select article_id, day from raw.story_bands").fetchall()
    assert dict(found) == dict(days) | {"gone": None}


def test_it_goes_on_where_v0_1_0_left_off(old, tmp_path):
    text = "A third column left for Melitopol, officials said."
    (tmp_path / "new.txt").write_text(text, "utf-8")
    with Warehouse(old, report=lambda _: None) as warehouse:
        landed = list(land_path(tmp_path / "new.txt", INPUT, NOW))
        assert keep(warehouse, landed).documents == 1
        (document,) = warehouse.unparsed_documents(NOW.date())
        article = read_article(document)
        assert isinstance(article, Article)
        assert warehouse.add_articles([article]) == 1
        # What landed, was refused or was forgotten under v0.1.0 is known to be so.
        assert len(warehouse.articles_of(date(2026, 2, 28))) == 4
        assert {reject.reason_code for reject in rejects(warehouse)} == {"empty", "bad_json", "no_text"}
        assert warehouse.connection.execute("select count(*) from raw.forgotten").fetchone() == (1,)


def test_made_anew_and_brought_up_to_date_are_the_same_tables(old, tmp_path):
    new = tmp_path / "new.duckdb"
    for path in (old, new):
        with Warehouse(path, report=lambda _: None):
            pass
    assert catalogue(old) == catalogue(new)


def test_a_migration_that_breaks_off_never_happened(old, tmp_path, monkeypatch):
    broken = tmp_path / "0002.sql"
    broken.write_text(versions.MIGRATIONS[2].read_text("utf-8") + "select no_such_column;", "utf-8")
    before, was = rows(old), catalogue(old)
    monkeypatch.setitem(versions.MIGRATIONS, 2, broken)
    with pytest.raises(duckdb.Error), Warehouse(old, report=lambda _: None):
        pass
    assert (rows(old), catalogue(old)) == (before, was)
    monkeypatch.undo()
    with Warehouse(old, report=lambda _: None):
        pass
    assert rows(old) == before


@pytest.mark.parametrize("read_only", [True, False])
def test_a_warehouse_of_a_newer_version_is_left_alone_with_advice(tmp_path, read_only):
    path = tmp_path / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        warehouse.connection.execute("insert into raw.schema_versions values (?)", [versions.VERSION + 1])
    with pytest.raises(WarehouseError, match="Update Frontline"), Warehouse(path, read_only=read_only):
        pass


def visit(address: str, **changes: object) -> Visit:
    return Visit(**({"source_id": "wire", "address": address, "status": 200, "visited_at": NOW} | changes))


def reject(location: str, code: str, source: str = "wire") -> Reject:
    return Reject(
        reject_id=f"{source} {location} {code}", source_id=source, location=location, reason_code=code,
        reason="did not answer", landed_on=NOW.date(), landed_at=NOW,
    )  # fmt: skip


def test_a_visit_that_brings_something_mends_what_was_amiss_at_its_address_alone(tmp_path):
    with Warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        keep(
            warehouse,
            [
                reject("http://a/1", "timed_out"),
                reject("http://a/1", "http_500"),
                reject("http://a/2", "http_404"),
                reject("http://a/1", "timed_out", source="other"),
                visit("http://a/2", status=404, is_refused=True),
            ],
        )
        assert len(rejects(warehouse)) == 4
        keep(warehouse, [visit("http://a/1", etag='"x"')])
        assert {(r.source_id, r.location) for r in rejects(warehouse)} == {
            ("wire", "http://a/2"), ("other", "http://a/1"),
        }  # fmt: skip


def test_an_address_is_one_reject_whatever_kept_us_from_it_before(tmp_path):
    with Warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        keep(warehouse, [reject("http://a/1", "robots_unknown"), reject("http://a/2", "http_503")])
        keep(warehouse, [reject("http://a/feed", "no_entry"), reject("http://a/2", "http_503", "other")])
        gone = visit("http://a/1", status=404, is_refused=True)
        keep(warehouse, [reject("http://a/1", "http_404"), gone, reject("http://a/2", "timed_out")])
        keep(warehouse, [reject("http://a/feed", "cut_off")])
        assert {(r.source_id, r.location, r.reason_code) for r in rejects(warehouse)} == {
            ("wire", "http://a/1", "http_404"),
            ("wire", "http://a/2", "timed_out"),
            ("other", "http://a/2", "http_503"),
            ("wire", "http://a/feed", "no_entry"),
            ("wire", "http://a/feed", "cut_off"),
        }


def test_visits_come_back_as_they_went_in_the_last_of_an_address(tmp_path):
    first = visit("http://a/1", etag='W/"1"', last_modified="Sun, 01 Mar 2026 06:00:00 GMT", marker="m")
    gone = visit("http://a/2", status=404, is_refused=True)
    asked = visit("http://a/3", status=429, is_refused=True, retry_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    with Warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        keep(warehouse, [visit("http://a/1", status=304), first, gone, asked])
        everywhere = [f"http://a/{n}" for n in range(9)]
        assert list(visits_of(warehouse, "wire", everywhere).values()) == [first, gone, asked]
        assert list(visits_of(warehouse, "wire", ["http://a/2"]).values()) == [gone]
        assert visits_of(warehouse, "other", everywhere) == {}
        (left,) = visits_of(warehouse, "wire", everywhere, again=True).values()
        assert (left.address, left.etag, left.last_modified, left.marker) == ("http://a/1", None, None, "m")


def test_documents_that_landed_are_not_lost_by_a_visit(tmp_path):
    (tmp_path / "a.txt").write_text("One died at the mill, residents said.", "utf-8")
    found = [item for item in land_path(tmp_path / "a.txt", INPUT, NOW) if isinstance(item, Document)]
    with Warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        assert keep(warehouse, [*found, visit("http://a/1")]).documents == 1
        assert keep(warehouse, [*found, visit("http://a/1")]).documents == 0
