"""What a sentence takes as given, whatever is said of it: a killing that is condemned, tried, avenged.

Also clauses that a comma alone joins: the parser makes the first an object of the second's verb.
"""

from __future__ import annotations

from ingest.claims.parse import lemma
from ingest.claims.reading import Token


def is_presupposed(head: Token, unreal: frozenset[str]) -> bool:
    """True for 'if they are tried for the murder of six monks': the murder is a fact.

    Not where the verb causes what the noun names ('could lead to the deaths of hundreds'), nor where a
    word of `unreal` (plans, threats, demands) governs it.
    """
    if lemma(head) not in _HAPPENED or not any(
        c.dep_ == "poss" or (c.dep_ == "det" and c.lower_ in ("the", "this", "these", "that", "those"))
        for c in head.children
    ):
        return False
    if head.dep_ == "dobj":
        return lemma(head.head) in _TAKEN_AS_FACT
    if head.dep_ != "pobj" or head.head.lower_ not in ("for", "in", "over", "after", "since", "following"):
        return False
    governor = head.head.head
    objects = [governor, *(c for c in governor.children if c.dep_ in ("dobj", "nsubjpass"))]
    return not any(lemma(token) in unreal | _REWARDS and lemma(token) != "try" for token in objects)


_HAPPENED = frozenset(
    "assassination murder killing massacre death execution beheading slaying slaughter lynching".split()
)
_TAKEN_AS_FACT = frozenset(
    "condemn denounce repudiate deplore mourn lament regret avenge investigate probe protest celebrate "
    "justify commemorate mark punish forget forgive discuss recall cite witness".split()
)
_REWARDS = frozenset("price pay permission fatwa authority authorisation justification".split())


def is_spliced(token: Token, governor: Token) -> bool:
    """True for a clause that only a comma joins to the next ('two were killed, they stopped a bus')."""
    if token.i > governor.i or any(c.dep_ == "mark" for c in token.children):
        return False
    own = {c.dep_: c for c in governor.children if c.dep_ in ("nsubj", "nsubjpass", "dobj")}
    subject = own.get("nsubj") or own.get("nsubjpass")
    if subject is None or subject.i < token.i:
        return False
    return "dobj" in own or "nsubjpass" in own or is_apart(token, governor)


def is_apart(token: Token, governor: Token) -> bool:
    """True where the governor says something of its own after a semicolon ('ten died; X knows of 13').

    A semicolon may stand for the comma before a speaker at the end (parse.py): he has no object.
    """
    says_own = any(
        c.i > governor.i and (c.dep_ in ("dobj", "ccomp") or (c.dep_ == "prep" and c.lower_ == "of"))
        for c in governor.children
    )
    for child in governor.children if says_own else ():
        before = child.left_edge.i - 1
        if child.dep_ in ("nsubj", "nsubjpass") and child.i > token.i and before > 0:
            return child.doc[before].text == ";"
    return False
