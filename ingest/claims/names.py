"""Who and what an article's names stand for: chosen by its countries and day, pronouns recalled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from ingest.claims import speech
from ingest.claims.reading import Mention, Parsed, Reference, Sentence, Token
from ingest.claims.sides import acting
from ingest.claims.speakers import phrase
from ingest.records import Article, Lexicon, Name

if TYPE_CHECKING:
    from ingest.claims.toponyms import Toponym

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


_ANYWHERE = 1.5
"""Where a name without a country stands among the article's countries: after the first two."""
_KNOWN_ANYWHERE, _LARGE = 1_000_000, 500_000
"""People of a city that is meant wherever its own name stands; of one that some other word must speak for."""
_FEW_COUNTRIES = 4
"""A name of places in more countries than these tells nothing of any."""
_CAPITALISED = re.compile(r"\b[A-Z](?:[a-z]+|[A-Z]{3,})\b")


class ArticleNames:
    """The names of one article. `parsed` holds the sentences that had a trigger, by their index."""

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
        self.toponyms_of: dict[int, tuple[Toponym, ...]] = {}
        self._chosen: dict[int, tuple[tuple[Name, ...], Name | None]] = {}

    @property
    def published(self) -> date | None:
        """Return the day of publication, there where it was published; None where unknown."""
        if self.article.published_on:
            return self.article.published_on
        return self.article.published_at.date() if self.article.published_at else None

    # --- names ---------------------------------------------------------------------------------------------

    @cached_property
    def weights(self) -> Counter[str]:
        """How much the article speaks of each country, by ISO code."""
        weight: Counter[str] = Counter()
        for (country, _, _), by in self._weighed.items():
            weight[country] += by
        return weight or self._weights_of_largest()

    @cached_property
    def _weighed(self) -> Counter[tuple[str, str, str]]:
        """How much each name speaks of a country: by its ISO code, the name's words and its id."""
        weight: Counter[tuple[str, str, str]] = Counter()
        for row in self.mentions:
            for mention in row:
                if mention.kind == "actor" and all(name.countries for name in mention.names):
                    continue  # 'Islamists' mean whom the country says: they do not say which country
                known = {self.country_of(name) for name in mention.names}
                if mention.kind in ("place", "actor") and len(known) == 1 and None not in known:
                    country = next(iter(known))
                    is_country = any(self.is_country(name) for name in mention.names)
                    by = 3 if is_country else 2 if mention.kind == "place" else 1
                    weight[str(country), mention.text.casefold(), mention.names[0].id] += by
        return weight

    def _weights_of_largest(self) -> Counter[str]:
        """Weigh the countries by places of several, each by its by far largest: where nothing else tells."""
        weight: Counter[str] = Counter()
        for mention in (m for row in self.mentions for m in row if m.kind == "place"):
            known = [p for n in mention.names if (p := self.lexicon.places.get(n.id)) is not None]
            known.sort(key=lambda place: -(place.population or 0))
            others = [place.population or 0 for place in known if place.country != known[0].country]
            if known and (known[0].population or 0) >= 5 * max(others, default=0) > 0:
                weight[known[0].country] += 2
        return weight

    @cached_property
    def lands(self) -> Counter[str]:
        """How much the article speaks of each country as land: its places, not the states that act in it."""
        weight: Counter[str] = Counter()
        for row in self.mentions:
            acting = {(m.start, m.end) for m in row if m.kind == "actor"}
            for mention in row:
                known = {self.country_of(name) for name in mention.names} - {None}
                if mention.kind == "place" and len(known) == 1 and (mention.start, mention.end) not in acting:
                    weight[str(next(iter(known)))] += 2
        return weight

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """ISO codes of the countries the article speaks of, the one spoken of most first."""
        return tuple(code for code, _ in self.weights.most_common())

    def country_of(self, name: Name) -> str | None:
        """Return the one country a name's thing belongs to, or None."""
        if name.kind == "place":
            place = self.lexicon.places.get(name.id)
            return place.country if place else None
        if name.kind == "actor":
            actor = self.lexicon.actors.get(name.id)
            return next(iter(actor.countries)) if actor and len(actor.countries) == 1 else None
        return None

    def _countries_of(self, name: Name) -> frozenset[str]:
        """Return the countries that a place lies in, or where a name means this actor."""
        code = self.country_of(name)
        return name.countries or frozenset({code} if code else ())

    def is_country(self, name: Name) -> bool:
        """True where a name means a country's land."""
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
        names = mention.names
        kept = self._chosen.get(id(names))
        if kept is None:  # the names are held with what was chosen, so that their id stays theirs
            kept = self._chosen[id(names)] = (names, self._best(names, mention.text))
        return kept[1]

    def _best(self, names: tuple[Name, ...], words: str) -> Name | None:
        fitting = [name for name in names if self.may_mean(words, name)]
        if len({name.id for name in fitting}) <= 1:
            return fitting[0] if fitting else None
        order = {code: rank for rank, code in enumerate(self.countries)}

        def rank(name: Name) -> tuple[float, ...]:
            codes = name.countries or ({self.country_of(name)} - {None})
            where = min((order.get(str(code), 99) for code in codes), default=_ANYWHERE)
            place = self.lexicon.places.get(name.id) if name.kind == "place" else None
            kinds = ("country", "city", "admin1", "town", "village", "district", "admin2")
            kind = kinds.index(place.kind) if place and place.kind in kinds else 9
            return (where, kind, -(place.population or 0) if place else 0)

        ranked = sorted(fitting, key=rank)
        for other in ranked[1:]:
            if rank(ranked[0]) != rank(other) or ranked[0].id == other.id:
                break
            if ranked[0].id in self.parents(other.id):
                return other  # one place, listed by hand within GeoNames' division of its name
            if other.id not in self.parents(ranked[0].id):
                return None
        return ranked[0]

    def may_mean(self, words: str, name: Name) -> bool:
        """True where words can mean this name's thing here, though another can be meant as well."""
        return self._is_in_use(name) and self._is_plausible(words, name)

    def choose_by_kind(self, mention: Mention, *kinds: frozenset[str]) -> Name | None:
        """Return the candidate of the first kinds that have one ('Aqcha district' is not the town)."""
        places = self.lexicon.places
        for wanted in kinds:
            fitting = tuple(n for n in mention.names if n.id in places and places[n.id].kind in wanted)
            if fitting and (chosen := self.choose(replace(mention, names=fitting))) is not None:
                return chosen
        return self.choose(mention)

    def _is_plausible(self, words: str, name: Name) -> bool:
        """False for a small place in a country the article hardly speaks of: mostly a person's name.

        Or another place of that name: 'Bureij' in Aleppo is none in Gaza. So a name does not speak for
        itself, but for the country that the article speaks of most: of that it may be the only place.
        """
        place = self.lexicon.places.get(name.id) if name.kind == "place" else None
        if place is None or place.kind == "country" or not self.countries:
            return True
        population = place.population or 0
        is_its_name = words.casefold() == place.name.casefold()
        if place.country == self.countries[0] or (is_its_name and population > _KNOWN_ANYWHERE):
            return True
        share = self.weights[place.country] / self.weights.total()
        if share < 0.12 and population < _LARGE:
            return False
        words = words.casefold()
        own = sum(
            by
            for (code, other, id_), by in self._weighed.items()
            if code == place.country and (other == words or id_ == name.id)
        )
        rest = (self.weights[place.country] - own) / max(1, self.weights.total() - own)
        return rest >= 0.12 or bool(self._hints.get(place.country, frozenset()) - {words})

    @cached_property
    def _hints(self) -> Mapping[str, frozenset[str]]:
        """What may speak of each country: names of places and forces of few countries, words for a people."""
        hints: dict[str, set[str]] = {}
        for row in self.mentions:
            for mention in row:
                codes = {code for name in mention.names for code in self._countries_of(name)}
                if len(codes) <= _FEW_COUNTRIES and not mention.text.islower():
                    for code in codes:
                        hints.setdefault(code, set()).add(mention.text.casefold())
        demonyms = self.lexicon.words.get("demonyms", {})
        for word in set(_CAPITALISED.findall(self.article.text)):
            actor = self.lexicon.actors.get(demonyms.get(word.lower(), ""))
            for code in actor.countries if actor else ():
                hints.setdefault(code, set()).add(word.casefold())
        return {code: frozenset(words) for code, words in hints.items()}

    def _is_theatre(self, name: Name) -> bool:
        """True where the article speaks enough of a name's countries: for 'the army' mostly of them."""
        if name.kind not in ("actor", "claimant"):
            return bool(name.countries & set(self.countries))
        least = self.weights[self.countries[0]] * (0.5 if name.text[:1].islower() else 0.15)
        if name.text[:1].islower() and self.lands and not any(self.lands[code] for code in name.countries):
            return False  # 'the rebels' are those of the land, never of a state that only sends its jets
        return any(self.weights[country] >= least for country in name.countries)

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
        words = self.words(parsed, start, end)
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
        at = parsed.sentence.index
        for index in (at, *self.before(at, 3)):
            for mention in acting(self, index):  # not 'across Syria and Iraq, where it seized Mosul'
                if index == at and mention.end > token.idx:
                    break
                if (name := self.choose(mention)) is not None:
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

    def before(self, index: int, reach: int) -> range:
        """Return the indexes of the `reach` sentences before one, the nearest first."""
        return range(index - 1, max(-1, index - 1 - reach), -1)

    def words(self, parsed: Parsed, start: int, end: int) -> str:
        """Return the article's own words between two offsets of a sentence."""
        at = parsed.sentence.start
        return self.article.text[at + start : at + end]

    # --- sides ---------------------------------------------------------------------------------------------

    def sides_of(self, actor: str) -> Mapping[str, str]:
        """Return the actor's side by conflict, its parent's where it has none; empty for an unknown id."""
        for _ in range(5):
            known = self.lexicon.actors.get(actor)
            if known is None:
                return {}
            if known.sides or known.parent is None:
                return known.sides
            actor = known.parent
        return {}
