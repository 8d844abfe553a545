"""Keys of the marts as the models' own tests declare them: what dbt tests, another database may enforce.

The marts carry no keys in DuckDB, where each would cost an index at every build; their descriptions beside
the models do, as tests: `unique` on a column, `relationships` from one to another table's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REFERRED = re.compile(r"ref\(\s*['\"](?P<model>\w+)['\"]\s*\)")


@dataclass(frozen=True, slots=True)
class ModelKeys:
    """A table's key, if it has one, and its references: own column -> (other table, its column)."""

    key: str | None = None
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def declared_keys(models: Path) -> dict[str, ModelKeys]:
    """Return the keys of every model under the folder, by its name.

    The key is the first column that is tested as unique. A test under a condition (`config: {where: ...}`)
    holds for some rows only and declares nothing.
    """
    found: dict[str, ModelKeys] = {}
    for path in sorted(models.rglob("*.yml")):
        for model in (yaml.safe_load(path.read_text("utf-8")) or {}).get("models", ()):
            found[model["name"]] = _keys_of(model)
    return found


def _keys_of(model: Mapping[str, Any]) -> ModelKeys:
    key: str | None = None
    references: dict[str, tuple[str, str]] = {}
    for column in model.get("columns", ()):
        for test in column.get("data_tests", ()):
            name, given = (test, {}) if isinstance(test, str) else next(iter(test.items()))
            if "where" in (given or {}).get("config", {}):
                continue
            if name == "unique":
                key = key or column["name"]
            elif name == "relationships":
                arguments = given.get("arguments", given)
                referred = REFERRED.fullmatch(arguments["to"].strip())
                if referred:
                    references[column["name"]] = (referred["model"], arguments["field"])
    return ModelKeys(key, references)
