"""Which force a noun phrase means: by its name, its owner, its pronoun, or the kind of force it says it is.

A bare class word is resolved by its class (force_classes.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.claims import speech
from ingest.claims.force_classes import (
    ATTACKS,
    FORCE_WORDS,
    NONSTATE_WORDS,
    STATE_WORDS,
    by_class,
    class_subject,
    own_forces,
)
from ingest.claims.force_owners import is_of_army, is_of_others, names_others, nationals
from ingest.claims.frames import subjects
from ingest.claims.local_forces import first_named, is_short, last_before, named_at
from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Reference, Token
from ingest.claims.recall import CHANGES
from ingest.claims.sides import acting, is_ground, opponent_of, party_of, state_at_war
from ingest.claims.speakers import phrase

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_SINGLE = frozenset(
    "soldier fighter militant rebel insurgent guard policeman gunman militiaman guerrilla terrorist "
    "mercenary man commander peacekeeper marine volunteer bandit serviceman extremist jihadist separatist "
    "attacker assailant tribesman member officer".split()
)
_PRONOUNS = frozenset("it they them he she we who which its their his our her ours theirs".split())


def force_of(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the force a noun phrase means; None where it means none (residents, a law, a shell).

    The id is None for a force in no table ('a local militia'), whose words are kept.
    """
    start, end = phrase(token)
    while start < token.idx and (dated := next((t for t in parsed.doc if t.idx == start), None)) is not None:
        if parsed.date_at(dated) is None:
            break
        start = dated.nbor(1).idx  # 'On Thursday soldiers drove', whose day the parser gives to the soldiers
    words = reading.words(parsed, start, end)
    if token.lower_ in _PRONOUNS:
        if token.lower_ in _THIRD and (named := _local_first(reading, parsed, token)) is not None:
            return named
        found = _antecedent(reading, parsed, token)
        return Reference(found, words, inferred=True) if found else None
    if (inner := _counted(token)) is not None:
        found_inside = force_of(reading, parsed, inner)
        return Reference(found_inside.id, words, found_inside.inferred) if found_inside is not None else None
    # 'Were taken from the militants by the army': whose act it was, not who they are.
    for by in token.children:
        if by.dep_ in ("prep", "agent") and by.lower_ == "by" and start < by.idx < end:
            end = by.idx - 1
            words = reading.words(parsed, start, end)
    word = lemma(token)
    local_name = named_at(reading, parsed.sentence.index, start, end)
    is_name = token.pos_ == "PROPN" or token.text[:2].isupper()
    nations = reading.lexicon.words["demonyms"]
    is_owned = any(t.lower_ in nations for t in parsed.doc[token.left_edge.i : token.i])
    if local_name is not None and not is_owned and (word in FORCE_WORDS or is_name):
        return Reference(None, local_name.name if is_short(local_name, words) else words)
    if token.tag_ == "NN" and word in _SINGLE and token.dep_ not in ("npadvmod", "nmod", "compound", "amod"):
        return None  # one man who leaves his post is no force
    inside = [
        m
        for m in parsed.mentions
        if m.kind == "actor"
        and ((start <= m.start and m.end <= end) or m.start <= token.idx < m.end)
        and not (m.start > start and is_ground(reading, parsed.sentence.index, m))
    ]
    at_head = [m for m in inside if m.start <= token.idx < m.end]
    may_own = word in FORCE_WORDS or word in ATTACKS or word in ("youth", "boy", "man", "people")
    modifiers = [m for m in inside if m not in at_head and m.start < token.idx and may_own]
    of_head = [m for m in inside if m.start > token.idx and may_own]
    specific = [m for m in at_head if len(m.text.split()) > 1 or m.text[:1].isupper()]
    modifiers = [m for m in modifiers if not _BACKING.match(parsed.sentence.text, m.end)]
    for mention in (*specific, *modifiers):
        if (name := reading.choose(mention)) is not None:
            return Reference(own_forces(reading, name.id, word), words)
    if (master := _loyal_to(reading, parsed, token)) is not None:
        return Reference(master, words)
    if not of_head and is_of_others(reading, parsed, token):
        return Reference(None, words)
    for mention in (*of_head, *at_head):
        if (name := reading.choose(mention)) is not None:
            meant = _rather(reading, parsed, token, name.id) if mention in at_head else name.id
            return Reference(own_forces(reading, meant, word), words, inferred=meant != name.id)
    if word in ATTACKS:
        return _attacker(reading, parsed, token)
    if word in ("enemy", "opponent", "adversary"):
        return Reference(_enemy(reading, parsed, token), words, inferred=True)
    if word not in FORCE_WORDS:
        return nationals(reading, token)
    owner = next((c for c in token.children if c.dep_ == "poss"), None)
    if owner is not None and owner.lower_ in _PRONOUNS:
        if owner.lower_ in _THIRD and (named := _local_first(reading, parsed, owner)) is not None:
            return named
        found = _antecedent(reading, parsed, owner)
        return Reference(own_forces(reading, found, word) if found else None, words, inferred=True)
    if owner is not None and (found := _voice(reading, parsed, owner)) is not None:
        return Reference(own_forces(reading, found, word), words)
    is_man = owner is not None and owner.pos_ == "PROPN" and parsed.mention_at(owner, "place") is None
    if is_man and word in NONSTATE_WORDS:
        return Reference(None, words)  # "Ismail Khan's militia": his, whoever he sides with
    for prep in token.children:  # 'the militiamen of Ismail Khan': whose they are is not in the tables
        if prep.dep_ == "prep" and prep.lower_ == "of" and (owner_of := _named_in(reading, parsed, prep)):
            return Reference(own_forces(reading, owner_of, word), words)
        if (
            prep.dep_ == "prep"
            and prep.lower_ in ("of", "from")
            and any(e.pos_ == "PROPN" and not is_of_army(e) for e in prep.children)
        ):
            return Reference(None, words)
    demonyms = reading.lexicon.words["demonyms"]
    deeper = [c for left in token.lefts for c in left.lefts]  # 'the Malian 3rd Brigade'
    for child in (*token.children, *deeper):
        if child.dep_ in ("amod", "compound", "nmod") and child.lower_ in demonyms:
            return Reference(demonyms[child.lower_], words)
    if any(c.dep_ in ("amod", "compound", "nmod") and c.pos_ == "PROPN" for c in token.children):
        return Reference(None, words)
    if _is_of_unknown(token) or any(c.lower_ in ("pro", "anti") for c in token.lefts):
        return Reference(None, words)  # 'pro-Hadi forces': a party in no table
    if word in ("force", "group", "unit", "element"):  # 'the terrorist forces'
        word = next((lemma(c) for c in token.children if lemma(c) in NONSTATE_WORDS), word)
    if word in ("alliance", "coalition") and any(c.dep_ == "prep" for c in token.children):
        return Reference(None, words)  # 'an alliance of Kurdish and Arab fighters'
    if any(c.lower_ in ("local", "unknown", "unidentified", "allied", "friendly") for c in token.children):
        return Reference(None, words)
    if word in _NAMED_UNITS and _QUOTED_NAME.match(parsed.sentence.text, token.idx + len(token.text)):
        return Reference(None, words)  # 'the battalion "Vostok"': whose it is is not said
    by_kind = by_class(reading, parsed, token, word)
    if (
        by_kind is None
        and word in NONSTATE_WORDS
        and (local := _local_before(reading, parsed, token)) is not None
    ):
        return local
    return Reference(by_kind, words, inferred=True)


