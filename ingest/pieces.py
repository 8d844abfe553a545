"""A stream cut into pieces that are bounded both in number and in size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def cut(
    items: Iterable[Item], *, most: int, size_of: Callable[[Item], int], largest: int
) -> Iterator[list[Item]]:
    """Yield the items in their order, in lists of at most `most`.

    A list also ends with the item that brings its size to `largest`, so each has one item at least.
    """
    piece: list[Item] = []
    size = 0
    for item in items:
        piece.append(item)
        size += size_of(item)
        if len(piece) >= most or size >= largest:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
