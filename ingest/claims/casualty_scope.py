"""What a casualty claim covers (incident, period, the whole war), and who did it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal

from ingest.claims.frames import subjects
from ingest.claims.parse import lemma
from ingest.claims.reading import Parsed, Reference, Token
from ingest.claims.sides import is_ground
from ingest.claims.speakers import phrase
from ingest.records import DateSpan, Quantity

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

Scope = Literal["incident", "period", "cumulative"]

_WAR = (
    r"(?:civil )?(?:war|conflict|uprising|revolution|insurgency|rebellion|hostilities|unrest|crisis|genocide|"
    r"invasion)"
)
_CUMULATIVE = re.compile(
    rf"\bsince (?:the )?(?:\w+'s |\w+ ){{0,3}}{_WAR}(?:'s)? (?:began|erupted|started|broke out|start|"
    rf"outbreak)"
    rf"|\bsince the (?:start|beginning|outbreak|onset) of (?:the |its |\w+'s )?(?:\w+ ){{0,3}}{_WAR}"
    rf"|\b(?:the|this|that|'s|its|\w+ (?:years|months)(?: of)?|\w+'s|-year|"
    rf"decades of) ?(?:\w+[ -]){{0,3}}{_WAR} (?:has|have|had|may|might|could|that|which)\b"
    rf"|\b(?:in|during|by|over|of|to) (?:the|this|its|\w+'s) (?:\w+[ -]){{0,3}}{_WAR}\b"
    rf"|\b{_WAR} (?:began|erupted|started|broke out)\b"
    r"|\b(?:total|overall|cumulative|new) (?:death )?toll\b"
)
"""For text in lower case: ignoring case would take four times as long."""
_MAY_BE_CUMULATIVE = re.compile(rf"{_WAR}|toll")
_PERIOD = re.compile(
    r"\b(?:in|over|during|for|within) (?:the )?(?:past|last|recent|previous|first|latest|few|"
    r"couple of) (?:\w+ ){0,2}"
    r"(?:hours|days|weeks|months|years|month|week|year)\b"
    r"|\bin recent (?:days|weeks|months|years)\b|\bso far (?:this|in)\b|\bthis (?:week|month|year)\b"
    r"|\bsince (?!then\b)|\b(?:the )?(?:fighting|battles?|offensive|campaign|siege|operation|clashes|"
    r"violence) "
    r"(?:has|have|left|had|killed|claimed)\b|\b(?:during|in|of) (?:the |a |"
    r"this )?(?:\w+[ -]){0,2}(?:battle|offensive|campaign|"
    r"siege|violence) (?:for|of|in|on|to|against)\b|\bhave been (?:killed|displaced|wounded|"
    r"injured) (?:since|over|in (?:the )?(?:fighting|clashes|violence|battles?|offensive|campaign|siege|"
    r"conflict|operation|war|past|last|recent))\b"
    r"|\blast year\b|\b(?:weeks|months|years) of (?:fighting|clashes|violence|shelling|bombing)\b",
    re.IGNORECASE,
)
_DAY_SPANS = re.compile(
    r"\bweekend\b|\bovernight\b|\bsince (?:dawn|morning|midnight)\b",
    re.IGNORECASE,
)
_DOERS = frozenset(
    "gunman attacker militant rebel bomber soldier insurgent fighter assailant terrorist man police "
    "army".split()
)
_ATTACKS = frozenset(
    "strike airstrike attack raid bombing shelling bombardment ambush assault offensive operation "
    "blast explosion shooting massacre fire rocket missile mortar shell drone bomb warplane jet "
    "helicopter aircraft gunfire siege campaign artillery plane forces troop fighter gunman sniper "
    "clash fighting sweep execution barrage war".split()
)


def scope_of(
    reading: ArticleReading,
    parsed: Parsed,
    head: Token,
    clause: str,
    when: DateSpan,
    harm: str,
    quantity: Quantity | None,
) -> Scope:
    """Return the scope from the clause's words, its tense and the length of its date."""
    text = clause if len(clause) > 60 else parsed.sentence.text
    own = when.text is not None and when.basis != "inherited"
    days = _days(when, reading.published) if own else None
    around = parsed.sentence.text[max(0, when.start - 12) : when.end]
    spans = own and _SPAN.search(around) is not None
    if days is not None and days <= 2 and not spans:
        return "incident"
    low = parsed.sentence.text.lower()
    if _MAY_BE_CUMULATIVE.search(low) and _CUMULATIVE.search(low):
        return "cumulative"
    if not spans and _DAY_SPANS.search(clause):
        return "incident"
    if own and _begins_war(reading, when):
        return "cumulative"
    if days is not None and (spans or days > 35 or quantity is None or (quantity.low or 0) >= 100):
        return "cumulative" if days > 366 and spans else "period"
    if days is not None and days <= 31 and harm != "displaced":
        return "incident"
    if not own and harm in ("killed", "injured") and (size := _size(quantity)) >= _MORE_THAN_A_BATTLE:
        return "cumulative" if size >= _MORE_THAN_A_CAMPAIGN else "period"
    if _PERIOD.search(text) or harm == "displaced" or (not own and _has_gone_on(head, quantity)):
        return "period"
    return "incident"


_MORE_THAN_A_BATTLE, _MORE_THAN_A_CAMPAIGN = 1_000, 5_000
"""So many dead or wounded, of no day that is named, are the toll of a battle or a war, of no one incident."""