_QUOTED_NAME = re.compile(r" \"?[A-Z]")
_NAMED_UNITS = frozenset({"battalion", "brigade", "regiment", "unit", "detachment", "group", "company"})
"""What may have a name of its own right behind it."""
_THIRD = frozenset({"it", "they", "them", "its", "their", "theirs"})


_OF_STATE = re.compile(r"\b(?:army|military|defen[cs]e (?:ministry|minister)|government|ministry|navy)\b")


def _enemy(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return whom a speaker calls the enemy: who his party fights; the state's foe where nobody is named."""
    said = reading.stance(parsed, token.head)
    voice = party_of(reading, said.claimant) if said is not None and said.claimant else None
    voice = voice or speaker_party(reading, parsed)
    voice = voice or state_at_war(reading)  # 'a spokesman': armies speak so most
    return opponent_of(reading, voice).id if voice is not None else None


def _local_first(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the force in no table that is named first where 'they' looks for its antecedent."""
    if any(True for _ in speech.reporters(token)):
        return None  # 'the staff said its men ...': the speaker's own
    local = first_named(reading, parsed.sentence.index, token.idx)
    if local is None or not _has_acted(reading, local.name):
        return None
    return Reference(None, local.name, inferred=True)


def _has_acted(reading: ArticleReading, name: str) -> bool:
    """True where a force in no table has just gained or lost a place in this article."""
    return any(
        (change.gained_by is None and name in (change.gained_by_text or ""))
        or (change.lost_by is None and name in (change.lost_by_text or ""))
        for change in CHANGES.get(reading, [])[-3:]
    )


def _local_before(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the force in no table that 'they' or 'the group' means, where it was named last before."""
    local = last_before(reading, parsed.sentence.index, token.idx)
    if local is None or not _has_acted(reading, local.name):
        return None
    return Reference(None, local.name, inferred=True)


def _named_in(reading: ArticleReading, parsed: Parsed, prep: Token) -> str | None:
    """Return the actor that is the end of a preposition ('the fighters of the Coalition of Patriots')."""
    for end in prep.children:
        mention = parsed.mention_at(end, "actor") if end.dep_ == "pobj" else None
        if mention is None or parsed.mention_at(end, "place") is not None:
            continue
        if (name := reading.choose(mention)) is not None:
            return name.id
    return None


def _rather(reading: ArticleReading, parsed: Parsed, token: Token, generic: str) -> str:
    """Return whom 'the terrorists' means in an article that names others, and never those it means mostly."""
    if lemma(token) not in _LOOSELY or generic in _named_at_all(reading):
        return generic
    return by_class(reading, parsed, token, lemma(token)) or generic


_LOOSELY = frozenset({"terrorist", "militant", "extremist", "jihadist", "jihadi"})


def _named_at_all(reading: ArticleReading) -> set[str]:
    """Return the actors that the article calls by a name with a capital."""
    return {
        name.id
        for row in reading.mentions
        for mention in row
        if mention.kind == "actor" and mention.text.removeprefix("the ").removeprefix("The ")[:1].isupper()
        if (name := reading.choose(mention)) is not None
    }


def _counted(token: Token) -> Token | None:
    """Return 'fighters' of 'hundreds of fighters', 'some of the fighters'."""
    if lemma(token) not in _AMOUNTS:
        return None
    for prep in token.children:
        if prep.dep_ == "prep" and prep.lower_ == "of":
            return next((end for end in prep.children if end.dep_ == "pobj"), None)
    return None


_AMOUNTS = frozenset(
    "element member hundred thousand dozen score ten number handful couple most some many several few "
    "all majority "
    "rest half remnant two three four five six seven eight nine".split()
)


def is_amount(token: Token) -> bool:
    """True for a noun that only counts what follows ('hundreds of')."""
    return _counted(token) is not None


def is_nonstate(token: Token) -> bool:
    """True where a class word means no state's forces ('fighters', 'militants', 'tribesmen')."""
    inner = _counted(token)
    return lemma(inner if inner is not None else token) in NONSTATE_WORDS


def _loyal_to(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return the party of 'forces loyal to the president', 'fighters allied with the front'."""
    for child in (*token.children, token.head):
        if child.lower_ in ("loyal", "allied", "aligned", "linked", "faithful") and child.i > token.i:
            for prep in child.children:
                for end in prep.children if prep.dep_ == "prep" else ():
                    if end.dep_ == "pobj":
                        mention = parsed.mention_at(end, "actor")
                        name = reading.choose(mention) if mention is not None else None
                        return name.id if name is not None else _voice(reading, parsed, end)
    return None


def _is_of_unknown(token: Token) -> bool:
    """True for 'soldiers loyal to Riek Machar', 'mutinous troops': not simply those of the state."""
    for child in token.children:
        if child.lower_ in ("mutinous", "rebel", "renegade", "breakaway", "defected", "former"):
            return True
        if child.lower_ in ("loyal", "allied", "aligned", "faithful") and child.i > token.i:
            return True
    return False


def _attacker(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return whose 'the rebel advance', 'an assault by the militia' is."""
    for child in token.children:
        if child.dep_ in ("compound", "amod", "nmod", "poss"):
            mention = parsed.mention_at(child, "actor")
            name = reading.choose(mention) if mention is not None else None
            if name is not None:
                return Reference(name.id, reading.words(parsed, *phrase(token)))
            if lemma(child) in STATE_WORDS | NONSTATE_WORDS:
                words = reading.words(parsed, *phrase(token))
                return Reference(by_class(reading, parsed, child, lemma(child)), words)
        if child.dep_ == "prep" and child.lower_ == "by":
            for end in child.children:
                if end.dep_ == "pobj":
                    return force_of(reading, parsed, end)
    return None


def _subject_above(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return the force that is a subject above: 'the fighters left the town which they had held'."""
    for verb in token.head.ancestors:
        for subject in verb.children:
            if subject.dep_ not in ("nsubj", "nsubjpass") or subject.i >= token.i or subject.pos_ == "PRON":
                continue
            if lemma(subject) in FORCE_WORDS and subject.tag_ == "NNS":
                found = force_of(reading, parsed, subject)
                return found.id if found is not None else None
    return None


_PLURAL = frozenset({"they", "them", "their", "theirs"})


def _antecedent(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return whom 'it', 'they' or 'its' recalls: the speaker whose words these are, else the last subject."""
    if token.lower_ in ("we", "our", "us", "ours"):
        speaker = reading.quoted_speaker(parsed.sentence) if parsed.sentence.text.count('"') else None
        said = reading.stance(parsed, token.head)
        for id_ in (said.claimant if said else None, speaker.id if speaker else None):
            if id_ is not None and (voice := party_of(reading, id_)) is not None:
                return voice
        if said is not None and _OF_STATE.search(said.claimant_text or ""):
            return state_at_war(reading)  # 'our forces', says an army spokesman in no table
        return speaker_party(reading, parsed)
    verb = token.head
    for _ in range(12):
        if verb.dep_ in ("ccomp", "advcl", "xcomp", "dobj") and lemma(verb.head) in (
            speech.SAY | speech.CONFIRM | speech.DENY
        ):
            for teller in subjects(verb.head):
                if teller != token and (voice := _voice(reading, parsed, teller)) is not None:
                    return voice
                if teller.pos_ == "NOUN" and lemma(teller) in FORCE_WORDS:
                    return None  # a force in no table speaks of its own
        if verb.head == verb:
            break
        verb = verb.head
    if token.lower_ in _PLURAL and (above := _subject_above(reading, parsed, token)) is not None:
        return above
    # Not 'in Iraq, where it seized'.
    here = [m for m in _acting(reading, parsed.sentence.index) if m.end <= token.idx]
    is_man = token.lower_ in ("he", "his", "him", "she", "her")
    subject = [m for m in here if _is_subject(parsed, m.start, m.end, is_man)]
    rows = [subject[-1:] or here[-1:]]
    for index in reading.before(parsed.sentence.index, 3):
        if token.lower_ in _PLURAL and not rows[-1] and (named := class_subject(reading, index)) is not None:
            return named
        row = _acting(reading, index)
        before = reading.parsed.get(index)
        first = [m for m in row if before is not None and _is_subject(before, m.start, m.end, is_man)]
        rows.append(first[:1] or row[:1])
    for row in rows:
        for mention in row:
            if (name := reading.choose(mention)) is not None:
                return name.id
    return None


def _acting(reading: ArticleReading, index: int) -> list[Mention]:
    """Return the known parties that act in a sentence."""
    text = reading.sentences[index].text
    return [m for m in acting(reading, index) if not names_others(text, m)]


def _voice(reading: ArticleReading, parsed: Parsed, speaker: Token) -> str | None:
    """Return the party that a speaker speaks for, or None."""
    if speaker.lower_ in _PRONOUNS:
        return None
    found = reading.claimant(parsed, speaker)
    known = reading.lexicon.claimants.get(found.id or "")
    is_generic = known is not None and known.actor is None
    if found.id is not None and not is_generic and (party := party_of(reading, found.id)) is not None:
        return party
    start, _end = phrase(speaker)
    for mention in parsed.mentions:
        if (
            mention.kind == "actor"
            and start <= mention.start
            and mention.end <= speaker.idx + len(speaker.text)
        ) and (name := reading.choose(mention)) is not None:
            return name.id
    return party_of(reading, found.id) if found.id is not None else None


def speaker_party(reading: ArticleReading, parsed: Parsed) -> str | None:
    """Return the party named in the phrase of whoever speaks the sentence ('X, who commands the Y, said')."""
    for token in parsed.doc:
        if lemma(token) in speech.SAY:
            for child in token.children:
                if child.dep_ == "nsubj":
                    start, end = child.left_edge.idx, child.right_edge.idx + len(child.right_edge.text)
                    for mention in parsed.mentions:
                        if mention.kind != "actor" or mention.start < start or mention.end > end:
                            continue
                        if (name := reading.choose(mention)) is not None:
                            return name.id
                    for word in parsed.doc[child.left_edge.i : child.right_edge.i + 1]:
                        nation = reading.lexicon.words["demonyms"].get(word.lower_)
                        if nation and lemma(word.head) in STATE_WORDS | _UNITS and word.dep_ == "amod":
                            return nation
    return None


_BACKING = re.compile(
    r"[-‐‑](?:backed|trained|supported|armed|funded|equipped|allied|aligned|born|sponsored)\b"
)
"""After a name that only stands behind the force ('US-backed fighters')."""
_UNITS = frozenset({"brigade", "battalion", "division", "regiment", "unit", "force", "general", "officer"})


def _is_subject(parsed: Parsed, start: int, end: int, is_man: bool = False) -> bool:
    """True for a subject; where a man is meant also for whose he is ("the front's leader said his men")."""
    for token in parsed.doc:
        if start <= token.idx < end:
            whose = token.head if is_man and token.dep_ in ("poss", "compound") else token
            if token.dep_ in ("nsubj", "nsubjpass") or whose.dep_ in ("nsubj", "nsubjpass"):
                return True
    return False
