"""Who was harmed and how many: a noun phrase, or a bare number, to a count and a category of people."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.claims.parse import lemma
from ingest.claims.reading import Parsed, Token
from ingest.claims.speakers import phrase
from ingest.records import Name, Quantity

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_THINGS = frozenset(
    "tank vehicle car truck lorry bus tanker plane aircraft jet helicopter drone missile rocket "
    "mortar shell bomb house home building shop school hospital clinic mosque church bridge dam road "
    "village town city base post checkpoint position camp boat ship vessel launcher gun rifle weapon "
    "depot cache sheep goat cow cattle camel horse donkey dog animal bird tree crop farm field job "
    "hope dream chance bill plan project program programme deal talk process career season game "
    "match goal point percent seat vote area district province state region country strike raid "
    "sortie attack incident operation battle bullet tyre tire engine power electricity signal day "
    "week month year hour minute time contact control ground territory patience faith mind way "
    "balance convoy bulldozer excavator motorcycle motorbike bicycle train carriage tunnel facility "
    "site structure tent livestock chicken cat fish dollar pound euro rate ratio case virus "
    "bacterium cancer cell tumour interest airstrike explosion blast shelling gunfire source report "
    "post statement medium agency image picture account arrest attitude seizure mood smell taste "
    "pain silence myth story rumour conscience economy industry business language party motion amendment "
    "effort proposal measure legislation initiative idea elephant lion tiger bear wolf pig rhino buffalo "
    "whale crocodile snake monkey gorilla deer mule leopard howitzer trailer tractor cylinder container "
    "transmitter computer detonator generator motor carrier cruiser destroyer freighter trawler charger "
    "magazine radio binocular canister silencer mattress blanket passport flag uniform".split()
)
_PERSON_SUFFIX = re.compile(
    r"(?:er|or|ist|ian|ee|man|men|woman|women|person|people|boy|girl|ant|ite|i|folk|ard)s?$"
)
_KIN = frozenset(
    "son daughter wife husband mother father brother sister child baby infant toddler boy girl man "
    "woman teenager uncle aunt cousin nephew niece grandson granddaughter grandmother grandfather "
    "relative parent twin bride infant newborn fetus youth elder widow guest colleague friend "
    "neighbour neighbor".split()
)
_ACTOR_VICTIMS = {
    "state_forces": "soldiers", "government": "soldiers", "peacekeepers": "soldiers", "coalition": "soldiers",
    "rebel_group": "fighters", "militia": "fighters", "jihadist_group": "fighters",
    "private_military": "fighters",
    "police": "police", "militant_group": "fighters", "armed_group": "fighters", "paramilitary": "fighters",
}  # fmt: skip
_CARRIERS = frozenset(
    "member element personnel force troop unit man part individual representative operative cadre supporter "
    "affiliate commander leader".split()
)
HARM_WORDS = frozenset(
    "dead wounded injured missing hurt killed unaccounted fatality fatalities death deaths injury injuries "
    "wounds casualties casualty toll".split()
)
_ONE = re.compile(r"(?:a|an|one|another|the|his|her|their|its|my|our|this|that|every|each)$")


@dataclass(frozen=True, slots=True)
class Victims:
    """A count of people of one category. `count` None: a single person, not counted in words."""

    token: Token
    quantity: Quantity | None
    category: str
    text: str | None
    start: int
    end: int
    is_elided: bool = False

    @property
    def triple(self) -> tuple[int | None, int | None, int | None]:
        """Return low, best and high; one person where no number is said; none for things such as families."""
        if self.quantity is None:
            return 1, 1, 1
        if self.quantity.unit and not is_people_unit(self.quantity.unit):
            return None, None, None
        return self.quantity.low, self.quantity.best, self.quantity.high


def is_people_unit(unit: str) -> bool:
    """True for the units that are no things and no groups: bodies are counted as people."""
    return unit.split()[-1] in ("body", "bodies", "corpse", "corpses", "people", "life", "lives")


def measure(reading: ArticleReading, parsed: Parsed, token: Token, *, known: bool) -> Victims | None:
    """Return the people a token stands for, None where it stands for none, or for nobody that is counted.

    `known`: the noun must be a word for people; else an unknown noun passes unless it is a thing.
    """
    token = _totalled(token)
    quantity = reading.count(parsed, token)
    noun = _noun_of(parsed, token)
    if noun is None:  # a number alone: '2,000 injured'
        if quantity is None or quantity.unit:
            return None
        return Victims(token, quantity, "people", None, quantity.start, quantity.end, is_elided=True)
    category = category_of(reading, parsed, noun)
    if category is None and (known or _is_thing(noun)):
        return None
    start, end = phrase(noun)
    if quantity is not None:
        if (
            quantity.unit
            and lemma(noun) not in quantity.unit.split()
            and noun.lower_ not in quantity.unit.split()
        ):
            quantity = replace(quantity, unit=None)  # 'two cattle thieves' counts thieves
        if quantity.unit and any(child.lower_ == "suicide" for child in noun.children):
            quantity = replace(quantity, unit=None)  # suicide bombers are no aircraft
        start, end = min(start, quantity.start), max(end, quantity.end)
        return Victims(token, quantity, category or "people", _words(reading, parsed, noun), start, end)
    if (nested := _group_of(reading, parsed, noun)) is not None:
        return Victims(token, nested, category or "people", _words(reading, parsed, noun), start, nested.end)
    if _has_no(noun) or not _is_single(parsed, noun, category):
        return None
    return Victims(token, None, category or "people", _words(reading, parsed, noun), start, end)


def _totalled(token: Token) -> Token:
    """Return the villagers of 'a total of 40 villagers'; any other token as it is."""
    if token.lower_ == "total":
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                return next((end for end in child.children if end.dep_ == "pobj"), token)
    return token


def _words(reading: ArticleReading, parsed: Parsed, noun: Token) -> str:
    start, end = phrase(noun)
    at = parsed.sentence.start
    text = reading.article.text[at + start : at + end]
    return re.sub(r"['’]s?$", "", text) if noun.dep_ == "poss" else text


def _noun_of(parsed: Parsed, token: Token) -> Token | None:
    """Return the noun that a victim token counts: itself, or the X of 'dozens of X' and 'one of the X'."""
    own = parsed.quantity_at(token)
    if own is not None or token.lower_ in ("one", "some", "many", "others", "all", "most"):
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in ("of", "among"):
                end = next((c for c in child.children if c.dep_ == "pobj"), None)
                if end is not None and end.pos_ in ("NOUN", "PROPN"):
                    return end
        if own is not None:
            follows = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
            if follows is not None and follows.pos_ in ("NOUN", "PROPN") and token.head == follows:
                return follows
            return None
    if token.lower_ in HARM_WORDS:
        return None
    return token if token.pos_ in ("NOUN", "PROPN", "ADJ", "PRON") else None


def category_of(reading: ArticleReading, parsed: Parsed, noun: Token) -> str | None:
    """Return the category of a noun phrase: by its words, by the actor it names, None where not about
    people.
    """
    words = reading.lexicon.words.get("victims", {})
    doc = parsed.doc
    for width in (3, 2, 1):
        if noun.i - width + 1 >= 0:
            text = " ".join(doc[i].lower_ for i in range(noun.i - width + 1, noun.i + 1)).replace(" - ", "-")
            known = words.get(text) or words.get(_singular(text)) or words.get(text + "s")
            if (found := known) is not None:
                if (
                    width == 1
                    and found in ("people", "men")
                    and (more := _modifier_category(reading, parsed, noun))
                ):
                    return more
                return found
    if (found := words.get(lemma(noun))) is not None:
        return _modifier_category(reading, parsed, noun) or found if found == "people" else found
    if (more := _modifier_category(reading, parsed, noun)) is not None:
        return more
    if noun.tag_ == "NNPS" and parsed.mention_at(noun, "place", "claimant") is None:
        return "people"  # Afghans, Iraqis
    if noun.lower_ in _KIN or lemma(noun) in _KIN:
        return "people"
    if noun.pos_ in ("NOUN", "ADJ") and _PERSON_SUFFIX.search(noun.lower_) and not _is_thing(noun):
        return "people" if noun.lower_ not in ("number", "matter", "power", "letter", "order") else None
    return None


def _modifier_category(reading: ArticleReading, parsed: Parsed, noun: Token) -> str | None:
    """Return what a name within the phrase makes of 'members', 'men', '156 Houthis'."""
    is_name = noun.pos_ == "PROPN" or lemma(noun) in _CARRIERS
    if not is_name:
        return None
    start, end = phrase(noun)
    words = reading.lexicon.words.get("victims", {})
    end = min(
        [end, *(t.idx for t in noun.subtree if t.i > noun.i and t.dep_ in ("cc", "conj", "appos", "relcl"))]
    )
    for mention in parsed.mentions:
        if mention.kind == "actor" and start <= mention.start and mention.end <= end:
            name = reading.choose(mention)
            if name is not None and (found := actor_victims(reading, name)) is not None:
                return found
    beside = [
        *noun.lefts,
        *(c for p in noun.rights if p.dep_ == "prep" and p.lower_ == "of" for c in p.children),
    ]
    for token in beside:
        if (found := words.get(token.lower_)) not in (None, "people"):
            return found
    return None


def actor_victims(reading: ArticleReading, name: Name) -> str | None:
    """Return the category of an actor's people, None for an actor that is no armed force."""
    actor = reading.lexicon.actors.get(name.id)
    return _ACTOR_VICTIMS.get(actor.kind) if actor is not None else None


