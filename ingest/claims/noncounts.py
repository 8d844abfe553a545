"""What a numeral counts when it does not count people: years, days, ages, calibres, money, measures, names.

`hidden_spans` finds what is settled by form alone (dates, times, ISO and numeric dates, coordinates);
`is_no_count` judges one numeral by the few words on both sides; `unit_of` names a counted thing.
The lists are of classes of words (measures, designators of roads and units), never of single names.
"""

from __future__ import annotations

import re

MONTHS = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)|Mar(?=\s[0-9])|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?"
    r"|JAN(?:UARY|\.)?|FEB(?:RUARY|\.)?|MAR(?:CH|\.)?|APR(?:IL|\.)?|MAY(?!\s(?:HAVE|BE|NOT|ALSO)\b)|JUNE?|JULY?"
    r"|AUG(?:UST|\.)?|SEPT?(?:EMBER|\.)?|OCT(?:OBER|\.)?|NOV(?:EMBER|\.)?|DEC(?:EMBER|\.)?)"
)
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th|ST|ND|RD|TH)?(?![0-9A-Za-z]|[.,][0-9])"
_AND = r"\s?(?:-|–|—|/|to|and|or)\s?"
_HIDDEN = re.compile(
    rf"(?<![0-9A-Za-z.,]){_DAY}(?:{_AND}{_DAY}){{0,3}}\s(?:of\s)?{MONTHS}(?![a-z])"
    r"(?:,?\s(?:(?:19|20)[0-9]{2}(?![0-9A-Za-z,])|[0-9]{2}(?=\s?(?:--|[,.;)\n]|$))))?"
    rf"|(?<![A-Za-z])(?<!\b[Ii]n\s){MONTHS}\s{_DAY}(?:{_AND}{_DAY}(?!\s(?:[a-z]{{3,}}s|people|men)\b)){{0,3}}"
    r"(?:,?\s(?:19|20)[0-9]{2}(?![0-9A-Za-z,]))?"
    rf"|(?<![A-Za-z]){MONTHS},?\s(?:of\s)?(?:19|20)[0-9]{{2}}(?![0-9A-Za-z,]|\s(?:people|men|soldiers|civilians)\b)"
    r"|(?<![0-9])[0-2]?[0-9][:h.][0-5][0-9]\s?(?:[AaPp]\.?[Mm]\b|hours\b|hrs?\b|GMT\b|UTC\b|local\b)"
    r"|(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?"
    r"|(?<![0-9])[0-2][0-9][0-5][0-9]\s(?:GMT|UTC|hours|hrs|local)\b"
    r"|(?<![0-9])[0-9]++(?:[-/.][0-9]++){2,}|(?<![0-9])[0-9]{1,4}/[0-9]{1,4}(?![0-9])"
    r"|(?:19|20)[0-9]{2}\s?[-–]\s?(?:(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9A-Za-z,])"
    r"|[0-9]{1,3}(?:\.[0-9]+)?\s?[°º][^a-z\n]{0,20}"
)

_DIGIT = re.compile("[0-9]")
"""Each of these has one, and most sentences have none."""


