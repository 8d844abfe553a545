"""What hostile inputs and kills have found, each in small: it must not come back."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest.__main__ import main
from ingest.articles import read_article
from ingest.landing import INPUT, land_path
from ingest.landing.connections import Answer, FetchError, resolve
from ingest.landing.documents import landed
from ingest.landing.feeds import FeedError, read_feed
from ingest.landing.formats import Draft
from ingest.landing.online import land_online
from ingest.landing.sitemaps import read_sitemap
from ingest.landing.sources import Source, SourcesError, load_sources
from ingest.landing.web import Fetcher, Politeness
from ingest.records import Article, Document, Reject, Visit
from ingest.warehouse import Warehouse, WarehouseError
from ingest.warehouse.backup import back_up, restore
from ingest.warehouse.connection import WarehouseBusyError, connect
from orchestration import run
from tests.feeds import Article as Feed
from tests.feeds import json_feed, sitemap
from tests.unit.landing.test_warc import write_warc
from tests.web import Reply, Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FEED = "https://desk.example/feed"
TEXT = "The bridge at Karsa was shelled on Monday."


@pytest.mark.parametrize("zone", ["Nowhere/Town", "../../etc", "America", "\ufffd"])
def test_a_document_does_not_speak_for_its_register(tmp_path: Path, zone: str) -> None:
    row = {
        "text": TEXT,
        "published_at": "2016-08-08T06:00",
        "source_time_zone": zone,
        "source_text_field": "x",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    source = Source(id="desk", path=tmp_path, time_zone="Asia/Beirut")
    (document,) = land_path(tmp_path, source, NOW)
    assert isinstance(document, Document)
    assert document.metadata["source_time_zone"] == "Asia/Beirut"
    article = read_article(document)
    assert isinstance(article, Article)
    assert article.published_at == datetime(2016, 8, 8, 3, tzinfo=UTC)


def test_a_time_zone_that_landed_before_it_was_checked_is_read_as_utc() -> None:
    draft = Draft("a.txt", "text/plain", TEXT.encode(), {"published_at": "2016-08-08T06:00"})
    document = landed(draft, Source(id="desk", time_zone="Nowhere/Town"), NOW)
    assert isinstance(document, Document)
    article = read_article(document)
    assert isinstance(article, Article)
    assert article.published_at == datetime(2016, 8, 8, 6, tzinfo=UTC)


def test_a_reason_can_be_stored_whatever_it_cites(tmp_path: Path) -> None:
    write_warc(tmp_path / "a.warc", [("response", "https://x.example/", b"x", "200 OK; image/x")])
    (tmp_path / "a.warc").write_bytes((tmp_path / "a.warc").read_bytes().replace(b"image/", b"im\0ge/"))
    (reject,) = land_path(tmp_path, INPUT, NOW)
    assert isinstance(reject, Reject)
    assert "\0" not in reject.reason + reject.location


ODD = "http://exa\u2100mple/"
"""Its host would become one with a slash in it when letters are made simple."""


@pytest.mark.parametrize("write", [json_feed, sitemap])
def test_a_link_that_is_no_address_costs_its_entry_and_not_the_feed(write: Callable[..., str]) -> None:
    good = "https://desk.example/a"
    answer = Answer(
        "https://desk.example/feed", 200, {}, write(Feed(ODD, "Odd"), Feed(good, "Good")).encode()
    )
    if write is sitemap:
        assert [item.address for item in read_sitemap(answer)] == [ODD, good]
    else:
        assert [entry.link for entry in read_feed(answer)] == [ODD, good]


def test_an_address_can_be_stored_whatever_stands_in_a_link() -> None:
    assert resolve("https://desk.example/feed", "/a\0b") == "https://desk.example/a\ufffdb"
    resolve("https://desk.example/feed", "/\ud800").encode()


def test_a_redirect_to_no_address_is_a_reject(site: Site) -> None:
    site.pages["/a"] = Reply(status=302, headers={"Location": "http://[half"})
    with Fetcher(sleep=lambda _: None) as fetcher, pytest.raises(FetchError) as error:
        fetcher.get(site.url("/a"), Politeness(delay=0, private_hosts=True))
    assert error.value.code == "bad_address"


@pytest.mark.parametrize(
    "register",
    [
        "- " * 5000,
        "sources: [{id: a, kind: folder, path: 2026-13-45}]",
        "sources: [{id: a, kind: folder, path: !!timestamp soon}]",
        "sources: [{id: a, kind: folder, archive: !!bool maybe}]",
        "sources: [{id: a, kind: page, address: https://a.example/, follow: 'a{99999999999}'}]",
        f"sources: [{{id: a, kind: page, address: https://a.example/, follow: '{'(' * 5000}{')' * 5000}'}}]",
    ],
    ids=["nested lists", "no such day", "no timestamp", "no truth", "a number too large", "nested groups"],
)
def test_a_register_that_cannot_be_read_is_told_and_not_broken_off(tmp_path: Path, register: str) -> None:
    (tmp_path / "sources.yml").write_text(register, "utf-8")
    with pytest.raises(SourcesError, match=re.escape(str(tmp_path))):
        load_sources(tmp_path / "sources.yml")


def test_a_member_of_a_zip_without_a_name_is_a_reject_and_the_others_come_through(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("\0"), "nameless")
        archive.writestr("good.txt", TEXT)
    found = {type(item): item for item in land_path(tmp_path, INPUT, NOW)}
    assert found[Reject].reason_code == "outside_folder"
    assert found[Document].content == TEXT.encode()


def test_a_reason_is_short_enough_to_be_read_whatever_it_cites(tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text(f"file\n{'x' * 5000}.txt\n", "utf-8")
    (reject,) = land_path(tmp_path, INPUT, NOW)
    assert isinstance(reject, Reject)
    assert reject.reason_code == "missing_file"
    assert reject.reason.startswith("names the file 'xxx")
    assert len(reject.reason) == 1000


def test_a_place_in_a_feed_can_be_stored(tmp_path: Path) -> None:
    draft = Draft("https://desk.example/\0", "text/plain", TEXT.encode())
    document = landed(draft, Source(id="desk", kind="feed"), NOW)
    assert isinstance(document, Document)
    assert "\0" not in f"{document.path}{document.document_id}"


def test_an_item_that_is_no_text_without_its_neighbours_lands_and_is_refused(tmp_path: Path) -> None:
    odd = {"key": "a", "body": "\x81\x8d\x8f" * 20}
    good = {"key": "b", "body": TEXT * 400}
    (tmp_path / "a.json").write_text(json.dumps([odd, good], ensure_ascii=False), "utf-8")
    source = Source(id="desk", path=tmp_path, fields={"id": "key", "text": "body"})
    found = [read_article(item) for item in land_path(tmp_path, source, NOW) if isinstance(item, Document)]
    assert len(found) == 2
    assert [item.text for item in found if isinstance(item, Article)] == [TEXT * 400]


def test_a_feed_whose_encoding_has_no_name_is_a_bad_feed() -> None:
    content = b'<?xml version="1.0" encoding="\xff\xfe"?><rss version="2.0"></rss>'
    with pytest.raises(FeedError) as error:
        read_feed(Answer("https://desk.example/feed", 200, {}, content))
    assert error.value.code == "bad_feed"


def test_a_damaged_warehouse_is_told_at_once_and_not_taken_for_one_that_is_held(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with Warehouse(path) as warehouse:
        warehouse.connection.execute("force checkpoint")
    content = bytearray(path.read_bytes())
    content[3 * 4096 + 100] ^= 1  # in a block, which has a checksum
    path.write_bytes(content)
    with pytest.raises(WarehouseError, match="is damaged") as error:
        connect(path, wait_seconds=3600)
    assert not isinstance(error.value, WarehouseBusyError)


class Down(Fetcher):
    """Gives the feed, and no page: their server is down."""

    def get(self, address: str, *_: object, **__: object) -> Answer:
        if address == FEED:
            return Answer(address, 200, {}, json_feed(Feed("https://desk.example/a", "One")).encode())
        raise FetchError("http_503", "answered 503", passes=True, status=503)


def test_what_was_announced_and_could_not_be_had_is_asked_for_again_though_it_is_withdrawn() -> None:
    """The month found it: the reject stayed for ever where the feed went back to what had been read."""
    source = Source(id="desk", kind="feed", addresses=(FEED,), group="feed")
    page = "https://desk.example/a"
    before = Visit(source_id="desk", address=page, status=200, visited_at=NOW, marker="as it was before")
    reject, visit, _ = land_online(source, NOW, Down(), lambda asked: {page: before} if page in asked else {})
    assert isinstance(reject, Reject)
    assert visit == replace(before, marker=None)


@pytest.mark.parametrize(
    ("status", "code"), [("404 No", "http_404"), ("4\0\0 x", "bad_answer"), ("x", "bad_answer")]
)
def test_a_status_that_is_no_number_makes_no_code_of_its_own(tmp_path: Path, status: str, code: str) -> None:
    write_warc(tmp_path / "a.warc", [("response", "https://x.example/", b"x", f"{status}; text/html")])
    (reject,) = land_path(tmp_path, INPUT, NOW)
    assert isinstance(reject, Reject)
    assert reject.reason_code == code


def test_an_answer_in_a_warc_that_does_not_say_its_address_is_damage_and_no_crash(tmp_path: Path) -> None:
    record = ("response", "https://x.example/", b"x", "200 OK; text/html")
    path = write_warc(tmp_path / "a.warc", [record], packed=False)
    path.write_bytes(path.read_bytes().replace(b"WARC-Target-URI: https://x.example/\r\n", b""))
    (reject,) = land_path(tmp_path, INPUT, NOW)
    assert isinstance(reject, Reject)
    assert reject.reason_code == "damaged_archive"


@pytest.mark.parametrize("rows", [[["a"]], 5, None, {"articles": "many"}, {"no such table": 1}])
def test_a_backup_whose_manifest_counts_oddly_is_refused(tmp_path: Path, rows: object) -> None:
    with Warehouse(tmp_path / "warehouse.duckdb"):
        pass
    made = back_up(tmp_path / "warehouse.duckdb", tmp_path / "a.tar", NOW)
    manifest = {"rows": rows, "bytes": made.bytes, "sha256": made.sha256, "made_at": "", "duckdb": ""}
    with tarfile.open(tmp_path / "a.tar") as kept:
        content = kept.extractfile("warehouse.duckdb")
        assert content is not None
        parts = {"manifest.json": json.dumps(manifest).encode(), "warehouse.duckdb": content.read()}
    with tarfile.open(tmp_path / "b.tar", "w") as changed:
        for name, part in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(part)
            changed.addfile(member, io.BytesIO(part))
    with pytest.raises(WarehouseError):
        restore(tmp_path / "b.tar", tmp_path / "new" / "warehouse.duckdb")
    assert list((tmp_path / "new").iterdir()) == []


def test_what_a_killed_backup_left_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path))
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "20260301T060000Z.tar.tmp").write_bytes(b"half")
    (folder / "notes.tmp").write_bytes(b"a person's")
    with Warehouse(tmp_path / "warehouse.duckdb"):
        pass
    assert main(["backup"]) == 0
    assert sorted(path.suffix for path in folder.iterdir()) == [".tar", ".tmp"]
    assert (folder / "notes.tmp").exists()


def test_a_full_disk_is_told_and_no_bug_is_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_room(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster_home"))
    monkeypatch.setattr(run.recovery, "recovered_instance", no_room)
    monkeypatch.setattr(run.shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 30))
    with pytest.raises(sqlite3.OperationalError):
        run.run_pipeline()
    monkeypatch.setattr(run.shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 10))
    assert run.run_pipeline() == 1
    assert f"The disk that holds {tmp_path} is full" in capsys.readouterr().out
