"""Quantities: how many of something countable a text speaks of, as intervals by the convention of CLAIMS.md.

No package does it: quantulum3 reads 'half a million' as 1.5 million, word2number fails on 'half'. The bounds:
'N' and 'about N' are N, N, N; 'more than N' N, N, open; 'nearly N' and 'up to N' open, N, N; 'N to M' N,
open, M; vague words as in `numerals.VAGUE`; a share of a stated base is computed, one of an unstated base is
three times None.

What is no number of people: years, days, ages, calibres, money, measures, percentages without a base and
names ('Route 6', '47 Brigade') are left out. Things ('40 lorries', 'two brigades', '100 families') are kept,
since reinforcements need them, and marked: `Quantity.unit` holds the noun. A unit of None is a number that
may count people; which noun it belongs to is for the caller's parse to say.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from ingest.claims.noncounts import counts_people, hidden_spans, is_no_count, unit_of
from ingest.claims.numerals import START, S, Worth, exact, find_atoms, read_words, worth
from ingest.records import Quantity

CONTEXT = 48
"""Code points looked at on either side of a numeral."""

_ABOUT = (
    rf"about|some|around|roughly|approximately|approx\.?|circa|ca\.|an?{S}estimated|estimated|reportedly"
    rf"|in{S}the{S}(?:region|order){S}of|an{S}average{S}of|~"
)
_AT_LEAST = (
    rf"(?:well{S}|far{S}|many{S}|slightly{S}|just{S}|a{S}little{S})?(?:more{S}than|over|above|upwards?{S}of|in{S}excess{S}of)"
    rf"|at{S}(?:the{S}(?:very{S})?)?least|no{S}(?:fewer|less){S}than|not{S}(?:fewer|less){S}than|a{S}minimum{S}of"
    rf"|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|topp(?:ed|ing)|beyond|>"
    rf"|(?<=toll{S[:2]})pass(?:es|ed)"
)
_AT_MOST = (
    rf"up{S}to|as{S}many{S}as|as{S}much{S}as|(?:very{S})?nearly|almost|close{S}to|(?:just{S}|well{S})?under"
    rf"|(?:far{S})?(?:fewer|less){S}than|at{S}(?:the{S})?(?:very{S})?most|(?:no|not){S}more{S}than"
    rf"|a{S}maximum{S}of|approaching|nearing|just{S}short{S}of|just{S}below|below|<"
)
_QUALIFIER = re.compile(
    rf"(?:^|(?<=[\s(\"“‘'\[—–-]))(?:(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})|(?P<about>{_ABOUT}))"
    rf"{S}?(?:(?:an?{S})?estimated{S}|another{S}|some{S}|about{S}|around{S}|a{S}total{S}of{S}|a{S}further{S})?$",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    rf"(?P<at_least>(?:-plus\b|{S}plus\b|\+|{S}or{S}(?:more|over)\b|{S}and{S}(?:more|counting)\b))"
    rf"|(?P<at_most>{S}or{S}(?:fewer|less)\b|{S}at{S}(?:the{S})?most\b)"
    rf"|(?P<about>(?:-odd\b|{S}or{S}so\b))",
    re.IGNORECASE,
)
_JOINER = re.compile(
    rf"(?:{S[:2]}?[-–—]{S[:2]}?|{S}to{S}|{S}or{S})(?:(?:about|around|perhaps|maybe|even|some){S})?",
    re.IGNORECASE,
)
_VAGUE_JOINER = re.compile(
    rf",?{S}(?:or|and|if{S}not)(?:{S}(?:perhaps|even|possibly|maybe))?{S}", re.IGNORECASE
)
_BETWEEN = re.compile(rf"\bbetween{S}(?:(?:about|around|an{S}estimated){S})?$", re.IGNORECASE)
_BETWEEN_AND = re.compile(rf"{S}(?:and|to){S}(?:(?:about|around){S})?", re.IGNORECASE)
_CHANGE = re.compile(
    rf"\b(?:rose|rising|risen|rises?|increas\w{{1,3}}|rais\w{{1,3}}|climb\w{{0,3}}|grew|grown?|grows|jump\w{{0,3}}|went|up"
    rf"|drop\w{{0,4}}|fell|fallen|down|revis\w{{1,3}}|reduc\w{{1,3}}|lower\w{{0,3}}|cut|corrected)\b[^.;]{{0,24}}\bfrom{S}$",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"\b(?:(?<!\band\sa\s)(?P<half>(?:one{S})?half)|(?P<top>an?|one|two|three|four|five|six|seven|eight|nine)(?:-|{S})"
    r"(?P<bottom>third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?"
    rf"|(?P<of>[0-9]{{1,3}}|one|two|three|four|five|six|seven|eight|nine){S}(?:out{S}of(?:{S}every)?|in(?:{S}every)?)"
    rf"{S}(?P<base>[0-9]{{1,4}}|two|three|four|five|six|seven|eight|nine|ten|hundred)(?={S}of\b|{S}[a-z])"
    r"|(?P<percent>(?<![0-9.,])[0-9]{1,3}(?:\.[0-9]{1,2})?)\s?(?:%|per\s?cent\b|percent\b)"
    rf"|(?P<most>(?:the{S})?(?:vast{S}|overwhelming{S})?majority|(?<!at\s)most))(?![-\w])"
    rf"(?!{S}(?:of{S})?(?:an?{S})?(?:dozen|hundred|thousand|million|billion)\b)",
    re.IGNORECASE,
)
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_QUALIFYING = (
    r"(?:(?:about|some|around|roughly|approximately|an?\sestimated|estimated|nearly|almost|over|up\sto|more\sthan"
    r"|at\sleast|fewer\sthan|less\sthan|entire|total|original|initial|former|combined|pre-?war|remaining)\s){0,3}"
)
_BASE = re.compile(
    r"\s(?:of\s)?(?:(?:the|its|their|his|her|all|those|these)\s(?:[\w-]{1,20}['’]s?\s)?|[A-Z][\w-]{1,25}['’]s?\s)?"
    rf"(?:(?:(?!and\b|was\b|were\b|had\b|have\b|are\b|is\b)[\w'’-]{{1,25}}\s){{0,4}}?"
    rf"(?:population|inhabitants|residents|people|strength|force|total|number|garrison)\sof\s)?{_QUALIFYING}$"
)
_OF = re.compile(rf"{S}(?:of\b|the\b|its\b|their\b)|{S}[a-z]{{2,20}}\b", re.IGNORECASE)
MAX_BASE = 90
"""Code points between a share and the number it is a share of."""


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities in the text, in its order, none overlapping another.

    Offsets count code points of `text`. Counts are whole things; `unit` names things that are no people.
    Linear in the length of the text; raises nothing on any text. Goes wrong on: a number that is a person's
    number or a score without a word that says so; four digits from 1900 to 2099 that are no round number and
    are not followed by a word for people (read as a year).
    """
    if not START.search(text):
        return []
    hidden = hidden_spans(text)
    starts = [start for start, _ in hidden]
    shares = list(_shares(text))
    found: list[Quantity] = [
        share for share in shares if not _covered(share.start, share.end, hidden, starts)
    ]
    taken = [(share.start, share.end) for share in found]
    taken_starts = [start for start, _ in taken]
    atoms = [
        atom
        for atom in find_atoms(text)
        if not _covered(atom.start(), atom.end(), hidden, starts)
        and not _covered(atom.start(), atom.end(), taken, taken_starts)
    ]
    position = 0
    floor = 0
    while position < len(atoms):
        quantity, used = _read(text, atoms, position, floor)
        position += used
        if quantity is not None:
            found.append(quantity)
            floor = quantity.end
    return list(_without_overlaps(sorted(found, key=lambda quantity: quantity.start)))


