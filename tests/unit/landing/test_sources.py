"""sources.yml: what is right is read, what is wrong is named."""

from pathlib import Path

import pytest

from ingest.landing import SourcesError, load_sources
from ingest.landing.web import Politeness


def write(folder: Path, text: str) -> Path:
    path = folder / "sources.yml"
    path.write_text(text, "utf-8")
    return path


def test_the_samples_are_registered_as_an_archive():
    sample = load_sources()["sample"]
    assert sample.is_archive
    assert sample.is_registered
    assert sample.path is not None
    assert sample.path.parts[-2:] == ("seeds", "articles")


def test_every_key_is_read(tmp_path):
    path = write(
        tmp_path,
        "sources:\n  - {id: desk, kind: folder, path: /srv/desk, outlet: The Desk, language: en,\n"
        "     time_zone: Asia/Beirut, archive: true, expected_per_day: 40}\n",
    )
    desk = load_sources(path)["desk"]
    assert (desk.path, desk.outlet, desk.language) == (Path("/srv/desk"), "The Desk", "en")
    assert (desk.time_zone, desk.is_archive, desk.expected_per_day) == ("Asia/Beirut", True, 40)


def test_every_key_of_a_source_on_the_web_is_read(tmp_path):
    path = write(
        tmp_path,
        """sources:
  - {id: wire, kind: feed, address: https://wire.example/rss, full_text: page, expected_per_day: 200,
     politeness: {delay_seconds: 5, timeout_seconds: 30, attempts: 2, max_mebibytes: 3}}
  - {id: section, kind: page, address: ["http://10.0.0.7/war", "http://10.0.0.7/peace"], follow: '/[0-9]{4}/',
     group: intranet, every_minutes: 5, private_hosts: true}
  - {id: map, kind: sitemap, address: https://wire.example/news.xml}
""",
    )
    wire, section, sitemap = load_sources(path).values()
    assert (wire.addresses, wire.group, wire.full_text) == (("https://wire.example/rss",), "feed", "page")
    assert wire.politeness == Politeness(delay=5, timeout=30, attempts=2, max_bytes=3 << 20)
    assert wire.is_online
    assert section.addresses == ("http://10.0.0.7/war", "http://10.0.0.7/peace")
    assert (section.group, section.every_minutes, section.politeness.private_hosts) == ("intranet", 5, True)
    assert section.follow is not None
    assert section.follow.search("/2026/a")
    assert (sitemap.group, sitemap.politeness) == ("sitemap", Politeness())


def test_the_file_may_lie_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("FRONTLINE_SOURCES", str(write(tmp_path, "sources: [{id: desk, path: /srv}]")))
    assert list(load_sources()) == ["desk"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{kind: folder, path: x}", "entry 1 (without an id): id is missing"),
        ("{id: a}", "path is missing"),
        ("{id: A b, path: x}", "lower-case letters"),
        ("{id: input, path: x}", "is kept for articles handed over"),
        (
            "{id: a, path: x, kind: carrier_pigeon}",
            "kind 'carrier_pigeon' is unknown; known are folder, feed",
        ),
        ("{id: a, path: x, pth: y}", "unknown key pth; of a folder known are"),
        ("{id: a, kind: feed, path: x}", "unknown key path; of a feed known are"),
        ("{id: a, kind: folder, path: x, address: 'http://x'}", "unknown key address"),
        ("{id: a, kind: feed}", "address is missing"),
        ("{id: a, kind: feed, address: []}", "address is missing"),
        ("{id: a, kind: feed, address: [3]}", "address 3 is no text"),
        ("{id: a, kind: feed, address: example.org/feed}", "is no http or https address"),
        ("{id: a, kind: feed, address: 'ftp://x/y'}", "is no http or https address"),
        ("{id: a, kind: feed, address: 'http://x', group: 'War news'}", "group 'War news' may hold"),
        ("{id: a, kind: feed, address: 'http://x', full_text: both}", "full_text 'both' is unknown"),
        ("{id: a, kind: page, address: 'http://x', follow: '('}", "is no regular expression"),
        ("{id: a, kind: feed, address: 'http://x', private_hosts: 1}", "write true or false"),
        ("{id: a, kind: feed, address: 'http://x', every_minutes: 0}", "write a whole number from 1"),
        ("{id: a, kind: feed, address: 'http://x', politeness: 5}", "write a mapping such as {delay_seconds"),
        ("{id: a, kind: feed, address: 'http://x', politeness: {delay: 5}}", "politeness: unknown delay"),
        (
            "{id: a, kind: feed, address: 'http://x', politeness: {delay_seconds: -1}}",
            "seconds from 0 to 3600",
        ),
        (
            "{id: a, kind: feed, address: 'http://x', politeness: {timeout_seconds: 0}}",
            "timeout_seconds is 0",
        ),
        (
            "{id: a, kind: feed, address: 'http://x', politeness: {attempts: 0}}",
            "write a whole number from 1",
        ),
        ("{id: a, path: x, language: English}", "no ISO 639 code"),
        ("{id: a, path: x, time_zone: Aleppo}", "no IANA name"),
        ("{id: a, path: x, archive: 'yes'}", "write true or false"),
        ("{id: a, path: x, expected_per_day: some}", "write a whole number"),
        ("{id: a, path: x, fields: [text]}", "write a mapping such as {text: body"),
        ("{id: a, path: x, fields: {headline: h1}}", "fields: unknown headline"),
        ("{id: a, path: x}\n  - {id: a, path: y}", "entry 2 (a): the id is taken"),
        ("just text", "must be a mapping"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, entry, message):
    path = write(tmp_path, f"sources:\n  - {entry}\n")
    with pytest.raises(SourcesError) as caught:
        load_sources(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "a: b: c", "- 1", "sources: {}", "sources: []\nmore: 1", "\tx"])
def test_a_file_of_another_shape_is_an_error(tmp_path, text):
    with pytest.raises(SourcesError):
        load_sources(write(tmp_path, text))


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(SourcesError, match="there is no such file"):
        load_sources(tmp_path / "none.yml")
