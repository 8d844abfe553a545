"""A hundred thousand hostile inputs over every parser and `extract`, in parts of some minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.workers import cores
from tests.fuzz.__main__ import SEED
from tests.fuzz.campaign import Outcome, figures, fuzz, plan
from tests.fuzz.targets import SHARES

INPUTS, PARTS = 100_000, 4


def judge(outcome: Outcome, inputs: int) -> None:
    """Fail where something was found, or where a parser met only good inputs, or only bad ones."""
    assert outcome.finds == []
    assert outcome.called == 0, "somebody called the address that inputs lead to"
    found = figures(outcome, SEED)
    assert found["inputs"] == inputs
    assert set(found["parsers"]) == set(SHARES)
    assert found["slowest_seconds"] < 5
    assert found["peak_mib"] < 1024
    for parser, its in found["parsers"].items():
        assert its["became"].get("read", 0) > 0, f"{parser}: no input came through"
        assert len(its["became"]) > 1, f"{parser}: no input was refused"


@pytest.mark.full
@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_no_hostile_input_does_harm(tmp_path: Path, part: int) -> None:
    batches = plan(INPUTS, SEED, part, PARTS)
    assert sum(batch.size for batch in plan(INPUTS, SEED)) == INPUTS
    judge(fuzz(batches, tmp_path / "kept", cores()), sum(batch.size for batch in batches))
