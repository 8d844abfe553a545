"""The place of an event: the one that its own clause gives, else its sentence, else the sentences around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.claims import speech
from ingest.claims.parse import lemma
from ingest.claims.place_links import STRUCK, grips_of
from ingest.claims.place_words import COUNTRY, DISTRICT, PROVINCE, SETTLEMENT, SITE
from ingest.claims.places import (
    DEFINITE,
    LOCATIVE,
    focus,
    is_definite,
    place_of,
    recalled,
    site_of_article,
    theatre,
    with_direction,
)
from ingest.claims.reading import Parsed, Reference, Token
from ingest.claims.speakers import phrase
from ingest.claims.toponyms import Toponym, finest, level_of, may_hold, toponyms

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading


def event_place(reading: ArticleReading, parsed: Parsed, head: Token) -> Reference:
    """Return where the event happened.

    In this order: a place with a locative preposition, or that is attacked, in the head's own phrase, then up
    the tree clause by clause; any place of the sentence that is no part of a speaker's or actor's name;
    'there', 'the town'; the nearest place named in the sentences before, then after it. Where all this is but
    a country or a province, a place within it that the sentences around give for the attack.
    """
    if (left := _left_behind(reading, parsed, head)) is not None:
        return left
    spoken = [_speaker_span(parsed, token) for token in speech.speakers_in(parsed)]
    grips = grips_of(reading, parsed, spoken)
    best: Toponym | None = None
    site: Toponym | None = None
    for group in _by_clause(head):
        here = {token.i for token in group}
        hits = [grip.place for grip in grips if grip.token.i in here and grip.is_where]
        if best is None and not hits:
            meant = (_definite_place(reading, parsed, token, spoken) for token in group)
            if (first := next((r for r in meant if r is not None), None)) is not None:
                return first
        unnamed = [p for p in hits if _is_unlisted_site(reading, p)]
        site = site or next(iter(unnamed), None)
        best = finest(reading, [p for p in hits if p not in unnamed], best)
        if best is not None and best.level <= DISTRICT:
            break
    if best is None or best.level >= PROVINCE:
        free = [g.place for g in grips if not g.is_aside and _stands_free(reading, g.place)]
        best = finest(reading, free, best)
    if best is not None and best.level <= SETTLEMENT:
        return _reference(reading, parsed, best)
    if site is not None:
        outer = site if site.name else best if best and best.level == DISTRICT else None
        around = outer.name.id if outer and outer.name else nearby(reading, parsed).id
        return Reference(around, reading.words(parsed, site.start, site.end))
    if best is not None:
        near = _within(reading, parsed, best) if best.level >= PROVINCE else None
        return near or _reference(reading, parsed, best)
    for token in parsed.doc:
        is_recalled = token.lower_ in DEFINITE and token.dep_ in ("pobj", "advmod") and is_definite(token)
        if is_recalled and (recalled_place := recalled(reading, parsed, token)) is not None:
            return Reference(recalled_place.id, recalled_place.text, inferred=True)
    found = nearby(reading, parsed)
    if found.id is None and found.text is None:
        return _of_local_speaker(reading, parsed, spoken) or found
    return found


_LOCAL = re.compile(
    r"\b(?:mayor|governor|prefect|commissioner|headman|chief|residents|villagers|hospital|clinic|morgue|council|"
    r"municipality|parish|doctors?|nurses?)\b",
    re.IGNORECASE,
)


def _of_local_speaker(
    reading: ArticleReading, parsed: Parsed, spoken: Sequence[tuple[int, int]]
) -> Reference | None:
    """Return the town whose mayor, hospital or residents tell of it, where nothing else gives a place."""
    for start, end in spoken:
        if not _LOCAL.search(reading.words(parsed, start, end)):
            continue
        for place in toponyms(reading, parsed.sentence.index):
            if start <= place.start and place.end <= end and place.level < PROVINCE:
                found = _reference(reading, parsed, place)
                return Reference(found.id, found.text, inferred=True)
    return None


_NAMING = LOCATIVE | {"of", "to", "from"}


def _speaker_span(parsed: Parsed, token: Token) -> tuple[int, int]:
    """Return the bounds of a speaker's phrase, after the last comma in it: '..., Iraq, police said'."""
    start, end = phrase(token)
    comma = parsed.sentence.text.rfind(",", start, token.idx)
    return (comma if comma >= 0 else start), end


def _is_unlisted_site(reading: ArticleReading, place: Toponym) -> bool:
    """True for a street or school that no table has, known at most by its town ('a Mogadishu street')."""
    return place.level == SITE and (place.name is None or level_of(reading, place.name) >= SETTLEMENT)


