"""Which articles carry the same report: exact copies by their words, near copies by a MinHash of them.

The signature is worked out here, from the text alone; the warehouse, which knows the other articles,
compares. It is our own: numpy is at hand, and datasketch would bring scipy for a dozen lines, with an index
that lives in memory.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from typing import Any

from ingest.records import content_hash

PERMUTATIONS = 128
"""Length of a signature; the share of equal places estimates the overlap of two texts to within 0.04."""
SHINGLE_WORDS = 5
FEWEST_SHINGLES = 40
"""Shorter texts, a sentence or two, are alike by chance; only exact copies of them count."""


def fold_text(text: str) -> str:
    """Return the text with every run of white space as one space: what identity is decided on."""
    return " ".join(text.split())


def story_of(content: str) -> str:
    """Return the story id of a text whose hash is `content`: exact copies, wherever they landed, share it."""
    return content_hash("story", content)


def signature_of(text: str) -> tuple[int, ...] | None:
    """Return the MinHash of the text's runs of five words, case and punctuation aside; None for short texts.

    The same words give the same 128 numbers (unsigned, 32 bits) on every machine and in every version.
    """
    import numpy as np

    words = re.findall(r"\w+", text.lower())
    shingles = {" ".join(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1)}
    if len(shingles) < FEWEST_SHINGLES:
        return None
    hashes = np.frombuffer(b"".join(map(_digest, shingles)), dtype="<u8")
    factors, terms = _permutations()
    least = np.full(PERMUTATIONS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(hashes), 4096):
        # Multiplication wraps at 64 bits, on purpose; the upper half is well mixed.
        mixed = factors[:, None] * hashes[None, start : start + 4096] + terms[:, None]
        least = np.minimum(least, (mixed >> np.uint64(32)).min(axis=1))
    return tuple(int(value) for value in least)


@cache
def _permutations() -> tuple[Any, Any]:
    import numpy as np

    factors = [_number(f"factor {n}") | 1 for n in range(PERMUTATIONS)]
    terms = [_number(f"term {n}") for n in range(PERMUTATIONS)]
    return np.array(factors, dtype=np.uint64), np.array(terms, dtype=np.uint64)


def _number(text: str) -> int:
    return int.from_bytes(_digest(text), "little")


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8"), digest_size=8).digest()
