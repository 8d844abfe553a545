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
        print("\n".join(saved_lines()))
        return 0
    import duckdb

    from ingest.warehouse.connection import connect

    with connect(published_path(), read_only=True) as connection:
        query = saved_query(arguments.saved, connection) if arguments.saved else arguments.query
        if query is None and not sys.stdin.isatty():
            query = sys.stdin.read()
        if query is None:
            from ingest.commands.sql_prompt import prompt

            return prompt(connection)
        try:
            answer(connection, query, arguments.format)
        except duckdb.Error as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def answer(connection: duckdb.DuckDBPyConnection, query: str, form: str) -> None:
    """Print the answer; a query that answers nothing (SET, LOAD) prints nothing."""
    if form == "table":
        show(connection.sql(query))
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


def show(relation: duckdb.DuckDBPyRelation | None) -> None:
    """Print the answer as a table as wide as the terminal."""
    if relation is not None:
        width = shutil.get_terminal_size((160, 40)).columns
        relation.show(max_width=width, max_rows=200)


def saved_names() -> list[str]:
    """Return the names of the saved queries, sorted."""
    return sorted(path.stem for path in ANALYSES.glob("*.sql"))


def saved_lines() -> Iterator[str]:
    """Yield each saved query's number, its name and what it answers: the first sentence of its comment."""
    found = saved_names()
    yield (
        f"Saved queries, in {ANALYSES.relative_to(ROOT)}; run one with --saved NAME (or its number):"
        if found
        else "None yet."
    )
    for number, name in enumerate(found, 1):
        text = (ANALYSES / f"{name}.sql").read_text("utf-8")
        lines = takewhile(lambda line: line.startswith("--"), text.splitlines())
        comment = " ".join(line.removeprefix("--").strip() for line in lines)
        for place, line in enumerate(textwrap.wrap(comment.split(". ")[0], 74)):
            yield f"  {'' if place else f'{number:>2} {name}':<35} {line}"


def saved_query(name: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return a saved query as SQL for this file: its macros are dbt's, its table names the file's own.

    `name` may be its number among the saved ones. Raises FrontlineError for a name that is not there, or a
    table the file lacks.
    """
    from jinja2 import Environment

    if name.isdecimal() and 0 < int(name) <= len(saved_names()):
        name = saved_names()[int(name) - 1]
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

    # Defined, not called: those that only dbt could carry out do no harm.
    macros = "".join(macro.read_text("utf-8") for macro in sorted(MACROS.glob("*.sql")))
    # It makes SQL for a prompt, no page: there is nothing to escape.
    environment = Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701
    return environment.from_string(macros + path.read_text("utf-8")).render(ref=ref)
