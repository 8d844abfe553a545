"""One hostile input: which parser gets it, its bytes, and how it can be run again."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TRIPWIRE = ("127.77.0.9", 8089)
"""An address of the loopback on which the campaign listens: whoever connects there was led by an input."""
CANARY = "canary-7f3a9c"
"""A word in a file beside the scratch folder. Where it comes out, an input made us read that file."""


@dataclass(frozen=True)
class Case:
    """An input of the parser `target`: the name and bytes of its file, and the settings it is read with."""

    target: str
    name: str
    content: bytes
    options: Mapping[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Keep the case as a file of JSON, its bytes in base64."""
        row = {
            "target": self.target,
            "name": self.name,
            "options": dict(self.options),
            "content": base64.b64encode(self.content).decode("ascii"),
        }
        path.write_text(json.dumps(row, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> Case:
        """Return the case that `write` kept at `path`."""
        row = json.loads(path.read_text("utf-8"))
        return cls(row["target"], row["name"], base64.b64decode(row["content"]), row["options"])
