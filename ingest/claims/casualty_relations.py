"""Which numbers of victims are parts of others over a whole article, after its sentences are read.

'Eight people were killed ... four thieves and four guards': the fours are parts of the eight. 'A teacher,
Amal Said, was among ...', 'the woman', 'her son', the bodies found after a total of the same event are no
further dead. Nothing is merged or dropped: a part keeps its claim and names the whole in `subset_of`.
Errors: two events of one day, of which the second names its dead only, are taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.records import CasualtyClaim

_DEFINITE = re.compile(
    r"(?:the|his|her|their|its|him|he|she|this|these|that|those)\b|"
    r"[A-Z](?!t least)[\w.'-]+ (?:[A-Za-z'-]+ )*[A-Z]|[A-Z][\w'’-]+$|"
    r"(?:[Aa]|[Aa]n|[Tt]he)? ?(?:\d+|\w+)[- ]year[- ]?[- ]?old\b"
)
_KNOWN = re.compile(r"(?:the|these|those|all|both)\b", re.IGNORECASE)
"""'The two girls', 'all three workers': people who were told of before."""
_SAID_AGAIN = re.compile(
    r"(?:the|all|these|those|both)\b.*?\b(?:killed|dead|slain|martyred|wounded|injured|missing)\b",
    re.IGNORECASE,
)
"""'The killed civilian': a day in that sentence is of something else."""
_FURTHER = re.compile(
    r"\b(?:also|another|other|others|additional|additionally|further|more|separate\w*|elsewhere|too)\b", re.I
)
_KINDRED = (
    r"sons?|daughters?|wi(?:fe|ves)|husbands?|child(?:ren)?|brothers?|sisters?|mother|father|parents?|grand\w+"
    r"|nephews?|nieces?|cousins?|uncles?|aunts?"
)
_KIN = re.compile(
    rf"(?:his|her|their)\b.*\b(?:{_KINDRED}|relatives|neighbou?rs|famil(?:y|ies)|siblings)\b", re.IGNORECASE
)
_RELATIVES = rf"(?:{_KINDRED}|relatives?|siblings?)"
_KIN_OF = re.compile(
    rf"[A-Z][\w-]*(?: (?:and|al-\w+|[A-Z][\w-]*)){{0,5}}['’]s? (?:\S+ ){{0,4}}?{_RELATIVES}\b"
    rf"|(?:\S+ ){{1,3}}?{_RELATIVES} of (?:[A-Z]|the family\b)"
    rf"|(?:\S+ ){{0,2}}?{_RELATIVES}(?: from the same family)?$"
    r"|(?:\S+ ){1,3}?members of (?:the |his |her |their )?(?:\S+ ){0,2}?family\b"
    r"|(?:\S+ ){1,3}?family members\b"
    r"|(?:\S+ ){1,5}?(?:named|called|identified as(?: the)?) (?:[A-Z]|wife|husband|son|daughter)"
    rf"|(?:\S+ ){{0,2}}?{_RELATIVES},? (?:\d+[- ]year[- ]old )?[A-Z][\w'’-]+ [A-Z]"
)
"""'Amal's five children', 'a brother of Amal Said', 'four siblings', 'three members of the Said family'."""
_RESTATES = re.compile(
    r"(?:total )?(?:(?:fatalities|deaths|dead|killed): ?\S+(?: \w+)?"
    r"|\S+ (?:fatalit\w+|deaths?|dead|killed))\.?$",
    re.IGNORECASE,
)
"""A number without a sentence, as notes end with: '2 fatalities.'"""
_NAMED = re.compile(r"[A-Z][a-z'’-]+ (?:[A-Za-z'’-]+ )*[A-Z]|year[- ]?[- ]old")
REACH = 900
"""How far from its whole, in code points, numbers that add up to it may stand."""


def relate(claims: Sequence[CasualtyClaim], parents: Mapping[str, str]) -> list[CasualtyClaim]:
    """Return the claims of one article with `subset_of` filled; `parents` is the tree of victim
    categories."""
    result = list(claims)
    for harm in sorted({claim.harm for claim in claims}):
        indexes = [i for i, claim in enumerate(result) if claim.harm == harm and claim.scope != "cumulative"]
        _mark_breakdowns(result, indexes)
        _mark_restated(result, indexes, parents)
        _mark_repeated(result, indexes, parents)
        _mark_members(result, indexes, parents)
    return result


