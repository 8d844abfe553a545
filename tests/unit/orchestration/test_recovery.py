"""A killed run's slot is freed, its dbt waited for; a living run is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration import recovery
from orchestration.partitions import POOL

SLEEP = [sys.executable, "-c", "import sys, time; print('up', flush=True); time.sleep(60)"]
DAGSTER_YAML = Path(recovery.__file__).with_name("dagster.yaml")


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster home with our dagster.yaml, on disk, as runs and the UI share it."""
    (tmp_path / "dagster.yaml").write_bytes(DAGSTER_YAML.read_bytes())
    with dg.DagsterInstance.from_config(str(tmp_path)) as found:
        yield found


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[str]]:
    """A process that is not ours to end."""
    process = subprocess.Popen(SLEEP, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()


def start_run(instance: dg.DagsterInstance, tags: dict[str, str]) -> dg.DagsterRun:
    """Put a run into the state of one that is at work, holding the pool's slot."""

    @dg.job
    def nothing() -> None:
        pass

    run = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED, tags=tags)
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default(POOL)
    assert storage.claim_concurrency_slot(POOL, run.run_id, "raw__claims").is_claimed
    return run


def holders(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.event_log_storage.get_concurrency_info(POOL).active_run_ids)


def dead_process() -> recovery.Process:
    process = subprocess.Popen(SLEEP, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    described = recovery.Process.of(process.pid)
    process.kill()
    process.wait()
    return described


def test_run_of_a_dead_process_is_failed_and_its_slot_freed(instance: dg.DagsterInstance) -> None:
    run = start_run(instance, {**recovery.signature(), recovery.PROCESS_TAG: str(dead_process())})
    said: list[str] = []
    assert recovery.recover(instance, said.append) == [run.run_id]
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    assert found.status == dg.DagsterRunStatus.FAILURE
    assert holders(instance) == set()
    assert run.run_id[:8] in said[0]
    assert instance.event_log_storage.claim_concurrency_slot(POOL, "next", "raw__claims").is_claimed


def test_living_run_keeps_its_slot(instance: dg.DagsterInstance) -> None:
    run = start_run(instance, recovery.signature())
    assert recovery.recover(instance, print) == []
    assert holders(instance) == {run.run_id}


def test_process_id_used_again_is_not_the_run(
    instance: dg.DagsterInstance, stranger: subprocess.Popen[str]
) -> None:
    reused = recovery.Process(stranger.pid, "1")
    run = start_run(instance, {**recovery.signature(), recovery.PROCESS_TAG: str(reused)})
    assert recovery.recover(instance, print) == [run.run_id]


def test_run_of_an_earlier_container_is_dead(
    instance: dg.DagsterInstance, stranger: subprocess.Popen[str]
) -> None:
    process = str(recovery.Process.of(stranger.pid))
    run = start_run(instance, {recovery.HOST_TAG: "another-host", recovery.PROCESS_TAG: process})
    assert recovery.recover(instance, print) == [run.run_id]


def test_unsigned_run_that_was_just_launched_is_left_alone(instance: dg.DagsterInstance) -> None:
    run = start_run(instance, {})
    assert recovery.recover(instance, print) == []
    assert holders(instance) == {run.run_id}


def test_slot_of_a_run_that_has_ended_or_is_unknown_is_freed(instance: dg.DagsterInstance) -> None:
    run = start_run(instance, recovery.signature())
    instance.report_run_failed(run)
    assert recovery.recover(instance, print) == []
    assert holders(instance) == set()
    assert instance.event_log_storage.claim_concurrency_slot(POOL, "deleted", "raw__claims").is_claimed
    assert recovery.recover(instance, print) == []
    assert holders(instance) == set()


def test_dbt_of_a_killed_run_is_waited_for(
    instance: dg.DagsterInstance, stranger: subprocess.Popen[str]
) -> None:
    tags = {**recovery.signature(), recovery.PROCESS_TAG: str(dead_process())}
    run = start_run(instance, tags)
    recovery.sign_dbt(instance, run.run_id, stranger.pid)
    with pytest.raises(recovery.StillBusy, match=f"kill {stranger.pid}"):
        recovery.recover(instance, print, wait=0.2)
    assert holders(instance) == {run.run_id}, "its dbt still writes"
    os.kill(stranger.pid, signal.SIGKILL)
    time.sleep(0.05)
    # Not reaped yet: a zombie counts as gone.
    assert recovery.recover(instance, print, wait=5) == [run.run_id]
    assert holders(instance) == set()
