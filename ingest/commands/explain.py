"""`explain`: what an event, a toll or an interval of control rests on: claims, words, rules, reasons."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from pathlib import Path

from ingest.commands.evidence import Account, account_of
from ingest.commands.evidence_page import evidence_page
from ingest.settings import published_path

WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "id",
        metavar="EVENT_ID|CONTROL_ID|TOLL_ID",
        help="an id of the fact tables, or the beginning of one; read from the published copy",
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="write it as a page in place of text")


def run(arguments: argparse.Namespace) -> int:
    """Print the account, or write the page and print where it lies."""
    from ingest.warehouse.connection import connect
    from ingest.warehouse.explain import explain

    with connect(published_path(), read_only=True) as connection:
        account = account_of(explain(connection, arguments.id))
    if arguments.page is None:
        print("\n".join(lines(account)))
        return 0
    arguments.page.parent.mkdir(parents=True, exist_ok=True)
    arguments.page.write_text(evidence_page(account), encoding="utf-8")
    print(arguments.page)
    return 0


def lines(account: Account) -> Iterator[str]:
    """Yield the account as plain text."""
    yield account.title
    yield f"{account.kind} {account.entity_id}" + (f", data {account.version}" if account.version else "")
    yield ""
    for name, value, why in account.facts:
        yield from _wrapped(f"  {name:<14}", value + (f"  ({why})" if why else ""))
    for heading, rows in account.tables:
        yield ""
        yield heading
        for row in rows:
            yield from _wrapped("  ", row)
    yield ""
    yield f"Claims: {len(account.claims)}"
    for number, claim in enumerate(account.claims, 1):
        yield ""
        yield from _wrapped(f"  {number}. ", f"{claim.weight}: {claim.headline}")
        yield from _wrapped("     ", f"“{claim.quote}”")
        yield from _wrapped("     ", claim.source)
        for name, value in claim.details:
            yield from _wrapped(f"     {name:<12}", value)
    if account.rules:
        yield ""
        yield "Rules at work (the codebook, `make docs`, tells all of them)"
        for rule, text in account.rules:
            yield from _wrapped(f"  {rule:>2}. ", text)


def _wrapped(head: str, text: str) -> Iterator[str]:
    found = textwrap.wrap(text, WIDTH - len(head)) or [""]
    yield (head + found[0]).rstrip()
    yield from (" " * len(head) + line for line in found[1:])
