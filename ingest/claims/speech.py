"""Verbs of saying, and whom they make the speaker: who stands where on the tree.

The word lists are closed classes of English, not names: a verb is added where its meaning puts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.claims.frames import subjects
from ingest.claims.parse import lemma
from ingest.claims.reading import Parsed, Token

SAY = frozenset(
    "say tell report announce add state note declare claim reveal disclose explain write tweet post "
    "estimate insist stress maintain allege assert indicate suggest argue believe think recall "
    "relate describe inform remark reply answer observe show find learn hear witness document record "
    "affirm assure inform recount "
    "register verify identify determine conclude count speak contend comment emphasize emphasise "
    "underline broadcast publish read go understand know specify clarify point warn brief assess".split()
)
CONFIRM = frozenset("confirm admit acknowledge concede recognise recognize verify".split())
DENY = frozenset("deny reject dismiss refute dispute rebuff contradict disprove rule".split())
ACCUSE = frozenset("accuse blame suspect charge convict".split())
QUOTE = frozenset("quote cite".split())
FIGURE = frozenset("put name give place raise revise set offer list tally lower cite provide number".split())
EVENTS = frozenset(
    "attack strike airstrike blast explosion bombing shelling fighting clash violence war conflict "
    "raid battle death incident offensive assault shooting bomb operation fire discovery which that "
    "what this conflict crash number figure toll count total rise increase".split()
)


def reporters(token: Token) -> Iterator[Token]:
    """Yield the subjects of the verbs of saying that a token's clause is reported by, innermost first."""
    for _ in range(30):
        if token.head == token:
            return
        governor = token.head
        is_said = token.dep_ in ("ccomp", "xcomp") and lemma(governor) in SAY | CONFIRM | DENY
        if is_said and (speaker := subject_of(governor)) is not None:
            yield speaker
        token = governor


def speakers_in(parsed: Parsed) -> list[Token]:
    """Return the heads of all phrases in the sentence that name who says something."""
    found: list[Token] = []
    for token in parsed.doc:
        if token.lower_ == "according" and (end := _object_of_to(token)) is not None:
            found.append(end)
        elif token.pos_ == "VERB" and lemma(token) in SAY | CONFIRM | DENY | FIGURE:
            found.extend(
                child
                for child in token.children
                if child.dep_ in ("nsubj", "agent") and lemma(child) not in EVENTS
            )
    return found


def agent_of(verb: Token) -> Token | None:
    """Return the noun after a passive verb's 'by'."""
    for child in verb.children:
        if child.dep_ == "agent":
            return next((end for end in child.children if end.dep_ == "pobj"), None)
    return None


def gives_figure(token: Token, link: str, word: str) -> bool:
    """True for 'gave figures of 20 dead', 'put the toll at', 'spoke of 12 killed'."""
    if link == "dobj":
        return word in SAY | FIGURE and lemma(token) not in ("life", "victim")  # 'claimed the lives of 20'
    if link == "prep" and token.lower_ == "to" and word in ("raise", "revise", "lower", "update"):
        return True  # 'officials raised the number to 112 dead'
    return link == "prep" and token.lower_ in ("of", "at") and word in (SAY | FIGURE)


def speaker_of(verb: Token) -> Token | None:
    """Return who says it: the subject; of 'quoted X as saying' the X; of 'quoting X, said' the X."""
    if verb.tag_ == "VBG" and verb.dep_ in ("pcomp", "advcl") and verb.head.lower_ == "as":
        quoting = verb.head.head
        if lemma(quoting) in QUOTE:
            for child in quoting.children:
                if child.dep_ in ("dobj", "nsubjpass"):
                    return child
    for child in verb.children:
        if child.dep_ == "advcl" and lemma(child) in QUOTE:
            return next((end for end in child.children if end.dep_ == "dobj"), None)
    if any(child.dep_ in ("auxpass", "expl") for child in verb.children):
        return agent_of(verb)
    if lemma(verb) in ("hear", "learn"):  # 'we hear from residents that'
        for child in verb.children:
            if child.dep_ == "prep" and child.lower_ == "from" and child.i > verb.i:
                return next((end for end in child.children if end.dep_ == "pobj"), None)
    return subject_of(verb)


def subject_of(verb: Token) -> Token | None:
    """Return the verb's subject; where the parser lost it, the name right before the verb."""
    found = subjects(verb)
    marks = [t.i for t in verb.doc[: verb.i] if t.text == ";"]
    if marks and len(found) > 1:  # 'that takes to 58 the police killed; the army says'
        found = [s for s in found if s.i > marks[-1]] or found
    if found:
        return found[-1] if found[-1].i < verb.i else found[0]
    before = verb.nbor(-1) if verb.i else None
    return before if before is not None and before.pos_ in ("NOUN", "PROPN", "PRON") else None


def possessor_of(noun: Token) -> Token | None:
    """Return whose report, claim or denial a noun is."""
    for child in noun.children:
        if child.dep_ in ("poss", "amod", "compound"):
            return child
        if child.dep_ == "prep" and child.lower_ in ("by", "from"):
            return next((end for end in child.children if end.dep_ == "pobj"), None)
    if noun.dep_ == "nsubj":
        return None
    return None


def speakers_beside(parsed: Parsed, head: Token) -> Iterator[Token | None]:
    """Yield speakers that stand beside the clause: 'according to X', ', X said,', 'as X reported'."""
    line = [head, *head.ancestors]
    for token in parsed.doc:
        if token.lower_ == "according":
            if (end := _object_of_to(token)) is not None and _covers(token, head, line):
                yield end
        elif token.dep_ in ("parataxis", "advcl") and token.head in line and token not in line:
            word = lemma(token)
            if word in SAY | CONFIRM and not any(
                c.dep_ in ("ccomp", "dobj") and c not in line for c in token.children
            ):
                as_clause = any(c.dep_ in ("mark", "advmod") and c.lower_ == "as" for c in token.children)
                is_reported = as_clause and token.tag_ == "VBN" and not subjects(token, {"nsubj"})
                speaker = agent_of(token) if is_reported else None  # 'as reported by the ministry on Monday'
                if not is_reported and (token.dep_ == "parataxis" or as_clause):
                    speaker = speaker_of(token)
                if speaker is not None and lemma(speaker) not in EVENTS:
                    yield speaker  # nobody in 'as clashes went on'


def _object_of_to(token: Token) -> Token | None:
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "to":
            return next((end for end in child.children if end.dep_ == "pobj"), None)
    return None


def _covers(token: Token, head: Token, line: Iterable[Token]) -> bool:
    """True where 'according to' speaks of the head's clause: it hangs above it, or within it and at an
    end."""
    anchor = token.head
    if anchor in line:
        return True
    return anchor in head.subtree or token.i <= 1 or token.i > head.i
