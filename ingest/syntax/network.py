"""The network's vectors: hashed embeddings of words, four convolutions over them, the tagger's choice.

All matrices are float32. Shapes: N tokens, 96 wide; a layer's weights are (input, pieces x 96).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.syntax.vocabulary import Word

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

WIDTH = 96
PIECES = 3
PAD = 4
"""Rows of nothing between two sentences: as many as the layers reach in all."""
ROWS = 768
"""Rows that go through the layers together, about: what stays in a processor's second cache."""


@dataclass(frozen=True, slots=True)
class Maxout:
    """A layer: the largest of three linear maps, normalised to mean 0 and variance 1, scaled."""

    weights: Floats
    bias: Floats
    scale: Floats
    shift: Floats

    @classmethod
    def from_params(cls, maxout: dict[str, Any], norm: dict[str, Any]) -> Maxout:
        """Take the layer from the model's parameters, pieces side by side."""
        width, pieces, size = maxout["W"].shape
        weights = maxout["W"].transpose(1, 0, 2).reshape(pieces * width, size).T
        return cls(np.ascontiguousarray(weights), maxout["b"].T.ravel().copy(), norm["G"], norm["b"])

    def apply(self, rows: Floats) -> Floats:
        """Return the layer's output for rows of input, as new rows."""
        mixed: Floats = rows @ self.weights
        mixed += self.bias
        best: Floats = np.maximum(mixed[:, :WIDTH], mixed[:, WIDTH : 2 * WIDTH])
        np.maximum(best, mixed[:, 2 * WIDTH :], out=best)
        best -= best.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", best, best)
        spread /= WIDTH
        spread += 1e-8
        np.sqrt(spread, out=spread)
        best /= spread[:, None]
        best *= self.scale
        best += self.shift
        return best


class Network:
    """Words to vectors. Keeps a row for each word met, with and without a space behind it."""

    def __init__(
        self,
        tables: Sequence[tuple[int, Floats]],
        mixer: Maxout,
        layers: Sequence[Maxout],
        tags: tuple[Floats, Floats],
    ) -> None:
        self._tables = tables
        self._mixer = mixer
        self._layers = layers
        self._tag_weights, self._tag_bias = tags
        self.forget()

    def forget(self) -> None:
        """Let go of all rows."""
        self._rows: Floats = np.zeros((4096, WIDTH), np.float32)
        self._used = 0

    def vectors(self, sentences: Sequence[tuple[list[Word], list[int]]]) -> Floats:
        """Return a row for each token of the sentences, none of which may be empty, one after the other."""
        self._meet(sentences)
        found: list[Floats] = []
        group: list[list[int]] = []
        size = 0
        for words, spaced in sentences:
            group.append([word.rows[space] for word, space in zip(words, spaced, strict=True)])
            size += len(words) + PAD
            if size >= ROWS:
                found.append(self._convolve(group))
                group, size = [], 0
        if group:
            found.append(self._convolve(group))
        return np.concatenate(found) if found else np.zeros((0, WIDTH), np.float32)

    def tags(self, vectors: Floats) -> list[int]:
        """Return the number of each token's tag."""
        scores = vectors @ self._tag_weights
        scores += self._tag_bias
        return list(scores.argmax(axis=1).tolist())

    def _meet(self, sentences: Sequence[tuple[list[Word], list[int]]]) -> None:
        """Work out the rows of words that were not met before."""
        new: list[tuple[int, ...]] = []
        for words, spaced in sentences:
            for word, space in zip(words, spaced, strict=True):
                if word.rows[space] < 0:
                    word.rows[space] = self._used + len(new)
                    new.append(word.features(space))
        if not new:
            return
        features = np.array(new, dtype=np.uint64)
        parts = [
            table[_hash(features[:, column], seed) % np.uint64(len(table))].sum(axis=1)
            for column, (seed, table) in enumerate(self._tables)
        ]
        rows = self._mixer.apply(np.concatenate(parts, axis=1))
        while self._used + len(new) > len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self._used : self._used + len(new)] = rows
        self._used += len(new)

    def _convolve(self, sentences: Sequence[list[int]]) -> Floats:
        places: list[int] = []
        at = PAD
        for sentence in sentences:
            places += range(at, at + len(sentence))
            at += len(sentence) + PAD
        rows = np.zeros((at, WIDTH), np.float32)
        rows[places] = self._rows[[row for sentence in sentences for row in sentence]]
        window = np.zeros((at, 3 * WIDTH), np.float32)
        for layer in self._layers:
            window[1:, :WIDTH] = rows[:-1]
            window[:, WIDTH : 2 * WIDTH] = rows
            window[:-1, 2 * WIDTH :] = rows[1:]
            rows += layer.apply(window)
        return rows[places]


def _hash(ids: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Return four 32-bit keys for each id: MurmurHash3_x86_128 as thinc takes it of one 64-bit number."""
    u = np.uint64
    h1 = ids * u(0x87C37B91114253D5)
    h1 = ((h1 << u(31)) | (h1 >> u(33))) * u(0x4CF5AD432745937F)
    h2 = np.full_like(ids, seed ^ 8)
    h1 = (h1 ^ h2) + h2
    h2 = h1 + h2
    h1, h2 = _finish(h1), _finish(h2)
    h1 = h1 + h2
    h2 = h2 + h1
    low = u(0xFFFFFFFF)
    return np.stack([h1 & low, h1 >> u(32), h2 & low, h2 >> u(32)], axis=1)


def _finish(h: NDArray[np.uint64]) -> NDArray[np.uint64]:
    u = np.uint64
    h = (h ^ (h >> u(33))) * u(0xFF51AFD7ED558CCD)
    h = (h ^ (h >> u(33))) * u(0xC4CEB9FE1A85EC53)
    return h ^ (h >> u(33))
