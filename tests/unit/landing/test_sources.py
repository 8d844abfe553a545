"""sources.yml: what is right is read, what is wrong is named."""

from pathlib import Path

import pytest

from ingest.landing import SourcesError, load_sources


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


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{kind: folder, path: x}", "entry 1 (without an id): id is missing"),
        ("{id: a}", "path is missing"),
        ("{id: A b, path: x}", "lower-case letters"),
        ("{id: input, path: x}", "is kept for articles handed over"),
        ("{id: a, path: x, kind: carrier_pigeon}", "kind 'carrier_pigeon' is unknown; known are folder"),
        ("{id: a, path: x, pth: y}", "unknown key pth"),
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
