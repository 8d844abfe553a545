"""The simulated month, scaled: every document is accounted for, and a second month changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.month.run import live

pytestmark = pytest.mark.full

DOCUMENTS, SEED = 600, 7
MOST_MIB = 1024


def test_the_books_of_a_month_balance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FRONTLINE_DATA", "FRONTLINE_SOURCES", "FRONTLINE_NOW"):
        monkeypatch.setenv(name, "")
    figures, wrong = live(tmp_path, DOCUMENTS, SEED)
    assert wrong == []
    assert figures["offered"] == DOCUMENTS
    became = figures["became"]
    assert sum(became[fate] for fate in ("article", "copy", "reject", "tombstone")) == DOCUMENTS
    assert min(became.values()) > 0, "each of the fates was met"
    assert figures["memory_mib_most"] < MOST_MIB
    memory = figures["memory_mib"]
    assert memory["last_ten_days"] < memory["first_ten_days"] + 200, "memory stays flat"
