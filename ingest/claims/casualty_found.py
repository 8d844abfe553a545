"""The numbers of victims that one sentence gives, each with its harm: from the frames, and from the words
beside.

What two frames read from the same words is told once; a number stands for one harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims.casualty_lists import Found, along_with, elided, of_list, raised, start_of
from ingest.claims.casualty_patterns import find_numbers, harm_beside
from ingest.claims.casualty_senses import (
    is_accident,
    is_disease,
    is_excluded,
    is_no_harm,
    is_played,
)
from ingest.claims.casualty_victims import (
    HARM_WORDS,
    Victims,
    actor_victims,
    category_of,
    is_person_word,
    is_thing_at,
    measure,
)
from ingest.claims.frames import fill_role, subjects
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Token

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_EITHER = re.compile(
    r"\b(?:killed|dead|died|kidnapped|captured|missing)\s+(?:or|"
    r"and/or)\s+(?:were )?(?:seriously )?(?:wounded|injured|hurt|missing|captured|killed|maimed)",
    re.IGNORECASE,
)


def find_casualties(matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading) -> list[Found]:
    """Return every number of victims in the sentence, in the order of the text."""
    found = _distinct(parsed, _from_frames(matches, parsed, reading))
    taken = {start_of(item.victims): item.harm for item in found}
    for quantity, harm, token, end in find_numbers(
        parsed, taken, lambda word: is_person_word(reading, parsed, word)
    ):
        if is_thing_at(parsed, quantity) or _acts(token, quantity.start):
            continue
        if is_disease(subjects(token)) or is_accident(token) or is_played(parsed, token):
            continue
        following = min((q.start for q in parsed.quantities if q.start >= quantity.end), default=token.idx)
        category = _category_beside(reading, parsed, quantity.end, min(following, token.idx))
        victims = Victims(token, quantity, category, None, quantity.start, quantity.end, is_elided=True)
        found.append(Found(harm, token, victims, (), "beside", 0.62, end))
    found.sort(key=lambda item: start_of(item.victims))
    found.extend(along_with(found, parsed, reading))
    found.extend(of_list(found, parsed, reading))
    found.extend(raised(found, parsed))
    found.extend(elided(found, parsed))
    found = [item for item in found if not is_no_harm(parsed, item.harm, item.head, item.victims)]
    found.sort(key=lambda item: (start_of(item.victims), item.harm))
    return found


def _from_frames(matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading) -> Iterator[Found]:
    before: Found | None = None
    for match in matches:
        frame, head = match.frame, match.head
        harm = frame.gives["harm"]
        agents = match.roles.get("perpetrator", ())
        for token in _counts(match, parsed, reading):
            quantity = reading.count(parsed, token)
            if quantity is None or quantity.unit:
                continue
            if frame.gives.get("bare") == "yes" and not _is_bare(token):
                continue
            victims = measure(reading, parsed, token, known=False) or Victims(
                token, quantity, "people", None, quantity.start, quantity.end, is_elided=True
            )
            if harm == "same":
                index = parsed.sentence.index
                last = reading.last_casualty(index, harm="killed") or reading.last_casualty(index)
                if (named := _harm_of_number(head)) is not None:
                    harm, category = named, _category_of_number(reading, parsed, head) or victims.category
                elif before is not None:
                    harm, category = before.harm, before.victims.category
                elif last is not None:
                    harm, category = last.harm, last.victim
                else:
                    continue
                victims = replace(victims, category=category)
                # Whose word it is hangs on the number.
                at = token if frame.gives.get("bare") == "yes" else head
                yield Found(harm, at, victims, agents, frame.id, 0.6, victims.end)
            elif not _is_other_toll(head):
                yield Found(harm, head, victims, agents, frame.id, 0.85, victims.end)
        for token in match.roles.get("victim", ()):
            if _speaks_next(token) or _begins_clause(token):
                continue  # 'killing seven people, police and a doctor said', 'and 900 families set off'
            if token != head and token.lower_ in HARM_WORDS:
                continue  # '1 fatality and 2 injured': the second has a frame of its own
            if head.tag_ == "VBG" and token.i < head.i and (token == head.head or token in agents):
                continue  # 'the gunman killing ...': the noun it hangs by, or its subject, is who does it
            if token == head and (
                token.dep_ in ("amod", "compound") and token.head.pos_ in ("NOUN", "PROPN")
            ):
                continue
            known = frame.gives.get("people") == "known"
            counted = measure(reading, parsed, _unpronoun(reading, parsed, token), known=known)
            if counted is None or is_excluded(match, token, counted):
                continue
            if _has_own_number(parsed, head, counted):
                continue
            counted = _told_as(reading, parsed, token, counted)
            before = Found(
                harm, head, counted, agents, frame.id, 0.85 if counted.quantity else 0.75,
                max(counted.end, head.idx + len(head.text)), is_part=_is_part(head, token),
            )  # fmt: skip
            yield before


def _is_bare(token: Token) -> bool:
    """True for a number without a noun, at the end of its clause: 'the ministry acknowledged 16.'"""
    after = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    ends = after is None or after.pos_ in ("PUNCT", "CCONJ", "SCONJ") or after.dep_ in ("cc", "prep")
    return (
        token.pos_ == "NUM"
        and ends
        and not any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children)
    )


def _has_own_number(parsed: Parsed, head: Token, victims: Victims) -> bool:
    """True where a number of its own stands before the harm: '80 were killed and over 200 injured'."""
    return any(
        quantity.start >= victims.end and not parsed.words(quantity.end, head.idx).strip()
        for quantity in parsed.quantities
        if quantity.end <= head.idx
    )


def _harm_of_number(head: Token) -> str | None:
    """Return the harm that 'the number of deaths' or 'of the wounded' names."""
    for child in head.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            for end in child.children:
                if end.lower_ in ("deaths", "dead", "killed", "fatalities"):
                    return "killed"
                if end.lower_ in ("wounded", "injured", "injuries"):
                    return "injured"
                if end.lower_ in ("missing", "displaced"):
                    return str(end.lower_)
                for told in end.children:  # 'the number of insurgents killed'
                    if told.dep_ in ("acl", "amod") and told.lower_ in _HARM_OF:
                        return _HARM_OF[told.lower_]
    return None


_HARM_OF = {"killed": "killed", "dead": "killed", "slain": "killed", "wounded": "injured",
            "injured": "injured", "missing": "missing", "displaced": "displaced"}  # fmt: skip


def _category_of_number(reading: ArticleReading, parsed: Parsed, head: Token) -> str | None:
    """Return the category of those whose number it is: 'the number of insurgents killed'."""
    for child in head.children:
        for end in child.children if child.dep_ == "prep" and child.lower_ == "of" else ():
            if (found := category_of(reading, parsed, end)) is not None:
                return found
    return None


def _counts(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> tuple[Token, ...]:
    """Return the fillers of the role `count` along the first path that leads to a number."""
    for path in match.frame.roles.get("count", ()):
        fillers = fill_role(match.head, [path])
        if any(reading.count(parsed, token) is not None for token in fillers):
            return fillers
    return ()


def _told_as(reading: ArticleReading, parsed: Parsed, token: Token, victims: Victims) -> Victims:
    """Give 'four of the dead' the category of what they were: 'four of the dead were children'."""
    if token.dep_ == "pobj" and token.head.lower_ == "of":
        token = token.head.head  # 'eleven of those killed are children'
    verb = token.head
    if victims.category != "people" or token.dep_ != "nsubj" or lemma(verb) != "be":
        return victims
    for child in verb.children:
        if child.dep_ == "attr" and (found := category_of(reading, parsed, child)) is not None:
            return replace(victims, category=found)
    return victims


def _is_part(head: Token, token: Token) -> bool:
    """True for 'the dead include a nurse' and 'among the dead were two nurses'."""
    if _is_share(token):
        return True  # 'eight of those killed', 'one of the victims'
    if token == head or head.dep_ not in ("nsubj", "pobj"):
        return False
    if head.dep_ == "pobj" and head.head.head == token and head.head.lower_ in ("of", "among"):
        return True  # 'four of the dead'
    return lemma(head.head) == "include" or (head.head.lower_ == "among" and head.dep_ == "pobj")


def _speaks_next(token: Token) -> bool:
    """True where a member of a list is followed by a verb of saying: there the list has ended before."""
    last = token.right_edge.i if token.dep_ == "conj" else token.i
    after = [token.doc[i] for i in (token.i + 1, last + 1) if i < len(token.doc)]
    return token.dep_ == "conj" and any(
        t.lower_ in ("said", "says", "told", "reported", "say") for t in after
    )


def _begins_clause(token: Token) -> bool:
    """True where a member of a list of objects is the subject of the next verb: two clauses."""
    first = token
    while first.dep_ == "conj":
        first = first.head
    last = token.right_edge.i
    after = token.doc[last + 1] if last + 1 < len(token.doc) else None
    if first == token or first.dep_ not in ("dobj", "pobj") or after is None:
        return False
    is_finite = after.tag_ in ("VBD", "VBZ", "VBP", "MD") or any(c.dep_ == "prt" for c in after.children)
    return after.pos_ in ("VERB", "AUX") and is_finite and after.lower_ not in _PARTICIPLES


_PARTICIPLES = frozenset("killed wounded injured displaced kidnapped abducted captured murdered shot".split())


def _acts(token: Token, start: int) -> bool:
    """True for 'two gunmen killed a judge': the number before an active verb counts who did it."""
    if start > token.idx or token.tag_ not in ("VBD", "VBZ", "VBP", "VBG"):
        return False
    return any(child.dep_ == "dobj" and child.i > token.i for child in token.children)


def _is_share(token: Token) -> bool:
    """True for a number of people who are known already: of 'those', of 'the victims'."""
    noun = token
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            noun = next((c for c in child.children if c.dep_ == "pobj"), token)
    if noun == token and not (token.dep_ == "pobj" and token.head.lower_ == "of"):
        return False
    return noun.lower_ in ("those", "victims", "dead", "killed", "wounded", "injured", "them")


def _unpronoun(reading: ArticleReading, parsed: Parsed, token: Token) -> Token:
    """Return the counted noun that 'them' or 'they' stands for in the same sentence; else the token."""
    if token.lower_ not in ("them", "they", "who", "whom") or lemma(token.head) == "evacuate":
        return token
    for other in reversed(parsed.doc[: token.i]):
        if other.pos_ == "NOUN" and other.tag_ == "NNS" and reading.count(parsed, other) is not None:
            return other
    return token


def _is_other_toll(head: Token) -> bool:
    """'Injury toll', 'road toll', 'toll of 12,000 lorries'."""
    return any(
        c.dep_ in ("compound", "amod") and c.lower_ in ("road", "injury", "bell") for c in head.children
    )


def _distinct(parsed: Parsed, found: Iterator[Found]) -> list[Found]:
    """Drop what two frames read from the same words, and numbers that are of two harms at once."""
    kept: dict[tuple[str, int], Found] = {}
    for item in found:
        key = (item.harm, start_of(item.victims))
        if key not in kept or item.prior > kept[key].prior:
            kept[key] = item
    for key in [key for key, item in kept.items() if _is_apposed(parsed, item, kept.values())]:
        del kept[key]
    for key in [key for key, item in kept.items() if _belongs_elsewhere(parsed, item, kept)]:
        del kept[key]
    counted = {start_of(item.victims) for item in kept.values() if item.harm == "killed"}
    for key in [k for k, i in kept.items() if i.head.dep_ == "amod" and i.harm in ("injured", "displaced")]:
        if key[1] in counted:
            del kept[key]  # 'the bodies of three wounded soldiers'
    for key in [k for k, item in kept.items() if _is_listed_again(parsed, item, kept)]:
        del kept[key]  # 'killed, injured or kidnapped': the number is told once
    either = {m.start() for m in _EITHER.finditer(parsed.sentence.text)}
    doubled = [item for item in kept.values() if any(abs(item.head.idx - at) < 2 for at in either)]
    starts = {start_of(item.victims) for item in doubled}
    return [  # 'killed or wounded': one number for both, told once, as the first harm
        replace(item, prior=0.5) if item in doubled else item
        for item in kept.values()
        if item in doubled or start_of(item.victims) not in starts
    ]


def _is_listed_again(parsed: Parsed, item: Found, kept: Mapping[tuple[str, int], Found]) -> bool:
    """True for the later words of a list of harms ('A, B or C') whose one number the first has."""
    at = start_of(item.victims)
    for (_, start), other in kept.items():
        if start == at and other.head.idx < item.head.idx:
            end = other.head.idx + len(other.head.text)
            between = parsed.sentence.text[end : item.head.idx]
            after = parsed.sentence.text[item.head.idx + len(item.head.text) :]
            is_list = re.fullmatch(r"[\s,]*(?:\w+[\s,]+){0,4}?(?:or\s+)?(?:were\s+)?", between) is not None
            if is_list and (re.search(r"\bor\b", between) or re.match(r",? or \w+ed\b", after)):
                return True
    return False


def _belongs_elsewhere(parsed: Parsed, item: Found, kept: Mapping[tuple[str, int], Found]) -> bool:
    """True where a list gave a number a second harm: in '29 bodies and 118 wounded' the 118 are wounded
    only.
    """
    at = start_of(item.victims)
    others = [harm for harm, start in kept if start == at and harm != item.harm]
    if item.victims.quantity is None or not (others or item.victims.token.dep_ == "conj"):
        return False
    beside = harm_beside(parsed.sentence.text.lower(), item.victims.quantity)
    if lemma(item.victims.token) in ("body", "corpse"):
        beside = "killed"
    return beside in others if others else beside not in (None, item.harm)


def _is_apposed(parsed: Parsed, item: Found, others: Iterable[Found]) -> bool:
    """True for the second name of one person ('a judge, Ali Hassan, was killed'), which the parser
    coordinates.
    """
    if item.victims.quantity is not None:
        return False
    for other in others:
        if other is item or other.harm != item.harm or other.victims.start > item.victims.start:
            continue
        between = parsed.sentence.text[other.victims.end : item.victims.start]
        if other.victims.end > item.victims.start or (
            other.victims.quantity is None and len(between) < 40 and " and " not in between
        ):
            return True
    return False


def _category_beside(reading: ArticleReading, parsed: Parsed, start: int, end: int) -> str:
    """Return the category that the words between a number and its harm name."""
    for mention in parsed.mentions:
        if mention.kind == "actor" and start <= mention.start and mention.end <= end:
            name = reading.choose(mention)
            if name is not None and (found := actor_victims(reading, name)) is not None:
                return found
    words = reading.lexicon.words.get("victims", {})
    for word in reversed(parsed.sentence.text[start:end].lower().replace(",", " ").split()):
        if (found := words.get(word)) is not None:
            return found
    return "people"
