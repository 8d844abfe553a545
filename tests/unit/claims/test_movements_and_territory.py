"""Reinforcements and changes of territory, on our own sentences (specs/reinforcements.yml, territory.yml)."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.claims import extract_claims
from ingest.lexicon import load_lexicon
from ingest.records import Article, claim_to_dict

SPECS = Path(__file__).parent / "specs"
PUBLISHED = "2020-05-13"
KINDS = {"territory": "territorial_change", "reinforcements": "reinforcement"}


def cases() -> list[Any]:
    found = []
    for name in KINDS:
        for case in yaml.safe_load((SPECS / f"{name}.yml").read_text("utf-8")):
            found.append(pytest.param(name, case, id=f"{name}: {case['text'][:70]}"))
    return found


def read(case: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    day = date.fromisoformat(case.get("published", PUBLISHED))
    article = Article(
        article_id="spec", text=case["text"], language="en", published_on=day,
        published_at=datetime(day.year, day.month, day.day),
    )  # fmt: skip
    return [claim_to_dict(c) for c in extract_claims(article, load_lexicon()) if c.kind == kind]


def fits(claim: dict[str, Any], wanted: dict[str, Any]) -> bool:
    for key, value in wanted.items():
        if key == "alternatives":
            continue
        got = [claim[k] for k in ("count_low", "count_best", "count_high")] if key == "count" else claim[key]
        if got != value and not (key == "actor" and got in wanted.get("alternatives", ())):
            return False
    return True


@pytest.mark.parametrize(("name", "case"), cases())
def test_a_sentence_gives_the_claims_of_its_spec(name: str, case: dict[str, Any]) -> None:
    found = read(case, KINDS[name])
    left = list(found)
    for wanted in case["claims"]:
        match = next((claim for claim in left if fits(claim, wanted)), None)
        assert match is not None, (wanted, found)
        left.remove(match)
    assert not left, left


@pytest.mark.parametrize(("name", "case"), cases())
def test_a_quote_stands_in_the_text_at_its_offsets(name: str, case: dict[str, Any]) -> None:
    for claim in read(case, KINDS[name]):
        assert case["text"][claim["quote_start"] : claim["quote_end"]] == claim["quote"]
