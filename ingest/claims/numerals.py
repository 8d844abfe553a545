"""Numerals: how a number of countable things is written, in digits and in words, and what it is worth.

`ATOM` finds one numeral; `worth` gives its bounds. What stands around it ('more than', 'to 15', 'of them',
'km') is the business of quantities.py and noncounts.py. No pattern here backtracks over more than a few
words, so a scan is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.records import Qualifier

S = r"\s{1,4}"
_FIRST_NINETEEN = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
UNITS = {word: value for value, word in enumerate(_FIRST_NINETEEN[:9], 1)}
TEENS = {word: value for value, word in enumerate(_FIRST_NINETEEN[9:], 10)}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TENS = {word: 10 * value for value, word in enumerate(_TENS, 2)}
WORDS = UNITS | TEENS | TENS | {"fourty": 40, "a": 1, "an": 1}
SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "lakh": 100_000,
    "crore": 10_000_000,
}
ABBREVIATIONS = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
FRACTIONS = {"half a": 0.5, "a quarter of a": 0.25, "three quarters of a": 0.75}
VAGUE: dict[str, tuple[int | None, int | None]] = {
    "several": (3, 9),
    "a few": (3, 9),
    "a handful": (3, 9),
    "dozens": (24, 99),
    "scores": (40, 99),
    "tens": (20, 99),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "millions": (2_000_000, 9_999_999),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    "tens of millions": (20_000_000, 99_999_999),
    "hundreds of millions": (200_000_000, 999_999_999),
}
"""Bounds of vague words: CLAIMS.md 'Counts'; what it does not name follows its pattern (twice the word, up to
the next word). None of them has a best."""
MANY = (
    r"(?<!\bas\s)(?<!\bhow\s)(?<!\bso\s)many|numerous|countless|some(?= of)"
    rf"|an?{S}(?:unknown|unspecified|undisclosed|undetermined|unconfirmed){S}number"
    rf"|an?{S}(?:(?:large|small|great|high){S})?number(?={S}of)"
)
DIGITS = (
    r"(?<![0-9A-Za-z_])(?<![0-9][.,:/])(?<!\.)"
    r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]++)?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})++(?!\s{1,4}(?:million|billion|lakh|crore))"
    r"|[0-9]{1,2}(?:,[0-9]{2}(?![0-9]))++,[0-9]{3}"
    r"|[0-9]{1,3}(?:[\u00a0\u2009\u202f][0-9]{3}(?![0-9]))++"
    r"|[0-9]++(?:\.[0-9]++)?)"
    r"(?![.,:/][0-9])"
)
MAX_DIGITS = 12
"""More digits than this are an identifier or noise, not a number of people."""


def _any(words: dict[str, int] | tuple[str, ...]) -> str:
    return "|".join(words)


_BELOW_100 = rf"(?:(?:{_any(TENS)}|fourty)(?:(?:-|{S})(?:{_any(UNITS)})\b)?|{_any(TEENS)}|{_any(UNITS)})\b"
_HUNDREDS = rf"(?:(?:{_BELOW_100}|an?){S}hundred\b(?:{S}(?:and{S})?{_BELOW_100})?|{_BELOW_100})"
_WORD_NUMBER = (
    rf"(?:(?:{_HUNDREDS}|an?){S}(?:billion|million|thousand|lakh|crore)\b(?:,?{S}(?:and{S})?(?={_HUNDREDS}))?"
    rf"){{0,3}}(?:{_HUNDREDS})?"
)
_DOZENS = rf"(?:{_BELOW_100}|an?|half{S}an?|several|an?{S}few|an?{S}couple(?:{S}of)?|[0-9]{{1,3}}){S}dozens?"

ATOM = re.compile(
    rf"(?:(?P<fraction>(?:half{S}an?|an?{S}quarter{S}of{S}an?|three[- ]quarters{S}of{S}an?)"
    rf"{S}(?:hundred|thousand|million|billion))\b"
    rf"|(?P<and_half>(?:{_BELOW_100}|an?|[0-9]{{1,3}}){S}(?:and{S}an?{S}half{S}(?:hundred|thousand|million|billion)"
    rf"|(?:hundred|thousand|million|billion){S}and{S}an?{S}half))\b"
    rf"|(?P<dozen>{_DOZENS})\b"
    rf"|(?P<several>(?:several|an?{S}few|an?{S}couple(?:{S}of)?|many){S}"
    rf"(?:hundred(?:s(?={S}of{S}thousands))?|thousand|million)s?)\b"
    rf"|(?P<vague>(?:tens|hundreds){S}of{S}(?:thousands|millions)"
    rf"|dozens|scores|tens(?={S}of{S})|hundreds|thousands|millions|several|an?{S}few|an?{S}handful)\b"
    rf"|(?P<couple>an?{S}couple|both(?={S}(?:of\b|men\b|women\b|children\b|(?!sides\b)[a-z]{{2,30}}s\b))"
    rf"|an?{S}pair(?={S}of\b))\b"
    rf"|(?P<many>{MANY})\b"
    rf"|(?P<words>(?=(?:{_any(WORDS)})\b)(?!an?\b(?!{S}(?:hundred|thousand|million|billion|lakh|crore)\b))"
    rf"{_WORD_NUMBER})(?<=[a-z])\b"
    rf"|(?P<digits>{DIGITS})(?:(?:[-]|{S})(?P<scale>hundred|thousand|million|billion|lakh|crore)s?\b"
    r"|(?P<abbreviation>k|mn?|bn)(?=[\s-]{1,2}(?:people|civilians|children|refugees|residents|inhabitants"
    r"|displaced|[A-Z][a-z]{2,20}(?:i|an|ese)s?\b))|(?![0-9A-Za-z_])))",
    re.IGNORECASE,
)
"""One numeral. 'a' and 'an' alone are none: see `quantities.find_singles`."""
START = re.compile(
    rf"(?<![0-9A-Za-z_])(?:[0-9]|(?:{_any(UNITS | TEENS | TENS)}|fourty|half|several|dozens|scores|tens"
    r"|hundreds|thousands|millions|both|many|numerous|countless|some)(?![A-Za-z])"
    rf"|an?{S}(?:dozen|hundred|thousand|million|billion|lakh|crore|few|couple|handful|pair|quarter|number|large|small"
    r"|great|high|unknown|unspecified|undisclosed|undetermined|unconfirmed)(?![A-Za-z]))",
    re.IGNORECASE,
)
"""Where an ATOM can begin: a cheap test before the long pattern."""


def find_atoms(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of ATOM in the text, none overlapping another."""
    end = 0
    for start in START.finditer(text):
        if start.start() >= end and (atom := ATOM.match(text, start.start())) is not None:
            yield atom
            end = atom.end()


