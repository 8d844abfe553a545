"""`sql`: questions to the published copy. It is opened read-only, so a run may go on meanwhile."""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest import FrontlineError
from ingest.settings import ROOT, published_path

if TYPE_CHECKING:
    import duckdb

ANALYSES = ROOT / "dbt_project" / "analyses"
HELP = """Write a query and end it with a semicolon. Also:
  .tables         the tables and views, with what one row is
  .schema TABLE   the columns of a table, with what they mean
  .saved          the saved queries
  .quit           or Ctrl-D"""
TABLES = """
select schema_name || '.' || table_name as "table", estimated_size as "rows", comment as "one row"
from duckdb_tables() where not internal
union all
select schema_name || '.' || view_name, null, comment from duckdb_views() where not internal
order by all
"""
COLUMNS = """
select column_name as "column", lower(data_type) as type, comment as meaning from duckdb_columns()
where table_name = ? or schema_name || '.' || table_name = ? order by column_index
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--query", metavar="SQL", help="answer this and leave; without it a prompt is opened")
    parser.add_argument(
        "--saved", nargs="?", const="", metavar="NAME", help="list the saved queries, or run one"
    )
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: table")


def run(arguments: argparse.Namespace) -> int:
    """Answer one query, or open a prompt."""
    if arguments.saved == "":
        print("\n".join(_saved_lines()))
        return 0
    import duckdb

    from ingest.warehouse.connection import connect

    with connect(published_path(), read_only=True) as connection:
        query = _saved(arguments.saved) if arguments.saved else arguments.query
        if query is None and not sys.stdin.isatty():
            query = sys.stdin.read()
        if query is None:
            return _prompt(connection)
        try:
            _answer(connection, query, arguments.format)
        except duckdb.Error as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _prompt(connection: duckdb.DuckDBPyConnection) -> int:
    import readline  # noqa: F401 - gives input() a history and editing

    import duckdb

    print(f"{published_path()}, read-only. {HELP}")
    written = ""
    while True:
        try:
            written += input("   ...> " if written else "frontline> ") + "\n"
        except EOFError:
            print()
            return 0
        except KeyboardInterrupt:
            print()
            written = ""
            continue
        line = written.strip()
        if line in (".quit", ".exit", "quit", "exit"):
            return 0
        try:
            if line.startswith("."):
                _dot_command(connection, line)
            elif line and not line.endswith(";"):
                continue
            elif line:
                _answer(connection, line, "table")
        except duckdb.Error as error:
            print(error)
        written = ""


def _dot_command(connection: duckdb.DuckDBPyConnection, line: str) -> None:
    word, _, rest = line.partition(" ")
    if word == ".tables":
        _show(connection, connection.sql(TABLES))
    elif word == ".schema":
        name = rest.strip().strip(";")
        _show(connection, connection.sql(COLUMNS, params=[name, name]))
    elif word == ".saved":
        print("\n".join(_saved_lines()))
    else:
        print(HELP)


def _answer(connection: duckdb.DuckDBPyConnection, query: str, form: str) -> None:
    """Print the answer; a query that answers nothing (SET, LOAD) prints nothing."""
    if form == "table":
        _show(connection, connection.sql(query))
        return
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        while rows := result.fetchmany(10_000):
            writer.writerows(rows)
        return
    while rows := result.fetchmany(10_000):
        for row in rows:
            print(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str))


def _show(connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation | None) -> None:
    if relation is not None:
        width = shutil.get_terminal_size((160, 40)).columns
        relation.show(max_width=width, max_rows=200)


def _saved_lines() -> Iterator[str]:
    found = sorted(ANALYSES.glob("*.sql"))
    yield (
        f"Saved queries, in {ANALYSES.relative_to(ROOT)}; run one with --saved NAME:"
        if found
        else "None are saved."
    )
    for path in found:
        first = (
            path.read_text("utf-8")
            .partition("\n")[0]
            .removeprefix("--")
            .removeprefix("{#")
            .removesuffix("#}")
        )
        yield f"  {path.stem:<40} {first.strip()}"


def _saved(name: str) -> str:
    raise FrontlineError(f"no saved query {name!r}; --saved lists them")
