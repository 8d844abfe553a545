"""Registered folders: what stands as it was read is not opened again, and nothing is lost by that."""

import gzip
import json
import os
import sys
import time
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest.landing import Fetcher, Source, land_source
from ingest.landing.folders import SETTLES_NS
from ingest.records import Arrival, Document, Reject, Unchanged, Visit
from tests.unit.landing.test_archives import zipped
from tests.unit.landing.test_files import TEXT, fill
from tests.unit.landing.test_warc import write_warc

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OTHER = "The mill at Darvo burned down on Friday, firemen said.\n"
opened: list[str] = []
"""Every file that this process opened, since somebody last asked."""


def _note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note_opened)


class Clock:
    """The clock that stamps files, so many seconds ahead of the real one."""

    def __init__(self) -> None:
        self.ahead = 2 * SETTLES_NS

    def time_ns(self) -> int:
        return time.time_ns() + self.ahead


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let every file have settled: the tests that follow do not wait for it."""
    clock = Clock()
    monkeypatch.setattr("ingest.landing.folders.time", SimpleNamespace(time_ns=clock.time_ns))
    return clock


class Desk:
    """A folder that is landed time and again: it remembers the visits as the warehouse does."""

    def __init__(self, path: Path, **said: object) -> None:
        self.path = path
        self.source = Source(id="desk", path=path, **said)
        self.visits: dict[str, Visit] = {}
        self.looked_up: list[int] = []

    def recall(self, addresses: Collection[str]) -> dict[str, Visit]:
        self.looked_up.append(len(addresses))
        return {address: self.visits[address] for address in addresses if address in self.visits}

    def arriving(self) -> Iterator[Arrival]:
        return land_source(self.source, NOW, Fetcher(), self.recall)

    def land(self) -> list[str]:
        """Land the folder and keep the visits; return the paths of the documents."""
        opened.clear()
        found = list(self.arriving())
        self.opened = {
            os.path.relpath(path, self.path) for path in opened if path.startswith(f"{self.path}{os.sep}")
        }
        self.visits |= {item.address: item for item in found if isinstance(item, Visit)}
        self.rejects = {item.location: item.reason_code for item in found if isinstance(item, Reject)}
        self.unchanged = sum(item.files for item in found if isinstance(item, Unchanged))
        self.documents = [item for item in found if isinstance(item, Document)]
        return [str(document.path) for document in self.documents]


def page(name: str) -> tuple[str, str, bytes, str]:
    """Return the record of a page in a WARC."""
    return "response", f"https://x.example/{name}", TEXT.encode(), "200 OK; text/html"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder of every kind, landed once."""
    folder = fill(
        tmp_path / "in",
        {
            "a.txt": TEXT,
            "b.html": f"<p>{TEXT}",
            "c.jsonl": json.dumps({"id": 1, "text": TEXT}) + "\n" + json.dumps({"id": 2, "text": OTHER}),
            "articles.csv": "file,title\na.txt,One\nsub/d.txt,Two\nz.zip/m.txt,Three\n",
            "sub/d.txt": OTHER,
            "e.txt.gz": gzip.compress(TEXT.encode()),
        },
    )
    zipped(folder / "z.zip", {"m.txt": TEXT.encode(), "n.txt": OTHER.encode()})
    write_warc(folder / "w.warc.gz", [page("w")])
    desk = Desk(folder)
    desk.land()
    return desk


ALL = "a.txt b.html c.jsonl:1 c.jsonl:2 e.txt.gz/e.txt sub/d.txt w.warc.gz#2 z.zip/m.txt z.zip/n.txt".split()


def test_an_unchanged_folder_is_not_opened_again_but_for_its_csvs(desk):
    assert [str(document.path) for document in desk.documents] == ALL
    assert {"a.txt", "w.warc.gz", "z.zip"} < desk.opened
    assert desk.rejects == {}
    assert desk.land() == []
    assert desk.opened == {"articles.csv"}
    assert desk.unchanged == 7


@pytest.mark.parametrize(
    ("name", "content", "documents"),
    [
        ("a.txt", OTHER, ["a.txt"]),
        ("sub/d.txt", TEXT, ["sub/d.txt"]),
        ("c.jsonl", json.dumps({"id": 1, "text": OTHER}), ["c.jsonl:1"]),
        ("e.txt.gz", gzip.compress(OTHER.encode()), ["e.txt.gz/e.txt"]),
        ("new.txt", TEXT, ["new.txt"]),
    ],
)
def test_a_file_that_changed_or_came_is_read_and_no_other(desk, name, content, documents):
    fill(desk.path, {name: content})
    assert desk.land() == documents
    assert desk.opened == {"articles.csv", name}
    assert desk.land() == []


