"""The recipes do what they say: each block of the recipes' README runs where its program is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ingest.settings import ROOT
from ingest.warehouse import Warehouse, publish
from ingest.warehouse.model_keys import declared_keys
from ingest.warehouse.postgres import publish_to_postgres
from tests.integration.builds import Builds
from tests.integration.test_ten_questions import samples
from tests.postgres_server import MISSING, programs, running_server

pytestmark = [pytest.mark.full, pytest.mark.skipif(programs() is None, reason=MISSING)]

RECIPES = ROOT / "dbt_project" / "recipes" / "README.md"
BLOCK = re.compile(r"^```(?P<language>python|r|sh)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(found["language"], found["text"]) for found in BLOCK.finditer(RECIPES.read_text("utf-8"))]
READER = "frontline_reader"


@pytest.fixture(scope="module")
def environment(session_builds: Builds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The samples, published into data/ of a folder and into a PostgreSQL; how to reach both."""
    folder = tmp_path_factory.mktemp("recipes")
    target = folder / "data" / "published" / "frontline.duckdb"
    session_builds.start()
    session_builds.land(samples())
    session_builds.run()
    with Warehouse(session_builds.warehouse) as warehouse:
        publish(warehouse, target, at=datetime(2026, 11, 22, tzinfo=UTC), run="test")
    with running_server() as server:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("create database frontline")
        declared = declared_keys(ROOT / "dbt_project" / "models")
        copied = publish_to_postgres(target, server.url("frontline"), reader=READER, declared=declared)
        assert copied.rows["marts.fct_casualties"]
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute(sql.SQL("alter role {} password 'reading'").format(sql.Identifier(READER)))
        yield {
            **os.environ,
            "HOME": str(folder),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGPASSWORD": "reading",
            "WORKING_FOLDER": str(folder),
        }


@pytest.mark.parametrize(
    ("language", "text"),
    BLOCKS,
    ids=[f"{language}-{number}" for number, (language, _) in enumerate(BLOCKS)],
)
def test_a_block_runs_and_answers(language, text, environment):
    command = {
        "python": [sys.executable, "-"],
        "r": ["Rscript", "-"],
        "sh": ["bash", "-eo", "pipefail", "-s"],
    }[language]
    wanted = {"python": sys.executable, "r": "Rscript", "sh": _program(text)}[language]
    if shutil.which(wanted, path=environment["PATH"]) is None:
        pytest.skip(f"{wanted} is not installed here, so its recipe was not run")
    done = subprocess.run(
        command,
        input=text,
        env=environment,
        cwd=environment["WORKING_FOLDER"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if language == "r" and "there is no package called" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[0])
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d", done.stdout), "no answer"


def test_every_way_says_whether_it_was_tried():
    parts = re.split(r"^## ", RECIPES.read_text("utf-8"), flags=re.MULTILINE)[1:]
    tools = [part for part in parts if not part.startswith(("Superset", "What is not here"))]
    assert len(tools) >= 7
    for part in tools:
        assert re.search(r"\bTried\b|Not run", part), part.splitlines()[0]
        assert "Missed" in part, part.splitlines()[0]


def test_tables_that_the_recipes_name_are_published(environment):
    file = Path(environment["WORKING_FOLDER"]) / "data" / "published" / "current"
    import duckdb

    with duckdb.connect(str(file / "frontline.duckdb"), read_only=True) as connection:
        there = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    named = set(re.findall(r"\b(?:fct|dim|bridge)_[a-z_]+", RECIPES.read_text("utf-8")))
    assert named <= there
    for path in re.findall(r"data/published/current/([\w/]+\.\w+)", RECIPES.read_text("utf-8")):
        assert (file / path).is_file(), path


def _program(text: str) -> str:
    """The program that a shell block is about: the last of its pipe."""
    return text.strip().splitlines()[-1].split("|")[-1].split()[0]
