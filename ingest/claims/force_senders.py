"""Who sends a force: the subject, whose the unit is, where it is from, or who tells of it.

Errors: the sender of a bare unit is inferred from who speaks or who won last; an enemy who tells of it
misleads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.claims.force_classes import NONSTATE_WORDS, STATE_WORDS
from ingest.claims.force_units import NEW, UNITS, VEHICLES, Unit, ends_of, word_of
from ingest.claims.forces import force_of
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Stance, Token
from ingest.claims.recall import CHANGES
from ingest.claims.sides import is_ground, party_of, same_party, side_of, state_at_war
from ingest.claims.speakers import phrase
from ingest.claims.speech import CONFIRM, SAY, subject_of

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_CARRIERS = frozenset({"ship", "vessel", "aircraft", "train", "flight", "airliner", "ferry", "freighter"})
_REGULARS = frozenset(
    "troop soldier force battalion brigade company regiment division paratrooper marine commando police "
    "policeman peacekeeper tank warplane jet warship helicopter army".split()
)


def senders_of(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading, unit: Unit, stance: Stance
) -> tuple[Reference, ...]:
    """Return who sends: the subject, else whose the unit is, else who 'from the A, B and C' are."""
    voice = _voice(reading, stance)
    named = _own_party(reading, parsed, unit)
    is_bare = named is None or named.id is None or named.inferred  # not 'American soldiers from Iraq'
    came = match.frame.id in ("receive", "arrive", "joined_by", "reinforce")
    if came and is_bare and (state := _from_state(match, parsed, reading, unit)) is not None:
        return (state,)
    found: list[Reference] = []
    for token in match.roles.get("actor", ()):
        if word_of(token) in VEHICLES | _CARRIERS:
            # 'a convoy of buses brought soldiers' names nobody, 'Wagner aircraft' whose they are
            force = _owner(reading, parsed, token)
            if force is not None and force.id is not None:
                found.append(force)
            continue
        if any(t.text == ";" for t in token.doc[token.i : match.head.i]):
            continue  # 'a battalion crossed over; Australia sent two planes'
        if token.lower_ in ("they", "it", "we") and voice is not None and _is_reported(token):
            found.append(Reference(voice, reading.words(parsed, *phrase(token)), inferred=True))
            continue
        force = force_of(reading, parsed, token) or _office(reading, parsed, token)
        if force is not None and all(force.id is None or force.id != other.id for other in found):
            found.append(_of_voice(reading, token, force, voice))
    if found:
        return tuple(found)
    subject = match.first("actor")
    if subject is not None and subject.pos_ == "PROPN" and parsed.mention_at(subject, "place") is None:
        return (Reference(None, reading.words(parsed, *phrase(subject))),)  # a sender in no table
    for token in match.roles.get("beside", ()):  # 'Chadian tanks rolled in, followed by 400 infantrymen'
        force = force_of(reading, parsed, token)
        if force is not None and force.id is not None and is_bare:
            return (Reference(force.id, force.text, inferred=True),)
    if subject is None and is_bare and (state := _from_state(match, parsed, reading, unit)) is not None:
        return (state,)  # 'fourteen jets were flown in from Russia'
    if subject is not None and named is not None and named.inferred and word_of(unit.inner) == "troop":
        named = None  # 'sent by five countries': not the state's own
    if named is not None and named.id is not None and not unit.words & NEW:
        return (_of_voice(reading, unit.inner, named, voice),)
    for token in ends_of(match, unit, "origin", "from"):
        force = force_of(reading, parsed, token) if parsed.mention_at(token, "actor") else None
        place = parsed.mention_at(token, "place")
        if force is not None and force.id and place is None and force not in found:
            found.append(force)
    if found:
        return tuple(found)
    if named is not None and named.id is not None:
        return (named,)
    own = unit.inner if unit.inner.pos_ == "PROPN" else unit.token
    if own.pos_ == "PROPN" and any(c.pos_ in ("PROPN", "NUM", "ADJ") and c.i < own.i for c in own.children):
        return (
            Reference(None, reading.words(parsed, *phrase(own))),
        )  # 'the 35th Marine Brigade', in no table
    if unit.words & UNITS or unit.is_new:
        if voice is not None and side_of(reading, voice):
            return (Reference(voice, None, inferred=True),)  # who announces the movement of a bare unit
        last = next((c.gained_by for c in reversed(CHANGES.get(reading, []))
                     if c.gained_by and c.change not in ("control_held", "repelled")), None)  # fmt: skip
        if last is not None and stance.status == "asserted":
            return (Reference(last, None, inferred=True),)
    return (named or Reference(None, None),)


def _is_reported(token: Token) -> bool:
    """True for the 'they' of 'its allies said they had sent two battalions': who speaks."""
    verb = token.head
    for _ in range(3):
        if verb.dep_ == "ccomp" and lemma(verb.head) in SAY | CONFIRM:
            speaker = subject_of(verb.head)
            return speaker is not None and speaker.i < token.i and speaker.lower_ not in ("it", "they")
        if verb.dep_ != "conj":
            break
        verb = verb.head
    return False


def _from_state(match: FrameMatch, parsed: Parsed, reading: ArticleReading, unit: Unit) -> Reference | None:
    """Return Uganda for 'special forces from Uganda', who came by themselves or were received."""
    if not (unit.words & _REGULARS or unit.force in ("aircraft", "armour")):
        return None
    for token in ends_of(match, unit, "origin", "from"):
        for mention in parsed.mentions:
            if mention.kind == "actor" and mention.start <= token.idx < mention.end:
                name = reading.choose(mention)
                known = reading.lexicon.actors.get(name.id) if name is not None else None
                if known is not None and known.kind == "government":
                    return Reference(known.id, mention.text)
    return None


def _voice(reading: ArticleReading, stance: Stance) -> str | None:
    """Return the party of who says so; for 'Israeli media' the state whose they are."""
    if stance.claimant and (party := party_of(reading, stance.claimant)) is not None:
        return party
    demonyms = reading.lexicon.words["demonyms"]
    for word in (stance.claimant_text or "").lower().split():
        if word in demonyms:
            return demonyms[word]
    return None


def _of_voice(reading: ArticleReading, token: Token, force: Reference, voice: str | None) -> Reference:
    """Return the speaker's own army for a bare 'the army' that was resolved by its class alone."""
    known = reading.lexicon.actors.get(voice or "")
    is_state = known is not None and known.kind in ("government", "state_forces")
    if not (force.inferred and is_state and voice is not None and token.pos_ != "PRON"):
        return force
    if word_of(token) in STATE_WORDS | UNITS and not same_party(reading, force.id, voice):
        return Reference(voice, force.text, inferred=True)
    return force