def _is_top(claim: CasualtyClaim) -> bool:
    return claim.subset_of is None and claim.status != "denied"


def _same_event(one: CasualtyClaim, other: CasualtyClaim) -> bool:
    """True where the days do not differ and the speakers do not: two sources are two words on one event."""
    return _same_days(one, other) and _same_speaker(one, other)


def _same_days(one: CasualtyClaim, other: CasualtyClaim) -> bool:
    known = None not in (one.date_start, other.date_start)
    return one.scope == other.scope and not (known and one.date_start != other.date_start)


def _same_speaker(one: CasualtyClaim, other: CasualtyClaim) -> bool:
    return one.claimant_text == other.claimant_text or None in (one.claimant_text, other.claimant_text)


def _mark_breakdowns(result: list[CasualtyClaim], indexes: Sequence[int]) -> None:
    """Numbers of one sentence that add up to a number said near it are its parts."""
    for whole_at in indexes:
        whole = result[whole_at]
        if not _is_top(whole) or not whole.count_best or whole.count_best < 2:
            continue
        groups: dict[int, list[int]] = {}
        for i in indexes:
            near = abs(result[i].quote_start - whole.quote_start) <= REACH
            if i != whole_at and near and _is_top(result[i]) and _same_event(result[i], whole):
                groups.setdefault(_sentence_of(result, i), []).append(i)
        for members in groups.values():
            total = sum(result[i].count_best or 0 for i in members)
            if len(members) > 1 and total == whole.count_best:
                for i in members:
                    result[i] = replace(result[i], subset_of=whole.claim_id)


def _sentence_of(result: Sequence[CasualtyClaim], index: int) -> int:
    """Return where the first quote begins that a claim's quote overlaps: claims of one sentence share it."""
    claim = result[index]
    for other in result:
        if other.quote_start < claim.quote_end and claim.quote_start < other.quote_end:
            return other.quote_start
    return claim.quote_start


def _mark_restated(result: list[CasualtyClaim], indexes: Sequence[int], parents: Mapping[str, str]) -> None:
    """A later, wider number equal to the sum of those before it says them again: they are its parts."""
    for position, at in enumerate(indexes):
        whole = result[at]
        before = [i for i in indexes[:position] if _is_top(result[i]) and _same_event(result[i], whole)]
        if not before or not _is_top(whole) or not whole.count_best or whole.count_text is None:
            continue
        if any(result[i].quote_end > whole.quote_start for i in before):
            continue
        wider = all(_lies_above(whole.victim, result[i].victim, parents) for i in before)
        differs = len(before) > 1 or result[before[0]].victim != whole.victim
        total = sum(result[i].count_best or 0 for i in before)
        same = next((i for i in before if result[i].count_best == whole.count_best), None)
        if _RESTATES.match(whole.quote) and (same is not None or total == whole.count_best):
            if same is not None:
                result[at] = replace(whole, subset_of=result[same].claim_id)
            for i in before if same is None else ():
                result[i] = replace(result[i], subset_of=whole.claim_id)
            continue
        if wider and differs and total == whole.count_best:
            for i in before:
                result[i] = replace(result[i], subset_of=whole.claim_id)


def _mark_repeated(result: list[CasualtyClaim], indexes: Sequence[int], parents: Mapping[str, str]) -> None:
    """A number said again without a day or a place of its own is of the event that it was said of before."""
    for position, at in enumerate(indexes):
        one = result[at]
        undated = one.date_basis in ("none", "inherited")
        if not _is_top(one) or one.count_text is None or (one.count_best or 0) < 3 or not undated:
            continue
        if _FURTHER.search(one.quote):
            continue
        placed = one.place_text is not None and one.place_text in one.quote
        for i in reversed(indexes[:position]):
            other = result[i]
            same = (one.count_low, one.count_best, one.count_high) == (
                other.count_low,
                other.count_best,
                other.count_high,
            )
            if not same or not _is_top(other) or one.scope != other.scope or not _same_speaker(one, other):
                continue
            if placed and one.place_text != other.place_text:
                continue
            if one.victim == other.victim:
                result[at] = replace(
                    one,
                    place=other.place,
                    place_text=other.place_text,
                    date_start=other.date_start,
                    date_end=other.date_end,
                    date_text=other.date_text,
                    date_prec=other.date_prec,
                    date_basis="inherited" if other.date_text else one.date_basis,
                )
                break
            if (
                _are_in_line(one.victim, other.victim, parents)
                and (one.count_best or 0) >= _TOO_MANY_FOR_CHANCE
            ):
                result[at] = replace(one, subset_of=other.claim_id)
                break


