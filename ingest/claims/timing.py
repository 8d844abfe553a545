"""When: the date of an event among a sentence's dates, or one inherited from the sentences around it.

A date belongs to the verb it hangs by. The day on which somebody said it is no date of what he said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ingest.claims import speech
from ingest.claims.dates import with_anchor
from ingest.claims.parse import lemma
from ingest.claims.reading import Parsed, Token
from ingest.records import DateSpan

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

SPEECH = speech.SAY | speech.CONFIRM | speech.DENY | speech.ACCUSE | speech.QUOTE


def event_date(reading: ArticleReading, parsed: Parsed, head: Token) -> DateSpan | None:
    """Return the event's date, None where neither its sentence nor its neighbours give one.

    Dates of the clause itself come before the sentence's only other date, that before one inside an argument
    ('mourners of a man who died two days before'), that before the dates of the sentences around.
    """
    line = [head, *_same_clause(head)]
    own: tuple[int, DateSpan] | None = None
    argument: DateSpan | None = None
    for span in parsed.dates:
        owner = _owner(parsed, span)
        if owner is None or (_is_speech(owner, line) and not _is_span(parsed, span)):
            continue
        if owner in line:
            rank = line.index(owner)
        elif owner in head.subtree and not _in_other_clause(owner, head):
            rank = 0
        else:
            if argument is None and (any(t in line for t in owner.children) or _in_argument(owner, line)):
                argument = span
            continue
        if own is None or rank < own[0]:
            own = (rank, span)
    if own is not None:
        return _to_now(reading, parsed, own[1], head)
    other = _loose(parsed, line) or argument or _before(parsed, head)
    if other is not None:
        return _to_now(reading, parsed, other, head)
    return _inherited(reading, parsed, head)


def _to_now(reading: ArticleReading, parsed: Parsed, span: DateSpan, head: Token) -> DateSpan:
    """Return a date as the span from it to the day of publication, where it is only when something began."""
    owner = _owner(parsed, span)
    if owner is None or span.first is None or head in owner.subtree:
        return span
    runs_on = (
        lemma(owner) in _BEGINNINGS
        and owner.dep_ in ("relcl", "acl")
        and any(
            child.dep_ == "aux" and child.lower_ in ("have", "has")
            for verb in (head, *_same_clause(head)[:1])
            for child in verb.children
        )
    )
    return replace(span, last=reading.published) if runs_on or _is_since_clause(owner) else span


_BEGINNINGS = frozenset("begin start erupt break resume flare launch".split())


def _is_span(parsed: Parsed, span: DateSpan) -> bool:
    """True for 'in the last three days', 'since Monday': a time in which things happened, never of saying."""
    return _SPANS.search(parsed.words(max(0, span.start - 12), span.end)) is not None


_SPANS = re.compile(r"\b(?:(?:in|over|during|within) the (?:last|past)|since)\b", re.IGNORECASE)


def _before(parsed: Parsed, head: Token) -> DateSpan | None:
    """Return the last day named in the clauses before, where no saying or background holds it.

    'On 7 March the mayor was shot; one guard also died': the second clause goes on with the first's day.
    """
    found = None
    for span in parsed.dates:
        owner = _owner(parsed, span)
        if (
            owner is None
            or span.end > head.idx
            or span.prec is None
            or span.prec > 2
            or span.relation != "on"
        ):
            continue
        inside = [owner, *owner.ancestors]
        if _is_saying(owner) or any(token.dep_ in ("relcl", "acl", "advcl") for token in inside):
            continue
        found = span
    return found


REACH = 6
"""How many sentences back the day that another counts from may stand."""


def anchored_dates(reading: ArticleReading, index: int, depth: int = 2) -> tuple[DateSpan, ...]:
    """Return a sentence's dates, those that count from another date ('a day earlier') counted from it.

    It is the last single day named before, in the sentence or the six before it, be it a day of saying, or
    one that itself counts from another ('two days earlier ... that night'): `depth` such steps are taken.
    """
    spans: list[DateSpan] = []
    for span in reading.stated_dates(index):
        anchor = _last_day(spans) if span.anaphoric else None
        if span.anaphoric and anchor is None and depth:
            for before in range(index - 1, max(-1, index - 1 - REACH), -1):
                anchor = _last_day(anchored_dates(reading, before, depth - 1))
                if anchor is not None:
                    break
        spans.append(with_anchor(span, reading.published, anchor) if anchor else span)
    return tuple(spans)


def _last_day(spans: Sequence[DateSpan]) -> date | None:
    return next((s.first for s in reversed(spans) if s.first is not None and s.first == s.last), None)


def _loose(parsed: Parsed, line: list[Token]) -> DateSpan | None:
    """Return the sentence's only date of a week or less that belongs to no saying and no background.

    The small parser often hangs 'on Saturday' at the end of a long sentence by the wrong word.
    """
    found = {}
    for span in parsed.dates:
        owner = _owner(parsed, span)
        if owner is None or span.prec is None or span.prec > 3 or span.relation not in ("on", "since"):
            continue
        if _is_saying(owner) or _in_background(owner, line):
            continue
        found[span.first, span.last] = span
    return next(iter(found.values())) if len(found) == 1 else None


def _in_background(owner: Token, line: list[Token]) -> bool:
    """True where a relative clause, or one with 'since' or 'after', holds the date and not the fact."""
    token = owner
    while token not in line and token.head != token:
        if token.dep_ in ("relcl", "ccomp", "parataxis") or (
            token.dep_ == "advcl" and _is_after_clause(token)
        ):
            return True
        token = token.head
    return False


def _is_after_clause(verb: Token) -> bool:
    return any(child.lower_ in ("since", "after", "before", "until") for child in verb.children)


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
        if token not in inside and (token.pos_ in ("VERB", "AUX") or lemma(token) in _HAPPENINGS):
            return token
        if token.head == token:
            return token
        token = token.head
    return None


_HAPPENINGS = frozenset(
    "attack strike airstrike raid blast explosion bombing shelling clash battle fighting ambush shooting "
    "massacre assault killing siege bombardment gunfight firefight crossfire violence incident "
    "offensive".split()
)
"""Nouns that have a day of their own: 'claimed an attack on Sunday' dates the attack, not the claim."""
_LASTING = frozenset({"war", "conflict", "campaign", "operation", "protest", "unrest", "crackdown", "wave"})


def _same_clause(head: Token) -> list[Token]:
    """Return the governors whose date is the head's too: the verbs it hangs by or is coordinated with."""
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
    return _is_saying(owner) and (owner not in line[:1] or _is_figure(owner))