def _size(quantity: Quantity | None) -> int:
    """Return the largest bound that the number has."""
    return max(quantity.low or 0, quantity.best or 0, quantity.high or 0) if quantity is not None else 0


_SPAN = re.compile(
    r"\b(?:since|over|past|during|between|from|hours(?! (?:of|on)\b)|days|weeks|months|years|until|so far)\b",
    re.I,
)


def _begins_war(reading: ArticleReading, when: DateSpan) -> bool:
    """True where a span that runs to the present begins with a war of the article's countries."""
    if when.first is None or when.last is None:
        return False
    if (when.last - when.first).days < 90:
        return False
    return any(
        conflict.first is not None and abs((conflict.first - when.first).days) <= 45
        for conflict in reading.lexicon.conflicts.values()
        if conflict.countries & set(reading.countries[:2])
    )


def _has_gone_on(head: Token, quantity: Quantity | None) -> bool:
    """'They have executed dozens': a present perfect with a vague or large number, and no day."""
    perfect = any(child.lower_ in ("have", "has", "'ve") and child.dep_ == "aux" for child in head.children)
    if not perfect or quantity is None:
        return False
    return quantity.qualifier == "vague" or (quantity.low or 0) >= 100


def _days(when: DateSpan, published: date | None) -> int | None:
    last = when.last or published
    return (last - when.first).days + 1 if when.first and last else None


def perpetrator_of(
    reading: ArticleReading, parsed: Parsed, head: Token, agents: tuple[Token, ...], victims: tuple[int, int]
) -> Reference:
    """Return who did it: the agent, or whose attack it was ('in Russian air strikes', 'a raid by X')."""
    for token in agents:
        if victims[0] <= token.idx < victims[1]:
            continue
        if token.dep_ == "nsubjpass" and lemma(token.head) in _STRIKING:
            continue  # 'a helicopter was shot down, killing those on board'
        found = _doer(reading, parsed, token)
        if found.id or found.text:
            return found
    for token in head.ancestors:
        if lemma(token) in ("accuse", "blame"):
            for child in token.children:
                if child.dep_ == "dobj" and (found := reading.actor(parsed, child)).id:
                    return found
    line = [head, *(t for t in head.ancestors if t.pos_ in ("VERB", "AUX"))][:3]
    line += [c for c in head.children if c.dep_ == "conj" and c.pos_ == "VERB"]
    for verb in line:
        for child in verb.children:
            if child.dep_ in ("prep", "agent") and child.lower_ in (
                "in",
                "by",
                "during",
                "from",
                "after",
                "to",
            ):
                for end in child.children:
                    if end.dep_ == "pobj" and lemma(end) in _ATTACKS:
                        found = _doer(reading, parsed, end)
                        if found.id:
                            return found
            elif child.dep_ == "advcl" and any(c.lower_ in ("when", "after", "as") for c in child.children):
                for subject in subjects(child, {"nsubj"}):
                    if lemma(subject) in _ATTACKS and (found := _doer(reading, parsed, subject)).id:
                        return found
        if verb.dep_ in ("ccomp", "parataxis"):
            break
    return Reference(None, None)


_STRIKING = frozenset(
    "shoot down hit strike attack ambush bomb target destroy shell torpedo blow burn damage sink ram "
    "kill wound injure capture arrest".split()
)


def _doer(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference:
    """Return the actor that a subject names, itself or as the owner of the weapon."""
    for child in token.children:  # 'a rocket fired by rebels'
        if child.dep_ == "acl" and child.tag_ == "VBN":
            for agent in child.children:
                if agent.dep_ == "agent":
                    for end in agent.children:
                        if end.dep_ == "pobj" and (found := reading.actor(parsed, end)).id:
                            return found
    if lemma(token) in _ATTACKS or token.pos_ in ("PROPN", "PRON") or parsed.mention_at(token, "actor"):
        for child in token.children:  # 'a strike by the army'
            if child.dep_ == "prep" and child.lower_ in ("by", "from"):
                for end in child.children:
                    if end.dep_ == "pobj" and (found := reading.actor(parsed, end)).id:
                        return found
        found = reading.actor(parsed, token)
        demonyms = reading.lexicon.words.get("demonyms", {})
        for child in token.children if found.id is None else ():
            if child.dep_ in ("amod", "compound", "nmod") and child.lower_ in demonyms:
                return Reference(demonyms[child.lower_], found.text)
        if found.id and token.pos_ == "NOUN" and _is_known_by_land(reading, parsed, token):
            return Reference(None, None)  # 'Tuesday's attack in Syria'
        if found.id is None and lemma(token) in _ATTACKS and not parsed.mention_at(token, "actor"):
            return Reference(None, None) if token.pos_ != "PROPN" else found
        return found
    found = reading.actor(parsed, token)
    if found.inferred and not any(c.dep_ in ("det", "poss") for c in token.children) and token.pos_ != "PRON":
        return Reference(None, None)  # 'by men with pistols': nobody who was named before
    if (found.id or lemma(token) in _DOERS) and not _is_known_by_land(reading, parsed, token):
        return found
    return Reference(None, None)


def _is_known_by_land(reading: ArticleReading, parsed: Parsed, token: Token) -> bool:
    """True for 'men in Mogadishu': the capital names where they are, not whose they are."""
    start, end = phrase(token)
    named = [m for m in parsed.mentions if m.kind == "actor" and start <= m.start and m.end <= end]
    index = parsed.sentence.index
    return bool(named) and all(m.start > token.idx and is_ground(reading, index, m) for m in named)
