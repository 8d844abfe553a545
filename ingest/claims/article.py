"""What the whole article knows: who is meant, where, when, on whose word, who fights whom.

`ArticleReading` is what a fact type asks. It holds no claims: it only answers, from the article's sentences,
mentions and parses, and from the lexicon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingest.claims import attribution, confidence, event_places, places, speech, status, timing
from ingest.claims.dates import find_dates
from ingest.claims.names import ArticleNames
from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Reference, Sentence, Stance, Token
from ingest.claims.speakers import is_anaphor, named_in, phrase, speaker_before
from ingest.records import (
    NO_DATE,
    Article,
    CasualtyClaim,
    DateSpan,
    Kind,
    Lexicon,
    Name,
    Quantity,
    content_hash,
)


class ArticleReading(ArticleNames):
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
        self._people: dict[str, Mention] | None = None
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

    # --- who says so ---------------------------------------------------------------------------------------

    def stance(self, parsed: Parsed, head: Token) -> Stance | None:
        """Return status and claimant of the fact carried by `head`; None where it is not stated as a fact."""
        said = status.read_status(parsed, head)
        if said is None:
            return None
        heads = [self._true_speaker(parsed, token) for token in said.speakers if token is not None]
        named = [self.claimant(parsed, token) for token in heads if token is not None]
        named = [speaker for speaker in named if speaker.id or speaker.text]
        is_quoted = not named and not said.speakers and self._is_quoted(parsed, head)
        if is_quoted and (speaker := self.quoted_speaker(parsed.sentence)) is not None:
            named = [speaker]
        is_open = not named and not said.is_negated
        if is_open and (token := attribution.speaker_by_order(parsed, head)) is not None:
            named = [self.claimant(parsed, token)]
        first = named[0] if named else Reference(None, None)
        if said.is_denied or (said.is_negated and named):
            verdict: Any = "denied"
        elif said.is_negated:
            return None
        elif said.is_confirmed:
            verdict = "confirmed"
        else:
            verdict = "claimed" if named or said.speakers or said.is_hedged else "asserted"
        outer = named[1].text if len(named) > 1 else None
        return Stance(verdict, first.id, first.text, outer)

    def claimant(self, parsed: Parsed, token: Token) -> Reference:
        """Return the speaker that a noun phrase stands for; a pronoun or 'the group' is looked up before."""
        start, end = phrase(token)
        words = self.words(parsed, start, end)
        around = parsed.mention_at(token, "claimant")
        if around is not None and (around.start < start or around.end > end):  # 'local media', cut in two
            start, end = min(start, around.start), max(end, around.end)
            words = self.words(parsed, start, end)
        if (mention := named_in(parsed, token) or around) is not None:
            name = self.choose(mention)
            if name is not None and self._is_vague(name) and _says_more(parsed, token, mention, start, end):
                name = None  # 'Kharkiv authorities' are not just any officials: the words are kept
            if name is not None and not _speaks_for(parsed, token, mention):
                name = None  # nor is Lebanon's health ministry Lebanon
            return Reference(name.id if name else None, words)
        if is_anaphor(token):
            earlier = [m for m in parsed.mentions if m.kind in ("claimant", "actor") and m.end <= token.idx]
            if earlier and token.lower_ not in ("he", "she"):
                name = self.choose(earlier[0])
                return Reference(name.id if name else None, words, inferred=True)
            if (found := speaker_before(self.sentences, self.mentions, parsed.sentence.index)) is not None:
                return self._told_before(*found)
        beside = attribution.body_beside(parsed, token, end)
        body = beside or self._body_of_person(words)
        if body is not None and (name := self.choose(body)) is not None and not self._is_vague(name):
            return Reference(name.id, beside.text if beside else words, inferred=True)
        if attribution.lives_there(token) and "residents" in self.lexicon.claimants:
            return Reference("residents", words)
        return Reference(None, words)

    def _body_of_person(self, words: str) -> Mention | None:
        """Return the body that a person was introduced with ('Ms Said': 'Amal Said, head of the ...')."""
        last = words.split()[-1] if words else ""
        if not last[:1].isupper():
            return None
        if self._people is None:
            self._people = attribution.people_of_bodies(self.sentences, self.mentions)
        return self._people.get(last)

    def _true_speaker(self, parsed: Parsed, token: Token) -> Token | None:
        """Return the speaker where the parser took counted victims for one ('..., three women among them, X
        said').
        """
        if self.count(parsed, token) is None or named_in(parsed, token) is not None:
            return token
        verb = token.head
        after = [
            c for c in verb.rights if c.dep_ in ("dobj", "nsubj", "npadvmod") and c.pos_ in ("NOUN", "PROPN")
        ]
        beside = [
            t
            for t in token.subtree
            if t.dep_ == "appos" and t.i < verb.i and t.tag_ != "NNS" and self.count(parsed, t) is None
        ]
        return next(iter([*beside, *after]), None)

    def _told_before(self, mention: Mention | None, reference: Reference) -> Reference:
        """Return the speaker of an earlier sentence; 'spokesman Karim Daher' is not just any spokesman."""
        name = self.choose(mention) if mention else None
        if (
            name is not None
            and mention is not None
            and reference.text != mention.text
            and self._is_vague(name)
        ):
            name = None
        return Reference(name.id if name else None, reference.text, inferred=True)

    def _is_vague(self, name: Name) -> bool:
        """True for a claimant without a name of its own: officials, sources, residents."""
        claimant = self.lexicon.claimants.get(name.id)
        return claimant is not None and claimant.kind in _VAGUE_CLAIMANTS

    def _is_quoted(self, parsed: Parsed, head: Token) -> bool:
        """True where an odd number of quotation marks stands before the head."""
        marks = parsed.sentence.text.count('"', 0, head.idx) + parsed.sentence.in_quote
        return marks % 2 == 1

    def quoted_speaker(self, sentence: Sentence) -> Reference | None:
        """Return who speaks a sentence that is all quotation: named after it in the paragraph, or before."""
        near = [s for s in self.sentences[sentence.index + 1 :][:2] if s.paragraph == sentence.paragraph]
        spans = [near[0].index + 1] if near and '"' in near[0].text else []
        for index in (*spans, sentence.index):
            found = speaker_before(self.sentences, self.mentions, index, 1 if index != sentence.index else 4)
            if found is not None:
                return self._told_before(*found)
        return None

    def confirm(self, stance: Stance, losers: Iterable[str | None]) -> Stance:
        """Return the stance with status confirmed where the speaker is, or speaks for, a side that loses by
        it.
        """
        if stance.status != "claimed" or stance.claimant is None:
            return stance
        speaker = self.lexicon.claimants.get(stance.claimant)
        voice = speaker.actor if speaker and speaker.actor else stance.claimant
        if any(loser is not None and loser == voice for loser in losers):
            return Stance("confirmed", stance.claimant, stance.claimant_text, stance.outer)
        return stance

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


_VAGUE_CLAIMANTS = frozenset({"unnamed", "resident", "activist", "local_official", "military", "government"})


def _says_more(parsed: Parsed, token: Token, mention: Mention, start: int, end: int) -> bool:
    """True where the phrase holds a name beside the mention ('spokesman Rida Issa')."""
    return any(
        word.pos_ == "PROPN" and start <= word.idx < end and not mention.start <= word.idx < mention.end
        for word in parsed.doc[token.left_edge.i : token.right_edge.i + 1]
    )


def _speaks_for(parsed: Parsed, token: Token, mention: Mention) -> bool:
    """True where the phrase is the mention itself, or an office of it that speaks for the side."""
    if mention.kind == "claimant" or mention.start <= token.idx < mention.end:
        return True
    owner = next((t for t in parsed.doc if mention.start <= t.idx < mention.end and t.dep_ == "poss"), None)
    return owner is None or any(word.lower_ in _OFFICES for word in token.subtree)


_OFFICES = frozenset(
    "army military forces troops government spokesman spokeswoman spokesperson defence defense "
    "president minister officials official command commander police navy leader leaders chief "
    "premier general foreign state media staff kremlin authorities side ambassador envoy statement".split()
)
_LEFT_OF_NOUN = frozenset("nummod quantmod det amod nmod compound predet advmod".split())
_CORE = frozenset(
    "nsubj nsubjpass dobj dative attr oprd agent prep prt aux auxpass neg advmod npadvmod acomp "
    "nummod".split()
)
