"""Who says it: noun phrases of speakers to claimants, also where the name stands in an earlier sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.claims.reading import Mention, Parsed, Reference, Sentence, Token

_SAID = re.compile(
    r"\b(?:said|says|say|told|tells|added|adds|reported|reports|announced|claimed|claims|wrote|tweeted|"
    r"stated|"
    r"states|confirmed|noted|according to)\b"
)
_NAME = re.compile(r"(?:[A-Z][\w'-]+ ){0,3}[A-Z][\w'-]+")
_OWN_NAME = re.compile(r",? (?:[A-Z][\w'-]+ ){0,3}[A-Z][\w'-]+(?=,| said| told| added| says|\.)")
_TAILS = frozenset({"of", "for", "in", "at", "from", "with", "on", "by"})
PRONOUNS = frozenset({"he", "she", "it", "they", "who", "him", "her", "them", "we", "i"})
_ANAPHORS = frozenset(
    "group organisation organization monitor watchdog ministry spokesman spokesperson spokeswoman "
    "official source statement agency body network report officer commander company army military "
    "paper newspaper channel".split()
)


def phrase(token: Token) -> tuple[int, int]:
    """Return the bounds, in the sentence, of a noun phrase without its relative clauses and long tails."""
    first, last = token.i, token.i
    keep = {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "case", "advmod", "punct"}
    for child in token.children:
        if child.dep_ in keep and child.i < token.i:
            first = min(first, child.left_edge.i)
        elif child.dep_ == "prep" and child.lower_ in _TAILS:
            if child.right_edge.i - child.i <= 8 and child.i > token.i:
                last = max(last, child.right_edge.i)
        elif child.dep_ == "appos" and child.i > token.i and child.right_edge.i - token.i <= 6:
            if any(c.dep_ == "conj" for c in child.children):
                continue  # no apposition: 'three policemen, a soldier and four civilians'
            last = max(last, child.right_edge.i)
        elif child.dep_ == "case":
            last = max(last, child.i)
    doc = token.doc
    while first < last and (doc[first].is_punct or doc[first].lower_ in ("and", "but")):
        first += 1
    while last > first and doc[last].is_punct:
        last -= 1
    return doc[first].idx, doc[last].idx + len(doc[last].text)


def named_in(parsed: Parsed, token: Token) -> Mention | None:
    """Return the claimant, or else the actor, named in a noun phrase: at its head first, then beside it."""
    start, end = phrase(token)
    inside = [
        m for m in parsed.mentions if m.kind in ("claimant", "actor") and start <= m.start and m.end <= end
    ]
    at_head = [m for m in inside if m.start <= token.idx < m.end]
    for group in (at_head, inside):
        for kind in ("claimant", "actor"):
            for mention in group:
                if mention.kind == kind:
                    return mention
    return None


def is_anaphor(token: Token) -> bool:
    """True for a speaker named before: a pronoun, or 'the group', 'the ministry' with nothing added."""
    if token.lower_ in PRONOUNS:
        return True
    children = list(token.children)
    return (
        token.lower_ in _ANAPHORS
        and any(child.lower_ in ("the", "that", "this", "its") for child in children)
        and not any(child.dep_ in ("compound", "amod", "poss", "prep", "appos") for child in children)
    )


def speaker_before(
    sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], index: int, reach: int = 6
) -> tuple[Mention | None, Reference] | None:
    """Return the last speaker named before sentence `index`: the mention, or the words of a name in no table.

    Looks back over `reach` sentences, without parsing them: the claimant or actor nearest to a verb of
    saying.
    """
    for sentence in reversed(sentences[max(0, index - reach) : index]):
        verb = _SAID.search(sentence.text)
        if verb is None:
            continue
        near = [m for m in mentions[sentence.index] if m.kind in ("claimant", "actor")]
        if near:
            best = min(near, key=lambda m: (abs(m.start - verb.start()), m.kind != "claimant"))
            own_name = _OWN_NAME.match(sentence.text, best.end)
            return best, Reference(None, best.text + (own_name.group() if own_name else ""))
        before = list(_NAME.finditer(sentence.text, 0, verb.start()))
        after = _NAME.match(sentence.text, verb.end() + 1)
        name = before[-1] if before else after
        if name:
            return None, Reference(None, name.group())
    return None
