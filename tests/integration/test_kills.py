"""Fifty SIGKILLs over landing, extraction, dbt, publishing and backup, and a disk that is full in each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kills.__main__ import DAYS, SEED, say
from tests.kills.full_disk import CannotMount, live
from tests.kills.kills import BACKUP, Kills
from tests.kills.steps import STEPS

pytestmark = pytest.mark.full


def test_after_fifty_kills_the_tables_are_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    found = Kills(tmp_path, SEED, say).live(DAYS)
    assert found["wrong"] == []
    assert found["kills"] >= 50
    assert {step for step, kills in found["by_step"].items() if kills >= 5} >= {*STEPS, BACKUP}
    assert found["looks_at_the_published_file"] > 0
    assert found["publications_seen"] > 1


def test_a_disk_that_is_full_in_a_step_is_told_and_mended(tmp_path: Path) -> None:
    try:
        found = live(tmp_path, SEED, say)
    except CannotMount as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    assert found["wrong"] == []
    assert set(found["said"]) == {*STEPS, BACKUP}
    assert found["looks_at_the_published_file"] > 0
