"""The engine: articles to claims, in batches, in the order of the text. See the package's docstring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from ingest.claims.article import ArticleReading
from ingest.claims.casualties import extract_casualties
from ingest.claims.casualty_relations import relate
from ingest.claims.frames import match_frames
from ingest.claims.mentions import Matcher, matcher_of
from ingest.claims.parse import parse, unshout
from ingest.claims.quantities import find_quantities
from ingest.claims.reading import FrameMatch, Mention, Parsed, Sentence
from ingest.claims.reinforcements import extract_reinforcements
from ingest.claims.sentences import split_sentences
from ingest.claims.territory import extract_territory
from ingest.claims.unknown_names import whole_names
from ingest.pieces import cut
from ingest.records import Article, CasualtyClaim, Claim, Kind, Lexicon, content_hash
from ingest.syntax import load_model

FactType = Callable[[Sequence[FrameMatch], Parsed, ArticleReading], Iterator[Claim]]
FACT_TYPES: dict[Kind, FactType] = {
    "casualty": extract_casualties,
    "reinforcement": extract_reinforcements,
    "territorial_change": extract_territory,
}
"""The functions that turn the matches of one sentence into claims, by the kind of their frames."""
WITHOUT_FRAMES: frozenset[Kind] = frozenset({"casualty"})
"""The kinds whose function also reads a sentence that has their triggers but fits none of their frames."""

BATCH_ARTICLES = 128
BATCH_CHARS = 400_000
"""What is parsed together, which bounds memory."""


def extract_claims(article: Article, lexicon: Lexicon) -> list[Claim]:
    """Return the claims of one article, in the order of the text.

    Text that is known not to be English gives none. Deterministic; linear in the text's length; any text at
    all is read. Errors: what the grammar does not know is missed, not guessed.
    """
    return next(iter(extract_many([article], lexicon)))[1]


def extract_many(articles: Iterable[Article], lexicon: Lexicon) -> Iterator[tuple[Article, list[Claim]]]:
    """Yield each article with its claims, in the order given; sentences are parsed in batches."""
    matcher = matcher_of(lexicon)
    for batch in cut(
        articles, most=BATCH_ARTICLES, size_of=lambda article: len(article.text), largest=BATCH_CHARS
    ):
        prepared = [_prepare(article, matcher, lexicon) for article in batch]
        texts = [sentence.text for _, _, wanted in prepared for sentence in wanted]
        docs = parse(texts)
        for article, (sentences, mentions, wanted) in zip(batch, prepared, strict=True):
            parsed = {s.index: Parsed(s, next(docs), tuple(mentions[s.index])) for s in wanted}
            yield article, _read(article, lexicon, matcher, sentences, mentions, parsed)


def load_readers(lexicon: Lexicon) -> None:
    """Load the model and make the lexicon's automaton, which the first article would wait for."""
    matcher_of(lexicon)
    load_model()


def extractor_version(lexicon_version: str) -> str:
    """Return a hash of the lexicon's and of the rules' own source: another version may read other claims."""
    return content_hash(lexicon_version, _source_hash(), length=12)


@cache
def _source_hash() -> str:
    digest = sha256()
    ingest = Path(__file__).parents[1]
    for path in sorted([*ingest.glob("claims/*.py"), *ingest.glob("syntax/*.*")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _prepare(
    article: Article, matcher: Matcher, lexicon: Lexicon
) -> tuple[list[Sentence], list[list[Mention]], list[Sentence]]:
    """Return the article's sentences, the mentions of each, and the sentences that are worth a parse."""
    if article.language not in (None, "en"):
        return [], [], []
    sentences: list[Sentence] = []
    rows: list[list[Mention]] = []
    found = iter(matcher.find(article.text))
    mention = next(found, None)
    for sentence in split_sentences(article.text):
        row: list[Mention] = []
        while mention is not None and mention.start < sentence.end:
            if mention.start >= sentence.start and mention.end <= sentence.end:
                row.append(mention.moved(-sentence.start))
            mention = next(found, None)
        text = unshout(sentence.text, row, lexicon.words.get("demonyms", {}))
        sentence = sentence if text == sentence.text else replace(sentence, text=text)
        sentences.append(sentence)
        rows.append(whole_names(sentence.text, row, lexicon))
    wanted = [s for s, row in zip(sentences, rows, strict=True) if any(m.kind == "trigger" for m in row)]
    return sentences, rows, wanted


def _read(
    article: Article,
    lexicon: Lexicon,
    matcher: Matcher,
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    parsed: dict[int, Parsed],
) -> list[Claim]:
    reading = ArticleReading(article, lexicon, sentences, mentions, parsed)
    claims: dict[str, Claim] = {}
    for index in sorted(parsed):
        here = parsed[index]
        matches = match_frames(here, matcher)
        kinds = {match.frame.kind for match in matches} | (matcher.kinds_of(here.mentions) & WITHOUT_FRAMES)
        if not kinds:
            continue
        here.quantities = tuple(find_quantities(here.sentence.text))
        here.dates = reading.dates_of(index)
        for kind, extract in FACT_TYPES.items():
            if kind in kinds:
                of_kind = [match for match in matches if match.frame.kind == kind]
                for claim in extract(of_kind, here, reading):
                    claims.setdefault(claim.claim_id, claim)
    return _with_parts(list(claims.values()), lexicon)


def _with_parts(claims: Sequence[Claim], lexicon: Lexicon) -> list[Claim]:
    """Relate the casualty claims to each other; the order and all other claims stay."""
    casualties = [claim for claim in claims if isinstance(claim, CasualtyClaim)]
    related = {c.claim_id: c for c in relate(casualties, lexicon.words.get("victim_parents", {}))}
    return [related.get(claim.claim_id, claim) for claim in claims]
