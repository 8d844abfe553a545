"""The reference tables as people edit them: what is refused, with file and line, and what they must hold."""

import csv
import re
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.lexicon import LexiconError, load_lexicon

NAMES, LOCAL = "ref_actor_names.csv", "ref_places_local.csv"
SEEDS = Path(__file__).resolve().parents[3] / "seeds"


@pytest.fixture
def seeds(tmp_path):
    shutil.copytree(SEEDS / "reference", tmp_path / "reference")
    shutil.copytree(SEEDS / "frames", tmp_path / "frames")
    return tmp_path


def rows(name, seeds=SEEDS):
    with (seeds / "reference" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def append(seeds, name, *cells):
    path = seeds / "reference" / name
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(cells)
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize(
    ("name", "cells", "complaint"),
    [
        (NAMES, ("nobody_at_all", "The Nobodies", "", "", "", "false", "test"), "'nobody_at_all'"),
        (NAMES, ("houthis", "Houthis", "", "", "", "true", "test"), "stands already at line"),
        (NAMES, ("houthis", "H.", "2015-13-01", "", "", "false", "test"), "ISO date"),
        (NAMES, ("houthis", "H.", "2016-01-01", "2015-01-01", "", "false", "x"), "lies before"),
        (NAMES, ("houthis", "H.", "", "", "ZZ", "false", "test"), "ZZ"),
        ("ref_actors.csv", ("new_group", "New", "rebel_group", "no_parent", "YE", "test"), "'no_parent'"),
        ("ref_actor_sides.csv", ("houthis", "yemen", "no_side", "", ""), "'no_side'"),
        ("ref_side_enemies.csv", ("yemen", "houthis", "no_side", "", ""), "'no_side'"),
        (LOCAL, ("x_ye", "X", "town", "YE", "yemen", "91", "10", "", "hand", "test"), "coordinates"),
        (LOCAL, ("x_ye", "X", "town", "YE", "nowhere", "", "", "", "hand", "test"), "'nowhere'"),
        ("ref_claimants.csv", ("x", "X", "no_kind", "", "test"), "'no_kind'"),
        ("ref_victim_words.csv", ("ogre", "ogres"), "'ogres'"),
        ("ref_actor_coalitions.csv", ("nato", "no_member", "", ""), "'no_member'"),
        ("ref_actors.csv", ("new_group", "New Group"), "cells"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_file_and_line(seeds, name, cells, complaint):
    line = append(seeds, name, *cells)
    with pytest.raises(LexiconError) as error:
        load_lexicon(seeds)
    assert f"{name}, line {line}: " in str(error.value)
    assert complaint in str(error.value)


def test_a_missing_column_and_a_missing_file_are_named(seeds):
    path = seeds / "reference" / "ref_victim_words.csv"
    path.write_text("word,category\nogre,people\n", "utf-8")
    with pytest.raises(LexiconError, match=r"ref_victim_words.csv, line 1: no column victim"):
        load_lexicon(seeds)
    path.unlink()
    with pytest.raises(LexiconError, match=r"ref_victim_words.csv is missing"):
        load_lexicon(seeds)


def test_an_actor_that_is_its_own_grandparent_is_refused(seeds):
    path = seeds / "reference" / "ref_actors.csv"
    text = path.read_text("utf-8")
    text = re.sub(r"(?m)^(iran,Iran,government),,", r"\1,quds_force,", text)
    path.write_text(text, "utf-8")
    with pytest.raises(LexiconError, match="its own parent"):
        load_lexicon(seeds)


def test_the_lexicon_is_read_once_and_its_version_follows_the_files(seeds):
    first = load_lexicon(seeds)
    assert load_lexicon(seeds) is first
    append(seeds, "ref_victim_words.csv", "shepherdess", "women")
    second = load_lexicon(seeds)
    assert second.version != first.version
    assert second.words["victims"]["shepherdess"] == "women"


def test_a_former_name_finds_the_actor_on_any_day_and_a_generic_one_only_in_its_time():
    names = [n for n in load_lexicon().names if n.kind == "actor"]
    nusra = {n.id: n for n in names if n.text == "Jabhat al-Nusra"}
    assert [(n.valid_from, n.valid_to) for n in nusra.values()] == [(None, None)]
    assert {n.id for n in names if n.text == "Hayat Tahrir al-Sham"} == set(nusra)
    rebels = {n.id: n for n in names if n.text == "rebels" and "ET" in n.countries}
    assert rebels["tigrayan_forces"].valid_to == date(2022, 11, 3)


def test_official_names_of_an_actor_follow_each_other_without_overlap():
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in rows("ref_actor_names.csv"):
        if row["is_official"] == "true":
            spans.setdefault(row["actor_id"], []).append((row["valid_from"], row["valid_to"] or "9999"))
    assert set(spans) == {row["actor_id"] for row in rows("ref_actors.csv")}
    for actor, found in spans.items():
        found.sort()
        for (_, end), (start, _) in pairwise(found):
            assert end <= start, actor


def test_two_hizbollahs_are_told_apart_by_their_names():
    lexicon = load_lexicon()
    ids = {name.text: name.id for name in lexicon.names if name.kind == "actor" and not name.countries}
    assert ids["Hezbollah"] == "hezbollah"
    assert ids["Kataib Hezbollah"] == ids["Hizbollah Brigades"] == "kataib_hezbollah"
    assert ids["Army of Conquest"] == "army_of_conquest"


def test_enemies_are_mutual_and_every_side_has_a_lead():
    lexicon = load_lexicon()
    for conflict in lexicon.conflicts.values():
        for side, enemies in conflict.sides.items():
            assert f"{conflict.id}/{side}" in lexicon.words["side_leads"]
            for enemy in enemies:
                assert side in conflict.sides[enemy], (conflict.id, side, enemy)


def test_no_hand_made_place_has_coordinates_it_can_not_vouch_for():
    for row in rows("ref_places_local.csv"):
        assert row["basis"]
        assert bool(row["latitude"]) == bool(row["longitude"])


def test_every_row_of_a_hand_list_has_its_basis():
    for name in ("ref_actors.csv", "ref_actor_names.csv", "ref_claimants.csv", "ref_place_names.csv"):
        assert all(row["basis"] for row in rows(name)), name


def test_ordinary_words_are_no_names_of_places():
    words = {name.text.lower() for name in load_lexicon().names if name.kind == "place"}
    assert not words & {"march", "of", "say", "police", "battle", "unit", "hit"}