def _is_saying(verb: Token) -> bool:
    """True for a verb that says something: its date is the day of saying.

    Some verbs say only where a clause follows ('went off' and 'was found' say nothing), and a participle
    beside a noun ('an attack claimed by ... on Friday') lends its date to the noun.
    """
    word = lemma(verb)
    if _is_figure(verb):
        return True
    if word not in SPEECH or (verb.dep_ == "acl" and verb.tag_ == "VBN"):
        return False
    return word not in _SAYS_WITH_A_CLAUSE or any(child.dep_ == "ccomp" for child in verb.children)


def _is_figure(verb: Token) -> bool:
    """True for 'raised the figure to 100', 'put the toll at 20'."""
    objects = {lemma(child) for child in verb.children if child.dep_ in ("dobj", "nsubjpass")}
    return lemma(verb) in speech.FIGURE and bool(objects & _FIGURES)


_FIGURES = frozenset({"figure", "toll", "number", "count", "estimate", "total", "tally"})
_SAYS_WITH_A_CLAUSE = frozenset(
    "go read find see show witness observe record register count identify hear learn mark document".split()
)


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
            if owner.dep_ in ("acl", "relcl"):
                return lemma(owner.head) in _HAPPENINGS | _LASTING
            return owner.dep_ in ("advcl", "conj", "pcomp")
    return False


def _inherited(reading: ArticleReading, parsed: Parsed, head: Token) -> DateSpan | None:
    """Return an event date of the four sentences before, or of the next two in the paragraph."""
    here = parsed.sentence
    before = list(range(here.index - 1, max(-1, here.index - 5), -1))
    same = [i for i in before if reading.sentences[i].paragraph == here.paragraph]
    after = [
        i
        for i in (here.index + 1, here.index + 2)
        if i < len(reading.sentences) and reading.sentences[i].paragraph == here.paragraph
    ]
    by_day = [i for i in same if any(s.prec is not None and s.prec <= 2 for s in reading.dates_of(i))]
    for index in dict.fromkeys([*by_day, *same, *before, *after]):
        for span in reading.dates_of(index):
            if span.first is None and span.last is None:
                continue
            if span.prec is not None and span.prec > 2 and index not in same:
                continue
            if not _dates_speech(reading, index, span):
                return replace(span, basis="inherited")
    return None


def _dates_speech(reading: ArticleReading, index: int, span: DateSpan) -> bool:
    """True where a date of another sentence is a day of saying, by its parse or the words beside it."""
    other = reading.parsed.get(index)
    if other is not None:
        owner = _owner(other, span)
        return owner is not None and _is_saying(owner)
    before = reading.sentences[index].text[max(0, span.start - 40) : span.start].lower().split()
    after = reading.sentences[index].text[span.end : span.end + 30].lower().split()
    return any(word.strip(",.") in _SAID for word in before[-4:] + after[:2])


_SAID = frozenset(
    "said says told reported announced added stated tweeted wrote claimed confirmed denied".split()
)
