"""Which force a noun phrase means: by its name, its owner, its pronoun, or the kind of force it says it is.

A bare class word is resolved by its class ('the soldiers' are a state's, 'the militants' not): the last one
of it that was named, else the one named most.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.claims import speech
from ingest.claims.frames import subjects
from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Reference, Token
from ingest.claims.recall import CHANGES
from ingest.claims.sides import (
    NONSTATE_KINDS,
    REBEL_KINDS,
    STATE_KINDS,
    actor_counts,
    is_at_war,
    is_ground,
    is_with_state,
    party_of,
    state_at_war,
)
from ingest.claims.speakers import phrase

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

STATE_WORDS = frozenset(
    "army soldier troop military serviceman policeman police government regime junta navy marine "
    "paratrooper conscript commando airman regular garrison".split()
)
REBEL_WORDS = frozenset(
    "rebel insurgent militant jihadist jihadi extremist guerrilla terrorist islamist fundamentalist "
    "mujahideen gunman".split()
)
"""What a state calls those who fight it."""
NONSTATE_WORDS = REBEL_WORDS | frozenset(
    "militiaman separatist paramilitary attacker assailant bandit mercenary group movement militia gang "
    "faction tribesman fighter sect cartel vigilante cell lashkar".split()
)
_REGULAR = frozenset({"security", "federal", "government", "regular", "loyalist", "pro-government"})
FORCE_WORDS = (
    STATE_WORDS
    | NONSTATE_WORDS
    | frozenset(
        "force fighter unit brigade battalion division regiment company column convoy coalition alliance "
        "ally defender contingent detachment squad tank loyalist volunteer reinforcement patrol invader "
        "occupier side man peacekeeper guard platoon corps legion command commander element cadre "
        "legionnaire".split()
    )
)
_TROOPS = frozenset(
    "army soldier troop military force navy marine paratrooper conscript garrison brigade unit".split()
)
_SINGLE = frozenset(
    "soldier fighter militant rebel insurgent guard policeman gunman militiaman guerrilla terrorist "
    "mercenary man commander peacekeeper marine volunteer bandit serviceman extremist jihadist separatist "
    "attacker assailant tribesman member officer".split()
)
ATTACKS = frozenset(
    "advance offensive assault attack push operation campaign incursion counteroffensive counterattack "
    "raid drive counter-offensive counter-attack onslaught thrust blitz invasion sweep".split()
)
_PRONOUNS = frozenset(
    {"it", "they", "them", "he", "she", "we", "who", "which", "its", "their", "his", "our", "her"}
)


def force_of(reading: ArticleReading, parsed: Parsed, token: Token) -> Reference | None:
    """Return the force a noun phrase means; None where it means none (residents, a law, a shell).

    The id is None for a force in no table ('a local militia'), whose words are kept.
    """
    start, end = phrase(token)
    words = reading.words(parsed, start, end)
    if token.lower_ in _PRONOUNS:
        found = _antecedent(reading, parsed, token)
        return Reference(found, words, inferred=True) if found else None
    if (inner := _counted(token)) is not None:
        found_inside = force_of(reading, parsed, inner)
        return Reference(found_inside.id, words, found_inside.inferred) if found_inside is not None else None
    word = lemma(token)
    if token.tag_ == "NN" and word in _SINGLE and token.dep_ not in ("npadvmod", "nmod", "compound", "amod"):
        return None  # one man who leaves his post is no force
    row = reading.mentions[parsed.sentence.index]
    inside = [
        m
        for m in parsed.mentions
        if m.kind == "actor"
        and ((start <= m.start and m.end <= end) or m.start <= token.idx < m.end)
        and not (m.start > start and is_ground(reading, row, parsed.sentence.index, m))
    ]
    at_head = [m for m in inside if m.start <= token.idx < m.end]
    may_own = word in FORCE_WORDS or word in ATTACKS
    modifiers = [m for m in inside if m not in at_head and m.start < token.idx and may_own]
    of_head = [m for m in inside if m.start > token.idx and may_own]
    specific = [m for m in at_head if len(m.text.split()) > 1 or m.text[:1].isupper()]
    for mention in (*specific, *modifiers):
        if (name := reading.choose(mention)) is not None:
            return Reference(_forces(reading, name.id, word), words)
    if (master := _loyal_to(reading, parsed, token)) is not None:
        return Reference(master, words)
    for mention in (*of_head, *at_head):
        if (name := reading.choose(mention)) is not None:
            meant = _rather(reading, parsed, token, name.id) if mention in at_head else name.id
            return Reference(_forces(reading, meant, word), words, inferred=meant != name.id)
    if word in ATTACKS:
        return _attacker(reading, parsed, token)
    if word not in FORCE_WORDS:
        return None
    owner = next((c for c in token.children if c.dep_ == "poss"), None)
    if owner is not None and owner.lower_ in _PRONOUNS:
        found = _antecedent(reading, parsed, owner)
        return Reference(_forces(reading, found, word) if found else None, words, inferred=True)
    if owner is not None and (found := _voice(reading, parsed, owner)) is not None:
        return Reference(_forces(reading, found, word), words)
    for prep in token.children:  # 'the militiamen of Ismail Khan': whose they are is not in the tables
        if (
            prep.dep_ == "prep"
            and prep.lower_ in ("of", "from")
            and any(e.pos_ == "PROPN" for e in prep.children)
        ):
            return Reference(None, words)
    demonyms = reading.lexicon.words["demonyms"]
    for child in token.children:
        if child.dep_ in ("amod", "compound", "nmod") and child.lower_ in demonyms:
            return Reference(demonyms[child.lower_], words)
    if any(c.dep_ in ("amod", "compound", "nmod") and c.pos_ == "PROPN" for c in token.children):
        return Reference(None, words)
    if _is_of_unknown(token):
        return Reference(None, words)
    if word in ("force", "group", "unit", "element"):  # 'the terrorist forces'
        word = next((lemma(c) for c in token.children if lemma(c) in NONSTATE_WORDS), word)
    if word in ("alliance", "coalition") and any(c.dep_ == "prep" for c in token.children):
        return Reference(None, words)  # 'an alliance of Kurdish and Arab fighters'
    if any(c.lower_ in ("local", "unknown", "unidentified", "allied", "friendly") for c in token.children):
        return Reference(None, words)
    return Reference(_by_class(reading, parsed, token, word), words, inferred=True)


def _rather(reading: ArticleReading, parsed: Parsed, token: Token, generic: str) -> str:
    """Return whom 'the terrorists' means in an article that names others, and never those it means mostly."""
    if lemma(token) not in _LOOSELY or generic in _named_at_all(reading):
        return generic
    return _by_class(reading, parsed, token, lemma(token)) or generic


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
    "hundred thousand dozen score ten number handful couple most some many several few all majority rest "
    "half remnant two three four five six seven eight nine".split()
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
                return Reference(_by_class(reading, parsed, child, lemma(child)), words)
        if child.dep_ == "prep" and child.lower_ == "by":
            for end in child.children:
                if end.dep_ == "pobj":
                    return force_of(reading, parsed, end)
    return None


def _forces(reading: ArticleReading, actor: str | None, word: str) -> str | None:
    """Return the state's forces where a state is named as the owner of troops ('Turkey's troops')."""
    if actor is None or word not in _TROOPS:
        return actor
    known = reading.lexicon.actors.get(actor)
    if known is None or known.kind != "government":
        return actor
    leads = set(reading.lexicon.words["side_leads"].values())
    own = [
        a.id
        for a in reading.lexicon.actors.values()
        if a.parent == actor and a.kind == "state_forces" and (a.id in leads or actor not in leads)
    ]
    named = [a for a in own if a in actor_counts(reading)] or own
    return named[0] if len(named) == 1 else actor


def _antecedent(reading: ArticleReading, parsed: Parsed, token: Token) -> str | None:
    """Return whom 'it', 'they' or 'its' recalls: the speaker whose words these are, else the last subject."""
    if token.lower_ in ("we", "our", "us", "ours"):
        speaker = reading.quoted_speaker(parsed.sentence) if parsed.sentence.text.count('"') else None
        said = reading.stance(parsed, token.head)
        for id_ in (said.claimant if said else None, speaker.id if speaker else None):
            if id_ is not None and (voice := party_of(reading, id_)) is not None:
                return voice
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
    here = [m for m in parsed.mentions if m.kind == "actor" and m.end <= token.idx]
    subject = [m for m in here if _is_subject(parsed, m.start, m.end)]
    rows = [subject[-1:] or here[-1:]]
    for index in reading.before(parsed.sentence.index, 3):
        if token.lower_ in _PLURAL and not rows[-1] and (named := _class_subject(reading, index)) is not None:
            return named
        row = [m for m in reading.mentions[index] if m.kind == "actor"]
        before = reading.parsed.get(index)
        first = [m for m in row if before is not None and _is_subject(before, m.start, m.end)]
        rows.append(first[:1] or row[:1])
    for row in rows:
        for mention in row:
            if (name := reading.choose(mention)) is not None:
                return name.id
    return None


def _class_subject(reading: ArticleReading, index: int) -> str | None:
    """Return whom the subject of a sentence means that begins with a class word ('Fighters fired ...')."""
    begun = _BEGINS.match(reading.sentences[index].text)
    if begun is None:
        return None
    word = (
        begun["word"]
        .lower()
        .removesuffix("s")
        .replace("gunmen", "gunman")
        .replace("militiamen", "militiaman")
    )
    last = [c for c in CHANGES.get(reading, []) if c.quote_start < reading.sentences[index].start][-1:]
    named = [c.gained_by for c in last if c.gained_by]
    counted = [actor for actor, _ in actor_counts(reading).most_common()]
    return next((actor for actor in (*named, *counted) if _is_of_class(reading, False, word, actor)), None)


_BEGINS = re.compile(
    r"(?:The |These |Those )?(?:\w+ )?(?P<word>fighters|rebels|insurgents|militants|gunmen|jihadists|"
    r"guerrillas|soldiers|troops|militiamen|separatists|gangs)\b",
    re.IGNORECASE,
)
_PLURAL = frozenset({"they", "them", "their"})


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
    return None


def _is_subject(parsed: Parsed, start: int, end: int) -> bool:
    return any(token.dep_ in ("nsubj", "nsubjpass") and start <= token.idx < end for token in parsed.doc)


def _by_class(reading: ArticleReading, parsed: Parsed, token: Token, word: str) -> str | None:
    """Return the actor that a class word alone means: the last one of its class named before, else the one
    named most.

    'Insurgents' are never on the side of the article's state, 'the soldiers' rather those of a state at war.
    """
    is_bare = word == "force" and not any(c.dep_ in ("amod", "compound", "nmod") for c in token.children)
    is_regular = any(c.lower_ in _REGULAR for c in token.children) or (
        is_bare and parsed.sentence.role == "headline"
    )
    here = [m for m in parsed.mentions if m.kind == "actor" and m.end <= token.idx]
    back = reading.before(parsed.sentence.index, 4)
    rows = [
        list(reversed(here)),
        *([m for m in reading.mentions[i] if not _is_land(reading, i, m)] for i in back),
    ]
    for row in rows:
        for mention in row:
            name = reading.choose(mention) if mention.kind == "actor" else None
            if name is not None and _is_of_class(reading, is_regular, word, name.id):
                return _forces(reading, name.id, word)
    counts = actor_counts(reading)
    counted = [(n, a) for a, n in counts.items() if n and _is_of_class(reading, is_regular, word, a)]
    wanted = _WANTED.get(word)
    counted = [c for c in counted if reading.lexicon.actors[c[1]].kind == wanted] or counted
    counted.sort(reverse=True)
    if counted and (len(counted) == 1 or counted[0][0] > counted[1][0]):
        return counted[0][1]
    return state_at_war(reading) if word in STATE_WORDS or is_regular else None


_WANTED = {
    "rebel": "rebel_group", "guerrilla": "rebel_group", "separatist": "rebel_group",
    "jihadist": "jihadist_group", "jihadi": "jihadist_group", "islamist": "jihadist_group",
    "extremist": "jihadist_group",
}  # fmt: skip
_ONLY = {
    "tribesman": "militia",
    "vigilante": "militia",
    "lashkar": "militia",
    "mercenary": "private_military",
}
"""The kind of which a class word speaks first, where the article names several that it could mean."""


def _is_land(reading: ArticleReading, index: int, mention: Mention) -> bool:
    return is_ground(reading, reading.mentions[index], index, mention)


def _is_of_class(reading: ArticleReading, is_regular: bool, word: str, actor: str) -> bool:
    """True where an actor can be what a class word means."""
    known = reading.lexicon.actors.get(actor)
    if known is None:
        return False
    if word in STATE_WORDS or is_regular:
        return known.kind in STATE_KINDS and (
            is_at_war(reading, actor) or not any(is_at_war(reading, other) for other in _states(reading))
        )
    if word in REBEL_WORDS:
        return known.kind in REBEL_KINDS and not is_with_state(reading, actor)
    if word in _ONLY:
        return known.kind == _ONLY[word]
    return known.kind in (NONSTATE_KINDS if word in NONSTATE_WORDS else STATE_KINDS | NONSTATE_KINDS)


def _states(reading: ArticleReading) -> list[str]:
    return [a for a in actor_counts(reading) if reading.lexicon.actors[a].kind in STATE_KINDS]
