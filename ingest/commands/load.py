"""`load`: land, parse and read in one go; what Dagster does before dbt, without Dagster."""

from __future__ import annotations

import argparse

from ingest.commands import land, parse, read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes: what `land` and `read` take."""
    land.add_arguments(parser)
    read.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the three steps one after the other; each picks up what a killed run left."""
    return land.run(arguments) or parse.run(arguments) or read.run(arguments)
