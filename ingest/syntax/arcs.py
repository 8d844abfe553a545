"""The parser: arc-eager transitions, the best-scoring valid one at each step, for many sentences at once.

Every state is a row of arrays, and one step is taken for all sentences that are not at their end. Tokens are
numbered through the batch; -1 is no token, and reads the last cell of an array, which always holds -1.

The transitions and what makes them valid are spaCy's (Honnibal and Johnson, 2015: a reduced word without a
head goes back to the buffer): S push, D pop or put back, L and R an arc from the buffer's first word to the
stack's top or the other way, B a new sentence begins after the buffer's first word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

SHIFT, REDUCE, LEFT, RIGHT, BREAK = range(5)
FEATURES = 8
_GUARD = 3
"""Cells of -1 below each stack: what stands second and third on a stack of one."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The parser's parameters. `moves` and `labels` say what each class does.

    `lower` and `lower_bias`: token vectors to 64. `feature`: 64 to 8 x 128, for each place a token may
    stand in; `pad` stands there for no token. `hidden_bias`: 128, two pieces side by side. `upper`: 64 to
    classes.
    """

    lower: Floats
    lower_bias: Floats
    feature: Floats
    pad: Floats
    hidden_bias: Floats
    upper: Floats
    upper_bias: Floats
    moves: Ints
    labels: tuple[str, ...]


def read_moves(labels_by_move: dict[str, dict[str, int]]) -> tuple[Ints, tuple[str, ...]]:
    """Return move and label of each class, in the order in which spaCy numbers them: by falling count."""
    moves: list[int] = []
    labels: list[str] = []
    for move in sorted(labels_by_move, key=int):
        counted = sorted(((count, label) for label, count in labels_by_move[move].items()), reverse=True)
        moves += [int(move)] * len(counted)
        labels += [label for _, label in counted]
    return np.array(moves), tuple(labels)


def read_weights(affine: dict[str, Any], lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Bring the model's parameters into the shapes of `Weights`."""
    features, width, pieces, size = affine["W"].shape
    by_piece = affine["W"].transpose(0, 2, 1, 3).reshape(features * pieces * width, size)
    return {
        "lower": np.ascontiguousarray(lower["W"].T),
        "lower_bias": lower["b"],
        "feature": np.ascontiguousarray(by_piece.T),
        "pad": affine["pad"][0].transpose(0, 2, 1).reshape(features, pieces * width).copy(),
        "hidden_bias": affine["b"].T.ravel().copy(),
        "upper": np.ascontiguousarray(upper["W"].T),
        "upper_bias": upper["b"],
    }


def parse_arcs(vectors: Floats, lengths: Sequence[int], weights: Weights) -> tuple[list[int], list[int]]:
    """Return each token's head, numbered through the batch, -1 for a root, and the class of its arc.

    `vectors` are the sentences' rows one after the other; sentences of like length cost the least.
    """
    states = _States(lengths)
    count = len(vectors)
    hidden = vectors @ weights.lower
    hidden += weights.lower_bias
    half = weights.hidden_bias.size // 2
    cells = np.empty(((count + 1) * FEATURES, 2 * half), np.float32)
    cells[:FEATURES] = weights.pad
    np.matmul(hidden, weights.feature, out=cells[FEATURES:].reshape(count, -1))
    cells[::FEATURES] += weights.hidden_bias
    offsets = FEATURES + np.arange(FEATURES)[:, None]
    is_arc = (weights.moves == LEFT) | (weights.moves == RIGHT)
    first_arc, last_arc = int(is_arc.argmax()), len(is_arc) - int(is_arc[::-1].argmax())
    last_class = len(weights.moves) - 1
    while states.active.size:
        context, valid = states.look()
        at = context * FEATURES
        at += offsets
        summed = cells[at[0]]
        for row in at[1:]:
            summed += cells[row]
        scores = np.maximum(summed[:, :half], summed[:, half:]) @ weights.upper
        scores += weights.upper_bias
        scores[~valid[SHIFT], 0] = -np.inf
        scores[~valid[REDUCE], 1] = -np.inf
        scores[~valid[LEFT], first_arc:last_arc] = -np.inf
        scores[~valid[BREAK], last_class] = -np.inf
        states.take(scores.argmax(axis=1), weights.moves, valid)
    return states.heads[:-1].tolist(), states.classes[:-1].tolist()


