"""Casualty claims against a table of sentences that anyone can add to (specs/casualties.yml)."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from ingest.claims import extract_claims
from ingest.lexicon import load_lexicon
from ingest.records import Article, CasualtyClaim

SPECS = yaml.safe_load((Path(__file__).parent / "specs" / "casualties.yml").read_text("utf-8"))
COUNT = ("count_low", "count_best", "count_high")


def read(text, published="2020-05-13"):
    article = Article(article_id="a", text=text, published_at=datetime.fromisoformat(published))
    return [c for c in extract_claims(article, load_lexicon()) if isinstance(c, CasualtyClaim)]


def shown(claim, wanted):
    """The fields of the claim that the case speaks of, as the case writes them."""
    row = {}
    for key in wanted:
        if key == "count":
            row[key] = [getattr(claim, field) for field in COUNT]
        elif key == "subset":
            row[key] = claim.subset_of is not None
        else:
            value = getattr(claim, key)
            row[key] = value.isoformat() if key.startswith("date_") and value else value
    return row


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["text"][:60])
def test_casualties_are_what_the_spec_says(case):
    claims = read(case["text"])
    wanted = case["claims"]
    assert len(claims) == len(wanted), [c.quote for c in claims]
    left = list(claims)
    for one in wanted:
        match = next((claim for claim in left if shown(claim, one) == one), None)
        assert match is not None, (one, [shown(claim, one) for claim in left])
        left.remove(match)


def test_a_part_names_its_whole():
    whole, part = sorted(
        read("Shells killed seven people, including three children."), key=lambda c: -c.count_best
    )
    assert part.subset_of == whole.claim_id


def test_every_quote_stands_at_its_offsets_in_text_with_odd_characters():
    text = "Beirut //\u00a0Shelling “killed\u00a0seven people”, he said.\n\n• Two soldiers — were killed."
    claims = read(text)
    assert claims
    assert all(text[c.quote_start : c.quote_end] == c.quote for c in claims)


def test_shouted_text_is_read_like_any_other():
    text = "SAN SALVADOR, 3 JAN 90 -- [TEXT] THREE GUERRILLAS WERE KILLED AND SEVEN OTHERS WERE WOUNDED."
    claims = read(text)
    assert [(c.harm, c.count_best) for c in claims] == [("killed", 3), ("injured", 7)]


def test_the_article_says_whether_a_bare_sentence_is_of_a_war():
    quake = "A strong earthquake hit the coast on Friday. Another 3,400 were injured."
    war = "Rebels shelled the town on Friday. Another 3,400 were injured."
    assert read(quake) == []
    assert [c.count_best for c in read(war)] == [3400]
