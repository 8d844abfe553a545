"""Casualties where the parse gives none: a number beside a word of harm, read from the words alone.

The fallback of the frames, for headlines, telegraphic notes and long coordinations that the small parser breaks:
'five dead, 12 wounded', 'killing at least three and injuring 20'. Only people words, auxiliaries and
adjectives of people may stand between the number and the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.claims.reading import Parsed, Token
from ingest.records import Quantity

_HARM = {
    "killed": "killed", "dead": "killed", "died": "killed", "slain": "killed", "murdered": "killed",
    "perished": "killed", "executed": "killed", "beheaded": "killed", "massacred": "killed", "deaths": "killed",
    "fatalities": "killed", "assassinated": "killed", "martyred": "killed",
    "wounded": "injured", "injured": "injured", "hurt": "injured", "injuries": "injured",
    "missing": "missing", "displaced": "displaced", "kidnapped": "captured", "abducted": "captured",
    "fatality": "killed", "death": "killed",
}  # fmt: skip
_BEFORE = {
    "killing": "killed", "killed": "killed", "kills": "killed", "kill": "killed", "murdered": "killed",
    "murdering": "killed", "executed": "killed", "beheaded": "killed", "slaughtered": "killed", "executing": "killed",
    "injuring": "injured", "injured": "injured", "injures": "injured", "wounding": "injured", "wounded": "injured",
    "wounds": "injured", "hurting": "injured", "injure": "injured", "wound": "injured",
    "displacing": "displaced", "displaced": "displaced", "kidnapped": "captured", "abducted": "captured",
    "kidnapping": "captured", "abducting": "captured",
}  # fmt: skip
_AFTER = re.compile(
    r"(?P<mid>(?:[\s,(]+(?!and\b|but\b|while\b|when\b|who\b|in\b|on\b|at\b)[A-Za-z][\w'-]*){0,5}?)[\s(]+"
    r"(?:(?:was|were|is|are|has|have|had|been|being|be|got|also|reportedly|later|left|found|shot|confirmed|reported|"
    r"still|then|both|all|either|feared|go(?:ne)?|went|subsequently|allegedly)\s+){0,4}"
    r"(?P<harm>%s)\b" % "|".join(_HARM)
)
_LEFT = re.compile(r"(?P<harm>%s)\s+(?:(?:another|other|a|an|the|some|all)\s+)?$" % "|".join(_BEFORE))
_FUNCTION = frozenset(
    "were was is are has have had been being be also reportedly later left found shot confirmed reported still then "
    "both all of them other others more people additional further civilian young old unarmed innocent local".split()
)


def find_numbers(parsed: Parsed, taken: set[tuple[str, int]]) -> Iterator[tuple[Quantity, str, Token, int]]:
    """Yield (quantity, harm, token of the harm word, end of the words) for numbers that no frame has read.

    `taken` holds (harm, start) of the quantities already read.
    """
    text = parsed.sentence.text.lower()
    for quantity in parsed.quantities:
        after = _AFTER.match(text, quantity.end)
        before = _LEFT.search(text[max(0, quantity.start - 30) : quantity.start])
        hits = []
        if after is not None and _are_people(after["mid"]):
            hits.append((_HARM[after["harm"]], after.start("harm"), after.end("harm")))
        if before is not None:
            at = max(0, quantity.start - 30) + before.start("harm")
            hits.append((_BEFORE[before["harm"]], at, quantity.end))
        for harm, at, end in hits[-1:]:
            if (harm, quantity.start) in taken or _is_taken(taken, quantity.start):
                continue
            token = next((t for t in parsed.doc if t.idx <= at < t.idx + len(t.text)), None)
            if token is not None:
                yield quantity, harm, token, max(end, quantity.end)


def _is_taken(taken: set[tuple[str, int]], start: int) -> bool:
    return any(begin == start for _, begin in taken)


def _are_people(words: str) -> bool:
    return all(
        word in _FUNCTION or word.endswith(("s", "men", "people", "children", "women", "police", "man", "ian", "er"))
        or word.endswith(("ese", "ish", "an", "al", "ed", "ing", "i"))
        for word in re.findall(r"[a-z][\w'-]*", words)
    )  # fmt: skip
