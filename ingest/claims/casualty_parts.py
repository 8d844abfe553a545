"""Which numbers of victims are parts of others: within a sentence, and over the whole article after its
sentences.

'Eight people were killed ... four thieves and four guards': the fours are parts of the eight. 'A teacher,
Amal Said, was among ...', 'the woman', 'her son' after a total of the same event are no further dead.
Nothing is merged or dropped: a part keeps its claim and names the whole in `subset_of`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims.casualty_found import Found, start_of
from ingest.claims.casualty_victims import Victims, category_of, measure
from ingest.claims.reading import Parsed, Token, conjuncts
from ingest.records import CasualtyClaim

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_DEFINITE = re.compile(
    r"(?:the|his|her|their|its|him|he|she|this|these|that|those)\b|"
    r"[A-Z](?!t least)[\w.'-]+ (?:[A-Za-z'-]+ )*[A-Z]|"
    r"(?:a|an|the)? ?(?:\d+|\w+)[- ]year[- ]?[- ]?old\b"
)
_FURTHER = re.compile(
    r"\b(?:also|another|other|others|additional|additionally|further|more|separate\w*|elsewhere|too)\b", re.I
)
_KIN = re.compile(
    r"(?:his|her|their)\b.*\b(?:sons?|daughters?|wi(?:fe|ves)|husbands?|child(?:ren)?|brothers?|sisters?|mother|father"
    r"|parents?|grand\w+|nephews?|nieces?|cousins?|uncles?|aunts?|relatives|neighbou?rs|famil(?:y|ies)|siblings)\b",
    re.IGNORECASE,
)
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
        groups: dict[tuple[int, int], list[int]] = {}
        for i in indexes:
            near = abs(result[i].quote_start - whole.quote_start) <= REACH
            if i != whole_at and near and _is_top(result[i]) and _same_event(result[i], whole):
                groups.setdefault(_sentence_key(result, i), []).append(i)
        for members in groups.values():
            total = sum(result[i].count_best or 0 for i in members)
            if len(members) > 1 and total == whole.count_best:
                for i in members:
                    result[i] = replace(result[i], subset_of=whole.claim_id)


def _sentence_key(result: Sequence[CasualtyClaim], index: int) -> tuple[int, int]:
    """Return the first quote that a claim's quote overlaps: claims of one sentence share it."""
    claim = result[index]
    for other in result:
        if other.quote_start < claim.quote_end and claim.quote_start < other.quote_end:
            return other.quote_start, 0
    return claim.quote_start, 0


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
        if wider and differs and sum(result[i].count_best or 0 for i in before) == whole.count_best:
            for i in before:
                result[i] = replace(result[i], subset_of=whole.claim_id)


def _mark_members(result: list[CasualtyClaim], indexes: Sequence[int], parents: Mapping[str, str]) -> None:
    """One person who is named or known ('the woman', 'Amal Said') is one of those counted before."""
    for position, at in enumerate(indexes):
        one = result[at]
        words = one.victim_text or ""
        single = one.count_best == 1 and one.count_text is None and _DEFINITE.match(words)
        if not _is_top(one) or not (single or (one.count_best and _KIN.match(words))):
            continue
        if _FURTHER.search(one.quote) and not _NAMED.search(words):
            continue
        for i in reversed(indexes[:position]):
            whole = result[i]
            apart = whole.quote_end <= one.quote_start or _lists_names(whole)
            related = _lies_above(whole.victim, one.victim, parents) or _lies_above(
                one.victim, whole.victim, parents
            )
            least = one.count_best or 1
            counted = whole.count_best and (
                whole.count_best > least or (whole.count_best == least == 1 and _same_speaker(one, whole))
            )
            if _is_top(whole) and apart and related and counted and _same_days(one, whole):
                result[at] = replace(one, subset_of=whole.claim_id)
                break


def _lists_names(whole: CasualtyClaim) -> bool:
    """True for 'seven people, Amal Said, her husband and their five children': who they were is told."""
    words = (whole.victim_text or "").split(",")[0]
    return bool(words) and re.search(re.escape(words) + _NAMES_FOLLOW, whole.quote) is not None


