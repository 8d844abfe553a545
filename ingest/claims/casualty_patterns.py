"""Casualties where the parse gives none: a number beside a word of harm, read from the words alone.

The fallback of the frames, for headlines, telegraphic notes and long coordinations that the small parser
breaks: 'five dead, 12 wounded', 'killing at least three and injuring 20'. Only people words, auxiliaries and
adjectives of people may stand between the number and the word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ingest.claims.reading import Parsed, Token
from ingest.records import Quantity

_HARM = {
    "killed": "killed", "dead": "killed", "died": "killed", "slain": "killed", "murdered": "killed",
    "perished": "killed", "executed": "killed", "beheaded": "killed", "massacred": "killed",
    "deaths": "killed",
    "fatalities": "killed", "assassinated": "killed", "martyred": "killed",
    "wounded": "injured", "injured": "injured", "hurt": "injured", "injuries": "injured",
    "missing": "missing", "displaced": "displaced", "kidnapped": "captured", "abducted": "captured",
    "fatality": "killed", "death": "killed", "slaughtered": "killed",
}  # fmt: skip
_BEFORE = {
    "killing": "killed", "killed": "killed", "kills": "killed", "kill": "killed", "murdered": "killed",
    "murdering": "killed", "executed": "killed", "beheaded": "killed", "slaughtered": "killed",
    "executing": "killed",
    "injuring": "injured", "injured": "injured", "injures": "injured", "wounding": "injured",
    "wounded": "injured",
    "wounds": "injured", "hurting": "injured", "injure": "injured", "wound": "injured",
    "displacing": "displaced", "displaced": "displaced", "kidnapped": "captured", "abducted": "captured",
    "kidnapping": "captured", "abducting": "captured",
}  # fmt: skip
_AFTER = re.compile(
    r"(?P<mid>(?:[\s,(]+(?!and\b|but\b|while\b|when\b|who\b|in\b|on\b|at\b)[A-Za-z][\w'-]*){0,5}?)"
    r"(?:, (?:including|among them|all|mostly|most of them|both|some of them) [^.;:]{3,140}?,"
    r"(?=\s(?:was|were|has|have|had)\b))?[\s(]+"
    r"(?:(?:was|were|is|are|has|have|had|been|being|be|got|also|reportedly|later|left|found|shot|"
    r"confirmed|reported|"
    r"still|then|both|all|either|feared|go(?:ne)?|went|subsequently|allegedly)\s+){0,4}"
    r"(?:(?:was|were|been)\s+(?:on|in|at|this|late|early|yesterday|last|earlier|today)\b"
    r"(?:\s+[A-Za-z0-9'-]+){0,6}?\s+)?"
    r"(?P<harm>HARM)\b(?!\s+(?:people|men|women|children|police|[a-z]+(?:ers|ors|ians|ists|als|ants|ees|"
    r"ens)\b))".replace("HARM", "|".join(_HARM))
)
_LABELS = {"fatalities:": "killed", "deaths:": "killed", "killed:": "killed", "dead:": "killed",
           "wounded:": "injured", "injured:": "injured", "missing:": "missing"}  # fmt: skip
_BEFORE |= _LABELS
_LEFT = re.compile(rf"(?P<harm>{'|'.join(_BEFORE)})\s+(?:(?:another|other|a|an|the|some|all)\s+)?$")
_FUNCTION = frozenset(
    "of them other others more people additional further civilian young old unarmed innocent local "
    "were was".split()
)
_SHOT = re.compile(r"\b(?:shot|gunned)\b")
_OBJECT = re.compile(
    r"\s+(?!(?:in|at|near|by|on|after|outside|inside|during|as|when|while|and|over|from|this|last|yesterday|"
    r"overnight|amid)\b)[a-z0-9]"
)
_PASSIVE = re.compile(r"\b(?:were|was|been|being|are|is|be)\b")
_JOINED = re.compile(
    r"(?P<mid>(?:\s+[A-Za-z][\w'-]*){0,5}?)\s*(?:,|,? and|,? as well as|,? along with|,? together with|"
    r",? plus|&)\s*$"
)


def find_numbers(
    parsed: Parsed, taken: Mapping[int, str], is_person: Callable[[str], bool]
) -> Iterator[tuple[Quantity, str, Token, int]]:
    """Yield (quantity, harm, token of the harm word, end of the words) for numbers that no frame has read.

    `taken` holds the harm of the quantities already read, by their start; `is_person` knows words for people.
    Read from the right, so that in '17 guards and two drivers killed' the first number can take its word from
    the second.
    """
    text = parsed.sentence.text.lower()
    harms: dict[int, tuple[str, int]] = {}
    following: Quantity | None = None
    for quantity in reversed(parsed.quantities):
        hit = _beside(text, quantity, is_person)
        if hit is None and following is not None and following.start in harms:
            joined = _JOINED.fullmatch(text[quantity.end : following.start])
            if (
                joined is not None
                and _are_people(joined["mid"], is_person)
                and _is_counted_noun(text, following)
            ):
                hit = (*harms[following.start], following.end)
        if hit is not None:
            harms[quantity.start] = hit[:2]
        following = quantity
        if quantity.start in taken or hit is None:
            continue
        harm, at, end = hit
        token = next((t for t in parsed.doc if t.idx <= at < t.idx + len(t.text)), None)
        if token is not None:
            yield quantity, harm, token, max(end, quantity.end)


def _beside(text: str, quantity: Quantity, is_person: Callable[[str], bool]) -> tuple[str, int, int] | None:
    """Return (harm, offset of its word, end) of the harm word right before the number, else after it."""
    from_ = max(0, quantity.start - 30)
    before = _LEFT.search(text[from_ : quantity.start])
    if before is not None:
        return _BEFORE[before["harm"]], from_ + before.start("harm"), quantity.end
    after = _AFTER.match(text, quantity.end)
    if after is not None and _are_people(after["mid"], is_person):
        words = text[quantity.end : after.start("harm")]
        if _SHOT.search(words) and not _PASSIVE.search(words) and _OBJECT.match(text, after.end()):
            return None  # 'three gunmen shot dead a cleric', but 'five shot dead in Karachi'
        return _HARM[after["harm"]], after.start("harm"), after.end("harm")
    return None


def harm_beside(text: str, quantity: Quantity) -> str | None:
    """Return the harm whose word stands right after a number in lower-case text, None where none does."""
    after = _AFTER.match(text, quantity.end)
    return _HARM[after["harm"]] if after is not None and not after["mid"].strip() else None


def _is_counted_noun(text: str, quantity: Quantity) -> bool:
    """True for 'two drivers killed': in 'nine suspects, two killed' the nine are not the killed's list."""
    after = _AFTER.match(text, quantity.end)
    return after is not None and bool(after["mid"].strip())


def _are_people(words: str, is_person: Callable[[str], bool]) -> bool:
    """True where the words between a number and its harm end in a word for people, or are none."""
    found = [word for word in re.findall(r"[a-z][\w'-]*", words) if word not in _FUNCTION]
    return not found or is_person(found[-1])
