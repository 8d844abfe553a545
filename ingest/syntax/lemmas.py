"""Lemmas by rule: endings taken off where the rest is a known word, irregular forms from a list.

The tables and the order in which they are asked are those of spaCy's English rule lemmatizer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.syntax.vocabulary import string_id, tables

PARTS = ("noun", "verb", "adj", "adv", "punct")


class Lemmas:
    """Tables of the lemmatizer, each by the number of a part of speech."""

    def __init__(self, lookups: Mapping[str, Mapping[int, Any]]) -> None:
        def of(table: str, part: str) -> Any:
            return lookups[f"lemma_{table}"].get(string_id(part), ())

        self._index = {part: frozenset(of("index", part)) for part in PARTS}
        self._irregular: dict[str, Mapping[str, Sequence[str]]] = {
            part: dict(of("exc", part)) for part in PARTS
        }
        self._rules: dict[str, Sequence[tuple[str, str]]] = {part: tuple(of("rules", part)) for part in PARTS}
        self._stop_words = frozenset(tables()["stop_words"])

    def of(self, text: str, pos: str, morph: str) -> str:
        """Return the first lemma of a word in lower case. An auxiliary's is the word itself."""
        word, part = text.lower(), pos.lower()
        if part not in PARTS or _is_base(part, morph):
            return word
        found: list[str] = []
        unknown: list[str] = []
        for ending, base in self._rules[part]:
            if not word.endswith(ending):
                continue
            form = word[: len(word) - len(ending)] + base
            if form in self._index[part]:
                found.insert(0, form)
            elif form and not form.isalpha():
                found.append(form)
            elif form:
                unknown.append(form)
        for form in self._irregular[part].get(word, ()):
            if form not in found:
                found.insert(0, form)
        return (found or unknown or [word])[0].lower()

    def knows(self, word: str) -> bool:
        """Return whether it is an English word in lower case, inflected or not."""
        if word in self._stop_words:
            return True
        for part in ("noun", "verb", "adj", "adv"):
            if word in self._index[part] or word in self._irregular[part]:
                return True
            for ending, base in self._rules[part]:
                if word.endswith(ending) and word[: len(word) - len(ending)] + base in self._index[part]:
                    return True
        return False


def _is_base(part: str, morph: str) -> bool:
    features = dict(feature.split("=", 1) for feature in morph.split("|") if feature)
    if part == "noun" and features.get("Number") == "Sing":
        return True
    if part == "verb" and features.get("VerbForm") == "Fin" and features.get("Tense") == "Pres":
        return "Number" not in features
    return features.get("VerbForm") in ("Inf", "None") or features.get("Degree") == "Pos"
