"""`restore`: a backup in the place of the warehouse, checked before anything is moved."""

from __future__ import annotations

import argparse
from pathlib import Path

from ingest.settings import now, publications_kept, published_path
from ingest.warehouse import Warehouse, publish
from ingest.warehouse.backup import restore, warehouse_file
from ingest.warehouse.publish import has_marts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("file", type=Path, help="a file made by `backup`")
    parser.add_argument(
        "--replace", action="store_true", help="move the warehouse that is there out of the way"
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore the warehouse, and publish its marts where it has them."""
    path = warehouse_file()
    done = restore(arguments.file, path, replace=arguments.replace)
    print(f"{path} is as it was at {done.made_at}: {done.rows['articles']} articles.")
    with Warehouse(path) as warehouse:
        if has_marts(warehouse):
            publish(
                warehouse,
                published_path(),
                at=now(),
                run="python -m ingest restore",
                kept=publications_kept(),
            )
            print(f"{published_path()} is published from it.")
        else:
            print("It has no marts yet: `make run` builds and publishes them.")
    return 0