def test_an_archive_is_unpacked_again_only_where_it_was_replaced(desk):
    zipped(desk.path / "z.zip", {"m.txt": OTHER.encode()})
    assert desk.land() == ["z.zip/m.txt"]
    assert desk.documents[0].metadata == {"title": "Three"}
    write_warc(desk.path / "w.warc.gz", [page("w"), page("x")])
    assert desk.land() == ["w.warc.gz#2", "w.warc.gz#3"]
    assert desk.land() == []


@pytest.mark.parametrize(
    ("row", "documents"),
    [
        ("a.txt,One", ["a.txt"]),
        ("sub/d.txt,Two", ["sub/d.txt"]),
        ("z.zip/m.txt,Three", ["z.zip/m.txt", "z.zip/n.txt"]),
    ],
)
def test_a_row_that_changed_reads_what_it_describes_again(desk, row, documents):
    path = desk.path / "articles.csv"
    path.write_text(path.read_text().replace(row, f"{row} and a half"))
    assert desk.land() == documents
    assert desk.documents[0].metadata["title"].endswith("and a half")
    assert desk.land() == []


def test_rows_that_move_and_say_the_same_read_no_file_again(tmp_path):
    files = {"a.txt": TEXT, "b.txt": TEXT, "articles.csv": "file,title\na.txt,One\nb.txt,Two\n"}
    desk = Desk(fill(tmp_path / "in", files))
    desk.land()
    fill(desk.path, {"articles.csv": "file,title\n\nb.txt,Two\na.txt,One\n"})
    assert desk.land() == []


def test_a_csv_of_any_folder_may_describe_a_file(desk):
    for outlet in ("The Desk", "The Other Desk"):
        fill(desk.path, {"sub/list.csv": f"file,outlet\n../b.html,{outlet}\n"})
        assert desk.land() == ["b.html"]
        assert desk.documents[0].outlet == outlet
    (desk.path / "sub/list.csv").unlink()
    assert desk.land() == ["b.html"]
    assert desk.documents[0].outlet is None


@pytest.mark.parametrize(
    "said",
    [
        {"fields": {"text": "text", "outlet": "site"}},
        {"outlet": "The Desk"},
        {"language": "fr"},
        {"time_zone": "Asia/Beirut"},
        {"is_archive": True},
    ],
)
def test_a_source_that_is_read_otherwise_is_read_again(desk, said):
    desk.source = replace(desk.source, **said)
    assert desk.land() == ALL
    assert desk.land() == []


def test_what_the_register_says_of_volume_reads_nothing_again(desk):
    desk.source = replace(desk.source, expected_per_day=5)
    assert desk.land() == []


def test_other_code_reads_everything_again(desk, monkeypatch):
    monkeypatch.setattr("ingest.landing.folders._code", lambda: "another version")
    assert desk.land() == ALL


def test_bytes_of_the_same_size_and_time_do_not_pass_for_the_same(desk):
    path = desk.path / "a.txt"
    stamp = path.stat()
    # A file system's clock ticks every few milliseconds.
    time.sleep(0.05)
    path.write_text(TEXT.replace("Karsa", "Tarsa"))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_size == stamp.st_size
    assert path.stat().st_mtime_ns == stamp.st_mtime_ns
    assert desk.land() == ["a.txt"]
    assert b"Tarsa" in desk.documents[0].content