class Worth(NamedTuple):
    """What a numeral says, in things counted: bounds and the qualifier it brings by itself."""

    low: int | None
    best: int | None
    high: int | None
    qualifier: Qualifier


def exact(value: int) -> Worth:
    """Return the worth of a plain number."""
    return Worth(value, value, value, "exact")


def worth(match: re.Match[str]) -> Worth | None:
    """Return the bounds of a numeral found by ATOM, or None where it is no whole number of things.

    A decimal without 'million' ('7.7'), a number with a leading zero and one of more than MAX_DIGITS digits
    are none.
    """
    words = re.sub(r"\s+", " ", match.group().lower())
    kind = match.lastgroup
    if kind in ("scale", "abbreviation", "digits"):
        return _digits(match)
    if kind == "words":
        return exact(read_words(words))
    if kind == "couple":
        return exact(2) if words.startswith("both") or "pair" in words else Worth(2, 2, 2, "about")
    if kind == "many":
        counted = re.match(r"an? (?:(?:large|small|great|high) )?number", words)
        return Worth(2 if counted else None, None, None, "vague")
    if kind == "vague":
        return _vague(re.sub(r"^an ", "a ", words))
    if kind == "dozen":
        return _dozens(words)
    if kind == "fraction":
        head, scale = words.replace("-", " ").rsplit(" ", 1)
        return exact(round(FRACTIONS[re.sub(r"\ban\b", "a", head)] * SCALES[scale]))
    if kind == "and_half":
        scale = next(word for word in words.split() if word in SCALES)
        head = words.split(" and " if words.endswith("half") else " and a", 1)[0].replace(scale, "").strip()
        whole = int(head) if head.isdigit() else read_words(head)
        return exact(round((whole + 0.5) * SCALES[scale]))
    return _several(words)


def read_words(words: str) -> int:
    """Return the value of a number in lower-case words ('two hundred and five' is 205)."""
    total = group = 0
    for word in re.split(r"[\s,-]+", words):
        if word in ("and", ""):
            continue
        if word == "hundred":
            group = max(group, 1) * 100
        elif word in SCALES:
            total += max(group, 1) * SCALES[word]
            group = 0
        else:
            group += WORDS[word]
    return total + group


def read_digits(text: str) -> float | None:
    """Return the value of digits with separators; None for an identifier ('007', forty digits).

    '2,000', '2.000' and '1,50,000' are whole; a point before other than three digits is decimal.
    """
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+", text):
        text = text.replace(".", "")
    plain = re.sub(r"[,\u00a0\u2009\u202f]", "", text)
    if len(plain) > MAX_DIGITS or (plain.startswith("0") and not plain.startswith("0.")):
        return None
    return float(plain)


def _digits(match: re.Match[str]) -> Worth | None:
    scale = SCALES.get((match["scale"] or "").lower()) or ABBREVIATIONS.get(
        (match["abbreviation"] or "").lower()
    )
    text = match["digits"]
    if scale and re.fullmatch(r"[0-9]{1,3}\.[0-9]+", text):
        return exact(round(float(text) * scale))
    value = read_digits(text)
    if value is None or (not scale and value != int(value)) or value == 0:
        return None
    return exact(round(value * (scale or 1)))


def _vague(word: str) -> Worth:
    low, high = VAGUE[word]
    return Worth(low, None, high, "vague")


def _dozens(words: str) -> Worth:
    head = words.rsplit(" ", 1)[0]
    if head in ("several", "a few"):
        return _vague("dozens")
    if head.startswith("a couple"):
        return exact(24)
    if head.startswith("half"):
        return exact(6)
    return exact(12 * (int(head) if head.isdigit() else read_words(head)))


def _several(words: str) -> Worth:
    """'several hundred' and 'many hundreds' are 'hundreds'; 'a couple of thousand' is two of them."""
    scale = SCALES[words.rsplit(" ", 1)[1].removesuffix("s")]
    if words.startswith("a couple"):
        return Worth(2 * scale, 2 * scale, 2 * scale, "about")
    return Worth(2 * scale, None, 10 * scale - 1, "vague")
