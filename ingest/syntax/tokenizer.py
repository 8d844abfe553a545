"""Text to words by spaCy's rules for English: affixes are cut off, known forms ("don't") come in parts.

Each run of characters without a space is worked out once and kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.syntax.vocabulary import Norms, Word

_RUN = re.compile(r"\S+|\s+")
_ORTH, _NORM = 65, 67
"""spaCy's numbers of the attributes in the model's table of special forms."""
MAX_KEPT = 60_000


class Tokenizer:
    """The rules of one model: `rules` is its table as read from the file 'tokenizer'."""

    def __init__(self, rules: Mapping[str, Any], norms: Norms) -> None:
        if rules["token_match"] is not None:
            raise ValueError("the model's tokenizer has a token_match, which is not known here")
        self._prefix = re.compile(rules["prefix_search"]).search
        self._suffix = re.compile(rules["suffix_search"]).search
        self._infix = re.compile(rules["infix_finditer"]).finditer
        self._url = re.compile(rules["url_match"]).match
        self._norms = norms
        self._words: dict[tuple[str, str], Word] = {}
        self._runs: dict[str, tuple[Word, ...]] = {}
        self._special: dict[str, tuple[Word, ...]] = {
            text: tuple(
                self._word(part[_ORTH], part.get(_NORM) or self._norms.of(part[_ORTH])) for part in parts
            )
            for text, parts in rules["exceptions"].items()
        }
        self._in_parts: dict[str, list[tuple[tuple[str, ...], tuple[Word, ...]]]] = defaultdict(list)
        for text, words in self._special.items():
            if self._prefix(text) or self._suffix(text) or next(self._infix(text), None) or " " in text:
                parts = tuple(word.text for word in self._cut(text, use_special=False))
                self._in_parts[parts[0]].append((parts, words))

    @property
    def size(self) -> int:
        """How many words are kept."""
        return len(self._words)

    def forget(self) -> None:
        """Let go of all words but those of special forms, and of the rows of these."""
        self._runs.clear()
        self._words.clear()
        for words in self._special.values():
            for word in words:
                word.rows = [-1, -1]
                self._words[word.text, word.norm] = word

    def split(self, text: str) -> tuple[list[Word], list[int]]:
        """Return the words of a text, and for each 1 where a space follows that is no word itself, else 0."""
        words: list[Word] = []
        spaced: list[int] = []
        for match in _RUN.finditer(text):
            run = match.group()
            if words and run[0] == " ":
                spaced[-1] = 1
                run = run[1:]
                if not run:
                    continue
            found = self._runs.get(run)
            if found is None:
                found = self._special.get(run) or tuple(self._retake(list(self._cut(run))))
                if len(self._runs) < MAX_KEPT:
                    self._runs[run] = found
            words += found
            spaced += [0] * len(found)
        return words, spaced

    def _word(self, text: str, norm: str | None = None) -> Word:
        key = (text, self._norms.of(text) if norm is None else norm)
        word = self._words.get(key)
        if word is None:
            word = self._words[key] = Word(*key)
        return word

    def _cut(self, run: str, *, use_special: bool = True) -> list[Word]:
        """Cut affixes off a run until what is left is a special form, an address or one word."""
        special = self._special if use_special else {}
        before: list[Word] = []
        behind: list[Word] = []
        size = 0
        while run and len(run) != size and run not in special:
            size = len(run)
            found = self._prefix(run)
            first = found.end() - found.start() if found else 0
            if first and run[first:] in special:
                before.append(self._word(run[:first]))
                run = run[first:]
                break
            found = self._suffix(run[first:])
            last = found.end() - found.start() if found else 0
            if last and run[:-last] in special:
                behind.append(self._word(run[-last:]))
                run = run[:-last]
                break
            if first and last and first + last > size:
                last = 0
            if first:
                before.append(self._word(run[:first]))
            if last:
                behind.append(self._word(run[-last:]))
            run = run[first : size - last]
        if run:
            before += special.get(run) or self._cut_inside(run)
        return before + behind[::-1]

    def _cut_inside(self, run: str) -> list[Word]:
        if self._url(run):
            return [self._word(run)]
        words: list[Word] = []
        start = 0
        for match in self._infix(run):
            if match.start() == 0:
                continue
            if match.start() > start:
                words.append(self._word(run[start : match.start()]))
            if match.end() > match.start():
                words.append(self._word(match.group()))
            start = match.end()
        if start < len(run):
            words.append(self._word(run[start:]))
        return words

    def _retake(self, words: Sequence[Word]) -> list[Word]:
        """Put special forms that stand in parts ('8' + 'a.m.', ':' + ')') back; the longest first."""
        spans = [
            (first, first + len(parts), special)
            for first, word in enumerate(words)
            for parts, special in self._in_parts.get(word.text, ())
            if tuple(w.text for w in words[first : first + len(parts)]) == parts
        ]
        spans.sort(key=lambda span: (span[0] - span[1], span[0]))
        taken: set[int] = set()
        kept = {}
        for first, last, special in spans:
            if first not in taken and last - 1 not in taken:
                kept[first] = (last, special)
            taken.update(range(first, last))
        if not kept:
            return list(words)
        found: list[Word] = []
        at = 0
        while at < len(words):
            last, special = kept.get(at, (at + 1, (words[at],)))
            found += special
            at = last
        return found
