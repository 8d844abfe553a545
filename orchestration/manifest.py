"""The dbt project as Dagster sees it: its manifest, parsed anew when a file of the project has changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ingest import FrontlineError
from ingest.settings import ROOT
from orchestration.settings import DBT_PROJECT, executable, locked

NOT_READ_BY_DBT = {"target", "logs", "dbt_packages", ".user.yml", "dashboards"}
TARGET = DBT_PROJECT / "target" / "dagster"
"""A folder of our own: a dbt called by hand rewrites target/ while Dagster may be reading."""
PARTIAL_PARSE = TARGET / "partial_parse.msgpack"


class DbtParseError(FrontlineError):
    """The dbt project does not parse; the message is dbt's."""


@cache
def project_version() -> str:
    """Return a hash of all that decides what dbt makes of the raw tables: project, seeds, dbt's own version.

    Read once a process: a code location is loaded with one state of the project and keeps to it.
    """
    seeds = ROOT / "seeds"
    return _hash_of(DBT_PROJECT, seeds / "reference", seeds / "reviews", seeds / "maps")


@cache
def models_version() -> str:
    """Return a hash of the project without its seeds: where it changed, what was built before must go."""
    return _hash_of(DBT_PROJECT)


def _hash_of(*folders: Path) -> str:
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb", "duckdb"):
        digest.update(f"{package}=={version(package)}\n".encode())
    for path in _files(folders):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()}:{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:20]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not NOT_READ_BY_DBT & set(path.relative_to(folder).parts):
                yield path


def prepared_manifest() -> Path:
    """Return the path of a manifest of the project as it stands, parsing it first where there is none.

    Raises DbtParseError with dbt's own words. Safe where several processes load at once: one parses, the
    others wait, and each file is put in place by a rename.
    """
    manifest, stamp = TARGET / "manifest.json", TARGET / "manifest.version"
    wanted = project_version()
    if _reads(stamp) == wanted and manifest.exists():
        return manifest
    TARGET.mkdir(parents=True, exist_ok=True)
    with locked(TARGET / ".parsing"):
        if _reads(stamp) != wanted or not manifest.exists():
            stamp.unlink(missing_ok=True)
            _parse()
            stamp.write_text(wanted, encoding="utf-8")
    return manifest


def _parse() -> None:
    with tempfile.TemporaryDirectory(dir=TARGET, prefix="parse-") as folder:
        if PARTIAL_PARSE.exists():
            # Then dbt parses what has changed: a second where it is a model, ten where all must be.
            shutil.copyfile(PARTIAL_PARSE, Path(folder) / PARTIAL_PARSE.name)
        environment = {**os.environ, "DBT_TARGET_PATH": folder, "DBT_LOG_PATH": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        done = subprocess.run(  # noqa: S603 -- our own dbt with fixed arguments
            [executable("dbt"), "--quiet", "--no-use-colors", "parse"],
            cwd=DBT_PROJECT,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise DbtParseError(f"The dbt project does not parse:\n{done.stdout}{done.stderr}")
        for name in (PARTIAL_PARSE.name, "manifest.json"):
            if (Path(folder) / name).exists():
                (Path(folder) / name).replace(TARGET / name)


def _reads(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
