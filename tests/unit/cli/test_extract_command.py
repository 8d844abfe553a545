"""`python -m ingest extract`: the contract of CLAIMS.md, with a reader of claims that is easy to foresee."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import ingest.claims
from ingest.__main__ import main
from ingest.commands import extract as command
from ingest.records import CasualtyClaim, content_hash

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def reader(monkeypatch):
    """Replace the extractor by one that claims the first 'killed', and breaks on 'BREAK'."""

    def extract_many(articles, lexicon):
        for article in articles:
            if "BREAK" in article.text:
                raise RecursionError("too deep")
            start = article.text.find("killed")
            yield (
                article,
                []
                if start < 0 or article.language not in (None, "en")
                else [
                    CasualtyClaim(
                        claim_id=content_hash(article.article_id),
                        article_id=article.article_id,
                        kind="casualty",
                        status="asserted",
                        quote=article.text[max(start - 2, 0) : start + 6],
                        quote_start=max(start - 2, 0),
                        quote_end=start + 6,
                        confidence=0.5,
                        rule="test",
                        harm="killed",
                        victim="people",
                        scope="incident",
                    )
                ],
            )

    monkeypatch.setattr(ingest.claims, "extract_many", extract_many, raising=False)
    monkeypatch.setattr(command, "lexicon", lambda: None)


def line(number: int, text: str = "Two men were killed at the bridge.", **more: object) -> bytes:
    return json.dumps({"id": f"a{number}", "text": text, "published_at": None} | more).encode() + b"\n"


def extract(given: bytes) -> tuple[int, list[dict], list[dict]]:
    out, rejects = io.BytesIO(), io.StringIO()
    status = command.extract(io.BytesIO(given), out, rejects)
    rows = [json.loads(row) for row in out.getvalue().splitlines()]
    return status, rows, [json.loads(row) for row in rejects.getvalue().splitlines()]


def test_claims_come_in_the_order_of_the_articles_with_the_contracts_fields(reader):
    status, rows, rejects = extract(b"".join(line(n) for n in range(100)))
    assert (status, rejects) == (0, [])
    assert [row["article_id"] for row in rows] == [f"a{n}" for n in range(100)]
    assert list(rows[0])[:9] == [
        "claim_id", "article_id", "kind", "status", "claimant", "claimant_text", "quote", "quote_start",
        "quote_end",
    ]  # fmt: skip
    assert rows[0]["date_start"] is None


def test_every_damaged_line_is_told_with_its_number_and_every_other_is_read(reader):
    given = (
        line(1)
        + b'{"id": "half", "text": "Two men we\n'
        + b"\n"
        + b'{"text": "no id"}\n'
        + b'{"id": "no text"}\n'
        + b"[1, 2]\n"
        + b'{"id": "big", "text": "' + b"x" * (17 << 20) + b'"}\n'
        + b"[" * 100_000 + b"\n"
        + line(9, "BREAK")
        + line(10)
    )  # fmt: skip
    status, rows, rejects = extract(given)
    assert status == 1
    assert [row["article_id"] for row in rows] == ["a1", "a10"]
    assert [(row["line"], row["code"]) for row in rejects] == [
        (2, "bad_json"), (4, "no_id"), (5, "no_text"), (6, "bad_json"), (7, "too_large"),
        (8, "nested_too_deep"), (9, "not_read"),
    ]  # fmt: skip
    assert "RecursionError" in rejects[-1]["reason"]


def test_offsets_hold_in_the_text_as_given(reader):
    text = "\r\n \u00a0“Café” 🙂 \ud83d were killed\r\n"
    status, (row,), _ = extract(line(1, text))
    assert status == 0
    assert text[row["quote_start"] : row["quote_end"]] == row["quote"]


def test_half_a_surrogate_pair_within_a_quote_comes_back_as_given(reader):
    text = "They were \ud83dxkilled."
    _, (row,), _ = extract(line(1, text))
    assert row["quote"] == "\ud83dxkilled" == text[row["quote_start"] : row["quote_end"]]


def test_what_is_not_english_gives_no_claims(reader):
    german = "Mindestens zwölf Soldaten sind am Montag bei Kämpfen getötet worden, hieß es; killed. " * 3
    assert extract(line(1, german) + line(2))[1][0]["article_id"] == "a2"


def test_a_date_that_is_none_is_left_out_with_a_warning(reader, capsys):
    status, rows, _ = extract(line(1, published_at="some day"))
    assert (status, len(rows)) == (0, 1)
    assert "line 1: 'published_at' is no ISO date" in capsys.readouterr().err


def test_without_a_rejects_file_they_go_to_standard_error(reader, capsysbinary, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_bytes(line(1) + b"{\n")
    assert main(["extract", str(path)]) == 1
    found = capsysbinary.readouterr()
    assert found.out.count(b"\n") == 1
    assert b"line 2: is JSON cut off" in found.err


def test_an_input_that_cannot_be_opened_gives_status_2(capsys, tmp_path):
    assert main(["extract", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_nothing_in_gives_nothing_out(reader):
    assert extract(b"") == (0, [], [])


@pytest.mark.slow
def test_the_same_bytes_come_out_whatever_the_number_of_workers(tmp_path):
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds" / "articles").glob("*.txt"))]
    given = b"".join(line(n, texts[n % len(texts)][n * 7 :], published_at="2016-08-08") for n in range(40))
    path = tmp_path / "in.jsonl"
    path.write_bytes(given + b"broken\n")
    found = [
        subprocess.run(
            [sys.executable, "-m", "ingest", "extract", str(path), "--workers", str(workers)],
            cwd=ROOT, capture_output=True, timeout=120, check=False,
        )
        for workers in (1, 2)
    ]  # fmt: skip
    assert [run.returncode for run in found] == [1, 1], found[0].stderr
    assert found[0].stdout == found[1].stdout
    assert found[0].stdout.count(b"\n") > 40
    assert found[0].stderr == found[1].stderr
