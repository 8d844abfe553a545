"""Archives: what is in them lands as from a folder; bombs, climbing paths and damage are rejects."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.landing import INPUT, land_path
from ingest.records import Document

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TEXT = "The bridge at Karsa was shelled on Monday, residents said.\n"
SIDECAR = "file,title\na.txt,One\nsub/b.txt,Two\n"
MEMBERS = {"a.txt": TEXT.encode(), "sub/b.txt": TEXT.encode() * 2, "articles.csv": SIDECAR.encode()}


def landed(path: Path) -> tuple[list[Document], dict[str, str]]:
    found = list(land_path(path, INPUT, NOW))
    rejects = {item.location: item.reason_code for item in found if not isinstance(item, Document)}
    return [item for item in found if isinstance(item, Document)], rejects


def tar(path: Path, mode: str, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("name", "mode"),
    [("x.zip", ""), ("x.tar", "w"), ("x.tar.gz", "w:gz"), ("x.tgz", "w:gz"), ("x.tar.xz", "w:xz")],
)
def test_what_is_in_an_archive_lands_as_from_a_folder(tmp_path, name, mode):
    path = tar(tmp_path / name, mode, MEMBERS) if mode else zipped(tmp_path / name, MEMBERS)
    documents, rejects = landed(path)
    assert rejects == {}
    assert [(d.path, d.metadata["title"]) for d in documents] == [
        (f"{name}/a.txt", "One"),
        (f"{name}/sub/b.txt", "Two"),
    ]
    assert documents[0].content == TEXT.encode()
    assert documents == landed(tmp_path)[0]


@pytest.mark.parametrize(
    ("suffix", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)
def test_a_compressed_file_lands_as_the_file(tmp_path, suffix, compress):
    lines = b"".join(json.dumps({"id": n, "text": TEXT}).encode() + b"\n" for n in range(3)) + b"{half\n"
    (tmp_path / f"a.jsonl.{suffix}").write_bytes(compress(lines))
    documents, rejects = landed(tmp_path)
    assert [d.document_id for d in documents] == ["input:0", "input:1", "input:2"]
    assert rejects == {f"a.jsonl.{suffix}/a.jsonl:4": "bad_json"}


def test_names_that_begin_with_a_dot_and_a_slash_are_ordinary(tmp_path):
    tar(tmp_path / "x.tar", "w", {"./a.txt": TEXT.encode()})
    assert [d.path for d in landed(tmp_path)[0]] == ["x.tar/a.txt"]


def test_nothing_climbs_out_and_no_link_is_followed(tmp_path):
    (tmp_path / "in").mkdir()
    zipped(
        tmp_path / "in" / "z.zip",
        {"../../out.txt": b"x", "/abs.txt": b"x", "..\\win.txt": b"x", "ok.txt": b"ok"},
    )
    with tarfile.open(tmp_path / "in" / "t.tar", "w") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        climbing = tarfile.TarInfo("a/../../up.txt")
        archive.addfile(climbing, io.BytesIO())
    documents, rejects = landed(tmp_path / "in")
    assert [d.content for d in documents] == [b"ok"]
    assert sorted(rejects.values()) == ["not_a_file"] + ["outside_folder"] * 4
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "t.tar", "z.zip"]


def zeros() -> bytes:
    """Return 300 MB of zeros under gzip, made piece by piece."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        for _ in range(300):
            file.write(bytes(1 << 20))
    return out.getvalue()


def test_a_small_file_that_becomes_a_large_one_is_a_reject_and_its_neighbours_come_through(tmp_path):
    (tmp_path / "bomb.txt.gz").write_bytes(zeros())
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", TEXT)
        with archive.open("zeros.txt", "w", force_zip64=True) as member:
            for _ in range(300):
                member.write(bytes(1 << 20))
    (tmp_path / "good.txt").write_text(TEXT)
    documents, rejects = landed(tmp_path)
    assert [d.path for d in documents] == ["bomb.zip/a.txt", "good.txt"]
    assert rejects == {"bomb.txt.gz": "archive_bomb", "bomb.zip": "archive_bomb"}


def test_too_many_members_are_a_reject(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.landing.archives.MAX_MEMBERS", 2)
    zipped(tmp_path / "x.zip", {f"{n}.txt": TEXT.encode() for n in range(5)})
    documents, rejects = landed(tmp_path)
    assert len(documents) == 2
    assert rejects == {"x.zip": "archive_too_large"}


def test_a_damaged_archive_keeps_what_came_before_the_damage(tmp_path):
    whole = tar(tmp_path / "x.tar", "w", MEMBERS).read_bytes()
    (tmp_path / "x.tar").write_bytes(whole[:1500])
    (tmp_path / "w.tar").write_bytes(whole[:1024])
    (tmp_path / "y.zip").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "z.txt.gz").write_bytes(gzip.compress(TEXT.encode() * 1000)[:100])
    documents, rejects = landed(tmp_path)
    assert [d.path for d in documents] == ["w.tar/a.txt", "x.tar/a.txt"]
    assert rejects == dict.fromkeys(("w.tar", "x.tar", "y.zip", "z.txt.gz"), "damaged_archive")


def test_archives_in_archives_and_names_that_stand_twice_are_rejects(tmp_path):
    archive = zipfile.ZipFile(tmp_path / "x.zip", "w")
    archive.writestr("inner.zip", b"PK")
    archive.writestr("a.txt", TEXT)
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("a.txt", "Another text.")
    archive.close()
    documents, rejects = landed(tmp_path)
    assert [d.content for d in documents] == [TEXT.encode()]
    assert rejects == {"x.zip/inner.zip": "nested_archive", "x.zip/a.txt": "named_twice"}


def test_a_zip_whose_directory_lies_before_its_beginning_is_damaged(tmp_path):
    whole = zipped(tmp_path / "x.zip", MEMBERS).read_bytes()
    place = whole.rindex(b"PK\x05\x06") + 16
    # The directory's place: members are counted from the difference to where it is found.
    broken = whole[:place] + (len(whole) * 2).to_bytes(4, "little") + whole[place + 4 :]
    (tmp_path / "x.zip").write_bytes(broken)
    assert landed(tmp_path) == ([], {"x.zip": "damaged_archive"})
