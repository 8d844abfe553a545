"""How a text shows that a name in no table is a place's, or that a place's name is part of a longer one.

An unknown name is a place where a word for a kind of place stands by it ('the village of Tormo', 'Gadra LGA',
'Barangay Luna'), where it stands in a list or in brackets with places, or after 'in', 'at' or 'near'.
Errors: a company or a ship after 'in' or 'at' is taken for a place; a village named without any of these is
missed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ingest.claims.patterns import one_of
from ingest.claims.place_words import (
    CALENDAR,
    DIRECTION_WORDS,
    DISTRICT,
    FOREIGN_KINDS,
    LEVELS,
    NO_PLACE,
    PREFIXES,
    SETTLEMENT,
    TITLES,
)
from ingest.claims.reading import Mention
from ingest.records import Lexicon

_PARTICLE = (
    r"(?:al|el|de|del|da|do|dos|das|di|la|las|los|e|du|des|bin|ibn|ul|ath|as|ash|ar|an|at|az|ad|ed|es|i|"
    r"ya|wa)"
)
WORD = r"(?:(?:[aeAE][lsrntzd]|[aA]sh|[eE]sh)-)?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’ʿʾ`]*(?:-[\w'’]+)*"
_NAME = rf"(?:(?:al|el|ad|ar|as|ash|at|az|an) )?{WORD}(?: (?:{_PARTICLE}[ -])?{WORD}){{0,3}}"
KIND_WORDS = one_of(LEVELS)
_KIND_OF = re.compile(
    rf"\b(?P<kind>(?i:{KIND_WORDS}))(?P<plural>s?) (?:of|called|named|known as) (?:the )?(?P<names>{_NAME}"
    rf"(?:(?:, | and |, and ){_NAME})*)"
)
_OF_KIND = re.compile(
    rf"(?P<names>{_NAME}(?:(?:, | and |, and |/){_NAME})*)"
    rf"[ -](?P<kind>(?i:{KIND_WORDS}))(?P<plural>e?s?)\b(?!-)"
)
KIND_AT_END = re.compile(rf"[ -]({KIND_WORDS})(?:e?s)?$", re.IGNORECASE)
_TOLD_WHAT = re.compile(
    rf"(?P<names>{_NAME}), (?:an?|the|its|their|once an?|once the) (?:[a-z][\w-]* ){{0,3}}"
    r"(?:village|town|city|hamlet|settlement|district|suburb|neighbourhood|neighborhood|port|township|oasis)\b"
)
"""'Moqokori, a small town in the north'."""
_PREFIXED = re.compile(rf"\b{one_of(PREFIXES)}[ -]{_NAME}")
_NAME_AT_END = re.compile(rf"{WORD}[ -]$")
_FOREIGN = re.compile(rf"\b(?P<kind>(?i:{'|'.join(FOREIGN_KINDS)})) (?P<names>{_NAME})")
_KIND = re.compile(rf"{KIND_WORDS}")
_FOREIGN_KIND = re.compile(one_of(FOREIGN_KINDS))
_OF_NAME = re.compile(r"(?:of|called|named|known as) (?:the )?(?:[A-ZÀ-ÖØ-ÞĀ-Ž]|[aeAE]\w{1,2}-)")
_SUCH = re.compile(r", (?:an?|the|its|their|once an?|once the) ")
"""What a sentence must hold, most in lower case, for the patterns above to be looked for: dear ones."""
_AFTER = re.compile(
    rf"\b(?i:in|at|near|around|outside|inside|between) (?:the )?(?:(?:{'|'.join(DIRECTION_WORDS)}) )?"
    rf"(?P<names>{_NAME}(?:(?:, | and |, and ){_NAME})*)"
)
_STORMED = re.compile(
    r"\b(?:raid|storm|shell|bomb|bombard|invad|besieg|overr[au]n|pound|raz|torch)(?:ed|s|ing|e|es)? "
    rf"(?P<names>{_NAME})"
)
"""What is raided or shelled is a place, or known as an actor."""
_BRACKET = re.compile(rf" ?\((?P<names>{_NAME}(?:, ?{_NAME})*(?: [a-z]+)?)\)")
_WORD_BEFORE = re.compile(rf"(?<![.!?] )(?<![.!?]\" )(?<!^)(?<![\w-])({WORD})[ -]\Z")
_WORD_AFTER = re.compile(rf"[ -]({WORD})")
_SPLIT = re.compile(r"(?:, and |, ?| and |/)")


def whole_names(text: str, row: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Leave out the places that are but a word of a longer name ('Gari' in 'Sabon Gari', 'Karim Aden').

    The longer name is in no table, and its part is another place, or a man. A large city is left out only as
    the end of one: what follows it is seldom its own.
    """
    words = text.split()
    if sum(w[:1].isupper() for w in words) > 0.7 * len(words):
        return row  # a headline in capitals tells nothing
    covered = {
        at for m in row if m.kind != "trigger" and not _is_small(m) for at in range(m.start, m.end)
    }  # fmt: skip
    return [m for m in row if m.kind != "place" or not _is_cut(text, m, covered, lexicon)]


