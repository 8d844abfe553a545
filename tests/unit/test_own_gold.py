"""The project's own gold (tests/eval/own) is well formed, and the scorer agrees with it about itself.

Nothing here runs the extractor: an error in a quote, a date or a spelling of a kind would silently
make a fact unreachable, and every score since then a little too low.
"""

import copy
import importlib.util
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "eval" / "own"
SCORER = ROOT.parent / "shared" / "gold" / "score.py"
SPLITS = ("dev", "heldout")

KINDS = {"casualty", "reinforcement", "territorial_change", "trap"}
STATUSES = {"asserted", "claimed", "confirmed", "denied"}
HARMS = {"killed", "injured", "displaced", "missing", "captured"}
SCOPES = {"incident", "period", "cumulative"}
FORCES = {"fighters", "supplies", "naval", "aircraft", "armour"}
CHANGES = {
    *("captured", "recaptured", "lost", "repelled", "withdrawal", "advance", "siege_imposed"),
    *("siege_tightened", "siege_broken", "supply_line_cut", "supply_line_opened", "control_held"),
}
COUNT = ("count_low", "count_best", "count_high")
COMMON = {"id", "article", "kind", "tier", "quote", "published_at"}
FACT = COMMON | {"date_start", "date_end", "claimant", "status"}
OWN_FIELDS = {
    "casualty": FACT | {"harm", *COUNT, "count_text", "victim", "scope", "place", "perpetrator"},
    "reinforcement": FACT | {"actor", "force", *COUNT, "count_text", "origin", "destination"},
    "territorial_change": FACT | {"change", "place", "gained_by", "lost_by"},
    "trap": COMMON | {"reason"},
}
ADDITIONS = {"note", "subset_of", "extent", "quote_start", "date_optional"}
LISTS = ("claimant", "place", "perpetrator", "actor", "origin", "destination", "gained_by", "lost_by")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def gold(split: str) -> list[dict[str, Any]]:
    return rows(OWN / split / "gold.jsonl")


def texts(split: str) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted((OWN / split / "texts").glob("*.txt"))}


def facts(split: str) -> Iterator[dict[str, Any]]:
    return (row for row in gold(split) if row["kind"] != "trap")


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    if not SCORER.exists():
        pytest.skip("the scorer stands beside the repository, in ../shared/gold, and is not here")
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("split", SPLITS)
def test_every_article_has_its_text_its_title_and_facts(split: str) -> None:
    articles, by_id = rows(OWN / split / "articles.jsonl"), texts(split)
    assert {a["article"] for a in articles} == set(by_id) == {g["article"] for g in gold(split)}
    assert len(articles) == len(by_id)
    for article in articles:
        date.fromisoformat(article["published_at"])
        assert by_id[article["article"]].startswith(article["title"] + "\n")