def _stands_free(reading: ArticleReading, place: Toponym) -> bool:
    """True for a place that is no man's name: a wide or large one, or one that things happen in."""
    if place.name is None:
        return place.level != SITE
    if place.level >= DISTRICT or not place.name.countries:
        return True
    return any(
        other.name is not None and other.name.id == place.name.id and other.before in _NAMING
        for index in range(len(reading.sentences))
        for other in toponyms(reading, index)
    )


def _reference(reading: ArticleReading, parsed: Parsed, place: Toponym) -> Reference:
    """Return the place's id and words; one in no table has the id of the known place named around it."""
    text = reading.words(parsed, place.start, place.end)
    if place.name is not None:
        mention = next(
            (m for m in parsed.mentions if m.kind == "place" and place.start <= m.start < place.end), None
        )
        id_ = with_direction(parsed, mention, place.name.id) if mention else place.name.id
        return Reference(id_, text)
    whole = next(
        (m for m in parsed.mentions if m.kind == "place" and place.start < m.start < place.end), None
    )
    if whole is not None and place.within is not None:
        return Reference(with_direction(parsed, whole, place.within), text)
    return Reference(_holder_id(reading, parsed, place), text)


def _holder_id(reading: ArticleReading, parsed: Parsed, place: Toponym) -> str | None:
    """Return the id of the smallest known place that an unknown one is said to lie in."""
    if place.within is not None:
        return place.within
    around = [
        p for p in toponyms(reading, parsed.sentence.index) if p.name is not None and p.level > place.level
    ]
    after = [p for p in around if p.start >= place.end]
    for group in (after, around):
        if group:
            best = min(group, key=lambda p: (p.level, p.start))
            return best.name.id if best.name else None
    return None


def _within(reading: ArticleReading, parsed: Parsed, outer: Toponym) -> Reference | None:
    """Return the one place that a sentence beside it gives for what happened in a country or province."""
    index = parsed.sentence.index
    if _MANY.search(parsed.sentence.text):
        return None
    for other in (index + 1, index - 1, index + 2):
        if not 0 <= other < len(reading.sentences):
            continue
        text = reading.sentences[other].text
        if not _HAPPENED.search(text) or _MANY.search(text):
            continue
        inner = [
            p for p in toponyms(reading, other)
            if p.level < outer.level and p.before in LOCATIVE and may_hold(reading, outer, p)
            and not _TOLD.search(text[: p.start])
        ]  # fmt: skip
        best = finest(reading, inner)
        if best is not None and len({p.text for p in inner if p.level == best.level}) == 1:
            at = reading.sentences[other].start
            id_ = best.name.id if best.name else outer.name.id if outer.name else None
            return Reference(id_, reading.article.text[at + best.start : at + best.end], inferred=True)
    return None


_HAPPENED = re.compile(
    r"\b(?:attack|blast|explosion|bombing|shooting|incident|clash(?:es)?|ambush|raid|massacre|killings?|violence|"
    r"bomb|strike|assault|fighting|riot)s?\b|\b(?:took place|occurred|happened)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:officials?|police|authorities|residents|reporters?|journalists|spokes\w+|source|sources|hospitals?|told"
    r"|said|"
    r"speaking|conference|based|witness(?:es)?|families|buried|rushed|taken|transferred) (?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:across|nationwide|elsewhere|since|so far|(?:this|last|past) (?:year|month|few|several|two|three)|"
    r"(?:several|various|different|multiple|many|other|separate|two|three|four|five|six|seven|eight|nine|ten|"
    r"dozens of) (?:\w+ )?(?:cities|towns|villages|provinces|places|areas|districts|locations|parts|states|"
    r"regions|attacks|incidents))\b",
    re.IGNORECASE,
)


def _definite_place(
    reading: ArticleReading, parsed: Parsed, token: Token, spoken: Sequence[tuple[int, int]]
) -> Reference | None:
    """Return what 'in the town', 'at the airport' recalls, under a locative preposition."""
    if token.dep_ not in ("pobj", "conj") or lemma(token) not in DEFINITE or not is_definite(token):
        return None
    if any(a <= token.idx < b for a, b in spoken) or _preposition(token) not in LOCATIVE:
        return None
    if _preposition(token) == "on" and lemma(_governor(token)) not in STRUCK:
        return None
    if any(c.dep_ == "prep" and c.lower_ in ("of", "in") for c in token.children):
        return None
    return recalled(reading, parsed, token) or site_of_article(reading, parsed, token)


