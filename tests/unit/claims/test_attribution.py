"""Who says it, read from the order of words and from who was introduced with what."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from ingest.claims import extract_claims
from ingest.lexicon import load_lexicon
from ingest.records import Article

SPECS = yaml.safe_load((Path(__file__).parent / "specs" / "attribution.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["text"])
def test_names_who_says_it_as_its_spec_says(case):
    published = datetime(2016, 8, 9, 12, tzinfo=UTC)
    article = Article(article_id="a", text=case["text"], language="en", published_at=published)
    claims = [claim for claim in extract_claims(article, load_lexicon()) if claim.kind == "casualty"]
    found = [f"{claim.status} | {claim.claimant or '-'} | {claim.claimant_text or '-'}" for claim in claims]
    assert found == case["gives"]


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        (
            "The Syrian army accused the insurgents of having killed 12 civilians in Aleppo.",
            "syrian_opposition",
        ),
        ("Al Shabaab claimed to have killed 63 soldiers in Somalia.", "al_shabaab"),
        ("At first al Shabaab claimed to have killed 63 soldiers in Somalia.", "al_shabaab"),
        ("At first al Shabaab claimed that 63 soldiers had been killed in Somalia.", None),
    ],
)
def test_whom_a_speaker_accuses_is_not_the_speaker_and_whom_he_boasts_of_is(text, perpetrator):
    published = datetime(2016, 8, 9, 12, tzinfo=UTC)
    article = Article(article_id="a", text=text, language="en", published_at=published)
    (claim,) = [claim for claim in extract_claims(article, load_lexicon()) if claim.kind == "casualty"]
    assert claim.perpetrator == perpetrator
