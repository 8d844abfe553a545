"""What claims are read from: a sentence, what was found in it, its parse, a frame that matched, who speaks.

One convention for offsets: inside a sentence everything (mentions, quantities, dates, tokens' `idx`) counts
code points from the sentence's first one; `sentence.start + offset` is the offset in `article.text`.
`sentence.text` is as long as the slice it was cut from: each code point is folded to one code point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ingest.records import DateSpan, Frame, Name, Quantity, Status
from ingest.syntax import Token as Token
from ingest.syntax import Tree as Tree

MentionKind = Literal["trigger", "actor", "place", "claimant", "victim"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, bullet or headline. `text` folds article.text[start:end] one code point for one.

    `paragraph` counts from 0 (the title's lines included). `in_quote` is true where a quotation opened in an
    earlier sentence is still open at the first code point.
    """

    index: int
    paragraph: int
    start: int
    end: int
    text: str
    role: Literal["headline", "body"] = "body"
    in_quote: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that the lexicon knows, as they stand in a sentence: the longest match at its place.

    `names` are the candidates (several for an ambiguous name); empty for a trigger.
    """

    kind: MentionKind
    start: int
    end: int
    text: str
    names: tuple[Name, ...] = ()

    def moved(self, by: int) -> Mention:
        """Return the mention as it stands where offsets count from `by` code points earlier."""
        return Mention(self.kind, self.start + by, self.end + by, self.text, self.names)


@dataclass(slots=True, eq=False)
class Parsed:
    """A sentence with its dependency parse (`doc`) and all that was found in its words.

    The engine fills `quantities` and `dates` when it comes to the sentence, and only where a fact type will
    read it.
    """

    sentence: Sentence
    doc: Tree
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateSpan, ...] = ()

    def mention_at(self, token: Token, *kinds: MentionKind) -> Mention | None:
        """Return the mention that covers the token; of several the first of the kinds as given."""
        for kind in kinds:
            for mention in self.mentions:
                if mention.kind == kind and mention.start <= token.idx < mention.end:
                    return mention
        return None

    def quantity_at(self, token: Token) -> Quantity | None:
        """Return the quantity whose words cover the token."""
        for quantity in self.quantities:
            if quantity.start <= token.idx < quantity.end:
                return quantity
        return None

    def token_in(self, quantity: Quantity) -> Token | None:
        """Return the first token of a quantity's words."""
        return next((t for t in self.doc if quantity.start <= t.idx < quantity.end), None)

    def date_at(self, token: Token) -> DateSpan | None:
        """Return the date whose words cover the token."""
        for span in self.dates:
            if span.start <= token.idx < span.end:
                return span
        return None

    def words(self, start: int, end: int) -> str:
        """Return the sentence's words between two of its offsets."""
        return self.sentence.text[start:end]


@dataclass(frozen=True, slots=True)
class FrameMatch:
    """A frame found on the tree: `head` is its trigger; `roles` hold the head token of each filler.

    Coordinated fillers stand one beside the other ('A, B and C' gives three). An optional role that nothing
    fills is missing from `roles`.
    """

    frame: Frame
    parsed: Parsed
    head: Token
    roles: Mapping[str, tuple[Token, ...]]

    def first(self, role: str) -> Token | None:
        """Return the first filler of a role, or None."""
        fillers = self.roles.get(role)
        return fillers[0] if fillers else None


@dataclass(frozen=True, slots=True)
class Reference:
    """What a noun phrase stands for: a canonical id (None: in no table, or not known) and the words.

    `inferred` is true where it follows from who fights whom, or from an earlier sentence, not from a name.
    """

    id: str | None
    text: str | None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Stance:
    """How a fact is said. `claimant` is the innermost speaker; `outer` the words of who reports him."""

    status: Status
    claimant: str | None = None
    claimant_text: str | None = None
    outer: str | None = None


def ends_after(token: Token, *prepositions: str) -> Iterator[Token]:
    """Yield what hangs by the token's prepositions of these words."""
    for prep in token.children:
        if prep.dep_ == "prep" and prep.lower_ in prepositions:
            yield from prep.children


def conjuncts(token: Token) -> Iterator[Token]:
    """Yield the token and every member coordinated with it, in the order of the text."""
    yield token
    for child in token.children:
        is_listed = child.dep_ == "appos" and any(c.dep_ == "conj" for c in child.children)
        if child.i > token.i and (child.dep_ == "conj" or is_listed):
            yield from conjuncts(child)  # in 'A, B and C' the parser often hangs B to A as an apposition
