"""`backup`: the warehouse in one file; everything else is made from it again."""

from __future__ import annotations

import argparse
from pathlib import Path

from ingest.settings import data_folder, now
from ingest.warehouse.backup import MEBIBYTE, back_up, warehouse_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("file", nargs="?", type=Path, help="default: backups/<time>.tar in the data folder")


def run(arguments: argparse.Namespace) -> int:
    """Write the backup and say what it holds."""
    moment = now()
    target: Path = arguments.file or data_folder() / "backups" / f"{moment:%Y%m%dT%H%M%SZ}.tar"
    done = back_up(warehouse_file(), target, moment, is_own_folder=arguments.file is None)
    rows = ", ".join(f"{number} {name}" for name, number in done.rows.items())
    print(f"{target}: {done.bytes / MEBIBYTE:.1f} MiB; {rows}.")
    print(f"Put it back with: python -m ingest restore {target}")
    return 0