_NAMES_FOLLOW = r"(?:,|:| -) (?:(?:identified|named|known) as |namely )?[A-Z][\w'’-]+ [A-Z]"


def _lies_above(upper: str, lower: str, parents: Mapping[str, str]) -> bool:
    """True where `upper` is `lower` or one of the categories it belongs to."""
    for _ in range(6):
        if upper == lower:
            return True
        if lower not in parents:
            return upper == "people"
        lower = parents[lower]
    return False


def with_subsets(found: list[Found], parsed: Parsed, reading: ArticleReading) -> list[Found]:
    """Add 'including three children' and 'two of them women' as parts of the number before them."""
    result = list(found)
    starts = {start_of(item.victims): index for index, item in enumerate(result)}
    for token in parsed.doc:
        members: list[Token] = []
        if token.lower_ in ("including", "among") and token.i:
            members = [m for c in token.children if c.dep_ in ("pobj", "dobj") for m in conjuncts(c)]
            if token.lower_ == "among" and any(m.lower_ not in ("them", "whom", "those") for m in members):
                members = []
            elif token.lower_ == "among":
                before = token.nbor(-1)
                members = (
                    [before] if parsed.quantity_at(before) is None and reading.count(parsed, before) else []
                )
                members = members or _after_among(token)
        elif token.lower_ == "of" and token.i + 1 < len(parsed.doc):
            follows = token.doc[token.i + 1]
            if follows.lower_ in ("them", "whom") and token.head.i < token.i:
                members = _of_them(parsed, token)
        parent = _parent(result, token.idx)
        if parent is None:
            continue
        for member in members:
            part = measure(reading, parsed, member, known=True)
            counted = parsed.quantity_at(token.head) if token.lower_ == "of" else None
            if counted is not None:
                kind = category_of(reading, parsed, member)
                end = member.idx + len(member.text)
                part = Victims(token.head, counted, kind, member.text, counted.start, end) if kind else None
            if part is None or (part.quantity is None and part.token.i > token.i + 12):
                continue
            if (
                part.quantity is not None
                and part.quantity.qualifier == "share"
                and part.triple == (None,) * 3
            ):
                continue  # 'most of them young men' gives no number
            at = start_of(part)
            if at in starts:
                if starts[at] != parent and result[starts[at]].parent is None:
                    result[starts[at]] = replace(result[starts[at]], parent=parent)
                continue
            total = result[parent]
            if (part.triple[0] or 0) > (total.victims.triple[2] or total.victims.triple[0] or 10**9):
                continue
            starts[at] = len(result)
            result.append(
                Found(total.harm, total.head, part, total.agents, total.rule, total.prior - 0.05,
                      max(part.end, total.end), parent)
            )  # fmt: skip
    return result


def _after_among(token: Token) -> list[Token]:
    """Return the noun after 'among them', which the parser hangs in several ways."""
    doc = token.doc
    for other in doc[token.i + 2 : token.i + 8]:
        if other.pos_ in ("NOUN", "PROPN") and other.dep_ not in ("compound", "amod"):
            return list(conjuncts(other))
    return []


def _of_them(parsed: Parsed, of: Token) -> list[Token]:
    """Return a stand-in for 'two of them children': the noun after 'them', counted by the number before
    'of'.
    """
    doc = of.doc
    noun = next((t for t in doc[of.i + 2 : of.i + 5] if t.pos_ in ("NOUN", "PROPN")), None)
    return [noun] if noun is not None and parsed.quantity_at(of.head) is not None else []


def _parent(found: list[Found], before: int) -> int | None:
    """Return the index of the last whole number that stands before an offset."""
    best: int | None = None
    for index, item in enumerate(found):
        start = start_of(item.victims)
        if (
            item.parent is None
            and start < before
            and (best is None or start >= start_of(found[best].victims))
        ):
            best = index
    return best
