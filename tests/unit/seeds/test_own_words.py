"""The sample articles retell five reports whose wording is not ours: no run of words may be theirs."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "seeds" / "articles"
ORIGINALS = ROOT.parent / "shared" / "gold" / "seeds" / "texts"
LONGEST_SHARED = 7  # words; names of institutions reach seven


def _words(path: Path) -> list[str]:
    return re.findall(r"\w+", path.read_text(encoding="utf-8").lower().replace("’", "'"))


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_articles_csv_names_every_sample_once():
    with (SAMPLES / "articles.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert sorted(row["file"] for row in rows) == sorted(path.name for path in SAMPLES.glob("*.txt"))
    assert all(row["title"] and row["outlet"] and row["published_at"] for row in rows)


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals stand in ../shared, which is not here")
def test_no_sample_shares_eight_words_in_a_row_with_any_original():
    length = LONGEST_SHARED + 1
    theirs = set().union(*(_runs(_words(path), length) for path in ORIGINALS.glob("*.txt")))
    shared = {
        path.name: sorted(" ".join(run) for run in _runs(_words(path), length) & theirs)
        for path in SAMPLES.glob("*.txt")
    }
    assert len(shared) == 5
    assert not {name: runs for name, runs in shared.items() if runs}
