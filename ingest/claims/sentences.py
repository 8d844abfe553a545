"""Article text to sentences: split, dirt taken off, every offset kept.

Dirt is what states nothing of its own: datelines, photo captions and credits, lines said twice, bullets,
liveblog times, bylines. It is cut from a sentence's ends or the whole line is left out; never from its
middle, so that a sentence is always one slice of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from nupunkt import sent_spans

from ingest.claims.reading import Sentence

MAX_CHARS = 1400
MAX_WORDS = 240
"""A longer run is cut at a clause mark or a space, so that the parser's work stays bounded."""

_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "ʻ": "'", "‛": "'", "‐": "-", "‑": "-", "−": "-"}
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‟": '"'})
_SPACES = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\t\u200b\ufeff\x0b\x0c", " ")
)

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATELINE = re.compile(
    r"(?:[A-Z][\w.'-]*(?:[ /][A-Z][\w.'-]*){0,4})"  # the place
    r"(?:,? (?:[A-Z][\w.']*|\d{1,2}|\d{4})){0,4}"  # region, day
    r"(?: ?\([^()\n]{2,40}\))?"  # agency
    r"(?: ?--| ?[–—]| -| ?//|:(?=\s))[ ]*(?:\[[^\]\n]{1,80}\] ?)*"
)
_DATED = re.compile(rf"\b{_MONTH} \d{{1,2}}\b|\b\d{{1,2}} {_MONTH}|\((?:[A-Z]{{2,8}}|Reuters|Xinhua)\)")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Lt|Col|Gen|Maj|Capt|Sgt|Brig|Adm|Cpl|Prof|Rev|Hon|Sen|Rep|Gov)\.\s*$")
_UPPER_WORD = re.compile(r"[A-Z][A-Z.'-]{2,}")
_LEAD = re.compile(
    r"(?:[-*•·▪●►»–—>]+\s*|\(?\d{1,2}[:.]\d{2}\)?(?:\s?(?:am|pm|a\.m\.|p\.m\.|GMT|UTC|BST|EST|ET|CET)\b)?"
    r"(?:\s?[-–—:|])?\s+|(?:UPDATED?|BREAKING|JUST IN|URGENT|WATCH|LIVE)\s*[:|-]\s*|\d{1,2}\.\s+(?=[A-Z]))+"
)
_CAPTION = re.compile(
    r"(?:file |archive |handout )?(?:photo|image|picture|pictured|video|map|graphic|caption|watch|credit)s?\b"
    r"(?: (?:by|credit|courtesy))?\s?[:/|]",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(
    rf"(?:[A-Z][\w'-]+,?|\.) (?:{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH} \d{{4}})\.?\s*"
    r"(?:[\[(/](?:(?! [-–—]).){0,60}|REUTERS.{0,40})?$"
)
_CREDIT = re.compile(
    r"(?:[\[(](?:Reuters|AP|AFP|EPA|Getty|Al Jazeera|Anadolu|AA|Xinhua)\b[^\])]{0,40}[\])]|"
    r"REUTERS/.{0,40})\s*$"
)
_BYLINE = re.compile(
    r"(?:by (?-i:[A-Z][\w.'-]+ [A-Z])[^.!?]{0,90}$|(?:additional )?reporting by|editing by|writing by"
    r"|copyright|©|share this|"
    r"read more|"
    r"also read|related:|follow us|sign up|click here|advertisement$)",
    re.IGNORECASE,
)
_LINE = re.compile(r"(?:[^\r\n\u2028\u2029\x85]|(?<=[a-z,])\r?\n(?=[a-z]))+")
_ENDS = re.compile(r"[.!?…][\"')\]]*\s*$")
_SPLIT_MORE = re.compile(
    r"(?<=[a-z0-9)][.!?])(?P<q>\"?)\s+(?=\"?[A-Z])|(?<=[.!?]\")\s+(?=[A-Z\"])"
    r"|(?<=[A-Z]{2}\.)\s+(?=(?:[A-Z][a-z]+|A)\s)"
)
_NO_SPLIT = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Lt|Col|Gen|Maj|Capt|Sgt|Brig|Adm|St|Sen|Rep|Gov|Pres|Prof|No|vs|Jan|Feb|Mar|"
    r"Apr|Jun|"
    r"Jul|Aug|Sep|Sept|Oct|Nov|Dec|Cpl|Pvt|Rev|Hon|Spc|Cmdr|Supt|Insp|approx|km|ft|Inc|Ltd|Co)|\b[A-Z])\.$"
)
_WORD = re.compile(r"\w+|[^\w\s]")
_CLAUSE_END = re.compile(r"[;:,.!?)\]]\s|\s[–—-]+\s")


_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Halves of a code point, which no encoder takes."""
_FOLDED = {**_PLAIN, **_QUOTES, **_SPACES, **_SURROGATES}


def fold(text: str) -> str:
    """Plain spaces, quotes and hyphens for their typographic kin: as long as the text given."""
    return text.translate(_FOLDED)


@cache
def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char


def lower(text: str) -> str:
    """Lower case, code point for code point ('İ'.lower() is two)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(map(_lower, text))