def _by_clause(head: Token) -> list[list[Token]]:
    """Return the tokens to look through: the head's subtree, then what each governor adds."""
    groups = [list(head.subtree)]
    token = head
    for _ in range(8):
        if token.head == token or token.dep_ in ("ccomp", "parataxis"):
            break
        seen = {t.i for t in token.subtree}
        token = token.head
        groups.append([t for t in token.subtree if t.i not in seen])
    return groups


def _preposition(token: Token) -> str:
    """Return the preposition a noun stands under, also as a later member of a list."""
    while token.dep_ == "conj":
        token = token.head
    return str(token.head.lower_) if token.dep_ == "pobj" else ""


def _governor(token: Token) -> Token:
    """Return what the preposition over a noun hangs by."""
    while token.dep_ == "conj":
        token = token.head
    return token.head.head


def _site_words(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return the words of a place in no table: 'the town of Dresa', 'the Narimanda area'."""
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            for end in child.children:
                if end.dep_ == "pobj" and end.pos_ == "PROPN":
                    start = min([end.idx, *(c.idx for c in end.lefts if c.dep_ == "compound")])
                    return reading.words(parsed, start, end.idx + len(end.text))
    names = [c for c in token.lefts if c.dep_ in ("compound", "nmod") and c.pos_ == "PROPN"]
    if not names and token.pos_ != "PROPN":
        return None
    start = min([c.left_edge.idx for c in names], default=token.idx)
    return reading.words(parsed, start, token.idx + len(token.text))


def _left_behind(reading: ArticleReading, parsed: Parsed, head: Token) -> Reference | None:
    """Return the place that people fled or left: 'have fled the city', 'fled from Bara'."""
    if lemma(head) not in ("flee", "leave", "escape", "abandon", "displace", "uproot", "evacuate", "drive"):
        return None
    for child in head.children:
        ends = [child] if child.dep_ == "dobj" else []
        if child.dep_ == "prep" and child.lower_ in ("from", "of"):
            ends = [c for c in child.children if c.dep_ == "pobj"]
        for end in ends:
            found = place_of(reading, parsed, end)
            if found.id is not None or (end.pos_ == "PROPN" and parsed.mention_at(end, "actor") is None):
                return found
            if (words := _site_words(reading, parsed, end)) is not None and lemma(end) in DEFINITE:
                return Reference(None, words)
    return None


def nearby(reading: ArticleReading, parsed: Parsed) -> Reference:
    """Return the place of the sentences before in the paragraph, else the one that the article is about."""
    here = parsed.sentence
    for other in reading.before(here.index, 4):
        if reading.sentences[other].paragraph != here.paragraph:
            break
        text = reading.sentences[other].text
        named = [
            p for p in toponyms(reading, other)
            if p.level < COUNTRY and not text.startswith("'s", p.end) and not _TOLD.search(text[: p.start])
            and (p.name is not None or p.within is not None or p.before in LOCATIVE)
        ]  # fmt: skip
        located = [p for p in named if p.before in LOCATIVE] or named
        if (best := finest(reading, located)) is not None:
            at = reading.sentences[other].start
            id_ = best.name.id if best.name else best.within
            return Reference(id_, reading.article.text[at + best.start : at + best.end], inferred=True)
    return entry_place(reading, here.index) or focus(reading)


_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\s*$")


def entry_place(reading: ArticleReading, index: int) -> Reference | None:
    """Return the place that heads the entry of a live blog ('15:05 Mazar-i-Sharif') that a sentence is in."""
    for other in reading.before(index, 6):
        sentence = reading.sentences[other]
        before = reading.article.text[max(0, sentence.start - 8) : sentence.start]
        if sentence.role != "headline" or not _CLOCK.search(before):
            continue
        for mention in reading.mentions[other]:
            name = reading.choose(mention) if mention.kind == "place" else None
            if name is not None:
                return Reference(name.id, mention.text, inferred=True)
        return None
    return None


def toll_place(reading: ArticleReading, parsed: Parsed, where: Reference) -> Reference:
    """Return the place of a toll over a period: its own, or the theatre where only sentences around give one.

    It is an offensive's toll, not that of the town named before; 'fled the city' keeps the city.
    """
    if where.inferred and where == nearby(reading, parsed) and not _RECALLS.search(parsed.sentence.text):
        return theatre(reading)
    return where


_RECALLS = re.compile(
    r"\bthere\b|\b(?:the|this|that|its) (?:\w+ )?(?:city|town|village|camp|district|enclave|capital|port)\b"
)
