"""Whose a force is by the words beside it: nationals, parts of an army, an army that no table knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.claims.force_classes import own_forces
from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Reference, Token

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_OWNED = re.compile(r"[a-z’'-] (?:[A-Z][\w’'-]+ )+$")


def names_others(text: str, mention: Mention) -> bool:
    """True for 'army' in 'the Ta'ang army': a bare word for a state's forces behind a name."""
    return mention.text in ("army", "military") and bool(_OWNED.search(text[: mention.start]))


def is_of_others(reading: ArticleReading, parsed: Parsed, token: Token) -> bool:
    """True for 'the Ta'ang army': a bare word for a state's forces, but whose is in no table."""
    demonyms = reading.lexicon.words["demonyms"]
    return token.lower_ in ("army", "military") and any(
        c.dep_ in ("compound", "nmod", "amod")
        and c.pos_ == "PROPN"
        and c.i > 0
        and c.text[:1].isupper()
        and c.lower_ not in demonyms
        and parsed.mention_at(c, "actor", "place") is None
        for c in token.children
    )


def is_of_army(token: Token) -> bool:
    """True for 'troops of Operation X', 'soldiers of 68 Battalion': a part of an army."""
    return any(lemma(t) in _ARMY_PARTS for t in (token, *token.lefts))


_ARMY_PARTS = frozenset("operation brigade battalion division sector regiment corps garrison".split())


def nationals(reading: ArticleReading, token: Token) -> Reference | None:
    """Return the forces of 'the Rwandans', 'the Ukrainians', where they do what only forces do."""
    if token.tag_ != "NNPS" and not (token.pos_ == "PROPN" and token.lower_.endswith("s")):
        return None
    demonym = token.lower_.removesuffix("s")
    nation = reading.lexicon.words["demonyms"].get(demonym)
    if nation is None or not any(c.lower_ == "the" for c in token.children):
        return None
    return Reference(own_forces(reading, nation, "force"), f"the {token.text}")
