"""`sql`: questions to the published copy. It is opened read-only, so a run may go on meanwhile."""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import FrontlineError
from ingest.settings import ROOT, published_path

if TYPE_CHECKING:
    import duckdb

ANALYSES = ROOT / "dbt_project" / "analyses"
MACROS = ROOT / "dbt_project" / "macros"
HELP = """Write a query and end it with a semicolon. Also:
  .tables         the tables and views, with what one row is
  .schema TABLE   the columns of a table, with what they mean
  .saved [NAME]   the saved queries, or the answer of one
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
        query = saved_query(arguments.saved, connection) if arguments.saved else arguments.query
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
        except (duckdb.Error, FrontlineError) as error:
            print(error)
        written = ""


def _dot_command(connection: duckdb.DuckDBPyConnection, line: str) -> None:
    word, _, rest = line.partition(" ")
    if word == ".tables":
        _show(connection, connection.sql(TABLES))
    elif word == ".schema":
        name = rest.strip().strip(";")
        _show(connection, connection.sql(COLUMNS, params=[name, name]))
    elif word == ".saved" and rest.strip():
        _answer(connection, saved_query(rest.strip(" ;"), connection), "table")
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
    """Yield each saved query's name and what it answers: the first sentence of the comment it begins with."""
    found = sorted(ANALYSES.glob("*.sql"))
    yield (
        f"Saved queries, in {ANALYSES.relative_to(ROOT)}; run one with --saved NAME:"
        if found
        else "None yet."
    )
    for path in found:
        lines = takewhile(lambda line: line.startswith("--"), path.read_text("utf-8").splitlines())
        comment = " ".join(line.removeprefix("--").strip() for line in lines)
        for number, line in enumerate(textwrap.wrap(comment.split(". ")[0], 74)):
            yield f"  {'' if number else path.stem:<32} {line}"


def saved_query(name: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return a saved query as SQL for this file: its macros are dbt's, its table names the file's own.

    Raises FrontlineError for a name that is not there, or a table the file lacks.
    """
    from jinja2 import Environment

    path = ANALYSES / f"{Path(name).name.removesuffix('.sql')}.sql"
    if not path.exists():
        raise FrontlineError(f"no saved query {name!r}; --saved lists them")
    schemas = dict(
        connection.execute(
            "select table_name, schema_name from duckdb_tables() union all "
            "select view_name, schema_name from duckdb_views() where not internal"
        ).fetchall()
    )

    def ref(table: str) -> dict[str, str]:
        if table not in schemas:
            raise FrontlineError(f"{published_path()} has no table {table!r}: `make run` builds it")
        return {"schema": schemas[table], "identifier": table}

    macros = (MACROS / "published.sql").read_text("utf-8")
    return Environment(autoescape=False).from_string(macros + path.read_text("utf-8")).render(ref=ref)  # noqa: S701
