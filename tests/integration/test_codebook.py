"""The codebook says what is: its rows are the models', its figures the committed, its codes the data's."""

from __future__ import annotations

import csv
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
import yaml

from ingest import records
from tests.integration import codebook
from tests.integration.builds import PROJECT, Builds

CODES = yaml.safe_load((PROJECT / "codes.yml").read_text(encoding="utf-8"))
RULES = yaml.safe_load((PROJECT / "rules.yml").read_text(encoding="utf-8"))
BY_COLUMN = {column: group for group in CODES for column in group["columns"]}
SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


@pytest.fixture(scope="module")
def built(session_builds: Builds) -> Builds:
    """The sample articles as read by hand and all scenarios."""
    codebook.build(session_builds)
    return session_builds


@pytest.mark.slow
def test_the_codebook_is_what_its_data_make_of_it(built: Builds) -> None:
    """Where this fails, `make codebook` writes it anew: read what changed before you commit it."""
    text = codebook.CODEBOOK.read_text(encoding="utf-8")
    assert text == codebook.made_codebook(text, built.ask)


def test_the_doc_blocks_of_codes_are_those_of_codes_yml() -> None:
    """Where this fails, `make codebook` writes them anew."""
    assert codebook.CODES.read_text(encoding="utf-8") == codebook.made_codes()


def test_the_committed_figures_of_extraction_are_told() -> None:
    """Where this fails, `python -m tests.integration.codebook --figures` writes them anew in a second."""
    text = codebook.CODEBOOK.read_text(encoding="utf-8")
    assert all(line in text for line in codebook.figure_table())


@pytest.mark.slow
def test_no_column_of_a_mart_or_an_export_is_undescribed(built: Builds) -> None:
    """In the warehouse itself: every column of every table and view says in words what it holds."""
    columns = built.ask(
        "select schema_name || '.' || table_name as table, column_name as column, comment"
        " from duckdb_columns() where schema_name in ('marts', 'exports')"
    )
    tables = built.ask(
        "select schema_name || '.' || table_name as table, comment from duckdb_tables()"
        " where schema_name = 'marts' union all select schema_name || '.' || view_name, comment"
        " from duckdb_views() where schema_name = 'exports'"
    )
    assert len(columns) > 300
    bare = [row for row in columns if len((row["comment"] or "").split()) < 2]
    bare += [row for row in tables if "One row per" not in (row["comment"] or "")]
    assert not bare


@pytest.mark.slow
@pytest.mark.parametrize("column", sorted(BY_COLUMN))
def test_every_code_in_the_data_is_in_the_codebook(built: Builds, column: str) -> None:
    found = built.ask(
        "select table_schema || '.' || table_name as name from information_schema.columns"
        " where table_schema = 'marts' and column_name = ?",
        column,
    )
    known = {str(code) for code in BY_COLUMN[column]["values"]}
    assert found
    if BY_COLUMN[column].get("is_open"):
        return
    for row in found:
        query = f"select distinct cast({column} as varchar) as code from {row['name']}"
        assert {r["code"] for r in built.ask(query)} - {None} <= known, row["name"]


def literals() -> Iterator[tuple[str, set[str]]]:
    """The codes that records.py allows, by field."""
    for record in (records.CasualtyClaim, records.ReinforcementClaim, records.TerritorialClaim):
        for name, kind in typing.get_type_hints(record).items():
            for part in (kind, *get_args(kind)):
                if get_origin(part) is Literal:
                    yield name, set(get_args(part))


def test_every_code_that_a_claim_may_hold_is_in_the_codebook() -> None:
    allowed = dict(literals())
    assert allowed.keys() >= {"harm", "scope", "force", "change", "extent", "status", "date_basis"}
    for name, codes in allowed.items():
        assert codes <= set(BY_COLUMN[name]["values"]), name


@pytest.mark.parametrize(
    ("table", "field", "column"),
    [
        ("ref_actors", "actor_kind", "actor_kind"),
        ("ref_places", "place_kind", "place_kind"),
        ("ref_places_local", "place_kind", "place_kind"),
        ("ref_claimant_kinds", "claimant_kind", "claimant_kind"),
        ("ref_victim_categories", "victim", "victim"),
    ],
)
def test_every_kind_of_the_reference_tables_is_in_the_codebook(table: str, field: str, column: str) -> None:
    path = PROJECT.parent / "seeds" / "reference" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        found = {row[field] for row in csv.DictReader(lines)}
    assert found <= set(BY_COLUMN[column]["values"])


def test_every_rule_is_told_with_an_example() -> None:
    assert [rule["rule"] for rule in RULES] == list(range(1, 27))
    without_rows = [rule["rule"] for rule in RULES if "query" not in rule["example"]]
    assert without_rows == [25]  # a property of all landings: no row shows it


def test_every_reading_of_the_scenarios_is_told() -> None:
    """As many readings stand in rules.yml as marks in expected.yml, and a mark's rule has one."""
    texts = [path.read_text(encoding="utf-8") for path in SCENARIOS.glob("*/expected.yml")]
    marked = sum(text.count("READING") for text in texts)
    named = {int(rule) for text in texts for rule in re.findall(r"READING of rule (\d+)", text)}
    read = {rule["rule"]: rule.get("readings", []) for rule in RULES}
    assert marked > 0
    assert sum(map(len, read.values())) >= marked
    assert all(read[rule] for rule in named)
