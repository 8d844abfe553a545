"""Landing of folders and files: good documents come through whatever lies beside them."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.landing import INPUT, Fetcher, Source, land_path, land_source
from ingest.landing.documents import canonical_url
from ingest.landing.formats import MAX_DOCUMENT_BYTES, JsonLine, read_json_lines
from ingest.records import Document, Reject

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DESK = Source(id="desk", path=Path("unused"))
TEXT = "The bridge at Karsa was shelled on Monday, residents said.\n"


def no_visits(addresses):
    return {}


def landed(path: Path, source: Source = INPUT) -> tuple[list[Document], dict[str, Reject]]:
    found = list(land_path(path, source, NOW))
    documents = [item for item in found if isinstance(item, Document)]
    return documents, {item.location: item for item in found if isinstance(item, Reject)}


def fill(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_every_kind_of_file_lands_with_its_bytes_as_they_are(tmp_path):
    line = {"id": 7, "text": TEXT, "published_at": "2016-08-08", "tags": ["a", "b"], "nested": {"x": 1}}
    fill(
        tmp_path,
        {
            "a.txt": "---\ntitle: 'Bridge: shelled'\npublished_at: 2016-08-08\n---\n" + TEXT,
            "b.html": "<p>" + TEXT,
            "c.json": json.dumps(line),
            "d.jsonl": json.dumps(line | {"id": 8}) + "\n\n" + json.dumps(line | {"id": 9}) + "\r\n",
            "sub/e.json": json.dumps([line | {"id": 10}, line | {"id": 11}]),
        },
    )
    documents, rejects = landed(tmp_path)
    assert rejects == {}
    assert [d.path for d in documents] == [
        "a.txt",
        "b.html",
        "c.json",
        "d.jsonl:1",
        "d.jsonl:3",
        "sub/e.json#1",
        "sub/e.json#2",
    ]
    assert documents[0].content == (tmp_path / "a.txt").read_bytes()
    assert documents[0].metadata == {"title": "Bridge: shelled", "published_at": "2016-08-08"}
    assert documents[2].metadata == {"id": "7", "published_at": "2016-08-08", "tags": "a, b"}
    assert [d.document_id for d in documents[2:]] == [f"input:{n}" for n in (7, 8, 9, 10, 11)]
    assert json.loads(documents[4].content)["id"] == 9
    assert {d.landed_on.isoformat() for d in documents} == {"2026-03-04"}


def test_identity_is_the_address_then_the_own_id_then_path_or_content(tmp_path):
    fill(
        tmp_path,
        {
            "a.txt": "---\nurl: HTTPS://News.Example:443/a?utm_source=x&id=3#top\nid: z\n---\n" + TEXT,
            "b.txt": "---\nid: own\n---\n" + TEXT,
            "c.txt": TEXT,
            "d.jsonl": json.dumps({"text": TEXT}),
        },
    )
    ad_hoc, _ = landed(tmp_path)
    registered, _ = landed(tmp_path, DESK)
    assert [d.document_id for d in ad_hoc[:2]] == ["https://news.example/a?id=3", "input:own"]
    assert [d.document_id for d in ad_hoc[2:]] == [f"sha256:{d.sha256}" for d in ad_hoc[2:]]
    assert [d.document_id for d in registered[:3]] == [
        "https://news.example/a?id=3",
        "desk:own",
        "desk:c.txt",
    ]
    assert registered[3].document_id == f"sha256:{registered[3].sha256}"


def test_landing_twice_gives_the_same_and_a_changed_date_is_a_second_landing(tmp_path):
    fill(tmp_path, {"a.txt": TEXT, "articles.csv": "file,published_at\na.txt,2016-08-08\n"})
    first, _ = landed(tmp_path)
    assert first == landed(tmp_path)[0]
    fill(tmp_path, {"articles.csv": "file,published_at\na.txt,2016-08-09\n"})
    second, _ = landed(tmp_path)
    assert second[0].document_id == first[0].document_id
    assert second[0].landing_id != first[0].landing_id


def test_a_csv_describes_the_files_beside_it(tmp_path):
    fill(
        tmp_path,
        {
            "articles.csv": "file,title,outlet,published_at,url\n"
            'a.txt,"Bridge, shelled",The Desk,2016-08-08,\nsub/b.txt,Second,,,https://x.example/b\n',
            "a.txt": TEXT,
            "sub/b.txt": "---\ntitle: Its own\n---\n" + TEXT,
        },
    )
    documents, rejects = landed(tmp_path)
    assert rejects == {}
    assert documents[0].metadata == {
        "title": "Bridge, shelled",
        "outlet": "The Desk",
        "published_at": "2016-08-08",
    }
    assert documents[0].outlet == "The Desk"
    assert documents[1].metadata["title"] == "Its own"
    assert documents[1].document_id == "https://x.example/b"


def test_a_csv_with_semicolons_in_an_old_encoding_is_read_too(tmp_path):
    fill(tmp_path, {"articles.csv": "file;title\na.txt;Le café brûlé\n".encode("cp1252"), "a.txt": TEXT})
    documents, rejects = landed(tmp_path)
    assert rejects == {}
    assert documents[0].metadata["title"] == "Le café brûlé"


def test_a_single_file_takes_its_row_and_leaves_the_others_alone(tmp_path):
    fill(tmp_path, {"articles.csv": "file,title\na.txt,One\nb.txt,Two\n", "a.txt": TEXT, "b.txt": TEXT})
    documents, rejects = landed(tmp_path / "a.txt")
    assert [d.metadata["title"] for d in documents] == ["One"]
    assert rejects == {}


def test_a_csv_as_input_lands_the_files_it_names(tmp_path):
    fill(tmp_path, {"list.csv": "file,title\na.txt,One\nnone.txt,Two\n", "a.txt": TEXT, "b.txt": TEXT})
    documents, rejects = landed(tmp_path / "list.csv")
    assert [d.path for d in documents] == ["a.txt"]
    assert rejects["list.csv:3"].reason_code == "missing_file"


def bad_folder(folder: Path) -> Path:
    good = {"good_1.txt": TEXT, "good_2.html": f"<html><body><p>{TEXT}</p></body></html>"}
    bad = {
        "empty.txt": b"",
        "blank.txt": b" \n\t\n",
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        "broken.txt": "He said “no” – and ".encode() + b"left the caf\xe9.",
        "half.json": b'{"text": "The bridge',
        "scalar.json": b"42",
        "nested.json": b"[" * 200_000,
        "report.pdf": b"%PDF-1.4",
        "matter.txt": b"---\ntitle: [never closed\n---\n" + TEXT.encode(),
        "bomb.txt": b"---\na: &a [x, x]\nb: [*a, *a]\n---\n" + TEXT.encode(),
        "headless.csv": b"name,title\na.txt,One\n",
        "lines.jsonl": b'{"text": "one"}\n{"text": "tw\n[1]\n'
        + b'{"text": "'
        + b"x" * (50 << 20)
        + b'"}\n{"text": "five"}\n',
    }
    fill(folder, good | bad)
    fill(
        folder,
        {
            "articles.csv": "file,title\nnone.txt,Nothing\n../secret.txt,Out\n"
            "good_1.txt,Good\ngood_1.txt,Again\na,b,c\n"
        },
    )
    return folder


def test_bad_input_is_rejected_with_a_reason_and_everything_else_comes_through(tmp_path):
    documents, rejects = landed(bad_folder(tmp_path))
    assert [d.path for d in documents] == ["good_1.txt", "good_2.html", "lines.jsonl:1", "lines.jsonl:5"]
    assert documents[0].metadata["title"] == "Good"
    codes = {location: reject.reason_code for location, reject in rejects.items()}
    assert codes == {
        "empty.txt": "empty",
        "blank.txt": "empty",
        "picture.txt": "binary",
        "broken.txt": "broken_encoding",
        "half.json": "bad_json",
        "scalar.json": "bad_json",
        "nested.json#1": "nested_too_deep",
        "report.pdf": "unknown_type",
        "matter.txt": "bad_front_matter",
        "bomb.txt": "bad_front_matter",
        "headless.csv": "bad_csv",
        "lines.jsonl:2": "bad_json",
        "lines.jsonl:3": "bad_json",
        "lines.jsonl:4": "too_large",
        "articles.csv:2": "missing_file",
        "articles.csv:3": "outside_folder",
        "articles.csv:5": "named_twice",
        "articles.csv:6": "bad_csv",
    }
    assert "cut off in the middle" in rejects["lines.jsonl:2"].reason
    assert "'none.txt', which is not there" in rejects["articles.csv:2"].reason
    assert all(len(reject.reason.split()) >= 2 for reject in rejects.values())


def test_links_out_of_the_folder_and_in_circles_are_not_followed(tmp_path):
    outside = fill(tmp_path / "outside", {"secret.txt": "Secret."})
    folder = fill(tmp_path / "in", {"a.txt": TEXT})
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "out_folder").symlink_to(outside)
    (folder / "circle").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "gone.txt").symlink_to("nowhere.txt")
    (folder / "within.txt").symlink_to("a.txt")
    os.mkfifo(folder / "pipe.txt")
    documents, rejects = landed(folder)
    assert [d.path for d in documents] == ["a.txt", "within.txt"]
    assert b"Secret" not in b"".join(d.content for d in documents)
    assert {location: reject.reason_code for location, reject in rejects.items()} == {
        "out.txt": "outside_folder",
        "out_folder": "outside_folder",
        "circle": "linked_folder",
        "self.txt": "broken_link",
        "gone.txt": "broken_link",
        "pipe.txt": "not_a_file",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_reject(tmp_path):
    fill(tmp_path, {"a.txt": TEXT, "b.txt": TEXT})
    (tmp_path / "a.txt").chmod(0)
    documents, rejects = landed(tmp_path)
    assert [d.path for d in documents] == ["b.txt"]
    assert rejects["a.txt"].reason_code == "unreadable"


def test_names_of_any_bytes_land(tmp_path):
    (tmp_path / "a 'b'\n\"c\".txt").write_text(TEXT)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text(TEXT)
    documents, _ = landed(tmp_path)
    assert [d.path for d in documents] == ["a 'b'\n\"c\".txt", "caf\\xe9.txt"]


def test_dot_files_are_passed_over(tmp_path):
    fill(tmp_path, {".DS_Store": b"\0\0", ".git/a.txt": TEXT, "a.txt": TEXT})
    assert [d.path for d in landed(tmp_path)[0]] == ["a.txt"]
    assert landed(tmp_path)[1] == {}


def test_a_document_of_17_mebibytes_is_too_large(tmp_path):
    fill(tmp_path, {"a.txt": b"x" * (MAX_DOCUMENT_BYTES + 1), "b.txt": TEXT})
    documents, rejects = landed(tmp_path)
    assert [d.path for d in documents] == ["b.txt"]
    assert rejects["a.txt"].reason_code == "too_large"


def test_json_lines_in_a_json_file_and_in_utf16_are_read(tmp_path):
    lines = (
        json.dumps({"text": "One “quoted”."}, ensure_ascii=False) + "\n" + json.dumps({"text": "Two."}) + "\n"
    )
    fill(
        tmp_path,
        {"a.json": lines, "b.jsonl": lines.encode("utf-16"), "c.jsonl": b"\xef\xbb\xbf" + lines.encode()},
    )
    documents, rejects = landed(tmp_path)
    assert rejects == {}
    assert [d.path for d in documents] == [
        "a.json:1",
        "a.json:2",
        "b.jsonl:1",
        "b.jsonl:2",
        "c.jsonl:1",
        "c.jsonl:2",
    ]
    assert json.loads(documents[2].content)["text"] == "One “quoted”."


def test_a_json_list_that_is_cut_off_keeps_what_came_before_the_cut(tmp_path):
    fill(
        tmp_path,
        {"a.json": '[{"text": "One."}, {"text": "Two."}, {"text": "Thr', "b.json": '[{"text": "One."}'},
    )
    documents, rejects = landed(tmp_path)
    assert [d.path for d in documents] == ["a.json#1", "a.json#2", "b.json#1"]
    assert {location: reject.reason_code for location, reject in rejects.items()} == {
        "a.json#3": "bad_json",
        "b.json#2": "bad_json",
    }


def test_a_registered_folder_that_is_not_there_is_a_reject(tmp_path):
    found = list(land_source(Source(id="desk", path=tmp_path / "none"), NOW, Fetcher(), no_visits))
    assert [item.reason_code for item in found] == ["missing_source"]


def test_what_the_source_states_stands_beside_the_document(tmp_path):
    fill(tmp_path, {"a.txt": TEXT})
    source = Source(
        id="desk", path=tmp_path, outlet="The Desk", language="en", time_zone="Asia/Beirut", is_archive=True
    )
    (document,) = land_source(source, NOW, Fetcher(), no_visits)
    assert document.outlet == "The Desk"
    assert document.is_archive
    assert document.metadata == {"source_language": "en", "source_time_zone": "Asia/Beirut"}


def test_json_with_names_of_its_own_is_read_by_the_sources_fields(tmp_path):
    line = {
        "guid": 7,
        "body": {"plain": TEXT},
        "site": {"name": "The Desk"},
        "pubDate": "2016-08-08",
        "id": "theirs",
    }
    fill(tmp_path, {"a.jsonl": json.dumps(line) + "\n" + json.dumps({"guid": 8})})
    fields = {"id": "guid", "text": "body.plain", "outlet": "site.name", "published_at": "pubDate"}
    first, second = land_source(Source(id="desk", path=tmp_path, fields=fields), NOW, Fetcher(), no_visits)
    assert (first.document_id, first.outlet) == ("desk:7", "The Desk")
    assert first.metadata["published_at"] == "2016-08-08"
    assert first.metadata["source_text_field"] == "body.plain"
    assert second.document_id == "desk:8"


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("http://EXAMPLE.org", "http://example.org/"),
        ("https://example.org:8443/A/b?x=1&fbclid=2&y=#z", "https://example.org:8443/A/b?x=1&y="),
        ("ftp://example.org/a", None),
        ("n/a", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_made_canonical(address, canonical):
    assert canonical_url(address) == canonical


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none(), max_size=4)
    )
)
def test_json_lines_come_back_as_written(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(b"\n".join(json.dumps(value).encode() for value in values))
    with path.open("rb") as stream:
        found = list(read_json_lines(stream))
    assert [item.value for item in found if isinstance(item, JsonLine)] == values


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_a_file_give_documents_and_rejects_only(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    fill(
        folder,
        {f"a.{suffix}": content for suffix in ("txt", "html", "json", "jsonl", "csv")} | {"good.txt": TEXT},
    )
    documents, _ = landed(folder)
    assert "good.txt" in [d.path for d in documents]
