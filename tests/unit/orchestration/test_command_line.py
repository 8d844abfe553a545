"""What a person can mend is said in a line, without a traceback, and nothing is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.__main__ import main


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize("day", ["yesterday", "2009-12-31", "2026-03-02"])
def test_a_day_that_cannot_be_is_refused(
    data: Path, day: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_NOW", "2026-03-01T06:00:00")
    with pytest.raises(SystemExit) as ended:
        main(["run", "--landed-on", day])
    assert ended.value.code == 2
    assert day in capsys.readouterr().err
    assert not data.exists()


def test_a_clock_that_is_no_time_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTLINE_NOW", "noon")
    assert main(["run"]) == 1
    assert "FRONTLINE_NOW='noon'" in capsys.readouterr().err


def test_missing_input_is_named(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--input", str(tmp_path / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert not data.exists()
