"""Write the parts of the codebook that are made of data: codes, rules with real rows, figures of extraction.

    python -m tests.integration.codebook [--figures]        (`make codebook`)

dbt_project/models/codebook.md is written by hand but for the blocks between `<!-- made: NAME -->` and
`<!-- end -->`; dbt_project/models/codes.md is made whole. The rows are those of the sample articles as read
by hand (samples_by_hand.yml) and of the scenarios, landed together. tests/integration/test_codebook.py holds
that both files are what this makes.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.integration.builds import PROJECT, Builds
from tests.integration.scenarios import NAMES, load_scenario
from tests.integration.test_ten_questions import samples

CODEBOOK, CODES = PROJECT / "models" / "codebook.md", PROJECT / "models" / "codes.md"
EVAL = Path(__file__).resolve().parents[1] / "eval"
BLOCK = re.compile(r"(<!-- made: (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
Ask = Callable[[str], list[dict[str, Any]]]

# What a researcher asks of extraction first, by set and figure, and how to say it.
FIGURES = (
    ("own heldout", "all core precision", "unseen articles on other wars: our claims right in what counts"),
    ("own heldout", "all core recall", "the same: of the claims in them, found"),
    ("own heldout", "all full F1", "the same: right in every field (precision and recall as one)"),
    ("own heldout", "traps fallen for", "the same: sentences that must give nothing and gave a claim"),
    ("gold dev", "all core F1", "articles we developed on: right in what counts"),
    ("gold dev", "all full F1", "the same: right in every field"),
    ("wad", "killed EM(answerable)", "wire sentences on an atrocity: killed exactly right, where stated"),
    ("wad", "injured F1", "the same: number of injured"),
    ("wad", "event day among dates", "the same: the day of the event among the dates read"),
    ("wad", "place among places", "the same: its place among the places read"),
    ("acled", "killed F1", "one-paragraph notes on armed events: deaths"),
    ("acled", "positive count where unknown", "the same: a number given where the coders had none"),
    ("acled", "territory recall", "the same: changes of territory found"),
    ("acled", "movement F1", "the same: movements of forces"),
    ("airwars", "killed in range", "assessments whose sources disagree: killed within the bounds"),
    ("muc4", "F1", "whole wire reports of 1989 to 1992: who was harmed, how many, how"),
)  # fmt: skip


def build(builds: Builds) -> None:
    """Land the samples as read by hand and all scenarios, and build every model."""
    builds.start()
    builds.land(samples())
    for name in NAMES:
        builds.land(load_scenario(name).versions)
    builds.run()


def made_codes() -> str:
    """Return the doc blocks of all codes, for the descriptions of columns."""
    head = "<!-- Made from dbt_project/codes.yml by `make codebook`. -->\n"
    return head + "".join(
        f"\n{{% docs {group['codes']} %}}\n{_sentence(group)}\n{{% enddocs %}}\n" for group in _codes()
    )


def made_codebook(text: str, ask: Ask | None) -> str:
    """Return the codebook with its made blocks as they should be; without `ask`, the rules as they stand."""
    made = {"codes": _code_tables, "figures": figure_table, "agreement": _agreement}

    def anew(block: re.Match[str]) -> str:
        if block["name"] == "rules":
            if ask is None:
                return block[0]
            lines = _rules(ask)
        else:
            lines = made[block["name"]]()
        return block[1] + "\n".join(lines) + "\n" + block[3]

    return BLOCK.sub(anew, text)


def _codes() -> list[dict[str, Any]]:
    return yaml.safe_load((PROJECT / "codes.yml").read_text(encoding="utf-8"))


def _sentence(group: dict[str, Any]) -> str:
    return f"{group['of']}: " + "; ".join(f"{code} - {says}" for code, says in group["values"].items()) + "."


def _code_tables() -> Iterator[str]:
    for group in _codes():
        yield f"\n**{', '.join(group['columns'])}**. {group['of']}.\n"
        yield "| code | meaning |"
        yield "|---|---|"
        yield from (f"| {code} | {says} |" for code, says in group["values"].items())


def _rules(ask: Ask) -> Iterator[str]:
    for rule in yaml.safe_load((PROJECT / "rules.yml").read_text(encoding="utf-8")):
        yield f"\n### Rule {rule['rule']}. {rule['name']}\n"
        yield rule["text"]
        for reading in rule.get("readings", ()):
            yield f"\n*Reading.* {reading}"
        yield f"\n*Example.* {rule['example']['says']}"
        if "query" in rule["example"]:
            yield ""
            yield from _table(ask(rule["example"]["query"]))


def _table(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        raise ValueError("an example of the codebook has no row")
    yield f"| {' | '.join(rows[0])} |"
    yield "|---" * len(rows[0]) + "|"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row.values()))} |"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace("|", "\\|").replace("\n", " ")


def figure_table() -> Iterator[str]:
    figures = json.loads((EVAL / "figures.json").read_text(encoding="utf-8"))
    yield "| set | texts | what is measured | figure |"
    yield "|---|---|---|---|"
    for name, figure, says in FIGURES:
        if figure in figures.get(name, {}):
            value = figures[name][figure]
            shown = f"{value:.0f} of {figures[name]['traps']:.0f}" if "traps" in figure else f"{value:.2f}"
            yield f"| {name} | {figures[name]['articles']:,} | {says} | {shown} |"


def _agreement() -> Iterator[str]:
    found = json.loads((EVAL / "agreement.json").read_text(encoding="utf-8"))
    yield from _table(found["agreement"])
    yield "\nThe incidents by the least number of dead; the few greatest are tolls read as incidents:\n"
    yield from _table(found["sizes"])
    yield "\nBy governorate and month, where five articles are labelled or five incidents found:\n"
    yield from _table(found["months"])


def main() -> None:
    """Write both files; with --figures what needs no warehouse."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--figures", action="store_true", help="leave the rows of the rules as they are")
    if parser.parse_args().figures:
        CODEBOOK.write_text(made_codebook(CODEBOOK.read_text(encoding="utf-8"), None), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory(prefix="frontline-codebook-") as folder:
        builds = Builds(Path(folder))
        build(builds)
        CODES.write_text(made_codes(), encoding="utf-8")
        CODEBOOK.write_text(made_codebook(CODEBOOK.read_text(encoding="utf-8"), builds.ask), encoding="utf-8")


if __name__ == "__main__":
    main()
