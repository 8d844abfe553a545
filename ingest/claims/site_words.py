"""The words that tell a site, and sites that have none: '25 villages', 'a checkpoint', 'the base'."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims.parse import lemma
from ingest.claims.place_words import AREAS, COUNTRY, DISTRICT, EDGES, FEATURES, PREFIXES, SETTLEMENTS
from ingest.claims.reading import Parsed, Token, conjuncts
from ingest.claims.recall import Site
from ingest.claims.speakers import phrase
from ingest.claims.toponyms import toponyms

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

ROADS = frozenset("road route highway line corridor motorway artery path link street bridge crossing".split())


def placed(reading: ArticleReading, parsed: Parsed, site: Site) -> Site:
    """Return a site without a name as a part of the place where it was taken; any other as it is.

    'The base' takes its longer words from a sentence before ('base in Tormo'), but never the id of a town.
    """
    word = lemma(site.token)
    if (
        site.id is not None
        or not site.is_sure
        or word in ROADS
        or word not in SETTLEMENTS | FEATURES | AREAS | EDGES
    ):
        return site
    if _is_named(reading, parsed, site):
        return site
    if not _is_loose(site):
        longer = _words_before(reading, parsed, word)
        return replace(site, text=longer) if longer and len(site.text.split()) <= 2 else site
    where = reading.event_place(parsed, site.token)
    known = reading.lexicon.places.get(where.id or "")
    if where.text is None or (known is not None and known.kind == "country"):
        return site
    if where.inferred and (
        parsed.sentence.role == "headline" or not _is_named_before(reading, parsed, where.text)
    ):
        return site  # '60 positions' lie nowhere that only a later sentence names
    if (longer := _told_by_nearby(reading, parsed, site, where.text)) is not None:
        return replace(site, text=longer)
    is_inferred = site.is_inferred or where.inferred
    return replace(site, id=where.id, text=where.text, extent="partial", is_inferred=is_inferred)


def _is_named_before(reading: ArticleReading, parsed: Parsed, words: str) -> bool:
    at = parsed.sentence.index
    return any(words in reading.sentences[index].text for index in (at, *reading.before(at, at)))


def _told_by_nearby(reading: ArticleReading, parsed: Parsed, site: Site, where: str) -> str | None:
    """Return 'a town near Tormo', which is no part of Tormo; None for 'villages in' it or near a province."""
    text = parsed.sentence.text
    start = phrase(site.token)[0]
    at = text.find(where, site.token.idx)
    if at < 0 or not _BESIDE.search(text[site.token.idx : at]):
        return None
    level = next((p.level for p in toponyms(reading, parsed.sentence.index) if p.start <= at < p.end), 0)
    return reading.words(parsed, start, at + len(where)) if level < DISTRICT else None


_BESIDE = re.compile(r"\b(?:near|around|between|outside|beyond|close|surrounding|opposite)\b")


def _is_named(reading: ArticleReading, parsed: Parsed, site: Site) -> bool:
    """True where the phrase holds a place smaller than a country, or a name that can be the site's own."""
    start, end = phrase(site.token)
    for place in toponyms(reading, parsed.sentence.index):
        if start <= place.start and place.end <= end and place.level < COUNTRY:
            return True
    return any(
        child.pos_ == "PROPN" and parsed.mention_at(child, "actor") is None
        for child in site.token.lefts
        if child.dep_ in ("compound", "nmod")
    )


def _is_loose(site: Site) -> bool:
    """True for several sites, or one of many: '25 villages', 'a base', 'more posts'."""
    if any(child.dep_ == "poss" for child in site.token.children):
        return False
    articles = {child.lower_ for child in site.token.children if child.dep_ == "det"}
    if articles & {"the", "this", "that", "these", "those"}:
        return False
    if site.token.tag_ in ("NNS", "NNPS"):
        return not any(
            lemma(end) in FEATURES
            for prep in site.token.children
            for end in prep.children
            if prep.dep_ == "prep"
        )  # 'buildings in a military academy' are the academy's
    is_plain = not any(child.dep_ in ("compound", "amod", "nmod") for child in site.token.lefts)
    return is_plain and bool(articles & {"a", "an", "another"})


