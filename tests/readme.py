"""What README.md shows is made from the project: the picture of the lineage, and the answers to its queries.

`python -m tests.readme` writes both anew, from dbt's manifest and the published file of the last `make run`
on the samples. tests/integration/test_readme.py fails where the picture or a query is no longer true.
"""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import duckdb

from ingest.settings import published_path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
MANIFEST = ROOT / "dbt_project" / "target" / "dagster" / "manifest.json"
PICTURE = re.compile(r"(?<=^```mermaid\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
QUESTION = re.compile(
    r"^```sql\n(?P<query>.*?)^```\n+```text\n(?P<answer>.*?)^```$", re.MULTILINE | re.DOTALL
)
WIDTH = 110


def questions(text: str) -> list[tuple[str, str]]:
    """Return each query of README.md with the answer printed under it."""
    return [(found["query"], found["answer"]) for found in QUESTION.finditer(text)]


def answer(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return the answer as `make sql` prints it."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        connection.sql(query).show(max_width=WIDTH, max_rows=20)
    return "".join(f"{line.rstrip()}\n" for line in printed.getvalue().strip().splitlines())


def lineage(manifest: Mapping[str, Any]) -> str:
    """Draw the way from sources to published tables as Mermaid.

    Facts stand alone; staging, the dimensions, the exports and each folder of intermediate models are one
    box; an arrow that follows from two others is left out.
    """
    arrows: dict[str, set[str]] = defaultdict(set)
    nodes = manifest["sources"] | manifest["nodes"]
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or (target := _box(node)) is None:
            continue
        for parent in node["depends_on"]["nodes"]:
            if (source := _box(nodes[parent])) and source != target:
                arrows[source].add(target)
    boxes = sorted(arrows.keys() | {target for targets in arrows.values() for target in targets})
    lines = ["flowchart LR", "  sources --> landing --> articles --> claims --> raw"]
    for group in ("raw", "marts"):
        members = [box for box in boxes if box.startswith(f"{group}__")]
        lines += [
            f"  subgraph {group}",
            *(f"    {box}[{box.partition('__')[2]}]" for box in members),
            "  end",
        ]
    for source in boxes:
        for target in sorted(arrows[source]):
            if not _is_reached(arrows, source, target):
                lines.append(f"  {source} --> {target}")
    return "\n".join([*lines, "  marts --> published"]) + "\n"


def _box(node: Mapping[str, Any]) -> str | None:
    if node["resource_type"] == "source":
        return f"raw__{node['name']}" if node["source_name"] == "raw" else None
    if node["resource_type"] == "seed":
        return "seeds"
    folders = node["fqn"][1:-1]
    if folders[0] == "intermediate":
        # Names, places, matching and events lean on each other: one box, or the picture turns in circles.
        return "intermediate"
    if folders[0] == "marts":
        return f"marts__{'dimensions' if folders[1] == 'dimensions' else node['name']}"
    return folders[0]


def _is_reached(arrows: Mapping[str, set[str]], source: str, target: str) -> bool:
    """Say whether target is reached from source over a third box."""
    seen, open_ = {source}, [box for box in arrows[source] if box != target]
    while open_:
        box = open_.pop()
        if box == target:
            return True
        if box not in seen:
            seen.add(box)
            open_ += arrows.get(box, ())
    return False


def main() -> None:
    """Write the picture and the answers into README.md."""
    text = README.read_text(encoding="utf-8")
    picture = lineage(json.loads(MANIFEST.read_text(encoding="utf-8")))
    text = PICTURE.sub(lambda _: picture, text, count=1)
    with duckdb.connect(str(published_path()), read_only=True) as connection:
        for query, printed in questions(text):
            text = text.replace(f"```sql\n{query}```\n\n```text\n{printed}```", _block(connection, query))
    README.write_text(text, encoding="utf-8")


def _block(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    return f"```sql\n{query}```\n\n```text\n{answer(connection, query)}```"


if __name__ == "__main__":
    main()
