"""Whether an article is of a war at all, or of a fire, a vote, a match that speaks war's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_WAR = re.compile(
    r"\b(?:rebel(?:s|lion)?|insurgen\w+|militants?|militia\w*|gunm[ea]n|guerrillas?|jihad\w+|terroris\w+|"
    r"separatists?|paramilitar\w+|mercenar\w+|junta|warlords?|combatants?|"
    r"(?:civil|proxy) war|war crimes?|cease-?fires?|truce|hostilities|armed (?:groups?|men|conflict|clashes)|"
    r"air ?strikes?|(?:israeli|russian|drone|missile) strikes?|air raids?|bombardment|"
    r"shell(?:ed|ing)|mortars?|artillery|howitzers?|rocket fire|"
    r"bombs?|(?<!water )bombers?|bombings?|explosives?|missiles?|rockets?|gunned down|shot dead|"
    r"opened fire|massacre|"
    r"warplanes?|fighter jets?|gunships?|barrel bombs?|car bombs?|suicide bomb\w*|landmines?|snipers?|"
    r"ambush\w*|"
    r"(?:killed|died|wounded) in (?:action|combat|the fighting|clashes)|clashes|gun ?battles?|battlefield|"
    r"front ?lines?|counter-?offensive|infantry|battalions?|brigades?|garrison|troops|soldiers|"
    r"(?<!fire)(?<!fire )(?<!fire-)fighters)\b"
)
"""This and the next are for text in lower case: ignoring case would take four times as long."""
_OTHER = tuple(
    re.compile(rf"\b(?:{words})\b")
    for words in (
        # fire and water, earth and disease
        r"wildfires?|bush ?fires?|forest fires?|fire-?fight\w+|firem[ae]n|fire brigades?|fire crews?|flames|"
        r"blazes?|"
        r"arson\w*|water bombers?|evacuation orders?|flood(?:s|ed|ing|waters?)?|storms?|cyclone|hurricane|"
        r"typhoon|tornado|landslides?|mudslides?|avalanche|snow(?:fall|storm)?|earthquakes?|quakes?|aftershocks?|"
        r"tremors?|epicentre|epicenter|richter|magnitude|tsunami|volcan\w+|eruption|lava|drought|locusts?|"
        r"virus|covid(?:-19)?|coronavirus|ebola|cholera|"
        r"malaria|measles|epidemic|pandemic|outbreak|vaccin\w+|infections?|health workers",
        # votes and parties
        r"elections?|electoral|by-election|polling (?:day|stations?)|ballots?|voters?|votes?|turnout|"
        r"constituenc\w+|candidates?|councillors?|city council|mayoral|manifesto|referendum|runoff|"
        r"conservatives?|tor(?:y|ies)|labour|democrats?|republicans?|liberals?|landslide victory|exit polls?|"
        r"opinion polls?|parliament(?:ary)? seats?|swing states?|primar(?:y|ies)",
        # games, films, trade
        r"football\w*|soccer|rugby|cricket\w*|tennis|basketball|hockey|chess|grand ?master|championships?|"
        r"league|strikers?|midfield\w*|goal ?keepers?|quarter-?finals?|semi-?finals?|finals?|world cup|"
        r"tournament|penalt(?:y|ies)|kick-?off|wickets?|innings|referees?|half-?time|matches|match|teams?|coach|"
        r"players?|goals?|scored|fans|medals?|olympi\w+|box office|film|movie|novel|video game|gamers?|"
        r"shares|shareholders?|stock (?:market|exchange)|takeover bid|merger|profits?|revenue|retail\w*|"
        r"supermarkets?|customers|market share|investors?|chief executive|start-?ups?|"
        r"re-?enact\w+|museum|exhibition|festival",
    )
)
_READ = 20_000
_VERDICTS: WeakKeyDictionary[ArticleReading, bool] = WeakKeyDictionary()


def is_of_war(reading: ArticleReading) -> bool:
    """False where the article speaks of another matter more than of fighting, and at least twice.

    Counted are distinct words in the first 20,000 characters. A party to a war that is named counts as a word
    of war, unless it is a government or the police, who also fight fires and hold elections.
    """
    if reading not in _VERDICTS:
        _VERDICTS[reading] = _judge(reading)
    return _VERDICTS[reading]


def tells_of_fighting(text: str) -> bool:
    """True where the text has a word of fighting."""
    return _WAR.search(text.lower()) is not None


def words_of_war(reading: ArticleReading) -> int:
    """Return how many distinct words of fighting the article has."""
    return len(_distinct(_WAR, _read(reading)))


def _judge(reading: ArticleReading) -> bool:
    text = _read(reading)
    other = max(len(_distinct(pattern, text)) for pattern in _OTHER)
    if other < 2:
        return True
    return len(_distinct(_WAR, text)) + len(_armed_parties(reading)) >= other


def _read(reading: ArticleReading) -> str:
    return reading.article.text[:_READ].lower()


def _distinct(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match.group().removesuffix("s") for match in pattern.finditer(text)}


def _armed_parties(reading: ArticleReading) -> set[str]:
    """Return the rebels, militias and armies that the article names with a capital."""
    found = set()
    for row in reading.mentions:
        for mention in row:
            if mention.kind == "actor" and mention.text[:1].isupper():
                name = reading.choose(mention)
                known = reading.lexicon.actors.get(name.id) if name is not None else None
                if known is not None and known.kind not in ("government", "police"):
                    found.add(known.id)
    return found