def split_sentences(text: str) -> list[Sentence]:
    """Split an article into the sentences that may state something, in order.

    Linear in the text's length. Headlines and other lines without an end mark have the role 'headline'.
    Errors: a caption without label, credit or date is taken for text.
    """
    plain = fold(text)
    sentences: list[Sentence] = []
    seen: set[str] = set()
    quote_open = False
    paragraph = -1
    for start, end in _lines(plain):
        line = plain[start:end]
        paragraph += 1
        key = line.casefold().rstrip(".")
        if key in seen and len(line) > 15:
            continue
        seen.add(key)
        if _is_dirt(line):
            continue
        start = _strip_lead(plain, start, end)
        if start >= end:
            continue
        is_headline = len(line) <= 180 and not _ENDS.search(line) and not line.endswith(('"', ":", ","))
        if quote_open and plain[start] == '"':
            quote_open = False  # each paragraph of a long quotation opens it again
        elif not _continues_quote(line):
            quote_open = False
        for first, last in _sentences_of(plain, start, end):
            sentences.append(
                Sentence(
                    len(sentences),
                    paragraph,
                    first,
                    last,
                    plain[first:last].replace("\n", " ").replace("\r", " "),
                    "headline" if is_headline else "body",
                    quote_open,
                )
            )
            if plain.count('"', first, last) % 2:
                quote_open = not quote_open
    return sentences


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each line that is not blank, white space taken off; wrapped lines are one."""
    for match in _LINE.finditer(text):
        start, end = match.span()
        raw = match.group()
        start += len(raw) - len(raw.lstrip())
        end -= len(raw) - len(raw.rstrip())
        if start < end:
            yield start, end


def _is_dirt(line: str) -> bool:
    if len(line) > 500:
        return False
    return bool(
        _CAPTION.match(line) or _CREDIT.search(line) or _CAPTION_END.search(line) or _BYLINE.match(line)
    )


def _strip_lead(text: str, start: int, end: int) -> int:
    """Return where the line begins after bullets, times and a dateline."""
    for _ in range(2):
        if (lead := _LEAD.match(text, start, end)) and lead.end() < end:
            start = lead.end()
        match = _DATELINE.match(text, start, min(end, start + 140))
        if match is None or match.end() >= end:
            continue
        words = match.group()
        mark = words.rstrip().rstrip("]").split("[")[0].rstrip()
        shouted = bool(_UPPER_WORD.match(words))
        is_dated = mark.endswith(("-", "–", "—")) and _DATED.search(words) is not None
        if mark.endswith("//") or is_dated or (shouted and (len(words) < 60 or "[" in words)):
            start = match.end()
    return start


def _continues_quote(line: str) -> bool:
    return line.startswith('"')


def _sentences_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the sentences within a line, each bounded in length."""
    line = text[start:end]
    for first, last in _after_titles(line, sent_spans(line)):
        for a, b in _split_more(line, first, last):
            while a < b and line[a].isspace():
                a += 1
            while b > a and line[b - 1].isspace():
                b -= 1
            for c, d in _bounded(line, a, b):
                yield start + c, start + d


def _after_titles(line: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join what the tokenizer cut after a rank or a title ('Lt. | Col. Haddad')."""
    begin: int | None = None
    last = 0
    for first, last in spans:
        begin = first if begin is None else begin
        if _TITLE.search(line, max(begin, last - 12), last) is None:
            yield begin, last
            begin = None
    if begin is not None:
        yield begin, last


def _split_more(line: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Split where a quotation begins or ends right after a full stop, which the tokenizer joins."""
    begin = first
    for match in _SPLIT_MORE.finditer(line, first, last):
        if _NO_SPLIT.search(line, max(begin, match.start() - 12), match.start()):
            continue
        yield begin, match.end()
        begin = match.end()
    if begin < last:
        yield begin, last


def _bounded(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a run longer than the parser may see at the last clause mark or space before the limit."""
    if end - start <= min(MAX_CHARS, MAX_WORDS):  # no word is shorter than a letter
        if start < end:
            yield start, end
        return
    while start < end:
        limit = min(end, start + MAX_CHARS)
        for count, word in enumerate(_WORD.finditer(line, start, limit)):
            if count >= MAX_WORDS:
                limit = word.start()
                break
        if limit >= end:
            yield start, end
            return
        cut = 0
        for mark in _CLAUSE_END.finditer(line, start + (limit - start) // 2, limit):
            cut = mark.end()
        cut = cut or line.rfind(" ", start + 1, limit) + 1 or limit
        cut = max(cut, start + 1)
        yield start, cut
        start = cut


def is_shouted(text: str) -> bool:
    """True where nearly all letters are capitals, as in old wire copy."""
    small = sum(map(text.count, "aeinot"))  # nearly every text shows by its commonest letters that it is not
    if 5 * small >= len(text):
        return False
    upper = sum(map(str.isupper, text))
    return upper > 12 and upper > 4 * sum(map(str.islower, text))
