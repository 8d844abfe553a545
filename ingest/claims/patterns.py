"""Regular expressions for long lists of words, in a form that the engine reads quickly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first, without groups that capture.

    'town|towns|tower' as 'tow(?:n(?:s)?|er)': an alternation is tried word by word at every place, which for
    a hundred words takes ten times as long.
    """
    return _branch(sorted(set(words)))


def _branch(words: list[str]) -> str:
    ends = "" in words
    branches = []
    for first, group in groupby((word for word in words if word), key=lambda word: word[0]):
        rest = [word[1:] for word in group]
        branches.append(re.escape(first) + (_branch(rest) if rest != [""] else ""))
    if not branches:
        return ""
    if ends:
        return f"(?:{'|'.join(branches)})?"
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