def _is_cut(text: str, mention: Mention, covered: set[int], lexicon: Lexicon) -> bool:
    kinds = {lexicon.places[name.id].kind for name in mention.names if name.id in lexicon.places}
    if kinds & {"country", "region"} or not mention.text[:1].isupper():
        return False
    demonyms = lexicon.words.get("demonyms", {})
    before = _WORD_BEFORE.search(text, max(0, mention.start - 40), mention.start)
    if before and before.start(1) not in covered and _goes_on(before.group(1), demonyms):
        return True
    after = _WORD_AFTER.match(text, mention.end)
    if not _is_small(mention) or after is None or mention.end + 1 in covered:
        return False
    return not text[: mention.start].rstrip().endswith(",") and _goes_on(after.group(1), demonyms)


def _is_small(mention: Mention) -> bool:
    """True for a place that is no country and no large city in any reading."""
    return mention.kind == "place" and all(name.countries for name in mention.names)


def _goes_on(word: str, demonyms: Collection[str]) -> bool:
    """True for a capitalised word that can be part of a place's name: no title, kind, direction or day."""
    low = word.lower().strip(".'")
    return not (
        low in CALENDAR or low in TITLES or low in NO_PLACE or low in LEVELS or low in _DIRECTION_SET
        or low in demonyms
        or low.endswith("'s") or word.isupper()
    )  # fmt: skip


_DIRECTION_SET = frozenset((*DIRECTION_WORDS, "greater", "old", "new", "local", "rural", "downtown"))


def unknown_names(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, level) of what may be an unknown place's name, the surest construction first."""
    low = text.lower()
    has_kind = _KIND.search(low) is not None
    for match in _KIND_OF.finditer(text) if has_kind and _OF_NAME.search(text) else ():
        if match["kind"][:1].isupper() and match["kind"].lower() not in (
            "city",
            "town",
            "village",
            "province",
            "state",
        ):
            continue
        for start, end in _members(match, "names", bool(match["plural"])):
            yield start, end, LEVELS[match["kind"].lower()]
    for match in _OF_KIND.finditer(text) if has_kind else ():
        members = list(_members(match, "names", bool(match["plural"])))
        kind = KIND_AT_END.search(match.group())
        level = LEVELS[kind.group(1).lower()] if kind else SETTLEMENT
        if not match["plural"]:
            yield members[-1][0], match.end(), level
            continue
        for start, end in members:
            yield start, end, level
    for match in _PREFIXED.finditer(text):
        if not _NAME_AT_END.search(text[: match.start()]):
            yield match.start(), match.end(), SETTLEMENT
    for match in _TOLD_WHAT.finditer(text) if has_kind and _SUCH.search(text) else ():
        yield *match.span("names"), SETTLEMENT
    for match in _FOREIGN.finditer(text) if _FOREIGN_KIND.search(low) else ():
        yield match.start(), match.end(), LEVELS[match["kind"].lower()]
    for match in _STORMED.finditer(text):
        yield *match.span("names"), SETTLEMENT
    for match in _AFTER.finditer(text):
        yield from ((a, b, SETTLEMENT) for a, b in _members(match, "names", True))
    for match in _BRACKET.finditer(text):
        if match.start() and text[match.start() - 1].isalnum():
            yield from ((a, b, DISTRICT) for a, b in _members(match, "names", True))


def _members(match: re.Match[str], group: str, is_list: bool) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the names in a list; of one that can't be a list, its first or last stand alone."""
    start = match.start(group)
    names: list[tuple[int, int]] = []
    at = 0
    words = match[group]
    for gap in [*_SPLIT.finditer(words), None]:
        stop = gap.start() if gap else len(words)
        if stop > at:
            names.append((start + at, start + stop))
        at = gap.end() if gap else stop
    if is_list or len(names) <= 1:
        yield from names
    elif match.re is _KIND_OF:
        yield names[0]
    else:
        yield names[-1]


def may_be_a_place(text: str, start: int, end: int) -> bool:
    """False for a day, a title, an abbreviation, a people's or a force's name, and for an owner."""
    words = [w.strip(".'").lower() for w in re.split(r"[ ]", text[start:end])]
    if any(w in CALENDAR or w in TITLES for w in words) or words[0] in NO_PLACE or words[-1] in NO_PLACE:
        return False
    if len(text[start:end]) < 2 or (text[start:end].isupper() and end - start <= 5):
        return False
    after = text[end : end + 12]
    return not re.match(r"['’]s |-(?:based|led|backed|born|held)", after) and not _PEOPLE.match(text, end)


_PEOPLE = re.compile(
    r" (?:tribes\w*|tribal|clans?|famil(?:y|ies)|militia\w*|forces?|fighters?|militants?|rebels?|gunm[ae]n|"
    r"troops|soldiers?|police\w*|herders?|herdsmen|youths?|people|men|women|members?|gangs?|party|spokes\w+)\b"
)
"""After a name that is a people's or a force's."""
