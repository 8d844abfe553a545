"""Dagster's history in files: what is written is what Dagster itself reads, and a kill costs none of it."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

from orchestration import settings

WRITE_AND_DIE = """
import os, signal
import dagster as dg
@dg.asset
def alive(): pass
@dg.asset(deps=[alive])
def dead(): os.kill(os.getpid(), signal.SIGKILL)
with dg.DagsterInstance.get() as instance:
    dg.materialize([alive, dead], instance=instance)
"""


@dg.asset(check_specs=[dg.AssetCheckSpec("fits", asset="table")])
def table():
    return dg.MaterializeResult(
        metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=False, check_name="fits")]
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv("FRONTLINE_DAGSTER_POSTGRES", raising=False)
    settings.prepare_environment()
    return settings.dagster_home()


def test_an_address_of_postgresql_names_the_driver_that_dagster_was_written_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("FRONTLINE_DAGSTER_POSTGRES", "postgres://dagster:a%2Fb@db/wars")
    for _ in range(2):
        settings.prepare_environment()
        assert os.environ["FRONTLINE_DAGSTER_POSTGRES"] == "postgresql+psycopg2://dagster:a%2Fb@db/wars"
    kept = yaml.safe_load((settings.dagster_home() / "dagster.yaml").read_text("utf-8"))
    assert kept["storage"] == {"postgres": {"postgres_url": {"env": "FRONTLINE_DAGSTER_POSTGRES"}}}
    assert "event_log_storage" not in kept


def test_dagsters_own_storage_reads_the_same_history(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        result = dg.materialize([table], instance=instance)
        written = [str(e.event_type_value) for e in result.all_events if e.is_step_event]
    stock = yaml.safe_load((home / "dagster.yaml").read_text("utf-8"))
    assert stock.pop("event_log_storage")["class"] == "EventLog"
    (home / "dagster.yaml").write_text(yaml.safe_dump(stock), "utf-8")
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is SqliteEventLogStorage
        event = instance.get_latest_materialization_event(table.key)
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.metadata["rows"].value == 3
        found = [
            str(e.dagster_event.event_type_value)
            for e in instance.all_logs(result.run_id)
            if e.dagster_event and e.dagster_event.is_step_event
        ]
        (check,) = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(table.key, "fits"), limit=5
        )
    assert found == written
    assert check.run_id == result.run_id
    assert check.status.value == "FAILED"


def test_a_process_that_is_killed_leaves_all_it_had_said(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", WRITE_AND_DIE], capture_output=True)
    assert done.returncode == -9
    with dg.DagsterInstance.get() as instance:
        (run,) = instance.get_runs()
        said = [
            (e.step_key, str(e.dagster_event.event_type_value))
            for e in instance.all_logs(run.run_id)
            if e.dagster_event
        ]
        assert instance.get_latest_materialization_event(dg.AssetKey("alive")) is not None
    assert ("alive", "STEP_SUCCESS") in said
    assert said[-1] == ("dead", "STEP_START")


def test_the_file_that_the_ui_watches_changes_with_each_event(home: Path) -> None:
    sizes: list[int] = []

    @dg.op
    def speak(context: dg.OpExecutionContext) -> None:
        for number in range(3):
            context.log.info(f"{number} " + "word " * 2000)
            sizes.append((home / "history" / "runs" / f"{context.run_id}.db").stat().st_size)

    @dg.job
    def talk() -> None:
        speak()

    with dg.DagsterInstance.get() as instance:
        talk.execute_in_process(instance=instance)
    assert sizes[0] < sizes[1] < sizes[2]