def _office(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the state of a capital, a president, a ministry that sends ('Yerevan dispatched two groups')."""
    if token.pos_ not in ("PROPN", "NOUN"):
        return None
    said = reading.claimant(parsed, token)
    party = party_of(reading, said.id) if said.id is not None else None
    return Reference(party, said.text) if party is not None else None


def _owner(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return whose the lorries or aircraft are that bring a force, where their phrase names it."""
    means = Unit(token, token, "fighters", None, (None, None, None), False)
    found = _own_party(reading, parsed, means)
    return found if found is not None and not found.inferred else None


def _own_party(reading: ArticleReading, parsed: Parsed, unit: Unit) -> Reference | None:
    """Return whose the unit is: named in its phrase ('Russian carrier', 'men of the front'), or recalled."""
    token, inner = unit.token, unit.inner
    demonyms = reading.lexicon.words["demonyms"]
    for part in (token, inner):
        for child in part.children:
            adjective = child.lower_
            if child.i and f"{child.nbor(-1).lower_} {adjective}" in demonyms:
                adjective = f"{child.nbor(-1).lower_} {adjective}"  # 'South African'
            if child.dep_ in ("amod", "compound", "nmod") and adjective in demonyms:
                others = NONSTATE_WORDS - {"fighter", "mercenary", "militiaman", "militia"}
                if unit.words & others and not unit.words & STATE_WORDS:
                    return Reference(None, reading.words(parsed, *phrase(token)))  # 'Ethiopian bandits'
                party: str | None = demonyms[adjective]
                known = reading.lexicon.actors.get(party or "")
                if unit.words & {"police", "policeman", "gendarme"} or any(
                    c.lower_ == "police" for c in part.children
                ):  # a country's policemen are its government's, not its army's
                    party = known.parent if known is not None and known.parent else party
                return Reference(party, reading.words(parsed, *phrase(token)))
    start, end = phrase(token)
    for mention in parsed.mentions:
        if mention.kind == "actor" and start <= mention.start and mention.end <= end:
            if mention.start > start and is_ground(reading, parsed.sentence.index, mention):
                continue
            if (name := reading.choose(mention)) is not None:
                return Reference(name.id, reading.words(parsed, start, end))
    if (same := _named_before(reading, parsed, token)) is not None:
        return Reference(same, reading.words(parsed, *phrase(token)), inferred=True)
    unknown: Reference | None = None
    for part in dict.fromkeys((token, inner)):
        force = force_of(reading, parsed, part)
        if force is None or force.id is None:
            is_named = force is not None and not force.inferred and word_of(part) not in NEW
            unknown = unknown or (force if is_named else None)
            continue
        if not force.inferred or word_of(part) not in UNITS | NEW | {"troop", "man", "ship"}:
            return force
        if word_of(part) == "troop" and force.id == state_at_war(reading):
            return force
    return unknown  # 'some 3,000 Shia militiamen', 'Special Action Force commandos': in no table


def _named_before(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return the Third Brigade for 'the brigade': an actor named before whose name ends in the same noun."""
    if not any(c.lower_ == "the" for c in token.children) or len(list(token.children)) > 1:
        return None
    for index in reading.before(parsed.sentence.index, 4):
        for mention in reading.mentions[index]:
            if mention.kind != "actor" or " " not in mention.text:
                continue
            name = reading.choose(mention)
            if name is not None and mention.text.lower().endswith(token.lower_):
                return name.id
    return None
