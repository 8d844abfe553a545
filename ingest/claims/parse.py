"""What the rules ask of the parser: trees, lemmas, and text in capitals made readable for it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from ingest.claims.reading import Mention, Token
from ingest.claims.sentences import is_shouted, lower
from ingest.syntax import Tree, load_model

_CALENDAR = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|(?<=\d )ma(?:y|rch)\b|\bma(?:y|rch)(?= \d)"
)
_HYPHENED = re.compile(
    r"\b[Rr]e-(?=(?:captur|tak|took|gain|claim|occup|open|deploy|inforc|enter)\w*)|\b[Cc]ounter-(?=attack)"
)
_OVERRAN = re.compile(r"\boverran\b")
"""A form that the model takes for a noun; the parser sees a word of its length and sense in its place."""


def parse(texts: Sequence[str]) -> Iterator[Tree]:
    """Yield the tree of each text, in order."""
    if texts:
        yield from load_model().parse(texts)


_AUXILIARIES = dict.fromkeys(("is", "are", "am", "was", "were", "been", "being", "'re", "'m"), "be")
_AUXILIARIES |= dict.fromkeys(("has", "had", "having", "'ve"), "have")
_AUXILIARIES |= dict.fromkeys(("does", "did", "done", "doing"), "do")
"""The rule lemmatizer gives auxiliaries back as they are."""


def lemma(token: Token) -> str:
    """Return the token's lemma in lower case."""
    key = (token.lower_, token.pos_, token.morph)
    found = _LEMMAS.get(key)
    if found is None:
        if token.pos_ == "AUX" and token.lower_ in _AUXILIARIES:
            return _AUXILIARIES[token.lower_]
        found = load_model().lemmas.of(*key)
        if len(_LEMMAS) < 100_000:
            _LEMMAS[key] = found
    return found


_LEMMAS: dict[tuple[str, str, str], str] = {}
_ARTICLE = re.compile(r"(?<![\w-])(?<![a-z] )(?<![A-Za-z]{2} )([Aa]l)-(?=[A-Z][a-z])")
_AS_PAST = {
    "retake": "seized", "retakes": "seized", "dislodge": "expelled", "dislodges": "expelled",
    "overruns": "captured", "overrun": "seized", "captures": "captured", "retreats": "withdrew",
    "loses": "lost", "storm": "burst", "storms": "burst", "overtakes": "captured", "clear": "freed",
    "clears": "freed", "repulse": "foiled", "repulses": "foiled", "repels": "foiled", "wrest": "took",
    "wrests": "took", "recapture": "retook", "recaptures": "retook", "regain": "retook", "regains": "retook",
    "encircle": "ringed", "encircles": "ringed", "abandon": "left", "abandons": "left",
}  # fmt: skip
"""Verbs of headlines that the model takes for nouns; after an actor it sees the past of one it knows."""
_SPOKEN = re.compile(
    r"[A-Z][\w’'-]*(?P<comma>,) (?:(?:the|a|an|its|his|their) |[A-Z])[^,;:\"]{2,70}? "
    r"(?:said|announced|wrote|reported|admitted|claimed|told|added|confirmed|tweeted|posted|stated|declared)"
    r"(?: (?!that\b)[^,;:\"]{0,80})?\.?$"
)
"""A speaker at the end: after a name, his comma reads to the parser as an apposition's."""
_PRESENT = re.compile(rf" (?P<verb>{'|'.join(_AS_PAST)})(?= [A-Za-z])")
_OF_FORCE = re.compile(
    r"(?:\b(?:[Ff]orces|[Tt]roops|[Ss]oldiers|[Rr]ebels|[Ff]ighters|[Mm]ilitants|[Ii]nsurgents|[Pp]aramilitaries|"
    r"[Mm]ilitiamen|[Jj]ihadists|[Gg]uerrillas|[Aa]rmy|[Gg]unmen|[Gg]angs|[Mm]ilitia)|, (?=retake|recapture))"
    rf" ?(?P<verb>{'|'.join(sorted(_AS_PAST, key=len, reverse=True))})"
    r"(?= (?:[A-Z]|the |an? |last |key |strategic |two |three |several |more |army |rebel |government ))"
)
"""The same after a class of force, before what can only be the object ('rebels repulse army assault')."""
_WORD = re.compile(r"(?<![\w'-])[a-z]{2,}(?![\w-])")
_GLOSS = re.compile(r"(?<=[A-Z.,)]) \[[^\[\]\d]{3,90}\](?=[ ,.;])")
"""'THE APRA [AMERICAN POPULAR REVOLUTIONARY ALLIANCE] PARTY': a gloss, over which the parser stumbles."""


def unshout(text: str, mentions: Iterable[Mention], demonyms: Container[str] = ()) -> str:
    """Give all-capitals text the case it would have: the parser knows no other. As long as the text given.

    Names of the lexicon, months, weekdays, `demonyms` (in small letters) and words that are in no dictionary
    ('GARCIA') get their capital; glosses in brackets become spaces.
    Other text is returned as it is.
    """
    if not is_shouted(text):
        # 'Re-captured' is no word of the parser's.
        text = _HYPHENED.sub(lambda match: " " * len(match.group()), text)
        text = _OVERRAN.sub("seized ", text)
        for mention in mentions:
            if mention.kind == "actor" and (found := _PRESENT.match(text, mention.end)):
                text = _in_past(text, found)
        for found in _OF_FORCE.finditer(text):
            text = _in_past(text, found)
        if spoken := _SPOKEN.search(text):
            text = f"{text[: spoken.start('comma')]};{text[spoken.end('comma') :]}"
        # 'Al-Shabaab' is one name: its parts lead the parser astray
        return _ARTICLE.sub("\\g<1>\u2011", text)
    text = _GLOSS.sub(lambda match: " " * len(match.group()), text)
    chars = list(lower(text))
    for mention in mentions:
        if mention.kind in ("actor", "place", "claimant") and mention.names[0].text[:1].isupper():
            for word in re.finditer(r"\w[\w']*", mention.text):
                at = mention.start + word.start()
                chars[at] = word.group()[0] if chars[at] != " " else " "
    lowered = "".join(chars)
    for word in _WORD.finditer(lowered):
        if word.group() in demonyms or not load_model().lemmas.knows(word.group()):
            chars[word.start()] = text[word.start()]
    for match in _CALENDAR.finditer(lowered):
        chars[match.start()] = text[match.start()]
    for position, char in enumerate(text):
        if char.isalpha():
            chars[position] = char
            break
    return "".join(chars)


def _in_past(text: str, found: re.Match[str]) -> str:
    """Return the text with a verb of the telegraphic present as its past, filled up to its length."""
    past = _AS_PAST[found["verb"]].ljust(len(found["verb"]))
    return text[: found.start("verb")] + past + text[found.end("verb") :]