_TOO_MANY_FOR_CHANCE = 10
"""Two numbers so high that are the same, of 'people' and of 'civilians', are one number."""


def _mark_members(result: list[CasualtyClaim], indexes: Sequence[int], parents: Mapping[str, str]) -> None:
    """Who is named or known ('the woman', 'Amal Said', 'Amal's two sons') is one of those counted before.

    So are bodies that were found of them. Relatives are, as long as all that were told of fit into the whole.
    """
    told: dict[int, int] = {}
    for position, at in enumerate(indexes):
        one = result[at]
        words = _as_written(one)
        single = one.count_best == 1 and one.count_text is None and _DEFINITE.match(words)
        known = one.count_text is not None and _KNOWN.match(words)
        at_words = one.quote.find(words) if words else -1
        told_of = one.quote[at_words : at_words + len(words) + 12] if at_words >= 0 else words
        again = _SAID_AGAIN.match(told_of) is not None
        kin = one.count_best and (known or _KIN.match(words) or _KIN_OF.match(words) or _lists_names(one))
        found = one.rule == "body" and one.count_text is not None and one.count_best
        if not _is_top(one) or not (single or kin or found):
            continue
        further = _FURTHER.search(one.quote) and not _NAMED.search(words) and not known
        least = one.count_best or 1
        for i in reversed(indexes[:position]):
            whole = result[i]
            if (further and not (kin and told)) or not _is_top(whole) or not whole.count_best:
                continue
            undated = again or (one.date_basis == "inherited" and (kin or found or words.startswith("the ")))
            if not _same_days(one, whole) and not (undated and one.scope == whole.scope):
                continue
            apart = whole.quote_end <= one.quote_start or _lists_names(whole) or found
            related = _are_in_line(whole.victim, one.victim, parents)
            counted = whole.count_best > least or (
                whole.count_best == least and (found or known or least == 1) and _same_speaker(one, whole)
            )
            near = not found or one.quote_start - whole.quote_end <= REACH // 3
            fits = single or whole.count_high is None or told.get(i, 0) + least <= whole.count_high
            same = whole.count_best > 1 or found or not _are_two(words, _as_written(whole))
            if apart and related and counted and near and fits and same:
                result[at] = replace(one, subset_of=whole.claim_id)
                told[i] = told.get(i, 0) + least
                break


def _as_written(claim: CasualtyClaim) -> str:
    """Return the words for the victims; in small letters where all are capitals, which then tell no name."""
    words = claim.victim_text or ""
    return words.lower() if words.isupper() and len(words) > 4 else words


def _are_two(one: str, other: str) -> bool:
    """True for two persons with names that share no word: 'Ali Hassan' and 'Omar Said'."""
    names, others = (set(re.findall(r"\b[A-Z][\w'’-]+", text)) for text in (one, other))
    return bool(names) and bool(others) and not names & others and " " in one and " " in other


def _lists_names(whole: CasualtyClaim) -> bool:
    """True for 'seven people, Amal Said, her husband and their five children': who they were is told."""
    words = (whole.victim_text or "").split(",")[0]
    many = (whole.count_best or 0) > 1
    return many and bool(words) and re.search(re.escape(words) + _NAMES_FOLLOW, whole.quote) is not None


_NAMES_FOLLOW = (
    r"(?:,|:| -| –) (?:(?:identified|named|known) as |namely )?(?:an? )?(?:\d+[- ]year[- ]old )?"
    r"[A-Z][\w'’-]+ (?:\(\w+\) )?[A-Z]"
)


def _are_in_line(one: str, other: str, parents: Mapping[str, str]) -> bool:
    """True where one category is the other, or lies above it."""
    return _lies_above(one, other, parents) or _lies_above(other, one, parents)


def _lies_above(upper: str, lower: str, parents: Mapping[str, str]) -> bool:
    """True where `upper` is `lower` or one of the categories it belongs to."""
    for _ in range(6):
        if upper == lower:
            return True
        if lower not in parents:
            return upper == "people"
        lower = parents[lower]
    return False
