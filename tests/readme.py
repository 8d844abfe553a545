"""What README.md shows is made from the project: its picture of the lineage, the answers to its queries.

`python -m tests.readme lineage` prints the picture from dbt's manifest (parse first: `make lint`).
tests/integration/test_readme.py fails where README.md shows something else.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "dbt_project" / "target" / "manifest.json"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, text: str) -> list[str]:
    """Return the contents of the fenced blocks of one language."""
    return [found[2] for found in BLOCK.finditer(text) if found[1] == language]


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
    lines = ["flowchart LR", "  sources --> landing --> articles --> claims", "  claims --> raw"]
    for group in ("raw", "intermediate", "marts"):
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
        # Names give places and places names: one box, or the picture would turn in circles.
        return f"intermediate__{'claims' if folders[1] == 'places' else folders[1]}"
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


def questions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each query of README.md with the answer printed under it."""
    found = [(block[1], block[2]) for block in BLOCK.finditer(text)]
    for (language, query), (_, answer) in pairwise(found):
        if language == "sql":
            yield query, answer


if __name__ == "__main__":
    sys.stdout.write(lineage(json.loads(MANIFEST.read_text(encoding="utf-8"))))
