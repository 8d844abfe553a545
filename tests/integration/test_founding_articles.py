"""The five founding articles, real, through the whole pipeline, scored by the gold's own scorer.

Their texts belong to their outlets and stand in ../shared alone, so this runs only where that is there.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.pipeline import ROOT, Home

GOLD = ROOT.parent / "shared" / "gold"
SEEDS = GOLD / "seeds"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SEEDS.is_dir(), reason="the founding articles stand in ../shared, which is not here"
    ),
]
CORE_F1_AT_LEAST = 0.75


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.stem[:3]: path.read_text("utf-8") for path in sorted((SEEDS / "texts").glob("*.txt"))}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]) -> Home:
    folder = tmp_path_factory.mktemp("founding")
    rows = [
        {
            "id": row["article"],
            "title": row.get("title"),
            "published_at": row["published_at"],
            "text": texts[row["article"]],
        }
        for row in _lines(SEEDS / "articles.jsonl")
    ]
    source = folder / "articles.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    home = Home(folder / "data")
    status, printed = home.run("run", "--input", str(source))
    assert status == 0, printed
    return home


@pytest.fixture(scope="module")
def claims(home: Home) -> list[dict[str, Any]]:
    with duckdb.connect(str(home.data / "warehouse.duckdb"), read_only=True) as reader:
        cursor = reader.execute(
            "select a.document_id, a.text, c.*"
            " from raw.claims as c inner join raw.articles as a using (article_id)"
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row |= json.loads(row.pop("detail"))
        row["article_id"] = row["document_id"].partition(":")[2]
    return rows


def test_every_quote_stands_verbatim_at_its_offsets(claims: list[dict[str, Any]]) -> None:
    assert claims
    assert all(row["text"][row["quote_start"] : row["quote_end"]] == row["quote"] for row in claims)


def test_facts_are_found_and_no_plan_or_population_is_taken_for_one(
    claims: list[dict[str, Any]], texts: dict[str, str]
) -> None:
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    result, detail = scorer.score(_lines(SEEDS / "gold.jsonl"), claims, texts)
    assert result["unknown_article"] == 0
    assert result["core"]["all"]["f1"] >= CORE_F1_AT_LEAST, detail["misses"]
    assert not [trap for trap in detail["traps"] if "planned" in trap[1] or "residents" in trap[1]]
