"""The prompt of `sql`: what there is, saved queries by number, answers as files; mistakes end nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingest.commands.sql import MACROS, saved_query
from ingest.commands.sql_prompt import prompt
from ingest.settings import ROOT

COPY = """
create schema marts; create schema exports;
create table marts.dim_place as
    select * from (values ('karsa', 'Karsa'), ('mola', null)) as t (place_id, name);
comment on table marts.dim_place is 'One row per place. A tree.';
comment on column marts.dim_place.name is 'In English; null where unknown.';
create view exports.places as select place_id from marts.dim_place;
"""


@pytest.fixture
def ask(tmp_path: Path, monkeypatch, capsys) -> Callable[..., str]:
    """Type lines into the prompt and return what it shows."""
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path))
    saved = tmp_path / "analyses"
    saved.mkdir()
    (saved / "a_first.sql").write_text("-- All places.\nselect place_id from {{ published('dim_place') }}\n")
    (saved / "b_second.sql").write_text("-- None.\nselect 'second' as which\n")
    monkeypatch.setattr("ingest.commands.sql.ANALYSES", saved)

    def typed(*lines: str) -> str:
        given = iter(lines)

        def read(_: str) -> str:
            try:
                line = next(given)
            except StopIteration:
                raise EOFError from None
            if line == "^C":
                raise KeyboardInterrupt
            return line

        monkeypatch.setattr("builtins.input", read)
        with duckdb.connect() as connection:
            connection.execute(COPY)
            assert prompt(connection) == 0
        return capsys.readouterr().out

    return typed


def test_the_greeting_lists_tables_views_and_saved_queries(ask):
    shown = ask()
    assert "Dimensions (marts.dim_...)    place" in shown
    assert "Exports (exports.)            places" in shown
    assert "1 a_first, 2 b_second" in shown
    assert "Facts" not in shown


def test_a_query_may_span_lines_and_a_mistake_does_not_end_the_prompt(ask):
    shown = ask(
        "selec 1;", "select count(*) as n", "from marts.dim_place;", "select 'left", "^C", "select 3 as x;"
    )
    assert "syntax error" in shown
    assert "│     2 │" in shown
    assert "│     3 │" in shown


def test_saved_queries_run_by_number_and_by_name(ask):
    assert "karsa" in ask(".saved 1")
    assert "second" in ask(".saved b_second;")
    assert "no saved query '3'" in ask(".saved 3")


def test_tables_show_what_one_row_is_and_columns_what_they_mean(ask):
    shown = ask(".tables place")
    assert "One row per place." in shown
    assert "A tree" not in shown
    assert "In English; null where unknown." in ask(".schema dim_place")
    assert "In English; null where unknown." in ask(".schema marts.dim_place")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_last_answer_becomes_a_file(ask, tmp_path, ending):
    file = tmp_path / f"places.{ending}"
    ask("select place_id, name from marts.dim_place order by 1;", f".write {file}")
    with duckdb.connect() as connection:
        found = connection.execute("select * from query_table(?)", [str(file)]).fetchall()
    assert found == [("karsa", "Karsa"), ("mola", None)]


def test_nothing_is_written_without_an_answer_or_to_a_file_of_another_kind(ask, tmp_path):
    assert "ask something first" in ask(f".write {tmp_path / 'x.csv'}")
    assert "ask something first" in ask("select 1;", f".write {tmp_path / 'x.doc'}")
    assert not list(tmp_path.glob("x.*"))


def test_quit_and_end_of_input_both_leave(ask):
    assert "unreached" not in ask(".quit", "select 'unreached';")
    assert "unreached" not in ask("quit;", "select 'unreached';")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "dbt_project" / "analyses").glob("*.sql")), ids=lambda path: path.stem
)
def test_every_saved_query_becomes_sql_with_no_macro_left(path):
    texts = path.read_text("utf-8") + (MACROS / "published.sql").read_text("utf-8")
    tables = set(re.findall(r"(?:published|ref)\('(\w+)'\)", texts))
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        for table in tables:
            connection.execute(f"create table marts.{table} (x int)")
        query = saved_query(path.stem, connection)
        assert "{{" not in query
        # The tables here have no columns: DuckDB reads the statement, and asks for the first one of them.
        with pytest.raises(duckdb.BinderException):
            connection.execute(query)
