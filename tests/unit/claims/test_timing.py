"""When: the dates of claims, and the day of saying kept apart from the day of the event."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from ingest.claims import extract_claims
from ingest.lexicon import load_lexicon
from ingest.records import Article

SPECS = yaml.safe_load((Path(__file__).parent / "specs" / "timing.yml").read_text("utf-8"))


def written(claim):
    what = getattr(claim, "harm", None) or getattr(claim, "change", None) or claim.force
    first, last = (str(day) if day else "?" for day in (claim.date_start, claim.date_end))
    return f"{what} | {first} .. {last} | {claim.date_basis}"


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["text"])
def test_dates_its_claims_as_its_spec_says(case):
    article = Article(
        article_id="a", text=case["text"], language="en", published_at=datetime(2022, 6, 15, 12, tzinfo=UTC)
    )
    claims = [claim for claim in extract_claims(article, load_lexicon()) if claim.kind == "casualty"]
    assert [written(claim) for claim in claims] == case["gives"]
