"""Shards give back the records that were put in, and are there whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.articles.parse import article_of
from ingest.reading import lexicon
from ingest.records import Article
from ingest.warehouse.shards import Shards, ShardsError

TEXTS = (
    "At least 12 soldiers were killed in Aleppo on Monday, the army said. Rebels captured Saraqib.",
    "Nobody knew — “nothing”, they said;\n\n'); drop table raw.claims; --",
    "Russia sent 500 soldiers to Melitopol on Friday, Ukrainian officials said.",
)


@pytest.fixture
def articles() -> list[Article]:
    given = [
        article_of({"id": f"a{number}", "text": text, "published_at": "2026-02-27T10:00:00+02:00"})
        for number, text in enumerate(TEXTS)
    ]
    return [replace(given[0], signature=(7, 4_000_000_000)), *given[1:]]


def test_articles_come_back_as_they_were(tmp_path: Path, articles: list[Article]) -> None:
    shards = Shards(str(tmp_path / "new" / "folder"))
    shards.write_articles("one", articles)
    assert shards.articles("one") == articles


def test_claims_come_back_as_they_were(tmp_path: Path, articles: list[Article]) -> None:
    from ingest.claims import extract_many

    found = {article.article_id: claims for article, claims in extract_many(articles, lexicon())}
    given = [claim for claims in found.values() for claim in claims]
    assert {claim.kind for claim in given} == {"casualty", "territorial_change", "reinforcement"}
    shards = Shards(str(tmp_path))
    assert not shards.has_claims("one")
    shards.write_claims("one", given, "v1")
    assert shards.has_claims("one")
    assert shards.claims("one") == {article: claims for article, claims in found.items() if claims}


def test_a_shard_without_a_claim_is_read_too(tmp_path: Path) -> None:
    shards = Shards(str(tmp_path))
    shards.write_claims("none", [], "v1")
    assert shards.has_claims("none")
    assert shards.claims("none") == {}


def test_nothing_is_left_beside_the_files_nor_after_them(tmp_path: Path, articles: list[Article]) -> None:
    shards = Shards(str(tmp_path))
    shards.write_articles("one", articles)
    shards.write_articles("one", articles[:1])
    assert [path.name for path in tmp_path.iterdir()] == ["one.articles.parquet"]
    assert shards.articles("one") == articles[:1]
    shards.delete("one")
    shards.delete("one")
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ShardsError, match=f"{tmp_path}.*gone"):
        Shards(str(tmp_path)).articles("gone")