def _without_overlaps(quantities: list[Quantity]) -> Iterator[Quantity]:
    """Yield the quantities but those that begin inside the one before ('at most half of them')."""
    end = 0
    for quantity in quantities:
        if quantity.start >= end:
            yield quantity
            end = quantity.end


_SINGLE = re.compile(
    rf"\b(?P<one>(?:an?|one|another|a{S}single|a{S}lone)(?={S}[A-Za-z]))\b"
    rf"(?!{S}(?:few|dozen|hundred|thousand|million|billion|number|lot|couple|total|third|quarter|fifth|half|handful|pair"
    r"|great|large|maximum|minimum|further|of|another|day|week|month|year|time|way|side|more|less)\b)",
    re.IGNORECASE,
)


def find_singles(text: str) -> list[Quantity]:
    """Return 'a', 'an', 'one', 'another' and 'a single' before a word, each as 1, 1, 1.

    Apart from `find_quantities`, since nearly every 'a' counts nothing anybody asks for: the caller takes one
    only where its noun is a person ('a medic was killed' is 1, 'a convoy' is not). The span covers the
    article alone. Number words ('one soldier') are found by both.
    """
    return [
        Quantity(1, 1, 1, match["one"], "exact", match.start(), match.end())
        for match in _SINGLE.finditer(text)
    ]


