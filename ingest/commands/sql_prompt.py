"""The prompt of `sql`: what there is, saved queries by number, completion, and answers as files."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb

from ingest import FrontlineError
from ingest.commands.sql import answer, saved_lines, saved_names, saved_query, show
from ingest.settings import data_folder, published_path

HELP = """Write a query and end it with a semicolon. Also:
  .tables [WORD]  the tables and views, with what one row is
  .schema TABLE   the columns of a table, with what they mean
  .saved [N]      the saved queries, or the answer of one, by its number or name
  .write FILE     the last answer as a file: .csv or .parquet
  .quit           or Ctrl-D. Tab completes the names of tables and columns."""
KINDS = {
    "Facts": ("marts", "fct_"),
    "Bridges": ("marts", "bridge_"),
    "Dimensions": ("marts", "dim_"),
    "Views for BI": ("bi", ""),
    "Exports": ("exports", ""),
}
"""How the greeting sorts what is published: schema and the beginning of a name."""
NAMES = """
select schema_name, table_name from duckdb_tables() where not internal
union all select schema_name, view_name from duckdb_views() where not internal
order by all
"""
TABLES = """
select schema_name || '.' || table_name as "table", estimated_size as "rows",
    regexp_extract(comment, '^.*?[.:;](\\s|$)') as "one row"
from (
    select schema_name, table_name, estimated_size, comment from duckdb_tables() where not internal
    union all select schema_name, view_name, null, comment from duckdb_views() where not internal
)
where contains(schema_name || '.' || table_name, ?)
order by all
"""
COLUMNS = """
select column_name as "column", lower(data_type) as type, comment as meaning from duckdb_columns()
where table_name = ? or schema_name || '.' || table_name = ? order by column_index
"""
WORDS = """select from where group by order having limit join left using with as on and or not in is null
distinct count sum max min between union all date case when then else end desc asc"""


def prompt(connection: duckdb.DuckDBPyConnection) -> int:
    """Ask for queries until the end of input; return the exit status."""
    _complete_names(connection)
    print(f"{published_path()}, read-only.\n")
    print("\n".join(_greeting(connection)))
    print(f"\n{HELP}")
    written, last = "", ""
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
        if line.strip(" ;") in (".quit", ".exit", "quit", "exit"):
            return 0
        if line and not line.startswith(".") and not line.endswith(";"):
            continue
        try:
            if line.startswith("."):
                last = _dot_command(connection, line.rstrip(" ;"), last)
            elif line:
                answer(connection, line, "table")
                last = line
        except KeyboardInterrupt:
            print("Stopped.")
        except (duckdb.Error, FrontlineError, OSError) as error:
            print(error)
        written = ""


def _greeting(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yield what may be asked: tables and views by kind, and the saved queries."""
    names = connection.execute(NAMES).fetchall()
    lines = []
    for kind, (schema, start) in KINDS.items():
        found = [name.removeprefix(start) for of, name in names if of == schema and name.startswith(start)]
        lines.append((f"{kind} ({schema}.{start}...)" if start else f"{kind} ({schema}.)", found))
    # A number and its name stay on one line.
    saved = [f"{number}\u00a0{name}" for number, name in enumerate(saved_names(), 1)]
    lines.append(("Saved queries (.saved N)", saved))
    for first, found in lines:
        if found:
            wrapped = textwrap.wrap(
                ", ".join(found), 110, initial_indent=f"{first:<30}", subsequent_indent=" " * 30
            )
            yield from (line.replace("\u00a0", " ") for line in wrapped)


def _dot_command(connection: duckdb.DuckDBPyConnection, line: str, last: str) -> str:
    """Carry out a command of the prompt; return the query that was answered last."""
    word, _, rest = line.partition(" ")
    rest = rest.strip()
    if word == ".tables":
        show(connection.sql(TABLES, params=[rest]))
    elif word == ".schema":
        show(connection.sql(COLUMNS, params=[rest, rest]))
    elif word == ".saved" and rest:
        query = saved_query(rest, connection)
        answer(connection, query, "table")
        return query
    elif word == ".saved":
        print("\n".join(saved_lines()))
    elif word == ".write":
        _write(connection, last, rest)
    else:
        print(HELP)
    return last


def _write(connection: duckdb.DuckDBPyConnection, query: str, file: str) -> None:
    """Write the answer of the query to the file. Raises FrontlineError where it cannot."""
    ending = Path(file).suffix
    if not query or ending not in (".csv", ".parquet"):
        raise FrontlineError("ask something first, then name a file ending in .csv or .parquet")
    relation = connection.sql(query)
    if relation is None:
        raise FrontlineError("the last query has no answer to write")
    if ending == ".csv":
        relation.write_csv(file, header=True)
    else:
        relation.write_parquet(file)
    print(f"{Path(file).absolute()} is written.")


def _complete_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Give input() a history that lasts and completion of names, where readline is there."""
    with suppress(ImportError):
        import atexit
        import readline

        names = connection.execute(NAMES).fetchall()
        columns = connection.execute("select distinct column_name from duckdb_columns() where not internal")
        candidates = sorted(
            {f"{schema}.{name}" for schema, name in names}
            | {name for _, name in names}
            | {name for (name,) in columns.fetchall()}
            | set(WORDS.split())
        )

        def complete(text: str, state: int) -> str | None:
            found = [candidate for candidate in candidates if candidate.startswith(text.lower())]
            return found[state] if state < len(found) else None

        readline.set_completer(complete)
        readline.set_completer_delims(" \t\n,;()=<>'\"+-*/")
        readline.parse_and_bind("tab: complete")
        history = data_folder() / "sql_history"
        with suppress(OSError):
            readline.read_history_file(history)

        def keep() -> None:
            with suppress(OSError):
                readline.set_history_length(1000)
                readline.write_history_file(history)

        atexit.register(keep)
