"""Whether an article is of a war at all, or of a fire, a vote, a match that speaks war's language.

Also whether the harm that a sentence tells of is of the war: the one decider of both.
"""

from __future__ import annotations

import re
from functools import lru_cache
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
_CAUSES = (
    r"earthquakes?|quakes?|aftershocks?|tremors?|magnitude|tsunami|floods?|flooding|flash floods|"
    r"cyclone|"
    r"hurricane|typhoon|tornado|storms?|landslides?|mudslides?|avalanche|volcan\w+|drought|heatwave|"
    r"monsoon|lightning|"
    r"road accident|traffic accident|car accident|bus accident|accident|crash(?:ed|es)?|collision|"
    r"collided|derail\w+|"
    r"pile-up|overturned|capsized?|(?:ferry|boat|dinghy|vessel) (?:sank|sinks|sinking|went down)|"
    r"stampede|crush|cholera|ebola|covid(?:-19)?|coronavirus|pandemic|"
    r"epidemic|virus|"
    r"measles|malaria|dengue|outbreak of|poisoning|alcohol|gas leak|methane|firedamp|"
    r"wildfires?|bushfires?|drown\w*|"
    r"collaps\w+|cav(?:ed?|ing) in|heart attacks?|natural causes|illness|disease|old age|cooking gas|"
    r"(?:gold|coal|copper|diamond|iron) mines?|miners?"
)
"""What harms people without a war: in a sentence, and as words of the first of the other matters."""
_HARM = re.compile(rf"\b(?:{_CAUSES})\b")
_VIOLENCE = re.compile(
    r"\b(?:war|wars|rebels?|insurgents?|militants?|militia\w*|army|armies|troops?|soldiers?|fighters?|"
    r"gunm[ea]n|airstrikes?|"
    r"air raids?|air ?strikes?|strikes?|shell(?:ed|ing|s)|bomb(?:ed|ing|ings|s|er|ers|ardment)?|"
    r"attack(?:ed|ers?|s|ing)?|"
    r"assault|clash(?:es|ed)?|fighting|offensive|guerrillas?|terroris[tm]s?|jihadis\w*|missiles?|"
    r"rockets?|mortars?|"
    r"drones?|shellfire|artillery|sniper|suicide|explosives?|landmines?|mined?|gunfire|shooting|shot|"
    r"ambush\w*|siege|front ?line|"
    r"armed|military|regime|separatists?|massacre\w*|execut\w+|kidnap\w*|hostages?|detonat\w+|explosion|"
    r"blast|ied|"
    r"extremists?|combat|cease-?fire|occupation|paramilitar\w+|police|hit ?men|assassin\w*|murder\w*|"
    r"bandits?|"
    r"gunned|stabb\w+|behead\w*|torture\w*|cartel|gangs?|violence|riot\w*|protest\w*|killers?)\b",
)
_ATTACK = re.compile(
    r"\b(?:blast|explosion|explosives|gunfire|gunned|gunshots?|shooting|shot (?:dead|to death|and killed)"
    r"|stabb\w+|hacked|lynch\w*|beaten to death|hit ?men|assassin\w*|murder\w*|police fired)\b"
)
"""Beside _WAR, words that no match and no vote uses of itself; of a fire and a flood they say nothing."""
_OTHER = tuple(
    re.compile(rf"\b(?:{words})\b")
    for words in (
        # fire and water, earth and disease, roads and mines, pests and beasts
        _CAUSES
        + r"|bush fires?|forest fires?|fire-?fight\w+|firem[ae]n|fire brigades?|fire crews?|flames|blazes?|"
        r"arson\w*|water bombers?|evacuation orders?|flood(?:ed|waters?)|snow(?:fall|storm)?|epicentre|"
        r"epicenter|richter|eruption|lava|locusts?|outbreak|vaccin\w+|infections?|health workers|"
        r"swarm(?:s|ed|ing)?|pests?|pesticides?|insect(?:s|icides?)?|army ?worms?|caterpillars?|larvae|"
        r"beetles|rodents?|infest\w+|spray(?:s|ed|ing)|hatch(?:ed|ing|lings?)|hoppers|hyacinth|weeds|wildlife|"
        r"poach\w+",
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
_VOTES = 1
"""Where votes and parties stand in _OTHER; fire and disease are 0."""
_READ = 20_000
_VERDICTS: WeakKeyDictionary[ArticleReading, int | None] = WeakKeyDictionary()
_CALM: WeakKeyDictionary[ArticleReading, bool] = WeakKeyDictionary()


def is_of_war(reading: ArticleReading) -> bool:
    """False where the article speaks of another matter more than of fighting, and at least twice.

    Counted are distinct words in the first 20,000 characters. A party to a war that is named counts as a word
    of war, unless it is a government or the police, who also fight fires and hold elections.
    """
    return _matter(reading) is None


def is_harm_of_war(reading: ArticleReading, text: str) -> bool:
    """False where the harm that a sentence tells of comes from an earthquake, a road, a fire, a match.

    The sentence decides where it names a cause and no violence, or more of the first. In an article of
    another matter it takes a word of an attack: the police and an army are there too.
    """
    causes, violence = _words_of_harm(text)
    if causes > violence:
        return False
    matter = _matter(reading)
    if matter is None:
        return violence > 0 or not _is_calm(reading)
    low = text.lower()
    if matter == _VOTES and " killed" in low:
        return True  # no candidate is killed in a manner of speaking
    return _WAR.search(low) is not None or (matter > 0 and _ATTACK.search(low) is not None)


def names_cause(text: str) -> bool:
    """True where a sentence names a flood, an earthquake, an accident: people flee these too."""
    return _words_of_harm(text)[0] > 0


def _is_calm(reading: ArticleReading) -> bool:
    """True for an article that names a cause of harm and no violence: 'An earthquake ... 20 were hurt.'"""
    if reading not in _CALM:
        low = _read(reading)
        _CALM[reading] = _HARM.search(low) is not None and not (_VIOLENCE.search(low) or _WAR.search(low))
    return _CALM[reading]


@lru_cache(maxsize=64)
def _words_of_harm(text: str) -> tuple[int, int]:
    """Return how many causes without a war, and words of violence, a sentence has: none is both."""
    low = text.lower()
    return len(_HARM.findall(low)), len(_VIOLENCE.findall(_HARM.sub(" ", low)))


def words_of_war(reading: ArticleReading) -> int:
    """Return how many distinct words of fighting the article has."""
    return len(_distinct(_WAR, _read(reading)))


def _matter(reading: ArticleReading) -> int | None:
    """Return which of the other matters the article is of, None where it is of a war."""
    if reading not in _VERDICTS:
        text = _read(reading)
        counts = [len(_distinct(pattern, text)) for pattern in _OTHER]
        most = max(counts)
        is_other = most >= 2 and len(_distinct(_WAR, text)) + len(_armed_parties(reading)) < most
        _VERDICTS[reading] = counts.index(most) if is_other else None
    return _VERDICTS[reading]


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