def _covered(start: int, end: int, spans: list[tuple[int, int]], starts: list[int]) -> bool:
    """Say whether [start, end) meets one of the sorted spans."""
    place = bisect_left(starts, end) - 1
    return place >= 0 and spans[place][1] > start


def _read(text: str, atoms: list[re.Match[str]], position: int, floor: int) -> tuple[Quantity | None, int]:
    """Read the quantity that begins with the atom at `position`; return it and the number of atoms used."""
    first = atoms[position]
    second = atoms[position + 1] if position + 1 < len(atoms) else None
    value = worth(first)
    before = text[max(floor, first.start() - CONTEXT) : first.start()]
    end, used = first.end(), 1
    joined = _join(text, first, second, before, value) if second is not None else None
    if second is not None and joined is not None:
        value, end, used = joined, second.end(), 2
    elif second is not None and _is_score(text[first.end() : second.start()], first, second):
        return None, 2
    if value is None:
        return None, used
    start, after = first.start(), text[end : end + CONTEXT]
    between = _BETWEEN.search(before) if used == 2 else None
    if between:
        start, before = start - len(before) + between.start(), before[: between.start()]
    mark = _QUALIFIER.search(before)
    context = before[: mark.start()] if mark else before
    certain = mark is not None and mark.group().strip().lower() not in _ALSO_OF_YEARS
    plain = first.group()
    if is_no_count(context, after, plain if used == 1 else "", value.best, certain):
        return None, used
    if first.lastgroup == "words" and plain.lower() == "one" and not _counts_one(before, after):
        return None, used
    if mark and mark.lastgroup:
        value = qualify(value, mark.lastgroup)
        start -= len(before) - mark.start()
    following = _FOLLOWING.match(text, end)
    if following and following.lastgroup:
        value = qualify(value, following.lastgroup)
        end = following.end()
    unit = unit_of(text[end : end + CONTEXT], value.best)
    quantity = Quantity(value.low, value.best, value.high, text[start:end], value.qualifier, start, end, unit)
    return quantity, used


_ALSO_OF_YEARS = {"about", "around", "over", "almost", "some", "nearly"}


