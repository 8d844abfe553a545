"""The lexicon kept for the next process: the same, never one of another state, never a damaged one."""

import os
from datetime import date

import pytest

from ingest.lexicon import kept, lexicon_version, load_lexicon, read
from ingest.lexicon.kept import keep_lexicon, kept_lexicon
from ingest.records import Actor, Conflict, Frame, Lexicon, Name, PathStep, Place

SMALL = Lexicon(
    version="v1",
    names=(
        Name("Tormo", "tormo_xx", "place", frozenset({"XX"})),
        Name("the Greys", "greys", "actor", frozenset({"XX", "YY"}), date(2001, 2, 3), None),
        Name("Old Greys", "greys", "actor", frozenset(), None, date(1999, 12, 31)),
    ),
    actors={"greys": Actor("greys", "Greys", "militia", None, frozenset({"XX"}), {"war": "north"})},
    places={"tormo_xx": Place("tormo_xx", "Tormo", "town", "XX", None, 1.5, -2.5, 700)},
    claimants={},
    conflicts={
        "war": Conflict("war", "War", frozenset({"XX"}), date(2000, 1, 1), None, {"north": frozenset("s")})
    },
    frames=(
        Frame("fell", "territorial_change", ("fall",), None, "verb",
              {"place": ((PathStep(frozenset({"nsubj"})),), (PathStep(frozenset(), climbs=True),))},
              {"change": "captured"}, ("Tormo fell.",)),
    ),
    words={"victims": {"soldiers": "soldiers"}},
)  # fmt: skip


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path))
    return tmp_path / "lexicon"


def load():
    """Load the repository's lexicon as a new process does, which remembers nothing."""
    return read._load.__wrapped__(read.SEEDS, lexicon_version())


def never(*_):
    raise AssertionError("the tables were read")


def test_what_is_kept_comes_back_as_it_was(tmp_path):
    keep_lexicon(tmp_path, SMALL)
    assert kept_lexicon(tmp_path, "v1") == SMALL


def test_the_repositorys_lexicon_is_read_once_and_then_kept(state, monkeypatch):
    first = load()
    monkeypatch.setattr(read, "_read", never)
    assert load() == first == load_lexicon()


def test_a_lexicon_of_another_version_is_not_taken(tmp_path):
    keep_lexicon(tmp_path, SMALL)
    assert kept_lexicon(tmp_path, "v2") is None


def test_a_lexicon_kept_by_other_code_is_not_taken(tmp_path, monkeypatch):
    keep_lexicon(tmp_path, SMALL)
    monkeypatch.setattr(kept, "_code_version", lambda: "other")
    assert kept_lexicon(tmp_path, "v1") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:20],
        lambda raw: raw[:-1],
        lambda raw: raw[:1000] + bytes([raw[1000] ^ 1]) + raw[1001:],
        lambda raw: raw + b"x",
    ],
    ids=["empty", "no hash", "cut off", "a bit", "longer"],
)
def test_a_damaged_file_is_read_again_from_the_tables_and_mended(state, damage, monkeypatch):
    first = load()
    (path,) = state.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert load() == first
    monkeypatch.setattr(read, "_read", never)
    assert load() == first


def test_where_nothing_can_be_written_the_tables_are_read(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path / "file" / "data"))
    assert load() == load_lexicon()


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(kept.Path, "replace", full)
    keep_lexicon(tmp_path, SMALL)
    assert list(tmp_path.iterdir()) == []


def test_only_the_files_made_last_stay_and_no_part_of_a_killed_process(tmp_path):
    dead = tmp_path / "killed.part"
    dead.write_bytes(b"half")
    os.utime(dead, (0, 0))
    for number in range(4):
        version = f"v{number}"
        keep_lexicon(tmp_path, Lexicon(version, (), {}, {}, {}, {}, (), {}))
        (path,) = tmp_path.glob(f"*-{version}-*")
        os.utime(path, (number + 1, number + 1))
    assert sorted(path.name.split("-")[1] for path in tmp_path.iterdir()) == ["v2", "v3"]


def test_tables_of_another_folder_are_not_kept(state, tmp_path):
    for name in ("reference", "frames"):
        (tmp_path / "seeds").mkdir(exist_ok=True)
        (tmp_path / "seeds" / name).symlink_to(read.SEEDS / name)
    assert load_lexicon(tmp_path / "seeds").version == lexicon_version()
    assert not state.exists()