def _words_before(reading: ArticleReading, parsed: Parsed, word: str) -> str | None:
    """Return 'base in Tormo' where the noun was named so in this sentence or the three before."""
    pattern = re.compile(rf"\b{re.escape(word)} (?:in|at|near|of|outside) (?:the )?", re.IGNORECASE)
    for index in (parsed.sentence.index, *reading.before(parsed.sentence.index, 3)):
        sentence = reading.sentences[index]
        for match in pattern.finditer(sentence.text):
            for place in toponyms(reading, index):
                if place.start == match.end() and place.level < COUNTRY:
                    return reading.article.text[sentence.start + match.start() : sentence.start + place.end]
    return None


def with_locative(reading: ArticleReading, parsed: Parsed, token: Token, words: str) -> str:
    """Return 'the base in Nassoumbou': a place that follows at once belongs to it, however it is parsed."""
    start, end = phrase(token)
    text = parsed.sentence.text
    follows = _LOCATIVE_NEXT.match(text, end)
    for place in toponyms(reading, parsed.sentence.index) if follows else ():
        if follows is not None and place.start == follows.end():
            return reading.words(parsed, start, place.end)
    for prep in token.children:
        if prep.dep_ == "prep" and prep.lower_ in ("in", "at", "near") and prep.idx > end:
            for inner in prep.children:
                if inner.dep_ == "pobj" and parsed.date_at(inner) is None:
                    return reading.words(parsed, start, phrase(inner)[1])
    return words


_LOCATIVE_NEXT = re.compile(r" (?:in|at|near|of|outside) (?:the )?")


def with_ends(reading: ArticleReading, parsed: Parsed, token: Token, words: str) -> str:
    """Return 'the last road into rebel districts': a road is told by where it leads."""
    above = (token.head, token.head.head) if token.head.pos_ == "ADP" else (token.head,)
    beside = [c for t in above for c in t.children if c.idx == phrase(token)[1] + 1]
    for prep in [*token.children, *beside]:
        is_leading = prep.dep_ in ("prep", "acl", "relcl") and prep.lower_ in _LEADING and prep.i > token.i
        ends = [end for end in prep.children if end.dep_ == "pobj"]
        if is_leading and ends and prep.dep_ == "prep":
            last = list(conjuncts(ends[0]))[-1]
            if last.pos_ == "PROPN" and last.i - token.i <= 8:
                return reading.words(parsed, phrase(token)[0], last.idx + len(last.text))
        if is_leading and prep.right_edge.i - token.i <= 9:
            last = prep.right_edge
            while last.i > token.i and (
                last.is_punct or parsed.date_at(last) is not None or last.pos_ == "ADP"
            ):
                last = last.nbor(-1)
            return reading.words(parsed, phrase(token)[0], last.idx + len(last.text))
    return words


_LEADING = frozenset(
    {"into", "to", "between", "from", "through", "linking", "leading", "connecting", "running"}
)


def is_named_elsewhere(reading: ArticleReading, words: str) -> bool:
    """True for an unknown name that the article shows to be a place: 'in Sinbo', 'the village of Sinbo'."""
    name = words.split(",")[0]
    whole = re.compile(rf"\b{re.escape(name)}\b")
    if name in PREFIXES:
        return False
    for index, sentence in enumerate(reading.sentences):
        for place in toponyms(reading, index) if name in sentence.text else ():
            is_shown = place.before in _LOCATIVE or place.text != name
            if place.name is None and is_shown and whole.search(place.text):
                return True
    return False


def lies_within(reading: ArticleReading, parsed: Parsed, token: Token) -> bool:
    """True where a known place follows a name at once ('El Khoi in West Kordofan'): if no man is meant."""
    follows = _WITHIN.match(parsed.sentence.text, phrase(token)[1])
    row = reading.mentions[parsed.sentence.index]
    return bool(follows) and any(m.start == follows.end() for m in row if m.kind == "place" and follows)


_WITHIN = re.compile(r",? (?:in|near|outside) (?:the )?")
_LOCATIVE = frozenset({"in", "at", "near", "around", "outside"})
