"""Who fights whom in one article: the sides of its wars, who stands on them, whom nobody names.

An opponent is inferred only where one hostile side stands out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ingest.claims.reading import Mention, Reference
from ingest.records import Conflict

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading
    from ingest.claims.names import ArticleNames

STATE_KINDS = frozenset({"government", "state_forces", "police", "peacekeepers"})
REBEL_KINDS = frozenset({"rebel_group", "jihadist_group", "militia"})
NONSTATE_KINDS = frozenset({"rebel_group", "jihadist_group", "militia", "private_military", "coalition"})

_COUNTS: WeakKeyDictionary[ArticleReading, Counter[str]] = WeakKeyDictionary()


def actor_counts(reading: ArticleReading) -> Counter[str]:
    """Return how often the article names each actor, generic names included."""
    if reading not in _COUNTS:
        counts: Counter[str] = Counter()
        for index, row in enumerate(reading.mentions):
            for mention in row:
                if mention.kind == "actor" and (name := reading.choose(mention)) is not None:
                    counts[name.id] += not is_ground(reading, index, mention)
        _COUNTS[reading] = counts
    return _COUNTS[reading]


def acting(reading: ArticleNames, index: int) -> Iterator[Mention]:
    """Yield the actors that sentence `index` names, without the countries that are but the ground."""
    for mention in reading.mentions[index]:
        if mention.kind == "actor" and not is_ground(reading, index, mention):
            yield mention


def is_ground(reading: ArticleNames, index: int, mention: Mention) -> bool:
    """True where a country's name means the land ('in Iraq', 'Mosul, Iraq'), not its government."""
    row = reading.mentions[index]
    if not any(m.kind == "place" and m.start == mention.start and m.end == mention.end for m in row):
        return False
    text = reading.sentences[index].text
    before = _JOINED_TO.sub(" ", text[max(0, mention.start - _ON_LAND_REACH) : mention.start])
    return bool(_ON_LAND.search(before) or _BORDER.match(text, mention.end))


_JOINED_TO = re.compile(r" (?:[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?,? )+(?:and|or) $")
"""'across Syria and' before 'Iraq': land as well."""


_BORDER = re.compile(r"(?:[-–—/ ][A-Z]\w+)?(?:'s|’s)? (?:border|frontier)\b")
_ON_LAND = re.compile(
    r"(?:\b(?:in|into|to|from|near|across|inside|throughout|within|through|over|around|of|on|off|outside|eastern|"
    r"western|northern|southern|central|north|south|east|west)(?: the)?|,) $",
    re.IGNORECASE,
)
_ON_LAND_REACH = 40
"""Code points: 'throughout the ', a name joined to it, and what stands before it."""


def party_of(reading: ArticleReading, claimant: str) -> str | None:
    """Return the party that a claimant speaks for; 'a military source' speaks for the article's state."""
    known = reading.lexicon.claimants.get(claimant)
    if known is None:
        return claimant if claimant in reading.lexicon.actors else None
    if known.actor is None and known.kind in ("government", "ministry", "military"):
        return _state(reading)
    return known.actor


def _state(reading: ArticleReading) -> str | None:
    """Return the government of the country the article is about, or its forces where they are the state."""
    for country in reading.countries[:1]:
        for actor in reading.lexicon.actors.values():
            if (
                actor.kind == "government"
                and country in actor.countries
                and actor.parent is None
                and actor.sides
            ):
                return actor.id
    return None


def side_of(reading: ArticleReading, actor: str | None) -> dict[str, str]:
    """Return the actor's side in each conflict, its parent's where it has none of its own."""
    return dict(reading.sides_of(actor)) if actor else {}


def same_party(reading: ArticleReading, one: str | None, other: str | None) -> bool:
    """True where one actor is the other, or a part of it, or both are parts of one state."""
    if one is None or other is None:
        return False
    return bool(_line(reading, one) & _line(reading, other))


def _line(reading: ArticleReading, actor: str) -> set[str]:
    line: set[str] = set()
    at: str | None = actor
    while at is not None and at not in line:
        line.add(at)
        known = reading.lexicon.actors.get(at)
        at = known.parent if known else None
    return line


def are_allies(reading: ArticleReading, one: str | None, other: str | None) -> bool:
    """True where both stand on one side of a conflict of the article, or are one party."""
    if same_party(reading, one, other):
        return True
    mine, yours = side_of(reading, one), side_of(reading, other)
    return any(mine[c.id] == yours.get(c.id) for c in conflicts_of(reading) if c.id in mine)


