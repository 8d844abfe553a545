"""Where the orchestration's own things lie. The data folder and the clock come from ingest.settings."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from ingest.settings import ROOT, data_folder, now

DBT_PROJECT = ROOT / "dbt_project"
WORKSPACE = ROOT / "workspace.yaml"
STORAGE_ON_POSTGRES = """
storage:
  postgres:
    postgres_url:
      env: FRONTLINE_DAGSTER_POSTGRES
"""
"""Added to dagster.yaml where FRONTLINE_DAGSTER_POSTGRES holds the address of a database."""
STORAGE_IN_FILES = """
event_log_storage:
  module: orchestration.history
  class: EventLog
  config:
    base_dir: {folder}
"""
"""Added where it does not."""


def dagster_home() -> Path:
    """Return the folder of Dagster's history and its dagster.yaml."""
    return data_folder() / "dagster_home"


def dbt_artifacts() -> Path:
    """Return the folder of dbt's artifacts for this data folder; one dbt at a time writes there."""
    return data_folder() / "dbt"


def docs_folder() -> Path:
    """Return the folder into which the dbt docs are written."""
    return data_folder() / "docs"


def drop_folder() -> Path:
    """Return the folder that people put articles into: FRONTLINE_DROP, or drop/ in the data folder."""
    given = os.environ.get("FRONTLINE_DROP")
    return Path(given).expanduser().absolute() if given else data_folder() / "drop"


def today() -> date:
    """Return the UTC landing day of whatever lands now."""
    return now().date()


def executable(name: str) -> str:
    """Return the command of this Python environment, which need not be on PATH."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed beside {sys.executable}; `make setup` installs it")
    return found


def prepare_environment() -> None:
    """Make explicit what child processes need: an absolute data folder, Dagster's home, compiled bytecode.

    dbt takes FRONTLINE_DATA relative to its project, so a relative one would name another folder there.
    PYTHONDONTWRITEBYTECODE makes each start of dbt take 7 to 10 s instead of 3.
    """
    os.environ["FRONTLINE_DATA"] = str(data_folder())
    os.environ["DAGSTER_HOME"] = str(dagster_home())
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    dagster_home().mkdir(parents=True, exist_ok=True)
    wanted = Path(__file__).with_name("dagster.yaml").read_text("utf-8")
    if address := os.environ.get("FRONTLINE_DAGSTER_POSTGRES"):
        # Where no driver is named SQLAlchemy 2.1 takes psycopg, which refuses Dagster's NOTIFY.
        rest = address.partition("://")[2]
        os.environ["FRONTLINE_DAGSTER_POSTGRES"] = f"postgresql+psycopg2://{rest}"
        wanted += STORAGE_ON_POSTGRES
    else:
        wanted += STORAGE_IN_FILES.format(folder=json.dumps(str(dagster_home() / "history" / "runs")))
    target = dagster_home() / "dagster.yaml"
    if not target.exists() or target.read_text("utf-8") != wanted:
        beside = target.with_name(f"dagster.yaml.{os.getpid()}")
        beside.write_text(wanted, "utf-8")
        beside.replace(target)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's lock, waiting for it; the system frees it when the process dies, however it dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
