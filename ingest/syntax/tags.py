"""Parts of speech and features from tag, word and label, by the model's own list of patterns, in its order.

Only what the patterns say of POS and MORPH is read; lemmas are `lemmas`' work.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_KNOWN = frozenset({"TAG", "LOWER", "DEP", "IS_SPACE"})


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    conditions: Mapping[str, Any]
    after: Mapping[str, Any] | None
    pos: str | None
    morph: str | None


class Tags:
    """What the patterns make of each combination that was met."""

    def __init__(self, patterns: Iterable[Mapping[str, Any]]) -> None:
        self._by_tag: dict[str, list[_Rule]] = defaultdict(list)
        self._others: list[_Rule] = []
        for rule in _rules(patterns):
            tag = rule.conditions.get("TAG")
            (self._by_tag[tag] if isinstance(tag, str) else self._others).append(rule)
        self._found: dict[tuple[str, str, str, bool], tuple[str, str]] = {}

    def read(self, tag: str, lower: str, dep: str, dep_before: str, is_space: bool) -> tuple[str, str]:
        """Return part of speech and features of a word; `dep_before` is the label of the word before it."""
        key = (tag, lower, dep, dep_before == "expl")
        found = self._found.get(key)
        if found is None:
            word = {"TAG": tag, "LOWER": lower, "DEP": dep, "IS_SPACE": is_space}
            before = {"DEP": dep_before}
            pos, morph = "", ""
            for rule in sorted(self._by_tag.get(tag, []) + self._others, key=lambda rule: rule.number):
                if _fits(rule.conditions, word) and (rule.after is None or _fits(rule.after, before)):
                    pos = rule.pos if rule.pos is not None else pos
                    morph = rule.morph if rule.morph is not None else morph
            found = (pos, morph)
            if len(self._found) < 100_000:
                self._found[key] = found
        return found


def _rules(patterns: Iterable[Mapping[str, Any]]) -> Iterable[_Rule]:
    for number, row in enumerate(patterns):
        attributes = row["attrs"]
        if not {"POS", "MORPH"} & attributes.keys():
            continue
        for pattern in row["patterns"]:
            index = row["index"]
            two = len(pattern) == 2 and index == 1 and pattern[0].keys() == {"DEP"}
            if not (two or len(pattern) == 1) or not all(part.keys() <= _KNOWN for part in pattern):
                raise ValueError(f"the model's attribute pattern {number} has a form that is not known here")
            morph = attributes.get("MORPH")
            yield _Rule(
                number,
                pattern[index],
                pattern[0] if two else None,
                attributes.get("POS"),
                "" if morph == "_" else morph,
            )


def _fits(conditions: Mapping[str, Any], word: Mapping[str, Any]) -> bool:
    return all(_holds(condition, word[name]) for name, condition in conditions.items())


def _holds(condition: Any, value: Any) -> bool:
    if not isinstance(condition, Mapping):
        return bool(condition == value)
    for operator, operand in condition.items():
        if operator == "IN":
            holds = value in operand
        elif operator == "NOT_IN":
            holds = value not in operand
        elif operator == "REGEX":
            holds = re.search(operand, value) is not None
        else:
            raise ValueError(f"the model's attribute patterns use {operator}, which is not known here")
        if not holds:
            return False
    return True
