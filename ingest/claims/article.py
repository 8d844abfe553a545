"""What the whole article knows: who is meant, where, when, on whose word, who fights whom.

`ArticleReading` is what a fact type asks. It holds no claims: it only answers, from the article's sentences,
mentions and parses, and from the lexicon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from ingest.claims import attribution, confidence, places, speech, status, timing
from ingest.claims.dates import find_dates
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

_GROUPS = frozenset(
    "group rebels rebel insurgents militants fighters forces troops army military soldiers movement "
    "organisation organization militia gunmen attackers assailants junta government regime side men "
    "units party paramilitaries jihadists extremists terrorists separatists".split()
)

_AGAINST_STATES = frozenset(
    "rebels rebel insurgents militants gunmen attackers assailants paramilitaries jihadists extremists "
    "terrorists separatists militia".split()
)
_OF_STATES = frozenset({"army", "military", "government", "regime", "junta"})
_STATES = frozenset({"state_forces", "government", "peacekeepers"})
_ARMED_GROUPS = frozenset({"rebel_group", "militia", "jihadist_group"})


class ArticleReading:
    """One article being read. `parsed` holds the sentences that had a trigger, by their index."""

    def __init__(
        self,
        article: Article,
        lexicon: Lexicon,
        sentences: Sequence[Sentence],
        mentions: Sequence[Sequence[Mention]],
        parsed: Mapping[int, Parsed],
    ) -> None:
        self.article = article
        self.lexicon = lexicon
        self.sentences = sentences
        self.mentions = mentions
        self.parsed = parsed
        self._dates: dict[int, tuple[DateSpan, ...]] = {}
        self._stated_dates: dict[int, tuple[DateSpan, ...]] = {}
        self._people: dict[str, Mention] | None = None
        self.focus_place: Reference | None = None
        self.is_of_war: bool | None = None
        self._casualties: list[tuple[int, CasualtyClaim]] = []

    @property
    def published(self) -> date | None:
        """Return the day of publication, there where it was published; None where unknown."""
        if self.article.published_on:
            return self.article.published_on
        return self.article.published_at.date() if self.article.published_at else None

    # --- names ---------------------------------------------------------------------------------------------

    @cached_property
    def _weights(self) -> Counter[str]:
        """How much the article speaks of each country, by ISO code."""
        weight: Counter[str] = Counter()
        for row in self.mentions:
            for mention in row:
                known = {self.country_of(name) for name in mention.names} - {None}
                if mention.kind in ("place", "actor") and len(known) == 1:
                    country = next(iter(known))
                    is_country = any(self._is_country(name) for name in mention.names)
                    weight[str(country)] += 3 if is_country else 2 if mention.kind == "place" else 1
        return weight

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """ISO codes of the countries the article speaks of, the one spoken of most first."""
        return tuple(code for code, _ in self._weights.most_common())

    def country_of(self, name: Name) -> str | None:
        """Return the one country a name's thing belongs to, or None."""
        if name.kind == "place":
            place = self.lexicon.places.get(name.id)
            return place.country if place else None
        if name.kind == "actor":
            actor = self.lexicon.actors.get(name.id)
            return next(iter(actor.countries)) if actor and len(actor.countries) == 1 else None
        return None

    def _is_country(self, name: Name) -> bool:
        place = self.lexicon.places.get(name.id) if name.kind == "place" else None
        return place is not None and place.kind == "country"

    def parents(self, place_id: str) -> frozenset[str]:
        """Return the ids of all places that a place of the table lies in."""
        found: set[str] = set()
        place = self.lexicon.places.get(place_id)
        while place is not None and place.parent and place.parent not in found:
            found.add(place.parent)
            place = self.lexicon.places.get(place.parent)
        return frozenset(found)

    def choose(self, mention: Mention) -> Name | None:
        """Return the candidate that fits the article's countries and day best; None where two fit alike."""
        fitting = [name for name in mention.names if self._is_in_use(name) and self._is_plausible(name)]
        if len({name.id for name in fitting}) <= 1:
            return fitting[0] if fitting else None
        order = {code: rank for rank, code in enumerate(self.countries)}

        def rank(name: Name) -> tuple[float, ...]:
            codes = name.countries or ({self.country_of(name)} - {None})
            where = min((order.get(str(code), 99) for code in codes), default=50)
            place = self.lexicon.places.get(name.id)
            kinds = ("country", "city", "admin1", "town", "village")
            kind = kinds.index(place.kind) if place and place.kind in kinds else 9
            return (where, kind, -(place.population or 0) if place else 0)

        ranked = sorted(fitting, key=rank)
        if rank(ranked[0]) == rank(ranked[1]) and ranked[0].id != ranked[1].id:
            return None
        return ranked[0]

    def _is_plausible(self, name: Name) -> bool:
        """False for a small place in a country the article hardly speaks of: mostly a person's name."""
        place = self.lexicon.places.get(name.id) if name.kind == "place" else None
        if place is None or place.kind == "country" or not self.countries:
            return True
        weight = self._weights
        share = weight[place.country] / max(1, sum(weight.values()))
        return share >= 0.12 or place.country == self.countries[0] or (place.population or 0) > 500_000

    def _is_theatre(self, name: Name) -> bool:
        """True where the article speaks enough of a name's countries: for 'the army' mostly of them."""
        if name.kind not in ("actor", "claimant"):
            return bool(name.countries & set(self.countries))
        least = self._weights[self.countries[0]] * (0.5 if name.text[:1].islower() else 0.15)
        return any(self._weights[country] >= least for country in name.countries)

    def _is_in_use(self, name: Name) -> bool:
        if name.countries and self.countries and not self._is_theatre(name):
            return False
        day = self.published
        return not (
            day and ((name.valid_from and day < name.valid_from) or (name.valid_to and day >= name.valid_to))
        )

    def actor(self, parsed: Parsed, token: Token) -> Reference:
        """Return who a noun phrase stands for: a name in it, or the one that a pronoun or 'the group'
        recalls.
        """
        start, end = phrase(token)
        words = self._words(parsed, start, end)
        inside = [m for m in parsed.mentions if m.kind == "actor" and start <= m.start and m.end <= end]
        inside.sort(key=lambda m: (not m.start <= token.idx < m.end, m.start))
        for mention in inside:
            if (name := self.choose(mention)) is not None:
                return Reference(name.id, words)
        bare = not any(child.dep_ in ("amod", "compound", "nmod") for child in token.children)
        recalls = token.pos_ == "PRON" or (bare and token.lower_ in _GROUPS)
        if recalls and (found := self._recalled_actor(parsed, token)) is not None:
            return Reference(found.id, words, inferred=True)
        for owner in token.children:
            is_owner = owner.dep_ == "poss" and owner.lower_ in ("its", "their", "his", "her", "our")
            if is_owner and (found := self._recalled_actor(parsed, owner)) is not None:
                return Reference(found.id, words, inferred=True)
        return Reference(None, words)

    def _recalled_actor(self, parsed: Parsed, token: Token) -> Name | None:
        """Return the last actor named before the token that it can mean, in its sentence or three before it.

        'Our men' and 'it' may be the speaker's own; 'the insurgents' are not, nor are they any army.
        """
        word = token.lower_
        barred = _STATES if word in _AGAINST_STATES else _ARMED_GROUPS if word in _OF_STATES else frozenset()
        for speaker in speech.reporters(token) if token.pos_ == "PRON" else ():
            start, end = phrase(speaker)
            for mention in self.mentions[parsed.sentence.index]:
                if (
                    mention.kind in ("actor", "claimant", "place")
                    and start <= mention.start
                    and mention.end <= end
                ) and (name := self._voice(mention)) is not None:
                    return name
        rows = [[m for m in parsed.mentions if m.end <= token.idx]]
        rows += [list(self.mentions[i]) for i in self._back(parsed.sentence.index, 3)]
        for row in rows:
            for mention in row:
                if mention.kind == "actor" and (name := self.choose(mention)) is not None:
                    actor = self.lexicon.actors.get(name.id)
                    if actor is None or actor.kind not in barred:
                        return name
        return None

    def _voice(self, mention: Mention) -> Name | None:
        """Return the actor that a speaker's name is, or speaks for."""
        name = self.choose(mention)
        if name is None or mention.kind == "actor":
            return name
        claimant = self.lexicon.claimants.get(name.id)
        return replace(name, id=claimant.actor, kind="actor") if claimant and claimant.actor else None

    def _back(self, index: int, reach: int) -> range:
        return range(index - 1, max(-1, index - 1 - reach), -1)

    def _words(self, parsed: Parsed, start: int, end: int) -> str:
        at = parsed.sentence.start
        return self.article.text[at + start : at + end]

    def place(self, parsed: Parsed, token: Token) -> Reference:
        """Return the place a noun phrase stands for; its words where it is in no table."""
        return places.place_of(self, parsed, token)

    def event_place(self, parsed: Parsed, head: Token) -> Reference:
        """Return where the event happened: from its clause, its sentence, or the sentences around."""
        return places.event_place(self, parsed, head)

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
        words = self._words(parsed, start, end)
        around = parsed.mention_at(token, "claimant")
        if around is not None and (around.start < start or around.end > end):  # 'local media', cut in two
            start, end = min(start, around.start), max(end, around.end)
            words = self._words(parsed, start, end)
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
            t for t in token.subtree if t.dep_ == "appos" and self.count(parsed, t) is None and t.i < verb.i
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

    # --- sides ---------------------------------------------------------------------------------------------

    def enemies(self, actor: str) -> frozenset[str]:
        """Return the actors named in the article that stand on a side which fights the actor's."""
        mine = self._sides(actor)
        named = {name.id for row in self.mentions for m in row if m.kind == "actor" for name in m.names}
        hostile: set[str] = set()
        for conflict_id, side in mine.items():
            conflict = self.lexicon.conflicts.get(conflict_id)
            foes = conflict.sides.get(side, frozenset()) if conflict else frozenset()
            hostile.update(other for other in named if self._sides(other).get(conflict_id) in foes)
        return frozenset(hostile - {actor})

    def opponent(self, actor: str | None) -> Reference:
        """Return the one opponent named in the article; Reference(None, None) where there are none or
        several.
        """
        foes = self.enemies(actor) if actor else frozenset()
        if len(foes) == 1:
            return Reference(next(iter(foes)), None, inferred=True)
        return Reference(None, None)

    def _sides(self, actor: str) -> Mapping[str, str]:
        for _ in range(5):
            known = self.lexicon.actors.get(actor)
            if known is None:
                return {}
            if known.sides or known.parent is None:
                return known.sides
            actor = known.parent
        return {}

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
