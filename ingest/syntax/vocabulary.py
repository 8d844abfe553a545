"""Words and what the network reads of them: norm, prefix, suffix, shape, each as spaCy's hash of its text.

`tables.json` holds what spaCy keeps in its code and not in the model's files: the names that have a number
instead of a hash ('X', 'nsubj'), norms of punctuation, and the stop words.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_MASK = (1 << 64) - 1
_M = 0xC6A4A7935BD1E995


class Word:
    """A word type: its text, and its row among the network's vectors without and with a space behind it."""

    __slots__ = ("is_punct", "is_space", "lower", "norm", "rows", "text")

    def __init__(self, text: str, norm: str) -> None:
        self.text = text
        self.lower = text.lower()
        self.norm = norm
        self.is_space = text.isspace()
        self.is_punct = all(unicodedata.category(char)[0] == "P" for char in text)
        self.rows = [-1, -1]

    def features(self, spaced: int) -> tuple[int, int, int, int, int, int]:
        """Return the six numbers that the network hashes into its tables."""
        text = self.text
        return (
            string_id(self.norm),
            string_id(text[:1]),
            string_id(text[-3:]),
            string_id(shape(text)),
            spaced,
            int(self.is_space),
        )


class Norms:
    """The form under which a word is looked up: 'colour' as 'color', a curly quote as a straight one."""

    def __init__(self, by_id: Mapping[int, str]) -> None:
        self._by_id = by_id
        self._signs: Mapping[str, str] = tables()["norms"]

    def of(self, text: str) -> str:
        """Return the norm of a word."""
        return self._by_id.get(string_id(text)) or self._signs.get(text) or text.lower()


@cache
def tables() -> dict[str, Any]:
    """Return spaCy's own tables: 'symbols' (text to number), 'norms' (text to text), 'stop_words'."""
    return dict(json.loads(Path(__file__).with_name("tables.json").read_text("utf-8")))


@lru_cache(maxsize=20_000)
def string_id(text: str) -> int:
    """Return spaCy's number of a text: MurmurHash64A of its UTF-8 with seed 1, or a symbol's own."""
    if not text:
        return 0
    symbol: int | None = tables()["symbols"].get(text)
    if symbol is not None:
        return symbol
    data = text.encode("utf-8", "surrogatepass")
    size = len(data)
    h = 1 ^ (size * _M & _MASK)
    whole = size & ~7
    for at in range(0, whole, 8):
        k = int.from_bytes(data[at : at + 8], "little") * _M & _MASK
        h = (h ^ ((k ^ (k >> 47)) * _M & _MASK)) * _M & _MASK
    if whole < size:
        h = (h ^ int.from_bytes(data[whole:], "little")) * _M & _MASK
    h = (h ^ (h >> 47)) * _M & _MASK
    return h ^ (h >> 47)


def shape(text: str) -> str:
    """Return a word's shape ('Xxxxx', 'dd.d'): runs of one kind are cut after four."""
    if len(text) >= 100:
        return "LONG"
    found: list[str] = []
    last, run = "", 0
    for char in text:
        kind = char
        if char.isalpha():
            kind = "X" if char.isupper() else "x"
        elif char.isdigit():
            kind = "d"
        run = run + 1 if kind == last else 0
        last = kind
        if run < 4:
            found.append(kind)
    return "".join(found)