def hidden_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans that hold dates, times of day, scores of the clock and coordinates, in order."""
    return [match.span() for match in _HIDDEN.finditer(text)] if _DIGIT.search(text) else []


_MEASURE = (
    r"(?:years?|months?|weeks?|days?|nights?|hours?|minutes?|mins?|seconds?|decades?|centur(?:y|ies)|fortnights?"
    r"|kms?|kilomet(?:er|re)s?|miles?|met(?:er|re)s?|yards?|feet|foot|ft|inch(?:es)?|cm|mm"
    r"|kg|kilos?|kilograms?|pounds?|lbs?|tons?|tonnes?|lit(?:er|re)s?|gallons?|barrels?|acres?|hectares?|dunams?"
    r"|degrees?|knots?|mph|kph|km/h|megawatts?|mw|kilowatts?|calib(?:er|re)|magnitude|points?|percentage"
    r"|a\.?m\b\.?|p\.?m\b\.?|o'clock|gmt|utc|est|edt|hrs|times|fold"
    r"|dollars?|usd|euros?|roubles?|rubles?|liras?|riyals?|rials?|dinars?|rupees?|yuan|yen|francs?|cents?|shillings?"
    r"|afghanis?|hryvnias?|bucks|birr|naira|kyats?)"
)
_AFTER = re.compile(
    r"\s?(?:%|°|º|per\s?cent\b|percent\b)"
    r"|(?:st|nd|rd|th)\b"
    rf"|(?:-|\s){{1,2}}(?:of\s)?(?:(?:nautical|square|sq\.?|cubic|metric|straight|consecutive|full|long|short|more"
    rf"|other|whole|successive|additional|further|hundred|thousand|million|billion|US|u\.s\.|of)\s){{0,2}}{_MEASURE}\b"
    r"|['’]s?\s(?:worth|time)\b"
    r"|\sin\s(?:a|every)\s(?:hundred|thousand|million)\b",
    re.IGNORECASE,
)
_HYPHENATED = re.compile(r"-(?!(?:strong|man|men|woman|member|person|plus|odd)\b)[A-Za-z]")
_DESIGNATOR = (
    r"(?:Route|Highway|Motorway|Road|Street|Avenue|Article|Resolution|Brigade|Regiment|Battalion|Division|Unit|Corps"
    r"|Detachment|Group|Flight|Chapter|Section|Paragraph|Room|Camp|Area|Zone|Block|Ward|Sector|Phase|Level|Stage|Step"
    r"|Week|Day|Channel|Figure|Table|Page|District|Quarter|Point|Hill|Height|Gate|Checkpoint|Boeing|Airbus|Type|Grad"
    r"|War|Covid|COVID|Tel|Phone|Part|Act|Version|Model|Mark|Grade|Class|Category|Order|Law|Decree|Bill"
    r"|Apartment|Building|House|Lot|Line|Locality|Kilomet(?:er|re)|Position|Base|Army|Squadron|Fleet|Bridge|Tower"
    r"|Platform|Terminal|Volume|Issue)"
)
_BEFORE = re.compile(
    r"(?:[$€£¥₽#№@^~]|\b(?:USD|US\$|Rs\.?|EUR))\s?$"
    r"|\b(?:number|nos?\.?|nr\.?|article|phase|page|chapter|section|route|highway|resolution|paragraph)\s$"
    r"|\bper\s$|\btimes\s$|\bmagnitude\s(?:of\s)?$"
    r"|\bage[ds]?\s(?:of\s|between\s|from\s|about\s|around\s|just\s|only\s)?$"
    r"|[A-Za-z]-$",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(rf"\b(?:{_DESIGNATOR}|{_DESIGNATOR.upper()})s?\s$")
_NAMED_AFTER = re.compile(
    r"\s(?:Apartments?|Houses?|Homes|Buildings?|Villas?|Flats|Street|Avenue|Road|District|Division|Brigade|Battalion"
    r"|Regiment|Corps|Army|Group|Squadron|Commando|Command|Military\s(?:Region|Zone|Command)|Infantry|Mechani[sz]ed"
    r"|Armou?red|Airborne|Highway|Bridge|Base|Hill|Camp)\b"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|from|until|till|by|during|year|early|late|mid|mid-|spring|summer|autumn|fall|winter|after|before"
    r"|between|the|its|their|(?:summer|spring|winter|autumn|fall|end|start|beginning)\sof|circa|pre-|post-)"
    r"\s?(?:['’]s\s)?$"
    rf"|\b{MONTHS},?\s$",
    re.IGNORECASE,
)
_PEOPLE = (
    r"(?:people|persons?|civilians?|soldiers?|troops?|militants?|rebels?|fighters?|policem[ae]n|police|officers?|m[ae]n"
    r"|wom[ae]n|children|child|others?|villagers?|terrorists?|insurgents?|residents?|refugees?|prisoners?|members?"
    r"|guards?|recruits?|conscripts?|volunteers?|mercenaries|injured|killed|wounded|dead|missing|displaced|hurt"
    r"|arrested|detained|captured|lives|deaths|fatalities|casualties|victims?|bodies|men|personnel|servicemen|marines"
    r"|combatants?|gunmen|jihadists?|defenders?|commanders?|crew|hostages?|migrants?|students?|workers?|medics?"
    r"|inhabitants?|reinforcements?|pows?|engineers?|sailors?|pilots?|paratroopers?|militiam[ae]n|of\sthem|of\swhom)"
)
_COUNTED = re.compile(
    rf"\s(?:(?:[A-Z][\w'’-]{{1,25}}|[a-z][a-z-]{{2,20}})\s){{0,2}}{_PEOPLE}\b", re.IGNORECASE
)


def counts_people(after: str) -> bool:
    """Say whether a word for people follows the numeral within three words ('injured', 'armed men')."""
    return bool(_COUNTED.match(after))


_APPOSED_AGE = re.compile(r"\b[A-Z][\w'’.-]*\)?\s?,?\s?[,(]\s?$")
_LIST_NUMBER = re.compile(r"(?:^|\n)\s{0,8}\(?$")


def is_no_count(before: str, after: str, text: str, value: int | None, qualified: bool) -> bool:
    """Say whether the numeral `text` counts nothing countable, seen from the words on both sides.

    `before` and `after` are the text up to and from the numeral (forty code points will do); `value` is what
    it is worth; `qualified` is true where 'more than' or the like stands before it.
    """
    if _AFTER.match(after) or _HYPHENATED.match(after) or _BEFORE.search(before):
        return True
    digits = text.isdigit()
    if _NAMED_BEFORE.search(before) and not _COUNTED.match(after):
        return True
    if _NAMED_AFTER.match(after) and (digits or text[:1].isupper()) and not qualified:
        return True
    if digits and value is not None:
        if value <= 120 and _APPOSED_AGE.search(before) and re.match(r"\s?[,)]", after):
            return True
        if _LIST_NUMBER.search(before) and re.match(r"[.)]\s", after):
            return True
        if len(text) == 4 and 1900 <= value <= 2099:
            return _is_year(before, after, value, qualified)
    return False


def _is_year(before: str, after: str, value: int, qualified: bool) -> bool:
    """Four bare digits from 1900 to 2099 are a year, but '2000 injured' and 'more than 2000' are counts."""
    if qualified:
        return not (value % 50 == 0 or _COUNTED.match(after))
    return bool(_YEAR_BEFORE.search(before)) or not _COUNTED.match(after)


_UNITS = (
    r"famil(?:y|ies)|households?|battalions?|brigades?|divisions?|regiments?|compan(?:y|ies)|columns?|convoys?"
    r"|squadrons?|platoons?|detachments?|contingents?|units?|batches|teams?|groups?|factions?|militias?"
    r"|lorr(?:y|ies)|trucks?|vehicles?|cars?|buses|bus|tanks?|jeeps?|pickups?|pick-ups?|ambulances?|tankers?|trailers?"
    r"|planes?|aircraft|jets?|warplanes?|helicopters?|drones?|uavs?|fighter\sjets?|bombers?|gunships?"
    r"|ships?|boats?|warships?|vessels?|frigates?|destroyers?|submarines?|carriers?"
    r"|missiles?|rockets?|shells?|bombs?|mines?|grenades?|rifles?|guns?|howitzers?|launchers?|mortars?|bullets|rounds"
    r"|air\s?strikes?|airstrikes?|air\sraids?|raids?|strikes?|attacks?|sorties?|explosions?|blasts?|clashes|battles?"
    r"|bombings?|incidents?|offensives?|operations?|ambushes|assaults?|violations?"
    r"|houses?|homes?|buildings?|shops?|schools?|hospitals?|clinics?|mosques?|churches|tents|huts|shelters|markets?"
    r"|villages?|towns?|cities|city|districts?|neighbou?rhoods?|provinces?|regions?|areas?|settlements?|streets?|hills?"
    r"|positions?|posts?|outposts?|checkpoints?|bases?|barracks|camps?|points|locations?|sites|fronts?|routes?|roads?"
    r"|bridges?|crossings?|airports?|countr(?:y|ies)|states?|nations?|governorates?|oblasts?"
    r"|cattle|cows|sheep|goats|camels|animals|livestock|horses|dogs|bags|boxes|pieces|items|documents?|reports?"
    r"|seats?|votes?|parties|talks|meetings?|rounds|statements?|sources?|reasons?|cases?|sides?|ways?|things?"
    r"|rooms?|floors?|storeys?|stories|wells|fields|farms|factor(?:y|ies)|stations?|plants?|tunnels?|trenches|lines"
)
_RUN = re.compile(r"(?:[\s-]{1,3}[A-Za-z][\w'’-]*)")
_UNIT = re.compile(rf"(?:{_UNITS})$", re.IGNORECASE)
_PERSON = re.compile(rf"{_PEOPLE}$", re.IGNORECASE)
_STOP = re.compile(
    r"(?:was|were|is|are|has|have|had|will|would|and|or|but|in|on|at|to|from|by|with|for|as|that|which|who|when|while"
    r"|after|before|since|during|than|near|into|inside|across|around|between|against)$",
    re.IGNORECASE,
)
_LINKS = {"of", "more", "other", "the", "such", "these", "those", "its", "their", "his", "her"}
_OWNERS = {"its", "their", "his", "her"}
MAX_RUN = 6


def unit_of(after: str, value: int | None) -> str | None:
    """Return the noun of a unit that is no person ('families', 'lorries') where the numeral counts one.

    `after` is the text from the numeral's end. A singular noun under a plural number is a modifier ('20 tank
    crewmen'). None where the numeral may count people, also where the noun is not known: the caller's parse
    knows the head.
    """
    position = 0
    before = ""
    for _ in range(MAX_RUN):
        run = _RUN.match(after, position)
        if not run:
            return None
        word = run.group().strip(" -\t\n\u00a0").lower()
        if word not in _LINKS and _STOP.match(word):
            return None
        if word in _OWNERS and before != "of":
            return None  # '60,000 fled their homes'
        before = word
        position = run.end()
        if _PERSON.match(word):
            return None
        if _UNIT.match(word):
            plural = word.endswith("s") or word in ("aircraft", "cattle", "sheep", "livestock")
            following = _RUN.match(after, position)
            head = following.group().strip().lower() if following else ""
            if _PERSON.match(head) or (_UNIT.match(head) and not _STOP.match(head)):
                continue
            if plural or value == 1:
                return word
    return None