class _States:
    """The states of a batch. By sentence: buffer, end, depth, returned; by token: heads and the rest."""

    def __init__(self, lengths: Sequence[int]) -> None:
        sizes = np.array(lengths, dtype=np.intp)
        total = int(sizes.sum())
        self.end = np.cumsum(sizes)
        self.buffer = self.end - sizes
        width = int(sizes.max(initial=0)) + _GUARD
        self._base = np.arange(len(sizes)) * width + _GUARD
        self._stack = np.full(len(sizes) * width, -1)
        self._back = np.full(len(sizes) * width, -1)
        """Words put back on the buffer, which come before its own."""
        self.depth = np.zeros(len(sizes), np.intp)
        self.returned = np.zeros(len(sizes), np.intp)
        self.heads = np.full(total + 1, -1)
        self.classes = np.full(total + 1, -1)
        self._left = np.full(total + 1, -1)
        """The child that a token got last on its left side; likewise on its right."""
        self._right = np.full(total + 1, -1)
        self._right_before = np.full(total + 1, -1)
        self._was_back = np.zeros(total + 1, np.bool_)
        self._starts = np.zeros(total + 1, np.bool_)
        self.active = np.flatnonzero(sizes)

    def look(self) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the tokens that the score looks at (8, active), and which moves are valid (5, active)."""
        a = self.active
        base, depth, back = self._base[a], self.depth[a], self.returned[a]
        own, end = self.buffer[a], self.end[a]
        top = base + depth
        s0, s1, s2 = self._stack[top - 1], self._stack[top - 2], self._stack[top - 3]
        b0 = np.where(own < end, own, -1)
        b1 = np.where(own + 1 < end, own + 1, -1)
        if back.any():
            b1 = np.where(back > 1, self._back[base + back - 2], np.where(back == 1, b0, b1))
            b0 = np.where(back > 0, self._back[base + back - 1], b0)
        left = end - own + back
        context = np.empty((FEATURES, a.size), np.intp)
        for row, tokens in enumerate((b0, b1, s0, s1, s2, self._left[b0], self._left[s0], self._right[s0])):
            context[row] = tokens
        is_empty = depth == 0
        may_arc = ~is_empty & (left > 0) & ~self._starts[b0]
        may_push = is_empty | (may_arc & (left > 1) & ~self._was_back[b0])
        may_break = (left > 1) & (b1 == b0 + 1) & ~self._starts[b1]
        self._seen = (b0, b1, s0)
        valid = np.empty((5, a.size), np.bool_)
        valid[SHIFT], valid[REDUCE], valid[BREAK] = may_push, ~is_empty, may_break
        valid[LEFT] = valid[RIGHT] = may_arc
        return context, valid

    def take(self, best: Ints, moves: Ints, valid: NDArray[np.bool_]) -> None:
        """Take one transition of each active state."""
        a = self.active
        b0, b1, s0 = self._seen
        move = moves[best]
        # Cannot happen while a stack or a buffer holds something; spaCy ends such a sentence, and so do we.
        stuck = ~valid[move, np.arange(a.size)]
        if stuck.any():
            self.depth[a[stuck]] = 0
            self.returned[a[stuck]] = 0
            self.buffer[a[stuck]] = self.end[a[stuck]]
            move = np.where(stuck, -1, move)
        (chosen,) = (move == RIGHT).nonzero()
        if chosen.size:
            head, child = s0[chosen], b0[chosen]
            self.heads[child], self.classes[child] = head, best[chosen]
            self._right_before[child] = self._right[head]
            self._right[head] = child
        (chosen,) = ((move == SHIFT) | (move == RIGHT)).nonzero()
        if chosen.size:
            sentence = a[chosen]
            self._stack[self._base[sentence] + self.depth[sentence]] = b0[chosen]
            self.depth[sentence] += 1
            from_back = self.returned[sentence] > 0
            self.returned[sentence] -= from_back
            self.buffer[sentence] += ~from_back
        (chosen,) = (move == LEFT).nonzero()
        if chosen.size:
            head, child = b0[chosen], s0[chosen]
            old = self.heads[child]
            lost = (old >= 0) & (self._right[old] == child)
            self._right[old[lost]] = self._right_before[child[lost]]
            self.heads[child], self.classes[child] = head, best[chosen]
            self._left[head] = child
            self._was_back[head] = False
            self.depth[a[chosen]] -= 1
        (chosen,) = (move == REDUCE).nonzero()
        if chosen.size:
            sentence, word = a[chosen], s0[chosen]
            returns = (self.heads[word] < 0) & (self.depth[sentence] > 1)
            self.depth[sentence] -= 1
            sentence, word = sentence[returns], word[returns]
            self._was_back[word] = True
            self._back[self._base[sentence] + self.returned[sentence]] = word
            self.returned[sentence] += 1
        (chosen,) = (move == BREAK).nonzero()
        if chosen.size:
            self._starts[b1[chosen]] = True
        self.active = a[(self.depth[a] > 0) | (self.buffer[a] < self.end[a]) | (self.returned[a] > 0)]
