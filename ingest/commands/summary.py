"""`summary`: what a run ends with, asked for again."""

from __future__ import annotations

import argparse

from ingest.settings import published_path, warehouse_place
from ingest.warehouse import summarise


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Print the summary of the published copy."""
    print(summarise(published_path(), warehouse_place()))
    return 0