def conflicts_of(reading: ArticleReading) -> list[Conflict]:
    """Return the wars of the article's countries on its day, those of the country spoken of most first."""
    day = reading.published
    found: list[Conflict] = []
    weights = reading.weights
    for country in reading.countries[:3]:
        if weights[country] < 0.3 * weights[reading.countries[0]]:
            break
        for conflict in reading.lexicon.conflicts.values():
            if country in conflict.countries and conflict not in found:
                begun = day is None or conflict.first is None or conflict.first <= day
                open_ = day is None or conflict.last is None or day <= conflict.last
                if begun and open_:
                    found.append(conflict)
    return found


def is_at_war(reading: ArticleReading, actor: str) -> bool:
    """True where the actor stands on a side of a war of the article."""
    mine = side_of(reading, actor)
    return any(conflict.id in mine for conflict in conflicts_of(reading))


def is_with_state(reading: ArticleReading, actor: str) -> bool:
    """True where the actor stands on the side of the state whose war it is."""
    mine = side_of(reading, actor)
    for conflict in conflicts_of(reading):
        lead = reading.lexicon.actors.get(_lead(reading, conflict.id, mine.get(conflict.id, "")) or "")
        if lead is not None and lead.kind in STATE_KINDS and lead.countries & conflict.countries:
            return True
    return False


def may_fight_at(reading: ArticleReading, actor: str | None, place_id: str | None) -> bool:
    """False for a party to wars none of which is fought in the country of the place: Syria's in Mosul."""
    place = reading.lexicon.places.get(place_id or "")
    wars = side_of(reading, actor)
    if place is None or not wars:
        return True
    return any(place.country in reading.lexicon.conflicts[id_].countries for id_ in wars)


def state_at_war(reading: ArticleReading) -> str | None:
    """Return the lead of the one state side of the wars of the article's first country, else None."""
    leads = set()
    for conflict in conflicts_of(reading):
        if not reading.countries or reading.countries[0] not in conflict.countries:
            continue
        for side in conflict.sides:
            lead = _lead(reading, conflict.id, side)
            known = reading.lexicon.actors.get(lead or "")
            if known is not None and known.kind in STATE_KINDS and known.countries & conflict.countries:
                leads.add(known.id)
    if len(leads) > 1:  # a war may reach into a neighbour's land: the state of the land is meant
        leads = {a for a in leads if reading.countries[0] in reading.lexicon.actors[a].countries}
    return leads.pop() if len(leads) == 1 else None


def opponent_of(reading: ArticleReading, actor: str | None) -> Reference:
    """Return whom the actor fights in this article; Reference(None, None) where two readings are fair."""
    nobody = Reference(None, None)
    if actor is None:
        return nobody
    mine = side_of(reading, actor)
    fought = [c for c in conflicts_of(reading) if c.id in mine]
    score: Counter[tuple[str, str]] = Counter()
    members: dict[tuple[str, str], Counter[str]] = {}
    for conflict in fought:
        foes = conflict.sides.get(mine[conflict.id], frozenset())
        for other, count in actor_counts(reading).items():
            theirs = side_of(reading, other).get(conflict.id)
            if theirs is not None and theirs in foes and not same_party(reading, other, actor):
                score[conflict.id, theirs] += count
                members.setdefault((conflict.id, theirs), Counter())[other] += count
    ranked = score.most_common(2)
    if not ranked:
        enemies = [(c.id, foe) for c in fought for foe in c.sides.get(mine[c.id], frozenset())]
        return Reference(_lead(reading, *enemies[0]), None, inferred=True) if len(enemies) == 1 else nobody
    is_close = len(ranked) == 2 and ranked[0][1] < 2 * ranked[1][1]
    if is_close and members[ranked[0][0]].keys() != members[ranked[1][0]].keys():
        return nobody
    own = members[ranked[0][0]]
    lead = _lead(reading, *ranked[0][0])
    top = own.most_common(1)[0]
    known = reading.lexicon.actors.get(top[0])
    is_state = known is not None and known.kind == "government" and same_party(reading, lead, top[0])
    land = reading.lexicon.conflicts[ranked[0][0][0]].countries
    is_guest = known is not None and known.kind in STATE_KINDS and not known.countries & land
    best = lead if lead is not None and (own[lead] * 2 >= top[1] or is_state or is_guest) else top[0]
    return Reference(best, None, inferred=True)


def _lead(reading: ArticleReading, conflict: str, side: str) -> str | None:
    return reading.lexicon.words["side_leads"].get(f"{conflict}/{side}")
