"""What a person does by hand: doctor, retry, forget, backup and restore."""

import os
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.__main__ import main
from ingest.commands import doctor
from ingest.records import CasualtyClaim, content_hash
from ingest.warehouse import Warehouse, export_sorted
from ingest.warehouse.versions import VERSION

DAY = date(2026, 3, 4)
TEXT = "The bridge at Karsa was shelled on Monday, residents said. Twelve men were killed.\n"
UNWANTED = "A sentence that must go for good."


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FRONTLINE_NOW", "2026-03-04T05:06:07")
    return tmp_path / "data"


@pytest.fixture
def warehouse(data) -> Warehouse:
    return Warehouse(data / "warehouse.duckdb")


@pytest.fixture
def loaded(tmp_path, warehouse) -> Warehouse:
    """A warehouse with two articles, each with a claim, one of them also under another address."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("a", TEXT + UNWANTED), ("b", TEXT), ("copy_of_a", TEXT + UNWANTED)):
        (folder / f"{name}.txt").write_text(f"---\nid: {name}\ntitle: Title of {name}\n---\n{text}\n")
    assert main(["land", str(folder)]) == main(["parse"]) == 0
    with warehouse:
        batch = warehouse.unread_articles(DAY, "v1")
        found = [
            CasualtyClaim(
                claim_id=content_hash(article.article_id), article_id=article.article_id, kind="casualty",
                status="asserted", quote=article.text[:10], quote_start=0, quote_end=10, confidence=0.5,
                rule="test", harm="killed", victim="people", scope="incident",
            )
            for article in batch
        ]  # fmt: skip
        warehouse.add_claims(batch, found, "v1", DAY)
    return warehouse


def test_retry_parses_kept_bytes_again_and_lands_the_path_again(tmp_path, warehouse, capsys, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "half.json").write_text('{"text": "The bri')
    (folder / "empty.txt").write_text("")
    (folder / "wordless.json").write_text("{}")
    main(["land", str(folder)])
    main(["parse"])
    capsys.readouterr()
    assert main(["retry"]) == 1
    told = capsys.readouterr()
    assert "0 of 3 rejects are mended, 3 are left." in told.out
    assert "retry PATH" in told.err

    (folder / "half.json").write_text('{"text": "The bridge at Karsa was shelled."}')
    monkeypatch.setattr("ingest.articles.parse.TEXT_KEYS", ("text", "body", "content", "title"))
    with warehouse:
        warehouse.connection.execute(
            'update raw.documents set content = \'{"title": "Words after all"}\'::blob'
        )
    assert main(["retry", str(folder)]) == 1
    assert "2 of 3 rejects are mended, 1 are left." in capsys.readouterr().out
    with warehouse:
        assert warehouse.counts()["articles"] == 2
        assert warehouse.counts()["rejects"] == 1
    (folder / "empty.txt").unlink()
    assert main(["retry", str(folder)]) == 0
    assert main(["retry"]) == 0
    assert "There are no rejects." in capsys.readouterr().out


def test_forget_takes_an_article_out_for_good_and_names_its_copies(tmp_path, loaded, capsys):
    with loaded:
        (article,) = loaded.find_articles("input:a")
        (copy,) = loaded.find_articles("input:copy_of_a")
    assert main(["forget", "input:a", "--yes", "--reason", "court order"]) == 0
    told = capsys.readouterr().out
    assert "with its claims: 1" in told
    assert copy.article_id in told
    with loaded:
        (left,) = loaded.find_articles(article.article_id)
        assert (left.text, left.title) == ("", None)
        assert loaded.claims_of(article.article_id) == []
        assert loaded.connection.execute("select reason from raw.forgotten").fetchall() == [("court order",)]
        rows = loaded.connection.execute(
            "select document_id, content, metadata from raw.documents order by 1"
        ).fetchall()
        assert rows[0] == ("input:a", b"", "{}")
        assert UNWANTED.encode() in rows[2][1]
        last = "select change from raw.changes where article_id = ? order by change_number desc limit 1"
        assert loaded.connection.execute(last, [article.article_id]).fetchall() == [("withdrawn",)]


def test_what_is_forgotten_does_not_land_again(tmp_path, loaded, capsys):
    main(["forget", "input:a", "--yes"])
    (tmp_path / "in" / "a.txt").write_text(f"---\nid: a\n---\nAnother version. {TEXT}")
    main(["land", str(tmp_path / "in")])
    assert "Landed 3 documents, 0 of them new" in capsys.readouterr().out
    main(["parse"])
    with loaded:
        assert loaded.counts()["documents"] == 3
        assert loaded.find_articles("input:a")[0].text == ""


@pytest.mark.parametrize(("wanted", "message"), [("nothing", "fits no documents"), ("", "fits 3 documents")])
def test_forget_takes_one_document_only(loaded, capsys, wanted, message):
    assert main(["forget", wanted, "--yes"]) == 2
    assert message in capsys.readouterr().err
    assert main(["forget", "input:a"]) == 2
    assert "--yes" in capsys.readouterr().err


def test_a_backup_put_back_is_the_same_warehouse(tmp_path, data, loaded, capsys):
    before = export_sorted(loaded.path)
    target = tmp_path / "kept.tar"
    assert main(["backup", str(target)]) == 0
    assert "3 documents, 3 articles, 3 claims" in capsys.readouterr().out
    main(["forget", "input:a", "--yes"])
    assert main(["restore", str(target)]) == 2
    assert "--replace" in capsys.readouterr().err
    assert main(["restore", str(target), "--replace"]) == 0
    assert export_sorted(loaded.path) == before
    assert (data / "warehouse.duckdb.before-restore").exists()
    loaded.path.unlink()
    assert main(["restore", str(target)]) == 0
    assert export_sorted(loaded.path) == before


def test_restoring_publishes_the_marts_that_the_backup_holds(tmp_path, data, loaded):
    with loaded:
        loaded.connection.execute("create schema marts; create table marts.t as select 1 as a")
    main(["backup", str(tmp_path / "kept.tar")])
    assert main(["restore", str(tmp_path / "kept.tar"), "--replace"]) == 0
    with duckdb.connect(str(data / "published" / "frontline.duckdb"), read_only=True) as copy:
        assert copy.execute("from marts.t").fetchall() == [(1,)]


@pytest.mark.parametrize("damage", ["cut", "changed", "other"])
def test_a_damaged_backup_is_refused_and_the_warehouse_left_alone(tmp_path, loaded, capsys, damage):
    target = tmp_path / "kept.tar"
    main(["backup", str(target)])
    content = bytearray(target.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "changed":
        content[len(content) // 2] ^= 255
    else:
        content = bytearray(b"no archive at all")
    target.write_bytes(content)
    before = export_sorted(loaded.path)
    assert main(["restore", str(target), "--replace"]) == 2
    assert str(target) in capsys.readouterr().err
    assert export_sorted(loaded.path) == before
    assert not list(loaded.path.parent.glob("*restor*"))


def test_a_backup_is_never_written_over(tmp_path, loaded, capsys):
    (tmp_path / "kept.tar").write_text("precious")
    assert main(["backup", str(tmp_path / "kept.tar")]) == 2
    assert (tmp_path / "kept.tar").read_text() == "precious"


def findings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"ok": [], "note": [], "wrong": []}
    for finding in doctor.examine():
        found[finding.state].append(f"{finding.text}. {finding.advice}")
    return found


@pytest.fixture
def light_doctor(monkeypatch):
    """Leave out what needs the lexicon and the extractor, which have tests of their own."""
    monkeypatch.setattr(doctor, "_lexicon", lambda: iter(()))
    monkeypatch.setattr("ingest.reading.reading_version", lambda: "v1")


def test_the_doctor_finds_nothing_wrong_with_a_whole_warehouse(loaded, light_doctor):
    found = findings()
    assert found["wrong"] == []
    assert any("3 documents, 3 articles, 3 claims" in text for text in found["ok"])


def test_the_doctor_sees_what_is_amiss_and_says_how_to_mend_it(data, loaded, light_doctor, monkeypatch):
    with loaded:
        loaded.connection.execute("delete from raw.documents where document_id = 'input:b'")
        loaded.connection.execute("update raw.claims set quote = 'never said'")
        loaded.connection.execute(
            "insert into raw.rejects values ('r', 's', 'a.txt', 'c', 'x', null, null, ?, now())", [DAY]
        )
        loaded.connection.execute("create schema marts; create table marts.t as select 1 as a")
    main(["publish"])
    with loaded:
        loaded.connection.execute("update marts.t set a = 2")
    (data / "published" / "frontline.duckdb.tmp").touch()
    found = findings()
    assert any("1 articles without a document" in text for text in found["wrong"])
    assert any("quotes that do not stand in their article" in text for text in found["wrong"])
    assert any("1 rejects. python -m ingest retry" in text for text in found["note"])
    assert any("not what the marts hold. python -m ingest publish" in text for text in found["note"])
    assert any("left by a killed run" in text for text in found["note"])
    monkeypatch.setenv("FRONTLINE_NOW", "noon")
    assert any("FRONTLINE_NOW='noon'" in text for text in findings()["wrong"])


def test_the_doctor_looks_at_sources_on_the_web(tmp_path, loaded, light_doctor, monkeypatch):
    (tmp_path / "sources.yml").write_text(
        "sources: [{id: wire, kind: feed, address: 'http://wire.example/rss'},"
        " {id: other, kind: feed, address: 'http://other.example/rss', expected_per_day: 3}]"
    )
    monkeypatch.setenv("FRONTLINE_SOURCES", str(tmp_path / "sources.yml"))
    with loaded:
        loaded.connection.execute(
            "insert into raw.rejects values "
            "('r', 'wire', 'http://wire.example/rss', 'http_410', 'answered 410', null, null, ?, now())",
            [DAY],
        )
    found = findings()
    assert any("http://wire.example/rss answered 410 (since 2026-03-04)" in text for text in found["wrong"])
    assert any("FRONTLINE_CONTACT" in text for text in found["note"])
    assert [text for text in found["note"] if "silent unnoticed" in text] == [
        "source wire may fall silent unnoticed. State its expected_per_day in sources.yml"
    ]
    monkeypatch.setenv("FRONTLINE_CONTACT", "desk@example.org")
    assert not any("FRONTLINE_CONTACT" in text for text in findings()["note"])
    monkeypatch.setenv("FRONTLINE_CONTACT", "desk\r\nX-Evil: 1")
    assert any("is no e-mail or web address" in text for text in findings()["wrong"])


def test_the_doctor_knows_a_warehouse_of_an_older_version(loaded, light_doctor):
    with loaded:
        loaded.connection.execute("drop table raw.schema_versions; drop table raw.visits")
    (text,) = [text for text in findings()["note"] if "older Frontline" in text]
    assert f"version 1 of {VERSION}" in text


def test_the_doctor_names_who_holds_the_warehouse(loaded, light_doctor):
    code = (
        f"import duckdb, time; c = duckdb.connect({str(loaded.path)!r}); print(1, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        found = findings()
    finally:
        process.kill()
        process.wait()
    assert any(f"process {process.pid}" in text for text in found["wrong"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_the_doctor_sees_a_folder_that_may_not_be_written(data, light_doctor):
    data.mkdir()
    data.chmod(0o500)
    assert any("may not be written" in text for text in findings()["wrong"])
