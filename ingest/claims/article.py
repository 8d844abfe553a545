"""What the whole article knows: who is meant, where, when, on whose word, who fights whom.

`ArticleReading` is what a fact type asks. It holds no claims: it only answers, from the article's sentences,
mentions and parses, and from the lexicon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.claims import confidence, event_places, places, speech, timing
from ingest.claims.dates import find_dates
from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Reference, Sentence, Stance, Token
from ingest.claims.voices import ArticleVoices
from ingest.records import (
    NO_DATE,
    Article,
    CasualtyClaim,
    DateSpan,
    Kind,
    Lexicon,
    Quantity,
    content_hash,
)


class ArticleReading(ArticleVoices):
    """One article being read: what a fact type asks."""

    def __init__(
        self,
        article: Article,
        lexicon: Lexicon,
        sentences: Sequence[Sentence],
        mentions: Sequence[Sequence[Mention]],
        parsed: Mapping[int, Parsed],
    ) -> None:
        super().__init__(article, lexicon, sentences, mentions, parsed)
        self._dates: dict[int, tuple[DateSpan, ...]] = {}
        self._stated_dates: dict[int, tuple[DateSpan, ...]] = {}
        self.focus_place: Reference | None = None
        self.is_of_war: bool | None = None
        self._casualties: list[tuple[int, CasualtyClaim]] = []

    # --- places --------------------------------------------------------------------------------------------

    def place(self, parsed: Parsed, token: Token) -> Reference:
        """Return the place a noun phrase stands for; its words where it is in no table."""
        return places.place_of(self, parsed, token)

    def event_place(self, parsed: Parsed, head: Token) -> Reference:
        """Return where the event happened: from its clause, its sentence, or the sentences around."""
        return event_places.event_place(self, parsed, head)

    # --- time ----------------------------------------------------------------------------------------------

    def dates_of(self, index: int) -> tuple[DateSpan, ...]:
        """Return a sentence's dates, parsed or not, those that count from another date counted from it."""
        if index not in self._dates:
            self._dates[index] = timing.anchored_dates(self, index)
        return self._dates[index]

    def stated_dates(self, index: int) -> tuple[DateSpan, ...]:
        """Return the dates of a sentence as its own words give them."""
        if index not in self._stated_dates:
            text = self.sentences[index].text
            self._stated_dates[index] = tuple(find_dates(text, self.published))
        return self._stated_dates[index]

    def event_date(self, parsed: Parsed, head: Token) -> DateSpan:
        """Return when it happened; NO_DATE where the text does not say. The day of saying is no date of
        it."""
        return timing.event_date(self, parsed, head) or NO_DATE

    # --- counts --------------------------------------------------------------------------------------------

    def count(self, parsed: Parsed, token: Token) -> Quantity | None:
        """Return the quantity that counts a noun ('about 2,000 fighters', 'dozens of men'), or that it is."""
        if (own := parsed.quantity_at(token)) is not None:
            return own
        for child in token.lefts:
            if child.dep_ in _LEFT_OF_NOUN:
                for inner in child.subtree:
                    if (found := parsed.quantity_at(inner)) is not None:
                        return found
        if token.dep_ == "pobj" and token.head.lower_ == "of":
            return parsed.quantity_at(token.head.head)
        return None

    # --- what was claimed before ---------------------------------------------------------------------------

    def note_casualty(self, index: int, claim: CasualtyClaim) -> None:
        """Remember a casualty claim of sentence `index`, for 'the figure' and 'the deaths included' after
        it.
        """
        self._casualties.append((index, claim))

    def last_casualty(self, index: int, reach: int = 3, harm: str | None = None) -> CasualtyClaim | None:
        """Return the last casualty claim (of a harm) of the `reach` sentences before sentence `index`."""
        for at, claim in reversed(self._casualties):
            if at < index <= at + reach and claim.subset_of is None and harm in (None, claim.harm):
                return claim
        return None

    # --- the claim -----------------------------------------------------------------------------------------

    def clause(self, parsed: Parsed, head: Token, *more: Token) -> tuple[int, int]:
        """Return the bounds, in the sentence, of the smallest clause that holds the head and `more`."""
        verb = head
        while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
            verb = verb.head
        first, last = verb.i, verb.i
        tokens = [head, *more, *(c for c in verb.children if c.dep_ in _CORE)]
        skipped = {
            c
            for c in verb.children
            if c.dep_ in ("ccomp", "parataxis")
            or c.lower_ == "according"
            or (c.pos_ == "VERB" and lemma(c) in speech.SAY)
        }
        for token in tokens:
            if token not in skipped:
                first, last = min(first, token.left_edge.i), max(last, token.right_edge.i)
        doc = parsed.doc
        while first < last and (doc[first].is_punct or doc[first].is_space) and doc[first].text != '"':
            first += 1
        while last > first and (doc[last].is_punct or doc[last].is_space):
            last -= 1
        return doc[first].idx, doc[last].idx + len(doc[last].text)

    def common(
        self,
        parsed: Parsed,
        head: Token,
        *,
        kind: Kind,
        stance: Stance,
        when: DateSpan,
        rule: str,
        slot: str,
        quote: tuple[int, int],
        prior: float,
        inferred: bool = False,
    ) -> dict[str, Any]:
        """Return the columns of `records.Claim`. `quote` counts from the sentence, the claim's from the
        article.
        """
        start, end = parsed.sentence.start + quote[0], parsed.sentence.start + quote[1]
        return {
            "claim_id": content_hash(self.article.article_id, str(start), str(end), kind, slot),
            "article_id": self.article.article_id,
            "kind": kind,
            "status": stance.status,
            "claimant": stance.claimant,
            "claimant_text": stance.claimant_text,
            "quote": self.article.text[start:end],
            "quote_start": start,
            "quote_end": end,
            "date_start": when.first,
            "date_end": when.last,
            "date_text": when.text,
            "date_prec": when.prec,
            "date_basis": when.basis,
            "date_conflict": when.conflict,
            "confidence": confidence.rate(
                prior, when, stance, headline=parsed.sentence.role == "headline", inferred=inferred
            ),
            "rule": rule,
        }


_LEFT_OF_NOUN = frozenset("nummod quantmod det amod nmod compound predet advmod".split())
_CORE = frozenset(
    "nsubj nsubjpass dobj dative attr oprd agent prep prt aux auxpass neg advmod npadvmod acomp "
    "nummod".split()
)
