"""One Aho-Corasick pass over an article: triggers of the frames, and names of actors, places, claimants,
victims.

Words are compared folded: lower case, no accents, hyphens as spaces; a name with an apostrophe is known with
and without it, an Arabic article as al, el, as, ash... in front of a name is any of its spellings. Whole
words only. A name that the lexicon writes with a capital must have one in the text; an acronym must be in
capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import ahocorasick

from ingest.claims.inflection import forms_of
from ingest.claims.reading import Mention, MentionKind
from ingest.claims.sentences import is_shouted
from ingest.memory import kept_for_good
from ingest.records import Frame, Kind, Lexicon, Name

_AMBIGUOUS_SHOUTED = frozenset({"is", "us", "it", "who", "un", "may", "march", "mark", "hope", "unity"})
_ARTICLE = re.compile(r"(?:al|el|ul|as|ash|ad|ar|an|at|az)[ ](?=\w)")


class _Fold(dict[int, str]):
    """Code point to its folded code point, worked out when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in "-‐‑–—/\u00a0\t\n\r\u2028\u2029":
            folded = " "
        elif char in "’‘ʼ`ʻ‛ʿʾ":
            folded = "'"
        else:
            base = unicodedata.normalize("NFKD", char)[0]
            low = base.lower()
            folded = low if len(low) == 1 else base
        self[code] = folded
        return folded


_FOLD = _Fold()


def fold_name(text: str) -> str:
    """Fold for comparison, code point for code point."""
    return text.translate(_FOLD)


class Matcher:
    """The automaton of one lexicon. Build with `matcher_of`, which keeps the last ones."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.frames: dict[str, list[tuple[str, Frame]]] = defaultdict(list)
        """Frames by the folded form of their head, with the lemma."""
        payload: dict[str, tuple[list[Name], bool]] = {}
        for frame in lexicon.frames:
            for lemma in frame.lemmas:
                for form in forms_of(lemma, frame.pos):
                    self._add_trigger(payload, form, lemma, frame)
            for form in frame.forms:
                self._add_trigger(payload, form, frame.lemmas[0], frame)
        # All texts are folded at once, six times as fast as one by one; none holds the sign between them.
        texts = fold_name("\0".join(name.text for name in lexicon.names)).split("\0")
        for name, folded in zip(lexicon.names, texts, strict=True) if lexicon.names else ():
            for variant in _variants(folded):
                names, is_trigger = payload.setdefault(variant, ([], False))
                if name not in names:
                    names.append(name)
        self._automaton: Any = ahocorasick.Automaton()
        for words, (names, is_trigger) in sorted(payload.items()):  # neighbours share what is in the cache
            self._automaton.add_word(words, (len(words), tuple(names), is_trigger))
        if payload:
            self._automaton.make_automaton()
        self._is_empty = not payload
        self._fitting: dict[tuple[int, str, bool], _ByKind] = {}

    def _add_trigger(
        self, payload: dict[str, tuple[list[Name], bool]], form: str, lemma: str, frame: Frame
    ) -> None:
        folded = fold_name(form)
        if (lemma, frame) not in self.frames[folded]:
            self.frames[folded].append((lemma, frame))
        names, _ = payload.setdefault(folded, ([], False))
        payload[folded] = (names, True)

    def kinds_of(self, mentions: Sequence[Mention]) -> set[Kind]:
        """Return the kinds of the frames that a sentence's triggers may carry."""
        words = {fold_name(m.text) for m in mentions if m.kind == "trigger"}
        return {frame.kind for word in words for _, frame in self.frames.get(word, ())}

    def find(self, text: str) -> list[Mention]:
        """Return all mentions in the text, in order; offsets are the text's.

        A shorter match inside or across a longer one is dropped; a name and a trigger of the same words stay.
        """
        if self._is_empty:
            return []
        folded = fold_name(text)
        shouted = is_shouted(text)
        found: list[_Hit] = []
        size = len(folded)
        for last, (length, names, is_trigger) in self._automaton.iter(folded):
            start, end = last - length + 1, last + 1
            if (start and folded[start - 1].isalnum()) or (end < size and folded[end].isalnum()):
                continue
            held = self._fit(names, text[start:end], shouted) if names else ()
            if held or is_trigger:
                found.append((start, end, held, is_trigger))
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        return [mention for hit in _longest(found) for mention in _mentions(text, *hit)]

    def _fit(self, names: tuple[Name, ...], words: str, shouted: bool) -> _ByKind:
        """Return the names that words can mean by their capitals, by kind; the same objects each time."""
        key = (id(names), words, shouted)  # the automaton holds the names as long as this is kept
        fitting = self._fitting.get(key)
        if fitting is None:
            by_kind: dict[str, list[Name]] = defaultdict(list)
            for name in names:
                if _case_fits(name.text, words, shouted):
                    by_kind[name.kind].append(name)
            fitting = tuple((kind, tuple(by_kind[kind])) for kind in _KINDS if kind in by_kind)
            if len(self._fitting) >= _FITTING_KEPT:
                self._fitting.clear()
            self._fitting[key] = fitting
        return fitting


_KINDS: tuple[MentionKind, ...] = ("actor", "place", "claimant", "victim")
_FITTING_KEPT = 20_000
_ByKind = tuple[tuple[MentionKind, tuple[Name, ...]], ...]
_Hit = tuple[int, int, _ByKind, bool]
"""Start, end, the names by kind, whether the words are a trigger."""


def _longest(found: list[_Hit]) -> Iterator[_Hit]:
    """Keep the leftmost longest of overlapping matches; `found` is sorted by (start, -end)."""
    best: _Hit | None = None
    for hit in found:
        if best is None or hit[0] >= best[1]:
            if best is not None:
                yield best
            best = hit
        elif hit[1] - hit[0] > best[1] - best[0]:
            best = hit
    if best is not None:
        yield best


def _mentions(text: str, start: int, end: int, by_kind: _ByKind, is_trigger: bool) -> Iterator[Mention]:
    words = text[start:end]
    for kind, names in by_kind:
        yield Mention(kind, start, end, words, names)
    if is_trigger:
        yield Mention("trigger", start, end, words)


def _case_fits(name: str, words: str, shouted: bool) -> bool:
    if shouted:
        return fold_name(name) not in _AMBIGUOUS_SHOUTED
    if len(name) <= 5 and name.isupper():
        return words.isupper()
    if name[:1].isupper():
        return words[:1].isupper() or (not name[:2].isupper() and any(map(str.isupper, words)))
    return True


def _variants(folded: str) -> Iterator[str]:
    """Yield the spellings under which a folded name is looked for."""
    folded = " ".join(folded.split())
    if not folded:
        return
    yield folded
    if "'" in folded and (bare := folded.replace("'", "")):
        yield bare
    if article := _ARTICLE.match(folded):
        for spelling in ("al ", "el "):
            if spelling != article.group():
                yield spelling + folded[article.end() :]


@lru_cache(maxsize=4)
def _matcher(key: tuple[str, int], box: _Box) -> Matcher:
    with kept_for_good():
        return Matcher(box.lexicon)


class _Box:
    """A lexicon that hashes by identity: its mappings can't be hashed."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __hash__(self) -> int:
        return id(self.lexicon)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Box) and other.lexicon is self.lexicon


def matcher_of(lexicon: Lexicon) -> Matcher:
    """Return the lexicon's automaton, built once for each lexicon in use."""
    return _matcher((lexicon.version, len(lexicon.names)), _Box(lexicon))
