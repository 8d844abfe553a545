"""The command line beside `extract`: help everywhere, light starts, steps that can be run alone."""

import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from ingest.__main__ import COMMANDS, main
from ingest.commands.article_page import article_page
from ingest.records import Article, CasualtyClaim, ReinforcementClaim, TerritorialClaim
from ingest.warehouse import Warehouse

ROOT = Path(__file__).resolve().parents[3]
TEXT = "The bridge at Karsa was shelled on Monday, residents said.\n"
HEAVY = ("spacy", "trafilatura", "dagster", "dbt", "numpy", "py3langid", "dateparser")


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FRONTLINE_NOW", "2026-03-04T05:06:07")
    return tmp_path / "data"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert COMMANDS[command][1:40] in " ".join(capsys.readouterr().out.split())


def test_no_command_loads_a_model_to_show_its_help():
    code = f"""
import sys
from ingest.__main__ import COMMANDS, main
for command in COMMANDS:
    try:
        main([command, "--help"])
    except SystemExit:
        pass
print("LOADED", [name for name in {HEAVY} if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "LOADED []"


def test_land_and_parse_say_what_they_did_and_again_that_nothing_is_new(tmp_path, data, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.json").write_text("{}")
    (folder / "c.txt").write_bytes(b"")
    assert main(["land", str(folder)]) == 0
    assert "Landed 2 documents, 2 of them new; 1 rejects, 1 of them new." in capsys.readouterr().out
    assert main(["parse"]) == 0
    assert "Parsed 1 articles; 1 documents hold none." in capsys.readouterr().out
    assert main(["land", str(folder), "--landed-on", "2026-03-09"]) == 0
    assert "2 documents, 0 of them new; 1 rejects, 0 of them new" in capsys.readouterr().out
    with Warehouse(data / "warehouse.duckdb") as warehouse:
        (article,) = warehouse.unread_articles(date(2026, 3, 4), "any")
    assert article.text == TEXT


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["land", "nowhere"], "nowhere is not there"),
        (["land", "--source", "gazette"], "no source 'gazette' is registered; there are: sample"),
        (["show", "abc"], "is not there yet"),
        (["sql", "--query", "select 1"], "is not there yet"),
        (["summary"], "is not there yet"),
        (["publish"], "no marts"),
    ],
)
def test_what_a_person_can_mend_is_said_without_a_traceback(words, message, capsys):
    assert main(words) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told


def test_a_wrong_clock_is_named(monkeypatch, capsys):
    monkeypatch.setenv("FRONTLINE_NOW", "noon")
    assert main(["land"]) == 2
    assert "FRONTLINE_NOW='noon'" in capsys.readouterr().err


EVIL = "<script>alert(1)</script> & \"quoted\" 'single' <img src=x onerror=alert(2)>"


def evil_page() -> str:
    text = f"{EVIL} killed 12 men. Then 3,000 fighters of {EVIL} took the town."
    common = {"article_id": "a1", "claimant_text": EVIL, "confidence": 0.5, "rule": EVIL, "date_text": EVIL}

    def quoted(words: str) -> dict[str, object]:
        start = text.index(words)
        return {"quote": words, "quote_start": start, "quote_end": start + len(words)}

    claims = [
        CasualtyClaim(
            claim_id="c1", kind="casualty", status="claimed", harm="killed", victim=EVIL, victim_text=EVIL,
            scope="incident", count_low=12, count_best=12, count_text="12", place_text=EVIL,
            **common, **quoted("killed 12 men"),
        ),
        CasualtyClaim(
            claim_id="c2", kind="casualty", status="denied", harm="killed", victim="men", scope="incident",
            subset_of="c1", **common, **quoted("12 men. Then 3,000"),
        ),
        ReinforcementClaim(
            claim_id="c3", kind="reinforcement", status="asserted", force="fighters", actor_text=EVIL,
            count_low=3000, count_text="3,000", **common, **quoted("3,000 fighters"),
        ),
        TerritorialClaim(
            claim_id="c4", kind="territorial_change", status="confirmed", change="captured", place_text=EVIL,
            lost_by=EVIL, lost_by_inferred=True, **common, **quoted("took the town"),
        ),
    ]  # fmt: skip
    return article_page(
        Article(article_id=EVIL, text=text, title=EVIL, outlet=EVIL, url=EVIL, language=EVIL), claims
    )


class Tags(HTMLParser):
    """Collects the tags and attributes that a browser would see, and the text of the article."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.marked: list[str] = []
        self.text, self._within = "", False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self._within = self._within or tag == "article"
        self._reference = tag == "a"
        if tag == "mark":
            self.marked.append(dict(attrs)["data-claims"])

    def handle_endtag(self, tag):
        self._within = self._within and tag != "article"
        self._reference = False

    def handle_data(self, data):
        if self._within and not self._reference:
            self.text += data


