"""Who says it, where the tree does not tell: speakers read from the order of words, and from who is who.

The small parser hangs 'local media report' at the end of a sentence by the wrong word, and takes the noun of
an apposition for the subject ('In Iran, an ally of ..., the news agency said'). A person is known by the body
he was introduced with ('Amal Said, head of the Red Crescent'): later 'Ms Said' speaks for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Sentence, Token

_SAY = (
    r"(?:said|says|say|told\b[^,;\"]{1,50}|reported|reports?|added|adds|announced|claimed|claims?|stated|states?|wrote"
    r"|writes|confirmed|noted|explained|according)"
)
_TRAILING = re.compile(
    rf",[\"']? (?:as )?(?P<who>(?!and\b|but\b|which\b|who\b|where\b|when\b|while\b|it\b|he\b|she\b|they\b)"
    rf"[^,;:\"]{{2,70}}?) {_SAY}(?: (?:on |late |early )*(?:\w+day(?: \w+)?|today|yesterday))?[^,;\"\w]*$"
)
_LEADING = re.compile(r"^(?P<who>[^,;:\"]{3,80}?) (?:speaks?|spoke|talks?|talked) (?:of|about) ")
_NOUNS = ("NOUN", "PROPN")
_VERBS = ("VERB", "AUX")
_ROLE = (
    r"(?:head|director|chief|founder|leader|president|chairman|chairwoman|commander|coordinator|spokesm[ae]n"
    r"|spokeswoman|spokesperson|representative|official|member|manager|doctor|officer|envoy|researcher|analyst"
    r"|minister|governor|secretary|adviser|advisor|deputy|general|colonel|major|captain|brigadier)"
)
_PERSON = r"(?P<person>(?:[A-Z][\w'-]*[ -]){1,3}[A-Z][\w'-]+)"
_BEFORE_BODY = re.compile(
    rf"{_PERSON}(?:, (?:who (?:is|heads|leads|runs) )?(?:the |a |an )?(?:[\w-]+ ){{0,3}}?{_ROLE})?,?"
    r" (?:of|for|from|at|with|who heads|who runs|who leads) (?:the )?(?:[\w'-]+ ){0,2}$"
)
_AFTER_BODY = re.compile(rf"^(?:'s)? (?:[\w-]+ ){{0,2}}{_ROLE},? {_PERSON}")
_OF_BODY = re.compile(r"^ (?:of|from|at|by|with) (?:the )?$")


def speaker_by_order(parsed: Parsed, head: Token) -> Token | None:
    """Return the noun of who says it, by the order of words alone: '..., X said.' and 'X speak of ...'.

    None where the words before the verb of saying hold a clause or the fact itself.
    """
    text = parsed.sentence.text.rstrip()
    for pattern in (_TRAILING, _LEADING):
        match = pattern.search(text)
        if match is None or match.start("who") <= head.idx < match.end("who"):
            continue
        if pattern is _TRAILING and head.idx > match.start():
            continue
        if pattern is _LEADING and head.idx < match.end():
            continue
        inside = [t for t in parsed.doc if match.start("who") <= t.idx < match.end("who")]
        clause = next((t.i for t in inside if t.lower_ in ("who", "that", "which")), None)
        inside = [t for t in inside if clause is None or t.i < clause]
        nouns = [t for t in inside if t.pos_ in _NOUNS or t.tag_ == "NNS"]
        if nouns and not any(t.pos_ in _VERBS and t.tag_ in ("VBD", "VBZ", "VBP") for t in inside):
            before_of = [
                t
                for t in nouns
                if not any(x.lower_ in ("of", "in", "at", "for") for x in inside if x.i < t.i)
            ]
            return (before_of or nouns)[-1]
    return None


def body_beside(parsed: Parsed, token: Token, end: int) -> Mention | None:
    """Return the claimant named beside a subject that names none.

    Right before the verb of saying ('an ally of his, the Sana agency said') or behind the subject's phrase,
    which ends at `end` ('the Monday edition of Al Watan, a daily close to the government, reported').
    """
    claimants = [m for m in parsed.mentions if m.kind in ("claimant", "actor")]
    verb = token.head
    for mention in claimants:
        if _OF_BODY.match(parsed.words(end, mention.start)):
            return mention
    if token.dep_ == "nsubj" and verb.pos_ == "VERB" and token.i < verb.i:
        for mention in claimants:
            between = parsed.words(mention.end, verb.idx)
            if (
                mention.kind == "claimant"
                and mention.start > token.idx
                and re.fullmatch(r" (?:\w+ly )?", between)
            ):
                return mention
    return None


def lives_there(token: Token) -> bool:
    """True for 'people who live there', 'a man living nearby'."""
    clauses = [child for child in token.children if child.dep_ in ("relcl", "acl")]
    return lemma(token) in ("people", "person", "man", "woman") and any(
        lemma(clause) in ("live", "reside", "dwell") for clause in clauses
    )


def people_of_bodies(
    sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]]
) -> dict[str, Mention]:
    """Return who speaks for which claimant or actor in the article: {last name: the body's mention}.

    A name that two bodies share is left out.
    """
    found: dict[str, Mention] = {}
    shared: set[str] = set()
    for sentence, row in zip(sentences, mentions, strict=True):
        for mention in row:
            if mention.kind not in ("claimant", "actor"):
                continue
            before = _BEFORE_BODY.search(sentence.text[max(0, mention.start - 90) : mention.start])
            after = _AFTER_BODY.match(sentence.text[mention.end : mention.end + 90])
            for match in (before, after):
                if match is None:
                    continue
                name = match["person"].split()[-1]
                if name in found and found[name].names != mention.names:
                    shared.add(name)
                found.setdefault(name, mention)
    return {name: mention for name, mention in found.items() if name not in shared}
