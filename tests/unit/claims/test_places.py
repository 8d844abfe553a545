"""Where an event happened, against a table of sentences that anyone can add to (specs/places.yml)."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from ingest.claims import extract_claims
from ingest.claims.mentions import matcher_of
from ingest.claims.unknown_names import whole_names
from ingest.lexicon import load_lexicon
from ingest.records import Article, CasualtyClaim, TerritorialClaim

SPECS = yaml.safe_load((Path(__file__).parent / "specs" / "places.yml").read_text("utf-8"))


def read(text, kind):
    article = Article(article_id="a", text=text, published_at=datetime(2020, 5, 13))
    return [c for c in extract_claims(article, load_lexicon()) if isinstance(c, kind)]


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["text"][:60])
def test_the_first_casualty_has_the_place_of_the_spec(case):
    claims = read(case["text"], CasualtyClaim)
    assert claims, "no casualty claim to have a place"
    wanted = {key: case[key] for key in ("place", "place_text") if key in case}
    assert {key: getattr(claims[0], key) for key in wanted} == wanted


def territory(text):
    return [(c.place, c.place_text) for c in read(text, TerritorialClaim)]


def test_outposts_without_names_lie_where_they_were_taken():
    text = "Near Damboa in Nigeria, Boko Haram captured two outposts on Monday."
    assert territory(text) == [("damboa_ng", "Damboa")]


def test_villages_in_a_district_are_a_part_of_it():
    text = "Taliban fighters captured 25 villages in Chaparhar district, Afghanistan."
    (claim,) = read(text, TerritorialClaim)
    assert (claim.place, claim.extent) == ("chaparhar_district_af", "partial")


def test_the_base_is_told_by_the_words_that_named_it_before_and_is_not_its_town():
    text = "Boko Haram attacked an army base in Damboa, Nigeria, at dawn. The militants overran the base."
    assert territory(text) == [(None, "base in Damboa")]


def test_a_named_base_keeps_its_own_words():
    text = "Boko Haram captured the Karmut air base near Damboa, Nigeria, on Monday."
    assert territory(text) == [(None, "the Karmut air base near Damboa")]


def names_left(text):
    lexicon = load_lexicon()
    mentions = matcher_of(lexicon).find(text)
    return [m.text for m in whole_names(text, mentions, lexicon) if m.kind == "place"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("They met in Bara on Monday.", ["Bara"]),
        ("They met in Olva Bara on Monday.", []),  # another place, whose name goes on before
        ("They met Karim Aden on Monday.", []),  # a man
        ("They met in Kano State on Monday.", ["Kano"]),  # a word for its kind is no part of the name
        ("They met in eastern Aleppo on Monday.", ["Aleppo"]),
        ("On Monday Kano was calm.", ["Kano"]),
        (
            "They met in northern Iraqi Mosul on Monday.",
            ["Mosul"],
        ),  # a people's name before it is none either
        (
            "Troops Retake Bara Town From Rebels",
            ["Bara"],
        ),  # where all is in capitals, nothing is told by them
    ],
)
def test_a_place_that_is_a_word_of_a_longer_name_is_left_out(text, left):
    assert names_left(text) == left


def test_a_district_is_not_the_town_of_its_name():
    lexicon = load_lexicon()
    (claim, *_) = read("Two soldiers were killed in Damboa Local Government Area, Nigeria.", CasualtyClaim)
    assert lexicon.places[claim.place].kind == "admin2"
    (claim, *_) = read("Two soldiers were killed in the town of Damboa, Nigeria.", CasualtyClaim)
    assert lexicon.places[claim.place].kind in ("town", "city")


def test_a_toll_over_weeks_is_of_the_region_that_the_fighting_is_about():
    text = """Fighting in Darfur spreads

Clashes broke out in Nyala in Darfur on Sunday. Shells fell on Geneina in Darfur. Zalingei was calm.

More than 300 people have been killed since April, doctors said."""
    toll = read(text, CasualtyClaim)[-1]
    assert (toll.scope, toll.place) == ("period", "darfur_sd")