def _is_score(between: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Say whether two runs of digits joined by a hyphen are no range ('3-2', '555-1234')."""
    return between in ("-", "–", "—") and first.lastgroup == second.lastgroup == "digits"


def qualify(value: Worth, word: str) -> Worth:
    """Return the bounds of a number under 'about', 'at_least' or 'at_most'; a vague number keeps its kind."""
    vague = value.best is None
    if word == "at_least":
        return Worth(value.low, value.best, None, "vague" if vague else "at_least")
    if word == "at_most":
        return Worth(None, value.best, value.high, "vague" if vague else "at_most")
    return value._replace(qualifier="about" if value.qualifier == "exact" else value.qualifier)


def _join(
    text: str, first: re.Match[str], second: re.Match[str], before: str, value: Worth | None
) -> Worth | None:
    """Return the range of two numerals that stand as one ('10 to 15', 'hundreds or thousands'), or None.

    None too where two numerals stand side by side as what they are ('rose from 10 to 15').
    """
    upper = worth(second)
    between = text[first.end() : second.start()]
    if value is None or upper is None or len(between) > 24:
        return None
    if "vague" in (value.qualifier, upper.qualifier):
        if (
            _VAGUE_JOINER.fullmatch(between)
            and value.low
            and upper.high
            and value.low < (upper.low or upper.high)
        ):
            return Worth(value.low, None, upper.high, "vague")
        return None
    low, high = value.best, upper.best
    if low is None or high is None:
        return None
    if _BETWEEN.search(before):
        matches = _BETWEEN_AND.fullmatch(between)
    else:
        matches = None if _CHANGE.search(before) else _JOINER.fullmatch(between)
    if not matches:
        return None
    scale = _shared_scale(first, second)
    if scale and low < high // scale:
        low *= scale
    return Worth(low, None, high, "range") if low < high else None


def _shared_scale(first: re.Match[str], second: re.Match[str]) -> int | None:
    """Return 1000000 for '10 to 15 million', 100 for 'two to three hundred': the first's scale too."""
    words = second.group().lower().split()
    if first["scale"] or first["abbreviation"] or len(first.group().split()) > 1 or len(words) < 2:
        return None
    return {
        "hundred": 100,
        "thousand": 1_000,
        "million": 1_000_000,
        "billion": 1_000_000_000,
        "dozen": 12,
    }.get(words[-1])


_NOT_ONE_BEFORE = re.compile(
    rf"\b(?:no|any|every|some|each|this|that|which|number|day|square|part|phase|chapter|day|the|the{S}[a-z]{{2,15}}"
    rf"|[a-z]{{2,12}}er|[a-z]{{2,12}}est|such|an?{S}[a-z]{{3,15}}|big|new|old|last|next|first|other){S}$",
    re.IGNORECASE,
)
_NOT_ONE_AFTER = re.compile(
    rf"['’]|-|{S}(?:another|day|night|time|thing|way|hand|can|could|would|must|such|should|that|who|which|more|year|point"
    rf"|or{S}(?:more|another|the)|of{S}(?:the|its|their|his|our){S}(?:most|largest|biggest|main|key|first|few|last|only"
    rf"|major|poorest|best|worst|[a-z]{{3,12}}est)\b)",
    re.IGNORECASE,
)


def _counts_one(before: str, after: str) -> bool:
    """Say whether 'one' is a number here, not a pronoun ('the one that', 'no one', 'one another')."""
    return not (_NOT_ONE_BEFORE.search(before) or _NOT_ONE_AFTER.match(after))


def _shares(text: str) -> Iterator[Quantity]:
    """Yield shares: of a stated base with their numbers, of an unstated one with none."""
    floor = 0
    for match in _FRACTION.finditer(text):
        if match.start() < floor:
            continue
        part = _part(match)
        window = text[match.end() : match.end() + MAX_BASE]
        if match["of"] and (part is None or not _is_ratio(match, window)):
            continue
        base = _base(window)
        if match["percent"] and base is None and not re.match(r"\s(?:of|are|were)\b", window):
            continue
        if base is None and not match["most"] and not match["percent"] and not _OF.match(window):
            continue
        if match["most"] and not re.match(rf"{S}(?:of\b|were\b|are\b|civilians\b|people\b)", window):
            continue
        before = text[max(floor, match.start() - CONTEXT) : match.start()]
        mark = _QUALIFIER.search(before)
        start = match.start() - (len(before) - mark.start() if mark else 0)
        end = match.end() + (base[1] if base else 0)
        low = best = high = None
        if part is not None and base is not None:
            number = round(base[0] * part)
            low, best, high, _ = qualify(
                exact(number), mark.lastgroup if mark and mark.lastgroup else "about"
            )
        yield Quantity(low, best, high, text[start:end], "share", start, end, None)
        floor = end


_RATIO_BASES = frozenset("2 3 4 5 10 100 1000 two three four five ten hundred".split())


def _is_ratio(match: re.Match[str], window: str) -> bool:
    """Say whether 'N in M' is a share: 'one in three people', 'nine out of ten of them'.

    'killed five in ten attacks' is not, nor are '12 out of 15 hostages', which are counted.
    """
    if match["base"].lower() not in _RATIO_BASES:
        return False
    return " out " in match.group().lower() or window.startswith(" of ") or counts_people(window)


def _part(match: re.Match[str]) -> float | None:
    """Return the share a fraction names, None for 'most'."""
    if match["half"]:
        return 0.5
    if match["top"]:
        return read_words(match["top"].lower()) / _PARTS[match["bottom"].lower()]
    if match["of"]:
        top, base = (
            int(word) if word.isdigit() else read_words(word.lower()) for word in (match["of"], match["base"])
        )
        return top / base if base and top <= base else None
    return float(match["percent"]) / 100 if match["percent"] else None


def _base(window: str) -> tuple[int, int] | None:
    """Return the number a share is a share of and its end within the window after the share."""
    for atom in find_atoms(window):
        value = worth(atom)
        if not _BASE.fullmatch(window, 0, atom.start()) or value is None or value.best is None:
            return None
        if value.best < 10 or is_no_count(
            window[: atom.start()], window[atom.end() :], atom.group(), value.best, True
        ):
            return None
        return value.best, atom.end()
    return None
