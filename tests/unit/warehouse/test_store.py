"""The raw tables: batches are whole, adding again adds nothing, and what a killed run left is picked up."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.articles import read_article
from ingest.landing import INPUT, land_path
from ingest.records import (
    Article,
    CasualtyClaim,
    Document,
    ReinforcementClaim,
    Reject,
    TerritorialClaim,
    content_hash,
)
from ingest.warehouse import Warehouse, WarehouseBusyError, WarehouseError, export_sorted
from ingest.warehouse.connection import ROW_GROUP

DAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TEXT = "Twelve soldiers were killed at Karsa on Monday. The “2nd brigade” took the bridge; it's theirs.\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "warehouse.duckdb"


def documents(folder: Path, number: int = 3, now: datetime = NOW, **metadata: str) -> list[Document]:
    folder.mkdir(exist_ok=True)
    front = "".join(f"{key}: {value}\n" for key, value in metadata.items())
    for n in range(number):
        (folder / f"{n}.txt").write_text(f"---\nid: {n}\n{front}---\n{TEXT}{n}\n", "utf-8")
    return [item for item in land_path(folder, INPUT, now) if isinstance(item, Document)]


def articles(found: list[Document]) -> list[Article]:
    read = [read_article(document) for document in found]
    return [item for item in read if isinstance(item, Article)]


def claims(article: Article) -> list[CasualtyClaim | ReinforcementClaim | TerritorialClaim]:
    common = {
        "article_id": article.article_id,
        "status": "claimed",
        "claimant_text": "O'Neil; drop table raw.claims; --",
        "quote": article.text[:6],
        "quote_start": 0,
        "quote_end": 6,
        "date_start": date(2016, 8, 8),
        "date_end": None,
        "confidence": 0.25,
        "rule": "test",
    }
    return [
        CasualtyClaim(
            claim_id=content_hash(article.article_id, "c"), kind="casualty", harm="killed", victim="soldiers",
            scope="incident", count_low=12, count_best=12, count_high=None, **common,
        ),
        ReinforcementClaim(
            claim_id=content_hash(article.article_id, "r"), kind="reinforcement", force="fighters", **common
        ),
        TerritorialClaim(
            claim_id=content_hash(article.article_id, "t"), kind="territorial_change", change="captured",
            lost_by_inferred=True, **common,
        ),
    ]  # fmt: skip


def fill(path: Path, folder: Path, version: str = "v1") -> list[Article]:
    with Warehouse(path) as warehouse:
        warehouse.add_documents(documents(folder))
        warehouse.add_articles(articles(warehouse.unparsed_documents(DAY)))
        batch = warehouse.unread_articles(DAY, version)
        warehouse.add_claims(batch, [claim for article in batch for claim in claims(article)], version, DAY)
    return batch


def test_unread_articles_go_on_after_the_last_that_was_given(path, tmp_path):
    with Warehouse(path) as warehouse:
        warehouse.add_documents(documents(tmp_path / "in", number=5))
        warehouse.add_articles(articles(warehouse.unparsed_documents(DAY)))
        whole = warehouse.unread_articles(DAY, "v1")
        first = warehouse.unread_articles(DAY, "v1", 2)
        second = warehouse.unread_articles(DAY, "v1", 2, after=first[-1])
        third = warehouse.unread_articles(DAY, "v1", 2, after=second[-1])
        assert first + second + third == whole
        assert warehouse.unread_articles(DAY, "v1", 2, after=third[-1]) == []


def test_records_come_back_as_they_went_in(path, tmp_path):
    landed = documents(tmp_path / "in", published_at="2016-08-08T02:00:00+03:00")
    with Warehouse(path) as warehouse:
        assert warehouse.add_documents(landed) == 3
        assert sorted(warehouse.unparsed_documents(DAY), key=lambda d: d.path) == landed
        read = articles(landed)
        warehouse.add_articles(read)
        unread = warehouse.unread_articles(DAY, "v1")
        assert sorted(unread, key=lambda a: a.article_id) == sorted(read, key=lambda a: a.article_id)
        found = [claim for article in unread for claim in claims(article)]
        assert warehouse.add_claims(unread, found, "v1", DAY) == 9
        assert [claim for article in unread for claim in warehouse.claims_of(article.article_id)] == found
        assert warehouse.find_articles(read[0].article_id[:9]) == [read[0]]
        assert warehouse.find_articles("input:1") == [a for a in read if a.document_id == "input:1"]


def test_everything_again_adds_nothing(path, tmp_path):
    fill(path, tmp_path / "in")
    before = export_sorted(path)
    assert fill(path, tmp_path / "in") == []
    with Warehouse(path) as warehouse:
        assert warehouse.unparsed_days() == {}
        assert warehouse.unread_days("v1") == {}
        assert warehouse.unread_days("v2") == {DAY: 3}
    assert export_sorted(path) == before


def test_a_document_keeps_the_day_it_first_landed_on(path, tmp_path):
    with Warehouse(path) as warehouse:
        warehouse.add_documents(documents(tmp_path / "in"))
        assert warehouse.add_documents(documents(tmp_path / "in", now=NOW.replace(day=9))) == 0
        assert len(warehouse.unparsed_documents(DAY)) == 3
        assert warehouse.unparsed_documents(date(2026, 3, 9)) == []


def test_a_date_added_later_replaces_what_stood_beside_the_text_and_is_read_again(path, tmp_path):
    fill(path, tmp_path / "in")
    later = datetime(2026, 3, 9, tzinfo=UTC)
    with Warehouse(path) as warehouse:
        assert warehouse.add_documents(documents(tmp_path / "in", now=later, published_at="2016-08-08")) == 3
        redone = articles(warehouse.unparsed_documents(later.date()))
        assert warehouse.add_articles(redone) == 3
        assert warehouse.counts()["articles"] == 3
        (found,) = warehouse.find_articles(redone[0].article_id)
        assert found.published_on == date(2016, 8, 8)
        assert found.known_on == DAY
        assert warehouse.unread_days("v1") == {later.date(): 3}
        assert warehouse.unparsed_days() == {}
        batch = warehouse.unread_articles(later.date(), "v1")
        warehouse.add_claims(
            batch, [claim for article in batch for claim in claims(article)], "v1", later.date()
        )
        assert warehouse.counts() == {"documents": 6, "articles": 3, "claims": 9, "rejects": 0, "changes": 12}


def test_of_two_landings_of_one_text_the_later_holds_whatever_the_order(path, tmp_path):
    early = articles(documents(tmp_path / "in", 1))
    late = articles(documents(tmp_path / "in", 1, now=NOW.replace(day=9), title="Late"))
    with Warehouse(path) as warehouse:
        assert warehouse.add_articles(late + early) == 1
        assert warehouse.add_articles(early) == 0
        assert warehouse.find_articles(early[0].article_id)[0].title == "Late"


def test_another_version_adds_its_reading_and_the_latest_is_current(path, tmp_path):
    batch = fill(path, tmp_path / "in")
    with Warehouse(path) as warehouse:
        fewer = claims(batch[0])[:1]
        warehouse.add_claims([batch[0]], fewer, "v2", DAY)
        assert warehouse.claims_of(batch[0].article_id) == fewer
        assert warehouse.counts()["claims"] == 10
        assert len(warehouse.unread_articles(DAY, "v2")) == 2


def test_an_article_without_claims_is_read_once(path, tmp_path):
    with Warehouse(path) as warehouse:
        warehouse.add_documents(documents(tmp_path / "in"))
        warehouse.add_articles(articles(warehouse.unparsed_documents(DAY)))
        warehouse.add_claims(warehouse.unread_articles(DAY, "v1"), [], "v1", DAY)
        assert warehouse.unread_articles(DAY, "v1") == []


def test_claims_of_another_article_are_an_error_and_leave_nothing(path, tmp_path):
    batch = fill(path, tmp_path / "in")
    with Warehouse(path) as warehouse:
        before = warehouse.counts()
        with pytest.raises(ValueError, match="not in the batch"):
            warehouse.add_claims(batch[:1], claims(batch[1]), "v2", DAY)
        assert warehouse.counts() == before


def test_a_batch_that_fails_leaves_nothing_of_itself(path, tmp_path):
    batch = fill(path, tmp_path / "in")
    twice = claims(batch[0])[:1] * 2
    before = export_sorted(path)
    with Warehouse(path) as warehouse, pytest.raises(duckdb.ConstraintException):
        warehouse.add_claims(batch, twice, "v2", DAY)
    assert export_sorted(path) == before


def test_rejects_are_kept_once_and_a_rejected_document_is_not_parsed_again(path, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_text("{}")
    (folder / "b.txt").write_bytes(b"")
    found = list(land_path(folder, INPUT, NOW))
    landed = [item for item in found if isinstance(item, Document)]
    rejects = [item for item in found if not isinstance(item, Document)] + [read_article(landed[0])]
    with Warehouse(path) as warehouse:
        warehouse.add_documents(landed)
        assert warehouse.add_rejects(rejects) == 2
        assert warehouse.add_rejects(rejects) == 0
        assert warehouse.unparsed_documents(DAY) == []
        assert warehouse.unparsed_days() == {}


def test_documents_are_handed_out_in_batches_bounded_in_bytes(path, tmp_path):
    landed = [
        replace(document, content=b"x" * (40 << 20), landing_id=f"big{n}")
        for n, document in enumerate(documents(tmp_path / "in"))
    ]
    with Warehouse(path) as warehouse:
        warehouse.add_documents(landed)
        assert len(warehouse.unparsed_documents(DAY)) == 2
        assert len(warehouse.unparsed_documents(DAY, limit=1)) == 1


def test_a_run_killed_between_batches_is_mended_by_the_next(path, tmp_path):
    fill(tmp_path / "other.duckdb", tmp_path / "in")
    landed = documents(tmp_path / "in")
    with Warehouse(path) as warehouse:
        warehouse.add_documents(landed[:2])
    with Warehouse(path) as warehouse:
        warehouse.add_articles(articles(warehouse.unparsed_documents(DAY))[:1])
    fill(path, tmp_path / "in")
    assert export_sorted(path) == export_sorted(tmp_path / "other.duckdb")


def hold(path: Path) -> subprocess.Popen[str]:
    """Start a process that holds the file until it is killed."""
    code = f"""
        import duckdb, time
        connection = duckdb.connect({str(path)!r})
        connection.execute("begin; create table raw.half_done (a integer)")
        print("holding", flush=True)
        time.sleep(60)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    return process


