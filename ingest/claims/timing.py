"""When: the date of an event among a sentence's dates, or one inherited from the sentences around it.

A date belongs to the verb it hangs by. The day on which somebody said it is no date of what he said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims import status
from ingest.claims.parse import lemma
from ingest.claims.reading import Parsed, Token
from ingest.records import DateSpan

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

SPEECH = status.SAY | status.CONFIRM | status.DENY | status.ACCUSE | status.QUOTE


def event_date(reading: ArticleReading, parsed: Parsed, head: Token) -> DateSpan | None:
    """Return the event's date, None where neither its sentence nor its neighbours give one."""
    line = [head, *_same_clause(head)]
    best: tuple[int, DateSpan] | None = None
    for span in parsed.dates:
        owner = _owner(parsed, span)
        if owner is None or _is_speech(owner, line):
            continue
        if owner in line:
            rank = line.index(owner)
        elif any(owner in token.subtree for token in line[:1]) and not _in_other_clause(owner, head):
            rank = 0
        elif any(token in line for token in owner.children) or _in_argument(owner, line):
            rank = len(line)
        else:
            continue
        if best is None or rank < best[0]:
            best = (rank, span)
    if best is not None:
        owner = _owner(parsed, best[1])
        if owner is not None and _is_since_clause(owner) and best[1].first is not None:
            return replace(best[1], last=reading.published)
        return best[1]
    return _inherited(reading, parsed, head)


def _is_since_clause(owner: Token) -> bool:
    """'since the war erupted in March 2011': the date is where the span begins."""
    return owner.dep_ == "advcl" and any(
        child.lower_ == "since" and child.dep_ in ("mark", "prep", "advmod") for child in owner.children
    )


def _owner(parsed: Parsed, span: DateSpan) -> Token | None:
    """Return the verb, or the noun of an event, that a date hangs by."""
    inside = [token for token in parsed.doc if span.start <= token.idx < span.end]
    if not inside:
        return None
    token = next((t for t in inside if t.head not in inside or t.head == t), inside[0])
    for _ in range(12):
        if token.pos_ in ("VERB", "AUX") and token not in inside:
            return token
        if token.head == token:
            return token
        token = token.head
    return None


def _same_clause(head: Token) -> list[Token]:
    """Return the governors whose date is the head's too: its verb, the verbs it is coordinated with or hangs by."""
    found = []
    token = head
    for _ in range(10):
        if token.head == token or token.dep_ in ("ccomp", "parataxis"):
            break
        if token.dep_ == "xcomp" and token.head.pos_ == "VERB" and lemma(token.head) in SPEECH:
            break
        token = token.head
        if token.pos_ in ("VERB", "AUX") or token.dep_ == "ROOT":
            found.append(token)
    return found


def _is_speech(owner: Token, line: list[Token]) -> bool:
    return lemma(owner) in SPEECH and owner not in line[:1]


def _in_other_clause(owner: Token, head: Token) -> bool:
    token = owner
    while token not in (head, token.head):
        if token.dep_ in ("relcl", "ccomp", "parataxis"):
            return True
        token = token.head
    return False


def _in_argument(owner: Token, line: list[Token]) -> bool:
    """True where the date's verb modifies an argument of the clause ('the shelling that began on Monday')."""
    token = owner
    for _ in range(8):
        if token.dep_ in ("ccomp", "parataxis") or token.head == token:
            return False
        token = token.head
        if token in line:
            return owner.dep_ in ("acl", "relcl", "advcl", "conj", "pcomp")
    return False


def _inherited(reading: ArticleReading, parsed: Parsed, head: Token) -> DateSpan | None:
    """Return the event date of a sentence before in the paragraph, of the two before that, or of the next one."""
    here = parsed.sentence
    before = [i for i in range(here.index - 1, max(-1, here.index - 5), -1)]
    same = [i for i in before if reading.sentences[i].paragraph == here.paragraph]
    after = [
        i
        for i in (here.index + 1,)
        if i < len(reading.sentences) and reading.sentences[i].paragraph == here.paragraph
    ]
    for index in dict.fromkeys([*same, *before[:2], *after]):
        for span in reading.dates_of(index):
            if span.first is None and span.last is None:
                continue
            if span.prec is not None and span.prec > 2 and index not in same:
                continue
            if not _dates_speech(reading, index, span):
                return replace(span, basis="inherited")
    return None


def _dates_speech(reading: ArticleReading, index: int, span: DateSpan) -> bool:
    """True where the date of another sentence hangs by a verb of saying, by its parse or by the word before it."""
    other = reading.parsed.get(index)
    if other is not None:
        owner = _owner(other, span)
        return owner is not None and lemma(owner) in SPEECH
    before = reading.sentences[index].text[max(0, span.start - 40) : span.start].lower().split()
    after = reading.sentences[index].text[span.end : span.end + 30].lower().split()
    return any(word.strip(",.") in _SAID for word in before[-4:] + after[:2])


_SAID = frozenset(
    "said says told reported announced added stated tweeted wrote claimed confirmed denied".split()
)
