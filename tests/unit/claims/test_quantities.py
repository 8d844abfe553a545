"""find_quantities against its table of sentences, and its properties on text nobody wrote."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.claims.quantities import find_quantities, find_singles

SPECS = yaml.safe_load((Path(__file__).parent / "specs" / "quantities.yml").read_text("utf-8"))
PIECES = st.sampled_from(
    ["one", "two", "hundred", "thousand", "million", "tens", "hundreds", "millions",
     "and", "half", "a", "of", "the", "quarter", "dozen",
     "dozens", "several", "more", "than", "at", "least", "up", "to", "between", "10", "15", "2,000", "2016",
     "7.7", "-", ",", ".", "'", "%", "(", ")", "$", "people", "lorries", "July", "out", "ten", "most", "or"]
)  # fmt: skip


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case["text"])
def test_reads_the_quantities_its_spec_names(case):
    found = [[q.low, q.best, q.high, q.qualifier, q.text, q.unit] for q in find_quantities(case["text"])]
    assert found == [row if len(row) == 6 else [*row, None] for row in case["gives"]]


@given(st.text(max_size=200) | st.lists(PIECES, max_size=40).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_offsets_are_exact_ordered_and_bounds_agree(text):
    found = find_quantities(text) + find_singles(text)
    for quantity in found:
        assert text[quantity.start : quantity.end] == quantity.text != ""
        known = [n for n in (quantity.low, quantity.best, quantity.high) if n is not None]
        assert known == sorted(known)
    spans = [(q.start, q.end) for q in find_quantities(text)]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_vague_words_have_the_bounds_of_the_reference_table():
    """ref_quantity_words.csv is what the models and the codebook show of the same convention."""
    table = Path(__file__).parents[3] / "seeds" / "reference" / "ref_quantity_words.csv"
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["word"] == "a score":  # '20 people' or a result of a match: read by neither
                continue
            (found,) = find_quantities(f"They saw {row['word']} men.")
            bounds = tuple(int(row[side]) if row[side] else None for side in ("low", "best", "high"))
            assert ((found.low, found.best, found.high), found.qualifier) == (bounds, row["qualifier"]), row


@given(st.integers(1, 999_999))
def test_digits_with_and_without_separators_agree(number):
    plain, grouped = (find_quantities(f"They killed {text} people.") for text in (str(number), f"{number:,}"))
    assert [q.best for q in grouped] == [number]
    assert [q.best for q in plain] == [number] or 1900 <= number <= 2099


@pytest.mark.parametrize(
    "piece", [",", "1,", "7", ",111", "a ", "half of ", "between 5 and ", "5-", "to one "]
)
def test_endless_repetition_ends(piece):
    """Where each piece begins something, a pattern that backtracks would never end."""
    find_quantities("1" + piece * (200_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A medic was killed.", ["A"]),
        ("An officer and one soldier were hurt.", ["An", "one"]),
        ("Another man died.", ["Another"]),
        ("A few, a dozen, a hundred and a number of men died.", []),
        ("One of them ran; a third of them did not.", []),
    ],
)
def test_singles_are_articles_before_a_noun(text, words):
    assert [(q.text, q.best) for q in find_singles(text)] == [(word, 1) for word in words]
