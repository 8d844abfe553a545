"""WARC files, written by warcio: their pages land, whatever else a crawl keeps does not."""

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ingest.landing import INPUT, archives, land_path
from ingest.records import Document, Reject

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PAGE = "<html><body><article><p>The bridge at Karsa was shelled on Monday.</p></article></body></html>"


def write_warc(path: Path, records: list[tuple[str, str, bytes, str]], *, packed: bool = True) -> Path:
    """Write records of type, address, body and HTTP head ('200 OK; text/html'), after a warcinfo record."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for kind, address, body, head in records:
            status, _, content_type = head.partition("; ")
            headers = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
            if kind == "request":
                headers = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            writer.write_record(
                writer.create_warc_record(address, kind, payload=io.BytesIO(body), http_headers=headers)
            )
    return path


def landed(path: Path) -> tuple[list[Document], dict[str, Reject]]:
    found = list(land_path(path, INPUT, NOW))
    documents = [item for item in found if isinstance(item, Document)]
    return documents, {item.location: item for item in found if isinstance(item, Reject)}


@pytest.mark.parametrize("name", ["news.warc.gz", "news.warc"])
def test_pages_land_with_their_addresses_and_the_rest_is_told(tmp_path, name):
    write_warc(
        tmp_path / name,
        [
            ("request", "https://desk.example/a?utm_source=x", b"", ""),
            ("response", "https://desk.example/a?utm_source=x", PAGE.encode("cp1251"),
             "200 OK; text/html; charset=windows-1251"),
            ("response", "https://desk.example/gone", b"gone", "404 Not Found; text/html"),
            ("response", "https://desk.example/i.png", b"\x89PNG", "200 OK; image/png"),
            ("response", "https://desk.example/b", b"One died at the mill.", "200 OK; text/plain"),
            ("revisit", "https://desk.example/a", b"", "200 OK; text/html"),
        ],
        packed=name.endswith(".gz"),
    )  # fmt: skip
    documents, rejects = landed(tmp_path)
    assert [(d.url, d.document_id, d.media_type, d.path) for d in documents] == [
        ("https://desk.example/a", "https://desk.example/a", "text/html", f"{name}#3"),
        ("https://desk.example/b", "https://desk.example/b", "text/plain", f"{name}#6"),
    ]
    assert documents[0].content == PAGE.encode()
    assert documents[0].metadata["charset"] == "windows-1251"
    assert {place: reject.reason_code for place, reject in rejects.items()} == {
        f"{name}#4": "http_404", f"{name}#5": "unknown_type",
    }  # fmt: skip


def test_a_warc_that_is_cut_off_keeps_what_came_before(tmp_path):
    pages = [("response", f"https://desk.example/{n}", PAGE.encode(), "200 OK; text/html") for n in range(20)]
    whole = write_warc(tmp_path / "whole.warc.gz", pages).read_bytes()
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "news.warc.gz").write_bytes(whole[: len(whole) * 3 // 4])
    documents, rejects = landed(tmp_path / "cut")
    assert 10 <= len(documents) < 20
    assert [reject.reason_code for reject in rejects.values()] == ["damaged_archive"]


@pytest.mark.parametrize("content", [b"", b"no warc at all", b"\x00" * 100])
def test_what_is_no_warc_is_a_reject(tmp_path, content):
    (tmp_path / "news.warc").write_bytes(content)
    documents, rejects = landed(tmp_path)
    assert documents == []
    assert {reject.reason_code for reject in rejects.values()} <= {"damaged_archive", "empty"}
    assert len(rejects) == 1


def test_a_warc_that_bursts_is_cut_where_it_does(tmp_path):
    write_warc(
        tmp_path / "bomb.warc.gz",
        [
            ("response", "https://desk.example/a", PAGE.encode(), "200 OK; text/html"),
            ("response", "https://desk.example/bomb", bytes(40 << 20), "200 OK; text/html"),
            ("response", "https://desk.example/image", bytes(400 << 20), "200 OK; image/png"),
        ],
    )
    documents, rejects = landed(tmp_path)
    assert [document.url for document in documents] == ["https://desk.example/a"]
    assert "archive_bomb" in {reject.reason_code for reject in rejects.values()}


def test_a_warc_in_one_gzip_stream_is_told_how_to_be_mended(tmp_path):
    page = ("response", "https://desk.example/a", PAGE.encode(), "200 OK; text/html")
    whole = write_warc(tmp_path / "whole.warc", [page], packed=False).read_bytes()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "whole.warc.gz").write_bytes(gzip.compress(whole))
    _, rejects = landed(tmp_path / "in")
    assert "warcio recompress" in rejects["whole.warc.gz"].reason


def test_a_page_that_is_too_long_is_a_reject_and_its_neighbours_land(tmp_path):
    long = b"<p>" + bytes(range(32, 127)) * 190_000
    pages = [("a", PAGE.encode()), ("long", long), ("b", PAGE.encode())]
    write_warc(
        tmp_path / "news.warc",
        [("response", f"https://desk.example/{n}", body, "200 OK; text/html") for n, body in pages],
        packed=False,
    )
    documents, rejects = landed(tmp_path)
    assert [document.url for document in documents] == ["https://desk.example/a", "https://desk.example/b"]
    assert [reject.reason_code for reject in rejects.values()] == ["too_large"]
    assert len(long) > archives.MEBIBYTE * 16
