"""README.md is true: its lineage is the project's, and its queries run and give the columns shown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests import readme
from tests.integration.builds import Builds

README = readme.README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def samples(session_builds: Builds) -> Path:
    """A warehouse of the sample articles, read by the extractor; the path of its file."""
    session_builds.start()
    environment = {**os.environ, "FRONTLINE_DATA": str(session_builds.warehouse.parent)}
    subprocess.run([sys.executable, "-m", "ingest", "load"], check=True, env=environment, cwd=readme.ROOT)
    session_builds.run()
    return session_builds.warehouse


def test_lineage_is_the_projects(samples):
    manifest = json.loads((samples.parent / "target" / "manifest.json").read_text(encoding="utf-8"))
    assert readme.PICTURE.search(README)[0] == readme.lineage(manifest), (
        "write it anew: python -m tests.readme"
    )


def test_queries_give_the_columns_shown(samples):
    asked = readme.questions(README)
    assert len(asked) == README.count("```sql")
    with duckdb.connect(str(samples)) as connection:
        for query, printed in asked:
            answered = readme.answer(connection, query)
            assert _columns(printed) == _columns(answered)
            assert len(answered.splitlines()) > 5, "no rows"


def test_paths_that_it_names_are_there():
    for path in re.findall(r"\]\(([A-Z]+[A-Za-z.]+)\)", README):
        assert (readme.ROOT / path).exists()
    makefile = (readme.ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z-]+)", README):
        assert f"\n{target}:" in makefile


def _columns(table: str) -> list[str]:
    return re.findall(r"\w+", table.splitlines()[1])