def test_ids_are_unique_over_both_splits() -> None:
    ids = [row["id"] for split in SPLITS for row in gold(split)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("split", SPLITS)
def test_quotes_are_verbatim_and_stand_once(split: str) -> None:
    by_id = texts(split)
    for row in gold(split):
        text, quote = by_id[row["article"]], row["quote"]
        if "quote_start" in row:
            start = row["quote_start"]
            assert text[start : start + len(quote)] == quote, row["id"]
        else:
            assert text.count(quote) == 1, row["id"]
        assert 0 < len(quote) <= 300, row["id"]


@pytest.mark.parametrize("split", SPLITS)
def test_fields_and_their_values_are_those_of_the_schema(split: str) -> None:
    published = {a["article"]: a["published_at"] for a in rows(OWN / split / "articles.jsonl")}
    for row in gold(split):
        own = OWN_FIELDS[row["kind"]]
        extra = {
            k for k in row.keys() - own if k.removesuffix("_accept").removesuffix("_optional") not in own
        }
        assert own <= row.keys(), row["id"]
        assert extra - {"count_accept"} <= ADDITIONS, row["id"]
        assert row["tier"] in {"core", "optional"}, row["id"]
        assert row["published_at"] == published[row["article"]], row["id"]
        for field in LISTS:
            assert isinstance(row.get(field, []), list), row["id"]
        assert {row.get("status", "asserted"), *row.get("status_accept", [])} <= STATUSES, row["id"]
        assert {row.get("harm", "killed"), *row.get("harm_accept", [])} <= HARMS, row["id"]
        assert {row.get("scope", "period"), *row.get("scope_accept", [])} <= SCOPES, row["id"]
        assert {row.get("force", "fighters"), *row.get("force_accept", [])} <= FORCES, row["id"]
        assert set(row.get("change", [])) <= CHANGES, row["id"]


@pytest.mark.parametrize("split", SPLITS)
def test_a_claim_has_a_claimant_unless_the_text_names_nobody(split: str) -> None:
    for row in facts(split):
        if row["claimant"]:
            assert row["status"] != "asserted", row["id"]
        elif row["status"] != "asserted":
            assert "note" in row, f"{row['id']}: {row['status']} by nobody wants its reason"


@pytest.mark.parametrize("split", SPLITS)
def test_dates_are_days_in_order_and_no_fact_lies_after_publication(split: str) -> None:
    for row in facts(split):
        start, end = row["date_start"], row["date_end"]
        known = [date.fromisoformat(day) for day in (start, end) if day]
        assert known == sorted(known), row["id"]
        assert all(day <= date.fromisoformat(row["published_at"]) for day in known), row["id"]


@pytest.mark.parametrize("split", SPLITS)
def test_counts_are_ordered_and_their_words_stand_in_the_quote(split: str) -> None:
    for row in facts(split):
        if "count_low" not in row:
            continue
        for triple in [[row[k] for k in COUNT], *row.get("count_accept", [])]:
            known = [n for n in triple if n is not None]
            assert len(triple) == 3, row["id"]
            assert known == sorted(known), row["id"]
        if "count_accept" in row:
            assert [row[k] for k in COUNT] in row["count_accept"], row["id"]
        assert row["count_text"] is None or row["count_text"] in row["quote"], row["id"]


def prediction(row: dict[str, Any]) -> dict[str, Any]:
    """The claim of an extractor that reads as the gold does: the first of each list of accepted answers."""
    return {k: (v[0] if v else None) if isinstance(v, list) else v for k, v in row.items()}


@pytest.mark.parametrize("split", SPLITS)
def test_the_scorer_gives_the_gold_itself_full_marks_and_silence_none(split: str, scorer: ModuleType) -> None:
    # score() writes spans into what it is given.
    full, _ = scorer.score(gold(split), [prediction(row) for row in facts(split)], texts(split))
    none, _ = scorer.score(copy.deepcopy(gold(split)), [], texts(split))
    for level in ("core", "full"):
        assert full[level]["all"]["f1"] == 1.0
        assert full[level]["all"]["fn"] == full[level]["all"]["fp"] == 0
        assert none[level]["all"]["recall"] == 0.0
    assert full["unknown_article"] == 0
    assert full["traps"]["fallen_for"] == none["traps"]["fallen_for"] == 0
    assert full["traps"]["of"] == sum(row["kind"] == "trap" for row in gold(split))


@pytest.mark.parametrize("kind", sorted(KINDS - {"trap"}))
@pytest.mark.parametrize("split", SPLITS)
def test_every_trap_can_be_fallen_into_by_a_claim_of_every_kind(
    split: str, kind: str, scorer: ModuleType
) -> None:
    traps = [row for row in gold(split) if row["kind"] == "trap"]
    claims = [{"article": row["article"], "kind": kind, "quote": row["quote"]} for row in traps]
    _, detail = scorer.score(gold(split), claims, texts(split))
    # A trap inside the quote of a fact of the same kind would never be counted: such a quote is too long.
    assert {row[0] for row in detail["traps"]} == {row["id"] for row in traps}
