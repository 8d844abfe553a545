"""`publish-postgres`: the published tables in a PostgreSQL database, for tools that speak its language."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest import FrontlineError
from ingest.settings import ROOT, postgres_reader, postgres_target, published_path

if TYPE_CHECKING:
    from ingest.warehouse.postgres_tables import Table

MODELS = ROOT / "dbt_project" / "models"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--target",
        metavar="URL",
        help="the database, e.g. postgresql://publisher@127.0.0.1/frontline (default: FRONTLINE_POSTGRES); "
        "leave the password to PGPASSWORD or ~/.pgpass",
    )
    parser.add_argument(
        "--reader",
        metavar="ROLE",
        help="the role that may read and nothing else (default: FRONTLINE_POSTGRES_READER, or "
        "frontline_reader)",
    )
    parser.add_argument("--again", action="store_true", help="write also what is there already")


def run(arguments: argparse.Namespace) -> int:
    """Copy the published file into the database."""
    from ingest.warehouse.model_keys import declared_keys
    from ingest.warehouse.postgres import publish_to_postgres

    target = arguments.target or postgres_target()
    if target is None:
        raise FrontlineError(
            "no database is named. Make one (createdb frontline), and say where it is: "
            "FRONTLINE_POSTGRES=postgresql://publisher@127.0.0.1/frontline make publish-postgres"
        )
    reader = arguments.reader or postgres_reader()
    started = time.monotonic()
    done = publish_to_postgres(
        published_path(),
        target,
        reader=reader,
        declared=declared_keys(MODELS),
        again=arguments.again,
        progress=_shown,
    )
    seconds = time.monotonic() - started
    state = f"is written in {seconds:.0f} s" if done.is_changed else "was up to date already"
    print(f"{done.where} {state}: {len(done.rows)} tables, {sum(done.rows.values())} rows.")
    print(f"The role {reader} reads them. Give it a password once, in psql: \\password {reader}")
    return 0


def _shown(tables: Sequence[Table]) -> Iterator[Table]:
    """Show a bar of the tables copied, where somebody is looking."""
    from tqdm import tqdm

    with tqdm(tables, unit="table", disable=not sys.stderr.isatty(), leave=False) as bar:
        for table in bar:
            bar.set_description(table.name)
            yield table