def test_nothing_of_an_article_reaches_the_page_as_markup():
    page = evil_page()
    tags = Tags()
    tags.feed(page)
    assert tags.tags.count("script") == 1
    assert "img" not in tags.tags
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert re.search(r"script-src '?sha256-|script-src &#x27;sha256-", page)


def test_the_page_shows_the_whole_text_with_the_words_of_every_claim_marked():
    tags = Tags()
    tags.feed(evil_page())
    assert tags.text == f"{EVIL} killed 12 men. Then 3,000 fighters of {EVIL} took the town."
    assert tags.marked == ["1", "1 2", "2", "2 3", "3", "4"]


def test_a_page_whose_quotes_do_not_stand_in_the_text_is_refused():
    claim = TerritorialClaim(
        claim_id="c", article_id="a", kind="territorial_change", status="asserted", quote="took",
        quote_start=1, quote_end=5, confidence=1, rule="r", change="captured",
    )  # fmt: skip
    with pytest.raises(ValueError, match="its quote is not what stands"):
        article_page(Article(article_id="a", text="They took it."), [claim])


def test_sql_answers_from_the_published_copy_and_cannot_write(data, capsys):
    (data / "published").mkdir(parents=True)
    with duckdb.connect(str(data / "published" / "frontline.duckdb")) as copy:
        copy.execute("create schema marts; create table marts.t as select 1 as a, 'x, \"y\"' as b")
    assert main(["sql", "--query", "from marts.t", "--format", "csv"]) == 0
    assert capsys.readouterr().out == 'a,b\n1,"x, ""y"""\n'
    assert main(["sql", "--query", "from marts.t", "--format", "json"]) == 0
    assert capsys.readouterr().out == '{"a": 1, "b": "x, \\"y\\""}\n'
    assert main(["sql", "--query", "drop table marts.t"]) == 1
    assert main(["sql", "--query", "from nowhere"]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_saved_queries_are_listed_and_run_on_the_tables_of_the_copy(data, capsys, tmp_path, monkeypatch):
    (data / "published").mkdir(parents=True)
    with duckdb.connect(str(data / "published" / "frontline.duckdb")) as copy:
        copy.execute("create schema marts; create table marts.dim_place as select 'karsa' as place_id")
    monkeypatch.setattr("ingest.commands.sql.ANALYSES", ROOT / "dbt_project" / "analyses")
    assert main(["sql", "--saved"]) == 0
    assert "who_held_a_place" in capsys.readouterr().out
    saved = tmp_path / "analyses"
    saved.mkdir()
    (saved / "places.sql").write_text("-- All places.\nselect place_id from {{ published('dim_place') }}\n")
    (saved / "more.sql").write_text("select * from {{ published('fct_none') }}\n")
    monkeypatch.setattr("ingest.commands.sql.ANALYSES", saved)
    assert main(["sql", "--saved", "places", "--format", "csv"]) == 0
    assert capsys.readouterr().out == "place_id\nkarsa\n"
    assert main(["sql", "--saved", "more"]) == 2
    assert "has no table 'fct_none'" in capsys.readouterr().err
    assert main(["sql", "--saved", "../places"]) == 0
    assert main(["sql", "--saved", "nothing"]) == 2
