"""The day of publication: metadata, then the dateline, then nothing; never a date of the running text."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles.published import find_published, find_updated, parse_moment


@pytest.mark.parametrize(
    ("value", "at", "on"),
    [
        ("2016-08-08", "2016-08-08T00:00", "2016-08-08"),
        ("2016-08-08T23:30:00Z", "2016-08-08T23:30", "2016-08-08"),
        ("2016-08-08T02:00:00+03:00", "2016-08-07T23:00", "2016-08-08"),
        ("20160808", "2016-08-08T00:00", "2016-08-08"),
        ("Mon, 08 Aug 2016 10:15:00 +0300", "2016-08-08T07:15", "2016-08-08"),
        ("8 August 2016", "2016-08-08T00:00", "2016-08-08"),
        ("Aug. 8, 2016", "2016-08-08T00:00", "2016-08-08"),
        ("Monday, Aug. 8, 2016 at 2:05 p.m. EDT", "2016-08-08T18:05", "2016-08-08"),
        ("the 8th of August, 2016", "2016-08-08T00:00", "2016-08-08"),
        ("Monday, August 8th, 2016 2:05 p.m. GMT", "2016-08-08T14:05", "2016-08-08"),
        ("2016/8/8", "2016-08-08T00:00", "2016-08-08"),
        ("1470650400", "2016-08-08T10:00", "2016-08-08"),
    ],
)
def test_a_stated_moment_is_read(value, at, on):
    found = parse_moment(value, ZoneInfo("UTC"))
    assert found == (datetime.fromisoformat(at).replace(tzinfo=UTC), date.fromisoformat(on))


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "yesterday",
        "08/07/2016",
        "2016",
        "31 February 2016",
        "Friday, 8 August 2016",
        "0001-01-01",
        "99",
    ],
)
def test_what_does_not_settle_a_day_gives_none(value):
    assert parse_moment(value, ZoneInfo("UTC")) is None


def test_a_time_without_an_offset_is_read_in_the_zone_of_the_source():
    found = find_published({"published_at": "2016-08-08 01:00", "source_time_zone": "Asia/Beirut"}, "", None)
    assert found.at == datetime(2016, 8, 7, 22, tzinfo=UTC)
    assert found.on == date(2016, 8, 8)


def test_metadata_go_before_the_dateline():
    text = "KARSA, March 18, 2018 - The bridge was shelled."
    assert find_published({"date": "2018-03-19"}, text, None).on == date(2018, 3, 19)
    assert find_published({"date": "2018-03-19"}, text, None).basis == "metadata"


def test_the_address_may_hold_the_day():
    found = find_published({}, "Text.", "https://news.example/world/2018/03/18/bridge-shelled.html")
    assert (found.on, found.basis) == (date(2018, 3, 18), "metadata")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("KARSA, March 18, 2018 - The bridge was shelled.", date(2018, 3, 18)),
        ("Bridge shelled\n\nKARSA, Northland, Aug. 8, 2016 (AP) — Two men", date(2016, 8, 8)),
        ("UPPER KARSA (Desk), Sept. 2, 2016 -- Two men", date(2016, 9, 2)),
        ("Bridge shelled\nPublished: 8 August 2016\nTwo men", date(2016, 8, 8)),
        ("Bridge shelled\nMonday 8 August 2016 14:05 GMT\nTwo men", date(2016, 8, 8)),
    ],
)
def test_a_dateline_with_its_year_dates_the_article(text, on):
    found = find_published({}, text, None)
    assert (found.on, found.basis) == (on, "dateline")


def test_a_dateline_without_a_year_takes_it_from_the_address_only():
    text = "KARSA, March 18 - The bridge was shelled in 2018."
    assert find_published({}, text, None).basis == "none"
    assert find_published({}, text, "https://news.example/2018/bridge").on == date(2018, 3, 18)


@pytest.mark.parametrize(
    "text",
    [
        "Fighters rest under the bridge at Karsa. July 31, 2016.",
        "The bridge was shelled on July 31, 2016, residents said.",
        "KARSA - The bridge was shelled on Monday.",
        "Bridge shelled\nTuesday 8 August 2016\nTwo men",  # it was a Monday
        "Two men\n" * 8 + "8 August 2016\n",
        "",
    ],
)
def test_dates_of_captions_and_of_the_running_text_date_nothing(text):
    found = find_published({}, text, None)
    assert (found.at, found.on, found.basis) == (None, None, "none")


def test_an_update_is_not_the_publication():
    metadata = {"updated_at": "2016-08-09T10:00:00Z"}
    assert find_updated(metadata) == datetime(2016, 8, 9, 10, tzinfo=UTC)
    assert find_published(metadata, "", None).at is None


@given(st.text(max_size=60))
def test_any_text_gives_a_moment_or_none(value):
    found = parse_moment(value, ZoneInfo("UTC"))
    assert found is None or found[0].tzinfo is UTC


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_written_in_full_is_read_whatever_the_day(day):
    written = f"{day:%A}, {day.day} {day:%B} {day.year}"
    assert parse_moment(written, ZoneInfo("UTC")) == (datetime(day.year, day.month, day.day, tzinfo=UTC), day)
