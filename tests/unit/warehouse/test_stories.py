"""Copies of one report share a story, however they come; a story keeps its id."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles.stories import fold_text, signature_of, story_of
from ingest.records import Article, content_hash
from ingest.warehouse import Warehouse

NOW = datetime(2026, 3, 4, tzinfo=UTC)
NOUNS = (
    "bridge market road hill school mill harbour tower field station village river gate depot camp".split()
)
VERBS = "shelled took left crossed held lost reached searched burnt guarded passed closed".split()


def sentences(seed: int, number: int = 30) -> list[str]:
    """Return invented sentences that share no run of five words with those of another seed, but by chance."""
    chosen = random.Random(seed)  # noqa: S311 - invented prose, no secret
    return [
        f"On day {chosen.randrange(900)} the {chosen.choice(NOUNS)} guards {chosen.choice(VERBS)} the "
        f"{chosen.choice(NOUNS)} near {chosen.choice(NOUNS)} {chosen.randrange(900)}, residents said."
        for _ in range(number)
    ]


def article(name: str, lines: list[str], hours: int = 0, **changes) -> Article:
    text = "\n".join(lines)
    folded = fold_text(text)
    content = content_hash(folded)
    at = NOW + timedelta(hours=hours)
    found = Article(
        article_id=content_hash(name, folded),
        landing_id=content_hash("landing", name, text),
        document_id=name,
        source_id="desk",
        text=text,
        published_at=at,
        landed_on=at.date(),
        landed_at=at,
        known_on=at.date(),
        content_hash=content,
        signature=signature_of(folded),
        story_id=story_of(content),
    )
    return replace(found, **changes)


REPORT = sentences(1)
EDITED = ["Another headline", *REPORT[:10], *REPORT[12:28], "A paragraph of its own, and no more than that."]
OTHER = sentences(2)


def stories(path: Path, *batches: list[Article]) -> dict[str, str]:
    with Warehouse(path) as warehouse:
        for batch in batches:
            warehouse.add_articles(batch)
        found = warehouse.connection.execute("select document_id, story_id from raw.articles").fetchall()
    return dict(found)


def test_a_reprint_with_edits_takes_the_story_of_the_report_and_another_report_does_not(tmp_path):
    wire, reprint, other = article("wire", REPORT), article("reprint", EDITED, 1), article("other", OTHER, 2)
    found = stories(tmp_path / "w.duckdb", [wire], [reprint, other])
    assert found["wire"] == found["reprint"] == wire.story_id
    assert found["other"] == other.story_id


def test_copies_that_come_in_one_batch_share_the_story_of_the_first_landed(tmp_path):
    late, early = article("late", EDITED, 5), article("early", REPORT, 1)
    assert set(stories(tmp_path / "w.duckdb", [late, early]).values()) == {early.story_id}


def test_the_order_of_arrival_does_not_decide_what_is_one_story(tmp_path):
    first, last = sentences(3, 40), sentences(4, 40)
    chain = [
        article("a", first, 0),
        article("between", first[4:] + last[:4], 1),
        article("c", first[8:] + last[:16], 2),
        article("other", OTHER, 3),
    ]
    for number, order in enumerate(permutations(chain)):
        found = stories(tmp_path / f"{number}.duckdb", *([one] for one in order))
        assert found["a"] == found["between"] == found["c"] == chain[0].story_id
        assert found["other"] != found["a"]


def test_a_story_that_gives_way_is_logged_so_that_the_models_see_it(tmp_path):
    first = sentences(3, 40)
    one, two = article("a", first[:24], 0), article("c", first[12:], 1)
    bridge = article("between", first, 2)
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.add_articles([one, two])
        before = warehouse.counts()["changes"]
        warehouse.add_articles([bridge])
        changed = warehouse.connection.execute(
            "select document_id, changed_on from raw.changes where change_number > ? order by all", [before]
        ).fetchall()
        assert warehouse.find_articles("c")[0].story_id == one.story_id != two.story_id
    assert changed == [("between", bridge.landed_on), ("c", bridge.landed_on)]


def test_the_same_words_two_weeks_apart_are_no_near_copies(tmp_path):
    found = stories(tmp_path / "w.duckdb", [article("a", REPORT)], [article("b", EDITED, 24 * 15)])
    assert found["a"] != found["b"]


@pytest.mark.parametrize("hours", [-14 * 24, 0, 14 * 24])
def test_a_copy_just_within_two_weeks_is_found_among_other_weeks(tmp_path, hours):
    far = [article(f"far {n}", sentences(10 + n), 24 * (n - 5) * 20) for n in range(10)]
    wire, reprint = article("wire", REPORT), article("reprint", EDITED, hours)
    found = stories(tmp_path / "w.duckdb", far, [wire], [reprint, article("late", OTHER, 24 * 90)])
    assert found["wire"] == found["reprint"]
    assert len(set(found.values())) == len(found) - 1


@pytest.mark.parametrize("undated", ["wire", "reprint", "both"])
def test_an_article_of_unknown_day_may_be_the_copy_of_any(tmp_path, undated):
    wire, reprint = article("wire", REPORT), article("reprint", EDITED, 24 * 90)
    wire = replace(wire, published_at=None) if undated != "reprint" else wire
    reprint = replace(reprint, published_at=None) if undated != "wire" else reprint
    found = stories(tmp_path / "w.duckdb", [wire], [reprint, article("other", OTHER, 24 * 90)])
    assert found["wire"] == found["reprint"] != found["other"]


@pytest.mark.parametrize(("moved", "copy"), [(90, 90), (10, 20), (10, 24)])
def test_an_article_that_a_later_landing_dates_anew_is_compared_by_its_new_day(tmp_path, moved, copy):
    wire, reprint = article("wire", REPORT), article("reprint", EDITED, 24 * copy)
    dated = replace(
        wire,
        landing_id="again",
        published_at=NOW + timedelta(days=moved),
        landed_at=NOW + timedelta(days=91),
    )
    found = stories(tmp_path / "w.duckdb", [wire], [dated], [reprint])
    assert found["wire"] == found["reprint"]


def test_short_texts_have_no_near_copies(tmp_path):
    one, two = sentences(5, 2), [*sentences(5, 2), "One more."]
    assert article("a", one).signature is None
    found = stories(tmp_path / "w.duckdb", [article("a", one), article("b", two), article("copy", one, 1)])
    assert found["a"] == found["copy"] != found["b"]


def number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def test_a_signature_holds_the_least_of_128_hashes_of_the_runs_of_five_words():
    words = [f"word{n}" for n in range(60)]
    runs = [number(" ".join(words[n : n + 5])) for n in range(56)]
    expected = tuple(
        min(((number(f"factor {n}") | 1) * run + number(f"term {n}")) % 2**64 >> 32 for run in runs)
        for n in range(128)
    )
    assert signature_of(" ".join(words)) == expected
    assert signature_of(" - ".join(word.upper() for word in words) + "!") == expected


@settings(deadline=None, max_examples=25)
@given(st.integers(min_value=0, max_value=120))
def test_the_share_of_equal_places_estimates_the_overlap(shared):
    common = [f"shared{n}" for n in range(shared + 4)]
    one = common + [f"one{n}" for n in range(120 - shared)]
    other = common + [f"other{n}" for n in range(120 - shared)]
    left, right = signature_of(" ".join(one)), signature_of(" ".join(other))
    assert left is not None
    assert right is not None
    estimate = sum(a == b for a, b in zip(left, right, strict=True)) / 128
    assert abs(estimate - shared / (240 - shared)) < 0.2