def test_who_holds_the_warehouse_is_named_with_what_to_do(path, tmp_path):
    fill(path, tmp_path / "in")
    process, told = hold(path), []
    try:
        with (
            pytest.raises(WarehouseBusyError) as caught,
            Warehouse(path, wait_seconds=0.5, report=told.append),
        ):
            pass
    finally:
        process.kill()
        process.wait()
    assert caught.value.pid == process.pid
    assert f"process {process.pid}" in str(caught.value)
    assert f"kill {process.pid}" in str(caught.value)
    assert told
    assert "Waiting for process" in told[0]


def test_a_killed_holder_leaves_neither_a_lock_nor_half_its_work(path, tmp_path):
    fill(path, tmp_path / "in")
    before = export_sorted(path)
    process = hold(path)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with Warehouse(path, wait_seconds=0) as warehouse:
        assert warehouse.counts()["documents"] == 3
    assert export_sorted(path) == before


def test_a_file_that_is_no_warehouse_is_an_error_with_advice(path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseError, match="is no DuckDB file"), Warehouse(path):
        pass


def test_reading_a_warehouse_that_is_not_there_says_what_makes_it(path):
    with pytest.raises(WarehouseError, match="make run"), Warehouse(path, read_only=True):
        pass
    assert not path.exists()


def test_a_closed_warehouse_says_so(path):
    with pytest.raises(WarehouseError, match="closed"):
        Warehouse(path).counts()


def test_closing_writes_no_more_than_the_last_few_thousand_rows_anew(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    rejects = [
        Reject(
            reject_id=f"{number}", source_id="desk", location=f"{number}.txt", reason_code="empty",
            reason="is empty", landed_on=NOW.date(), landed_at=NOW,
        )
        for number in range(3 * ROW_GROUP)
    ]  # fmt: skip
    for first in range(0, len(rejects), 1000):
        with Warehouse(path) as warehouse:
            warehouse.add_rejects(rejects[first : first + 1000])
    with Warehouse(path) as warehouse:
        groups = warehouse.connection.execute(
            "select sum(count)::int from pragma_storage_info('raw.rejects')"
            " where column_name = 'reject_id' and segment_type = 'VARCHAR' group by row_group_id"
        ).fetchall()
    assert sum(rows for (rows,) in groups) == len(rejects)
    assert max(rows for (rows,) in groups) <= ROW_GROUP
