"""Parts of speech and features from tag, word and label, by the model's own list of patterns, in its order.

Only what the patterns say of POS and MORPH is read; lemmas are `lemmas`' work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_KNOWN = frozenset({"TAG", "LOWER", "DEP", "IS_SPACE"})
_OTHER = "\0"
"""Stands for any word, or any label, that no pattern names."""


@dataclass(frozen=True, slots=True)
class _Rule:
    conditions: Mapping[str, Any]
    after: Mapping[str, Any] | None
    pos: str | None
    morph: str | None


class Tags:
    """What the patterns make of each combination met; words and labels that none names count as one."""

    def __init__(self, patterns: Iterable[Mapping[str, Any]]) -> None:
        self._rules = list(_rules(patterns))
        named: dict[str, set[str]] = {"LOWER": set(), "DEP": set()}
        for rule in self._rules:
            for name, values in named.items():
                values.update(_named(rule.conditions.get(name)))
        self._words, self._labels = frozenset(named["LOWER"]), frozenset(named["DEP"])
        self._found: dict[tuple[str, str, str, bool, bool], tuple[str, str]] = {}

    def read(self, tag: str, lower: str, dep: str, dep_before: str, is_space: bool) -> tuple[str, str]:
        """Return part of speech and features of a word; `dep_before` is the label of the word before it."""
        key = (
            tag,
            lower if lower in self._words else _OTHER,
            dep if dep in self._labels else _OTHER,
            dep_before == "expl",
            is_space,
        )
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._ask(*key)
        return found

    def _ask(self, tag: str, lower: str, dep: str, after_expletive: bool, is_space: bool) -> tuple[str, str]:
        word = {"TAG": tag, "LOWER": lower, "DEP": dep, "IS_SPACE": is_space}
        before = {"DEP": "expl" if after_expletive else _OTHER}
        pos, morph = "", ""
        for rule in self._rules:
            if _fits(rule.conditions, word) and (rule.after is None or _fits(rule.after, before)):
                pos = rule.pos if rule.pos is not None else pos
                morph = rule.morph if rule.morph is not None else morph
        return pos, morph


def _rules(patterns: Iterable[Mapping[str, Any]]) -> Iterable[_Rule]:
    for number, row in enumerate(patterns):
        attributes = row["attrs"]
        if not {"POS", "MORPH"} & attributes.keys():
            continue
        for pattern in row["patterns"]:
            index = row["index"]
            two = len(pattern) == 2 and index == 1 and pattern[0] == {"DEP": "expl"}
            if not (two or len(pattern) == 1) or not all(part.keys() <= _KNOWN for part in pattern):
                raise ValueError(f"the model's attribute pattern {number} has a form that is not known here")
            morph = attributes.get("MORPH")
            yield _Rule(
                pattern[index],
                pattern[0] if two else None,
                attributes.get("POS"),
                "" if morph == "_" else morph,
            )


def _named(condition: Any) -> Iterable[str]:
    """Return the values that a condition speaks of."""
    if isinstance(condition, Mapping):
        return [value for operand in condition.values() for value in operand]
    return [] if condition is None else [condition]


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
        else:
            raise ValueError(f"the model's attribute patterns use {operator}, which is not known here")
        if not holds:
            return False
    return True
