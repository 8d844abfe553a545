"""What class words mean: 'the soldiers' are a state's, 'the militants' not, 'the rebels' never its allies.

The last actor of the class named before is meant, else the one named most, else the one state at war.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.claims.reading import Parsed, Token
from ingest.claims.recall import CHANGES
from ingest.claims.sides import (
    NONSTATE_KINDS,
    REBEL_KINDS,
    STATE_KINDS,
    acting,
    actor_counts,
    is_at_war,
    is_with_state,
    state_at_war,
)

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

STATE_WORDS = frozenset(
    "army soldier troop military serviceman policeman police government regime junta navy marine "
    "paratrooper conscript commando airman regular garrison gendarme".split()
)
REBEL_WORDS = frozenset(
    "rebel insurgent militant jihadist jihadi extremist guerrilla terrorist islamist fundamentalist "
    "mujahideen gunman".split()
)
"""What a state calls those who fight it."""
NONSTATE_WORDS = REBEL_WORDS | frozenset(
    "militiaman separatist paramilitary attacker assailant bandit mercenary group movement militia gang "
    "faction tribesman fighter sect cartel vigilante cell lashkar partisan resistance insurgency irregular "
    "proxy mutineer".split()
)
_REGULAR = frozenset({"security", "federal", "government", "regular", "loyalist", "pro-government"})
FORCE_WORDS = (
    STATE_WORDS
    | NONSTATE_WORDS
    | frozenset(
        "force fighter unit brigade battalion division regiment company column convoy coalition alliance "
        "ally defender contingent detachment squad tank loyalist volunteer reinforcement patrol invader "
        "occupier side man peacekeeper guard platoon corps legion command commander element cadre "
        "legionnaire sniper holdout remnant straggler helmet auxiliary instructor armour armor "
        "infantry cavalry "
        "combatant warrior dozo hunter besieger infantryman".split()
    )
)
_TROOPS = frozenset(
    "army soldier troop military force navy marine paratrooper conscript garrison brigade unit".split()
)
ATTACKS = frozenset(
    "advance offensive assault attack push operation campaign incursion counteroffensive counterattack "
    "raid drive counter-offensive counter-attack onslaught thrust blitz invasion sweep".split()
)


def by_class(reading: ArticleReading, parsed: Parsed, token: Token, word: str) -> str | None:
    """Return the actor that a class word alone means: the last one of its class named before, else the one
    named most.

    'Insurgents' are never on the side of the article's state, 'the soldiers' rather those of a state at war.
    """
    is_bare = word == "force" and not any(c.dep_ in ("amod", "compound", "nmod") for c in token.children)
    is_regular = any(c.lower_ in _REGULAR for c in token.children) or (
        is_bare and parsed.sentence.role == "headline"
    )
    at = parsed.sentence.index
    here = [m for m in acting(reading, at) if m.end <= token.idx]
    for row in (list(reversed(here)), *(acting(reading, i) for i in reading.before(at, 4))):
        for mention in row:
            name = reading.choose(mention)
            if name is not None and word == "force" and mention.text.lower() in _OTHERS:
                continue  # 'militants were killed; forces took back the area'
            if name is not None and _is_of_class(reading, is_regular, word, name.id):
                return own_forces(reading, name.id, word)
    counts = actor_counts(reading)
    counted = [(n, a) for a, n in counts.items() if n and _is_of_class(reading, is_regular, word, a)]
    wanted = _WANTED.get(word)
    counted = [c for c in counted if reading.lexicon.actors[c[1]].kind == wanted] or counted
    if is_bare and (state := state_at_war(reading)) is not None:
        return state
    counted.sort(reverse=True)
    if counted and (len(counted) == 1 or counted[0][0] > counted[1][0]):
        return counted[0][1]
    return state_at_war(reading) if word in STATE_WORDS or is_regular else None


_OTHERS = frozenset(
    "militants insurgents rebels terrorists gunmen jihadists extremists fighters islamists attackers "
    "guerrillas".split()
)
"""Class names of those whom 'forces' alone does not mean."""
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


def own_forces(reading: ArticleReading, actor: str | None, word: str) -> str | None:
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


def class_subject(reading: ArticleReading, index: int) -> str | None:
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
    r"(?:Instead |Meanwhile |Later |Then )?(?:The |These |Those )?(?:\w+ )?(?P<word>fighters|rebels|"
    r"insurgents|"
    r"militants|gunmen|jihadists|guerrillas|soldiers|troops|militiamen|separatists|gangs|marines|commandos|"
    r"paratroopers)\b",
    re.IGNORECASE,
)