def _singular(text: str) -> str:
    return text[:-1] if text.endswith("s") else text


def _is_thing(noun: Token) -> bool:
    return noun.lower_ in _THINGS or lemma(noun) in _THINGS


def is_person_word(reading: ArticleReading, parsed: Parsed, word: str) -> bool:
    """True where a lower-case word is one for people: by the lexicon, by its ending, or a party's name."""
    if any(m.kind == "actor" and m.text.lower().endswith(word) for m in parsed.mentions):
        return True
    words = reading.lexicon.words.get("victims", {})
    if word in words or _singular(word) in words:
        return True
    return bool(_PERSON_SUFFIX.search(word)) and word not in _THINGS and _singular(word) not in _THINGS


def is_thing_at(parsed: Parsed, quantity: Quantity) -> bool:
    """True where the word after a number is a thing: '40 sheep'."""
    if quantity.unit and not is_people_unit(quantity.unit):
        return True
    after = [token for token in parsed.doc if token.idx >= quantity.end][:3]
    nouns = [token for token in after if token.pos_ in ("NOUN", "PROPN")]
    return bool(nouns) and after[0].pos_ in ("NOUN", "PROPN", "ADJ") and _is_thing(nouns[0])


def _has_no(noun: Token) -> bool:
    return any(c.dep_ in ("det", "neg") and c.lower_ in ("no", "neither", "any") for c in noun.children)