def test_a_file_moved_into_the_place_of_another_is_read(desk, tmp_path):
    path, other = desk.path / "a.txt", tmp_path / "other.txt"
    other.write_text(TEXT.replace("Karsa", "Tarsa"))
    stamp = path.stat()
    os.utime(other, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    other.replace(path)
    assert desk.land() == ["a.txt"]


def test_a_link_is_read_again_where_its_target_changed_or_is_another(desk):
    link = desk.path / "link.txt"
    link.symlink_to("a.txt")
    assert desk.land() == ["link.txt"]
    assert desk.land() == []
    fill(desk.path, {"a.txt": OTHER})
    assert desk.land() == ["a.txt", "link.txt"]
    link.unlink()
    link.symlink_to("sub/d.txt")
    assert desk.land() == ["link.txt"]
    link.unlink()
    link.symlink_to("nowhere.txt")
    assert desk.land() == []
    assert desk.rejects == {"link.txt": "broken_link"}


def test_a_renamed_file_is_another_document_and_a_deleted_one_is_none(desk):
    (desk.path / "a.txt").rename(desk.path / "renamed.txt")
    (desk.path / "b.html").unlink()
    assert desk.land() == ["renamed.txt"]
    assert desk.rejects == {"articles.csv:2": "missing_file"}
    assert desk.unchanged == 5


def test_a_file_written_just_now_is_read_again_the_next_time(desk, clock):
    clock.ahead = 0
    fill(desk.path, {"new.txt": TEXT})
    assert desk.land() == desk.land() == ["new.txt"]
    clock.ahead = SETTLES_NS
    assert desk.land() == ["new.txt"]
    assert desk.land() == []


def test_a_run_that_is_killed_before_a_visit_reads_the_file_again(tmp_path):
    lines = "\n".join(json.dumps({"id": n, "text": TEXT}) for n in range(3))
    desk = Desk(fill(tmp_path / "in", {"a.txt": TEXT, "b.jsonl": lines, "c.txt": TEXT}))
    whole = list(desk.arriving())
    assert [type(item) for item in whole] == [Document, Visit, *[Document] * 3, Visit, Document, Visit]
    for end in range(len(whole)):
        killed = Desk(desk.path)
        before = whole[:end]
        killed.visits = {item.address: item for item in before if isinstance(item, Visit)}
        killed.land()
        had = {item.landing_id for item in [*before, *killed.documents] if isinstance(item, Document)}
        assert had == {item.landing_id for item in whole if isinstance(item, Document)}


def test_what_is_refused_is_told_once_and_read_again_when_it_changed(tmp_path):
    bad_zip = tmp_path / "in" / "z.zip"
    desk = Desk(fill(tmp_path / "in", {"a.txt": "", "b.jsonl": '{"text": "One."}\n{"te', "c.pdf": "%PDF"}))
    with zipfile.ZipFile(bad_zip, "w") as archive:
        archive.writestr("inner.zip", b"PK")
    desk.land()
    told = {"a.txt": "empty", "b.jsonl:2": "bad_json", "c.pdf": "unknown_type"}
    assert desk.rejects == told | {"z.zip/inner.zip": "nested_archive"}
    assert {visit.address for visit in desk.visits.values() if visit.is_refused} == {
        "a.txt", "b.jsonl", "c.pdf", "z.zip",
    }  # fmt: skip
    assert desk.land() == []
    assert desk.rejects == {}
    fill(desk.path, {"a.txt": TEXT})
    assert desk.land() == ["a.txt"]
    assert not desk.visits["a.txt"].is_refused


def test_a_disk_that_does_not_answer_makes_no_visit(tmp_path, monkeypatch):
    desk = Desk(fill(tmp_path / "in", {"a.txt": TEXT}))
    zipped(desk.path / "z.zip", {"m.txt": TEXT.encode()})

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr("ingest.landing.files.read_documents", fail)
        failing.setattr("ingest.landing.archives.zipfile.ZipFile", fail)
        assert desk.land() == []
    assert desk.rejects == {"a.txt": "unreadable", "z.zip": "unreadable"}
    assert desk.visits == {}
    assert desk.land() == ["a.txt", "z.zip/m.txt"]


def test_a_csv_in_an_archive_describes_its_archive_alone(tmp_path):
    desk = Desk(fill(tmp_path / "in", {"a.txt": TEXT}))
    rows = b"file,title\n../a.txt,One\nm.txt,Three\n"
    zipped(desk.path / "z.zip", {"m.txt": TEXT.encode(), "list.csv": rows})
    desk.land()
    assert [document.metadata for document in desk.documents] == [{}, {"title": "Three"}]
    assert desk.rejects == {"z.zip/list.csv:2": "outside_folder"}


def test_a_member_that_a_csv_names_and_the_archive_lacks_is_told_until_it_is_there(desk):
    path = desk.path / "articles.csv"
    path.write_text(path.read_text() + "z.zip/late.txt,Four\n")
    assert desk.land() == ["z.zip/m.txt", "z.zip/n.txt"]
    assert desk.rejects == {"articles.csv:5": "missing_file"}
    assert desk.visits["z.zip"].is_refused
    path.write_text(path.read_text().replace("z.zip/late", "\nz.zip/late"))
    desk.land()
    assert desk.rejects == {"articles.csv:6": "missing_file"}
    zipped(desk.path / "z.zip", {"late.txt": TEXT.encode()})
    assert desk.land() == ["z.zip/late.txt"]
    assert desk.rejects == {"articles.csv:4": "missing_file"}, "the row of m.txt, which went"


def test_visits_are_looked_up_for_many_files_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.landing.folders.LOOKED_UP", 4)
    desk = Desk(fill(tmp_path / "in", {f"{n}.txt": TEXT for n in range(10)}))
    assert len(desk.land()) == 10
    assert desk.looked_up == [4, 4, 2]
    assert desk.land() == []
    assert desk.unchanged == 10


def test_a_source_of_one_file_is_passed_over_too(tmp_path):
    fill(tmp_path, {"a.txt": TEXT, "b.txt": TEXT, "articles.csv": "file,title\na.txt,One\nb.txt,Two\n"})
    desk = Desk(tmp_path / "a.txt")
    desk.land()
    assert [document.metadata for document in desk.documents] == [{"title": "One"}]
    assert desk.land() == []
    assert desk.unchanged == 1
