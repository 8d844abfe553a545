"""A sentence's dependency tree, as the rules read it. Names are spaCy's, so that its documentation holds."""

from __future__ import annotations

from collections.abc import Iterator


class Token:
    """A word of a tree. `idx` is its offset in the sentence's text, in code points; `i` its number from 0.

    The root is its own head. `tag_` is the Penn tag, `pos_` the universal part of speech, `dep_` a label of
    ClearNLP's scheme, `morph` universal features as text ('Number=Sing|Person=3'). Nobody may change a token:
    sentences that say the same share one tree.
    """

    __slots__ = (
        "_subtree",
        "children",
        "dep_",
        "doc",
        "head",
        "i",
        "idx",
        "is_punct",
        "is_space",
        "lower_",
        "morph",
        "pos_",
        "tag_",
        "text",
    )

    _subtree: tuple[Token, ...] | None
    children: list[Token]
    dep_: str
    doc: Tree
    head: Token
    i: int
    idx: int
    is_punct: bool
    is_space: bool
    lower_: str
    morph: str
    pos_: str
    tag_: str
    text: str

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return self.text

    @property
    def lefts(self) -> list[Token]:
        """The children that stand before it, in the order of the text."""
        return [child for child in self.children if child.i < self.i]

    @property
    def rights(self) -> list[Token]:
        """The children that stand after it, in the order of the text."""
        return [child for child in self.children if child.i > self.i]

    @property
    def subtree(self) -> tuple[Token, ...]:
        """The token and all that hangs by it, in the order of the text."""
        if self._subtree is None:
            found = [self]
            for token in found:
                found.extend(token.children)
            found.sort(key=_number)
            self._subtree = tuple(found)
        return self._subtree

    @property
    def left_edge(self) -> Token:
        """The first token of the subtree."""
        return self.subtree[0] if self.children else self

    @property
    def right_edge(self) -> Token:
        """The last token of the subtree."""
        return self.subtree[-1] if self.children else self

    @property
    def ancestors(self) -> Iterator[Token]:
        """The head, the head's head, and so on to the root."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    def nbor(self, step: int = 1) -> Token:
        """Return the token `step` places on. Raises IndexError outside the tree."""
        at = self.i + step
        if at < 0:
            raise IndexError(at)
        return self.doc[at]


Tree = list[Token]


def _number(token: Token) -> int:
    return token.i
