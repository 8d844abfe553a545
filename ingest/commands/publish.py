"""`publish`: the copy of the marts that everybody but the pipeline reads."""

from __future__ import annotations

import argparse

from ingest.settings import published_path, warehouse_path
from ingest.warehouse import Warehouse, publish


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Publish the warehouse as dbt last left it."""
    with Warehouse(warehouse_path()) as warehouse:
        done = publish(warehouse, published_path())
    rows = sum(done.rows.values())
    state = "was up to date already" if not done.is_changed else "is written"
    print(f"{done.path} {state}: {len(done.rows)} tables, {rows} rows.")
    return 0
