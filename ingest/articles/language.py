"""Which language a text is in: English words first, then py3langid among the languages news comes in."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Words of English that its neighbours do not share; Dutch has 'in', 'of' and 'was', German 'an', French 'on'.
_ENGLISH = """the and that were said have been with from by his her their which who after they to are this its
would but there has when more than about into against"""
_NEWS = """am ar az be bg bn bs ca cs da de el en es et fa fi fr ha he hi hr hu hy id ig it ja ka kk km kn ko
ku ky lo lt lv mk ml mn mr ms my ne nl no or pa pl ps pt ro ru rw si sk sl so sq sr sv sw ta te th
tl tr ug uk ur uz vi yo zh zu"""
ENGLISH_WORDS = frozenset(_ENGLISH.split())
LANGUAGES = tuple(_NEWS.split())
SURE_ENGLISH = 0.12
SURE = 0.9
FEWEST_LETTERS = 60
"""Below this many letters the detector is not asked: names alone sway it."""


def find_language(text: str, stated: str | None = None) -> str | None:
    """Return the ISO 639-1 code of the text's language; where the text does not settle it, `stated` or None.

    `stated` is what metadata or the source say ('en', 'en-GB'). A text that is plainly in another language is
    noted as that, whatever is stated. Texts of a sentence or less are judged by their script and words only.
    """
    claimed = _code(stated)
    sample = text[:20_000]
    words = re.findall(r"[^\W\d_]+", sample.lower())
    if not words:
        return claimed
    latin = sum(word.isascii() for word in words) / len(words)
    if latin > 0.6 and sum(word in ENGLISH_WORDS for word in words) >= max(1, SURE_ENGLISH * len(words)):
        return "en"
    if sum(map(len, words)) < FEWEST_LETTERS and latin > 0.6:
        return claimed
    label, probability = _identifier().classify(sample)
    return str(label) if probability >= SURE else claimed


def _code(stated: str | None) -> str | None:
    match = re.match(r"[a-z]{2,3}(?=$|[-_])", (stated or "").strip().lower())
    return match[0] if match else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
