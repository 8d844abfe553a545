"""Fifty SIGKILLs over landing, extraction, dbt, publishing and backup, and a disk that is full in each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kills.__main__ import SEED, say
from tests.kills.full_disk import CannotMount, live
from tests.kills.kills import BACKUP, KILLS_A_DAY, Kills
from tests.kills.steps import STEPS

pytestmark = pytest.mark.full
DAYS_OF_PARTS = (4, 3, 3)
"""Fifty kills, five a day, in parts of less than half an hour."""


@pytest.mark.parametrize("part", range(len(DAYS_OF_PARTS)))
def test_after_kills_in_every_step_the_tables_are_those_of_an_undisturbed_run(
    tmp_path: Path, part: int
) -> None:
    days = DAYS_OF_PARTS[part]
    found = Kills(tmp_path, SEED + part, say).live(days)
    assert found["wrong"] == []
    assert found["kills"] >= days * KILLS_A_DAY
    # A kill meant for a step may meet the next; of three in each, no two steps are missed altogether.
    assert len(found["by_step"].keys() & {*STEPS, BACKUP}) >= len(STEPS)
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
