"""find_dates against its table of sentences, and its properties on text nobody wrote."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.claims.dates import find_dates, with_anchor

SPECS = yaml.safe_load((Path(__file__).parent / "specs" / "dates.yml").read_text("utf-8"))
PUBLISHED = date(2022, 6, 15)
DAYS = st.dates()
PIECES = st.sampled_from(
    ["Monday", "Sunday", "last", "next", "this", "that", "week", "days", "months", "ago", "two", "since",
     "by", "until", "May", "July", "17", "31", "2015", "29", "February", "30/09/2021", "early", "late",
     "to", "and", "between", "from", "overnight", "weekend", "summer", "of", "the", "previous", "earlier"]
)  # fmt: skip


def written(span):
    """A span in the table's form."""
    first, last = (str(day) if day else "?" for day in (span.first, span.last))
    marks = [str(span.prec or "?"), span.basis]
    marks += (
        [span.relation] * (span.relation != "on")
        + ["conflict"] * span.conflict
        + ["anaphoric"] * span.anaphoric
    )
    return f"{span.text} | {first} .. {last} | {' '.join(marks)}"


@pytest.mark.parametrize("case", SPECS, ids=lambda case: f"{case['text']} {case.get('published', '')}")
def test_reads_the_dates_its_spec_names(case):
    found = find_dates(case["text"], case.get("published", PUBLISHED), case.get("anchor"))
    assert [written(span) for span in found] == case["gives"]


@given(
    st.text(max_size=120) | st.lists(PIECES, max_size=30).map(" ".join), DAYS | st.none(), DAYS | st.none()
)
@settings(max_examples=400, deadline=None)
def test_offsets_are_exact_bounds_ordered_and_nothing_raises(text, published, anchor):
    spans = find_dates(text, published, anchor)
    for span in spans:
        assert text[span.start : span.end] == span.text != ""
        assert span.first is None or span.last is None or span.first <= span.last
        assert (span.prec is None) == (span.first is None and span.last is None)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(DAYS, st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%a %d %b %Y"]), DAYS | st.none())
def test_a_full_date_means_itself_whenever_it_is_published(day, form, published):
    if 1900 <= day.year <= 2099:
        (span,) = find_dates(f"It fell on {day.strftime(form)}.", published)
        assert (span.first, span.last, span.prec, span.conflict) == (day, day, 1, False)


@given(DAYS.filter(lambda day: day.year > 10), st.integers(0, 6))
def test_a_weekday_is_the_latest_one(published, weekday):
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday]
    (span,) = find_dates(f"They left on {name}.", published)
    assert span.first.weekday() == weekday
    assert timedelta(0) <= published - span.first < timedelta(7)


@pytest.mark.parametrize(
    "piece", ["May ", "17 ", "Monday to ", "last week ", "two days ", "since ", "2015-", "the ", "9/"]
)
def test_endless_repetition_ends(piece):
    """Where each piece begins something, a pattern that backtracks would never end."""
    find_dates(piece * (100_000 // len(piece)), PUBLISHED)


def test_an_anaphoric_date_is_read_again_from_its_anchor_and_keeps_its_place():
    text = "He said the army had left the previous day."
    (span,) = find_dates(text, PUBLISHED)
    anchored = with_anchor(span, PUBLISHED, date(2022, 6, 1))
    assert (anchored.first, anchored.last) == (date(2022, 5, 31), date(2022, 5, 31))
    assert text[anchored.start : anchored.end] == "the previous day"
    assert anchored.prec == 1


def test_other_dates_have_no_anchor():
    (span,) = find_dates("They left on Monday.", PUBLISHED)
    assert with_anchor(span, PUBLISHED, date(2022, 6, 1)) == span
