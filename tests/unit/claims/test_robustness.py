"""Extraction takes any text at all: no crash, exact quotes, bounded pieces, the same claims again."""

import sys
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.claims import extract_claims, extract_many
from ingest.claims.sentences import MAX_CHARS, MAX_WORDS, split_sentences
from ingest.lexicon import load_lexicon
from ingest.records import Article

PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "Shelling killed three people in Aleppo.",
            "“Seven soldiers were killed,” he said.",
            "The rebels captured the town of Azaz on Monday",
            "İstanbul’da 5 öldü",
            "at least 40",
            "killed",
            "\u202e\u05d0\u05d1\u05d2",
            "\u0642\u062a\u0644 7 \u062c\u0646\u0648\u062f",
            "\u2067Rebels killed 4 men\u2069",
            "“He said: ‘They said: “Nine died,”’ she said,”",
            "according to",
            "he said",
            "two days earlier",
            "that night",
            "\u0130\u0131",
            "\n\n",
            "\u2028",
            "'s",
            '"',
            "((",
            "\x00",
            "1,000,000,000,000",
            "half of",
            ",",
            "- ",
            "\ud83d\ude80",  # two halves of a code point
        ]
    ),
)


def article(text, key="a"):
    return Article(article_id=key, text=text, published_at=datetime(2016, 8, 8, tzinfo=UTC))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_text_is_read_and_every_quote_is_verbatim(text):
    claims = extract_claims(article(text), load_lexicon())
    assert all(text[c.quote_start : c.quote_end] == c.quote for c in claims)
    assert len({c.claim_id for c in claims}) == len(claims)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(PIECES, max_size=6).map(" ".join), min_size=1, max_size=5))
def test_any_texts_give_the_same_claims_twice_and_in_any_company(texts):
    lexicon = load_lexicon()
    articles = [article(text, f"a{i}") for i, text in enumerate(texts)]
    together = [claims for _, claims in extract_many(articles, lexicon)]
    assert together == [claims for _, claims in extract_many(articles, lexicon)]
    assert together == [extract_claims(one, lexicon) for one in articles]


@pytest.mark.full
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_any_longer_text_is_read_and_every_quote_is_verbatim(text):
    claims = extract_claims(article(text), load_lexicon())
    assert all(text[c.quote_start : c.quote_end] == c.quote for c in claims)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_sentences_are_slices_in_order_and_as_long_as_what_they_were_cut_from(text):
    last = 0
    for sentence in split_sentences(text):
        assert last <= sentence.start < sentence.end <= len(text)
        assert len(sentence.text) == sentence.end - sentence.start
        last = sentence.end


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "a, " * 100_000, "Shelling killed 3 men and " * 8_000, "(" * 50_000]
)
def test_a_sentence_without_end_is_cut_into_bounded_pieces(text):
    sentences = split_sentences(text)
    assert sentences
    assert max(len(s.text) for s in sentences) <= MAX_CHARS
    assert max(len(s.text.split()) for s in sentences) <= MAX_WORDS


@pytest.mark.slow
def test_ten_megabytes_without_a_full_stop_give_an_answer():
    assert extract_claims(article("x" * 10_000_000), load_lexicon()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "," * 1_000_000,
        "a, " * 100_000,
        '"' * 200_000,
        "“‘" * 100_000 + "Rebels killed four men" + "’”" * 100_000,
        "(" * 50_000 + "killed" + ")" * 50_000,
        "\u202e" + "\u05d0\u05d1 " * 100_000,
        "grey hills and " * 50_000,
    ],
    ids=["commas", "clauses", "quotes", "nested quotes", "brackets", "right to left", "no full stop"],
)
def test_a_text_made_to_break_it_is_read(text):
    claims = extract_claims(article(text), load_lexicon())
    assert all(text[c.quote_start : c.quote_end] == c.quote for c in claims)


@pytest.mark.full
def test_a_sentence_of_a_megabyte_gives_claims_all_along():
    text = "shelling killed 3 men in Aleppo and " * 28_000
    claims = extract_claims(article(text), load_lexicon())
    assert claims[-1].quote_end > 0.95 * len(text)
    assert all(text[c.quote_start : c.quote_end] == c.quote for c in claims)


HARD = (
    "“We lost 3 men that night,” he said. The group said 4 rebels were killed two days earlier, officials "
    "said on Monday, adding that 5 fled. It put the toll at 9, according to residents, who said “3 died.” "
)
"""Each sentence looks back: for who 'he' is, which night it was, whose toll it is."""


def work(text):
    """How many Python functions are called to read a text: a cost that no busy machine changes."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    one = article(text)
    lexicon = load_lexicon()
    extract_claims(one, lexicon)  # what is loaded or remembered once is not part of it
    sys.setprofile(count)
    try:
        extract_claims(one, lexicon)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.slow
@pytest.mark.parametrize("paragraphs", [" ", "\n\n"], ids=["one paragraph", "many"])
def test_twice_the_text_is_about_twice_the_work(paragraphs):
    # lines said twice are dropped as dirt: each has a number of its own
    texts = [paragraphs.join(f"{i} days on. {HARD}" for i in range(2, size)) for size in (12, 22)]
    short, long = map(work, texts)
    assert short * 1.5 < long < short * 2.6


def test_an_article_is_read_alike_alone_and_among_others():
    lexicon = load_lexicon()
    texts = [
        "Shelling killed three farmers near Azaz on Monday, residents said. Two of them were brothers.",
        "Rebels took Manbij on 12 August. At least 12 soldiers were killed.",
        "The ministry said 40 people had died since Friday. It put the number of wounded at 90.",
    ]
    articles = [article(text, f"a{i}") for i, text in enumerate(texts)]
    together = [claims for _, claims in extract_many(articles, lexicon)]
    assert together == [extract_claims(one, lexicon) for one in articles]
    assert [a.article_id for a, _ in extract_many(articles, lexicon)] == ["a0", "a1", "a2"]


def test_text_in_another_language_gives_no_claims():
    french = Article(article_id="f", text="Shelling killed three people in Aleppo.", language="fr")
    assert extract_claims(french, load_lexicon()) == []
