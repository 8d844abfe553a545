"""`publish`: the files that everybody but the pipeline reads."""

from __future__ import annotations

import argparse

from ingest.settings import now, publications_kept, published_path, warehouse_place
from ingest.warehouse import Warehouse, publish


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--keep", type=int, metavar="N", help="keep the newest N publications, the current one among them"
    )


def run(arguments: argparse.Namespace) -> int:
    """Publish the warehouse as dbt last left it."""
    with Warehouse(warehouse_place()) as warehouse:
        done = publish(
            warehouse,
            published_path(),
            at=now(),
            run="python -m ingest publish",
            kept=publications_kept() if arguments.keep is None else arguments.keep,
        )
    rows = sum(done.rows.values())
    state = "was up to date already" if not done.is_changed else "is written"
    print(f"{done.path} {state}: {len(done.rows)} tables, {rows} rows.")
    print(f"{done.folder}: {done.files} files, described in datapackage.json.")
    return 0