def _group_of(reading: ArticleReading, parsed: Parsed, noun: Token) -> Quantity | None:
    """Return the number in 'a family of five', 'a group of 12 people'."""
    if lemma(noun) not in ("family", "group", "crew", "team", "party", "dozen"):
        return None
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            for end in child.children:
                if end.dep_ == "pobj":
                    return reading.count(parsed, end)
    return None


def _is_single(parsed: Parsed, noun: Token, category: str | None) -> bool:
    """True for one person that is not counted: 'a medic', 'his son', 'the bomber', 'him', a person's name."""
    if noun.pos_ == "PRON":
        return noun.lower_ in ("him", "her", "he", "she", "someone", "himself", "herself")
    if noun.tag_ in ("NNS", "NNPS") or lemma(noun) in _COLLECTIVE:
        return False
    determined = _is_determined(noun) or (
        noun.dep_ == "conj" and noun.tag_ == "NN" == noun.head.tag_ and _is_determined(noun.head)
    )  # 'his guard and driver'
    if noun.tag_ == "NNP":
        titled = any(c.dep_ == "compound" and c.i < noun.i for c in noun.children)
        mention = parsed.mention_at(noun, "actor", "place", "claimant")
        named = mention is None or (titled and mention.kind == "place" and " " not in mention.text)
        return named and noun.text[:1].isupper() and noun.text.isalpha() and len(noun.text) > 1
    if lemma(noun) == "youth" and not any(c.lower_ in ("a", "one", "another") for c in noun.children):
        return False
    if category is None:
        return noun.tag_ == "NN" and _is_killed_person(noun)
    if determined or noun.tag_ != "NN":
        return determined
    return (noun.dep_ in ("dobj", "nsubjpass") and _is_telegraphic(noun)) or _is_note(parsed)


def _is_determined(noun: Token) -> bool:
    return any(
        c.dep_ == "poss" or (c.dep_ in ("det", "nummod") and _ONE.match(c.lower_)) for c in noun.children
    )


def _is_killed_person(noun: Token) -> bool:
    """True for 'assassinated a marabout', 'an expatriate was killed': a word unknown, for no thing."""
    return (
        noun.dep_ in ("dobj", "nsubjpass")
        and lemma(noun.head) in _PERSONAL
        and not any(c.dep_ == "prt" and c.lower_ == "off" for c in noun.head.children)  # 'killed off a truce'
        and any(
            c.dep_ in ("det", "nummod") and c.lower_ in ("a", "an", "one", "another") for c in noun.children
        )
    )


_PERSONAL = frozenset(
    "kill murder assassinate behead decapitate execute lynch slay shoot gun stab hack".split()
)


def _is_note(parsed: Parsed) -> bool:
    """True for 'Gunmen kill official in camp', a headline or note, where nouns have no articles."""
    return not any(token.tag_ == "DT" and token.lower_ in ("a", "an", "the") for token in parsed.doc)


def _is_telegraphic(noun: Token) -> bool:
    """True for 'killed former mayor': a person told of as notes and headlines do, without an article."""
    before = [child for child in noun.lefts if child.dep_ in ("amod", "compound")]
    return bool(before) and all(child.tag_ in ("JJ", "NN", "NNP") for child in before)


_COLLECTIVE = frozenset(
    "people personnel police staff crew family group force army troop number public population "
    "majority infantry military militia opposition command leadership community dozen hundred "
    "thousand lot total government half battalion brigade unit team party patrol regime squad "
    "household couple violence fighting crowd another other rest most some many few latter former "
    "enemy side".split()
)
