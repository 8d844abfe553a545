"""Who gains and who loses a place: named in the clause, or around it, or by who fights whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.claims.force_classes import FORCE_WORDS, STATE_WORDS, own_forces
from ingest.claims.forces import force_of, is_amount, is_nonstate, speaker_party
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Reference, Stance, Token, conjuncts, ends_after
from ingest.claims.recall import CHANGES, Site
from ingest.claims.sides import (
    STATE_KINDS,
    actor_counts,
    are_allies,
    conflicts_of,
    opponent_of,
    party_of,
    same_party,
    side_of,
    state_at_war,
)
from ingest.claims.speakers import phrase
from ingest.claims.territory_before import attacker_of
from ingest.claims.topics import words_of_war

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

NOBODY = Reference(None, None)
_COLUMNS = frozenset({"convoy", "column", "patrol", "reinforcement", "delegation"})
_LOSING = frozenset({"lost", "withdrawal"})
_BACKED = re.compile(
    r"\b(?:backed|supported|aided|assisted|helped|flanked|accompanied) by\b"
    r"|\bwith (?:the )?(?:help|support|backing)\b"
)


@dataclass(frozen=True, slots=True)
class Parties:
    """Who gains and who loses, None where the text does not say and nothing follows."""

    winners: tuple[Reference, ...]
    losers: tuple[Reference, ...]


def name_parties(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Parties | None:
    """Return who the words name; None where what should be a force is none."""
    movers = (*match.roles.get("winner", ()), *match.roles.get("loser", ()))
    if match.frame.gives["change"] in ("withdrawal", "advance") and any(lemma(t) in _COLUMNS for t in movers):
        return None  # a convoy that leaves a town, a patrol that enters one
    needs_force = match.frame.gives.get("force") == "known"
    winners = _forces(match.roles.get("winner", ()), parsed, reading)
    if match.roles.get("winner") and all(parsed.date_at(t) is not None for t in match.roles["winner"]):
        movers = match.roles.get("loser", ())  # 'had been taken by June'
        match = replace(match, roles={k: v for k, v in match.roles.items() if k != "winner"})
    if not match.roles.get("winner") and (subject := _subject_before(match, parsed, reading)) is not None:
        winners = (subject,)
    losers = _forces(match.roles.get("loser", ()), parsed, reading)
    is_meant = match.frame.id == "push_back" and lemma(match.head) in ("repel", "repulse")
    is_meant = is_meant and bool(winners) and any(t.lower_ == "them" for t in match.roles.get("loser", ()))
    if match.frame.gives.get("loser") == "force" and not losers and not is_meant:
        return None
    if match.roles.get("winner") and not winners and (needs_force or _is_thing(match.roles["winner"][0])):
        return None
    if needs_force and not winners and not losers and not _is_passive(match.head):
        return None
    if match.frame.gives["change"] in _LOSING and match.roles.get("loser") and not losers:
        return None
    return _opposed(match, reading, Parties(winners, losers))


def _subject_before(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Reference | None:
    """Return the actor named right before a verb that the parser left without a subject.

    Between them stands nothing but an apposition, an adverb, an auxiliary ('the Lions, a militia, had').
    """
    head = match.head
    takes_subject = any(
        "nsubj" in step.deps for path in match.frame.roles.get("winner?", ()) for step in path[:1]
    )
    if not takes_subject or head.tag_ not in ("VBD", "VBZ", "VBP", "VBN") or _is_passive(head):
        return None
    if any(c.dep_ in ("nsubj", "nsubjpass") for c in head.children) or head.dep_ in (
        "conj",
        "xcomp",
        "advcl",
    ):
        return None
    for mention in reversed([m for m in parsed.mentions if m.kind == "actor" and m.end <= head.idx]):
        if _APPOSED.fullmatch(parsed.sentence.text[mention.end : head.idx]):
            name = reading.choose(mention)
            return Reference(name.id, mention.text) if name is not None else None
    return None


_APPOSED = re.compile(r"(?:, [^,]{3,80},)? (?:\w+ly |also |then |now |has |have |had )*")


def _opposed(match: FrameMatch, reading: ArticleReading, parties: Parties) -> Parties:
    """Return the parties; who was only inferred and stands beside the other is his opponent instead."""
    winners, losers = parties.winners, parties.losers
    token = match.first("loser")
    if len(winners) == 1 and winners[0].inferred and losers and losers[0].id is None and token is not None:
        known = reading.lexicon.actors.get(winners[0].id or "")
        if is_nonstate(token) and known is not None and known.kind not in STATE_KINDS:
            last = next((c.gained_by for c in reversed(CHANGES.get(reading, [])) if c.gained_by), None)
            actor = reading.lexicon.actors.get(last or "")
            is_army = actor is not None and actor.kind in STATE_KINDS
            return Parties(
                (replace(winners[0], id=last if is_army else None),), losers
            )  # no rebels of rebels
    if len(winners) != 1 or len(losers) != 1 or not are_allies(reading, winners[0].id, losers[0].id):
        return parties
    if losers[0].inferred:
        return Parties(winners, (_enemy_as(match, "loser", reading, losers[0], winners[0]),))
    if winners[0].inferred:
        return Parties((_enemy_as(match, "winner", reading, winners[0], losers[0]),), losers)
    return parties


def _enemy_as(
    match: FrameMatch, role: str, reading: ArticleReading, meant: Reference, other: Reference
) -> Reference:
    """Return the other's opponent by the words of the one meant; without id where they can't mean it."""
    enemy = opponent_of(reading, other.id).id
    known = reading.lexicon.actors.get(enemy or "")
    token = match.first(role)
    if known is not None and token is not None and is_nonstate(token) and known.kind in STATE_KINDS:
        enemy = None
    if (
        known is not None
        and token is not None
        and lemma(token) in STATE_WORDS
        and known.kind not in STATE_KINDS
    ):
        enemy = None  # 'to the federal army': no rebels
    return replace(meant, id=enemy)


def _is_passive(head: Token) -> bool:
    return any(c.dep_ in ("nsubjpass", "auxpass") for c in head.children) or head.dep_ in ("acl", "relcl")


def _is_thing(token: Token) -> bool:
    """True for a subject that can't be a force by its kind: a common noun that is no word for one."""
    return not is_amount(token) and token.pos_ == "NOUN" and lemma(token) not in FORCE_WORDS


def _forces(tokens: Sequence[Token], parsed: Parsed, reading: ArticleReading) -> tuple[Reference, ...]:
    """Return the forces among the fillers: each once, 'its allies' not beside the one they are allies of."""
    found: list[Reference] = []
    for token in _each_nation(reading, parsed, [t for t in tokens if parsed.date_at(t) is None]):
        if isinstance(token, Reference):
            found.append(token)
            continue
        if found and _BACKED.search(parsed.sentence.text[tokens[0].idx : token.idx]):
            break  # 'the army, backed by jets and militias': those behind it gain nothing
        if found and token.dep_ in ("amod", "compound") and lemma(token.head) in _HELD_BY:
            break  # 'the Somali government flag' is one flag
        force = _nation_of(reading, token) or force_of(reading, parsed, token)
        if force is None or any(force.id is not None and force.id == other.id for other in found):
            continue
        if (
            found
            and (force.inferred or force.id is None)
            and lemma(token) in ("ally", "militia", "fighter", "force")
        ):
            continue
        found.append(force)
    return tuple(found)


def _each_nation(
    reading: ArticleReading, parsed: Parsed, tokens: Sequence[Token]
) -> Iterator[Token | Reference]:
    """Yield the fillers; for 'soldiers from Chad and Niger', 'Chadian and Nigerien troops' each country's."""
    demonyms = reading.lexicon.words["demonyms"]
    for token in tokens:
        beside = [demonyms[t.lower_] for t in _adjectives(token) if t.lower_ in demonyms]
        if token == tokens[0] and len(set(beside)) > 1 and lemma(token) in _ARMIES:
            words = reading.words(parsed, *phrase(token))
            yield from (Reference(nation, words) for nation in dict.fromkeys(beside))
            continue
        ends = [
            member
            for end in ends_after(token, "from", "of")
            if end.dep_ == "pobj"
            for member in conjuncts(end)
        ]
        nations = [
            name.id
            for end in ends
            if (mention := parsed.mention_at(end, "actor")) is not None
            and (name := reading.choose(mention)) is not None
            and reading.lexicon.actors[name.id].kind == "government"
        ]
        if lemma(token) in _ARMIES and token == tokens[0] and len(nations) == len(ends) > 1:
            words = reading.words(parsed, *phrase(token))
            yield from (Reference(own_forces(reading, nation, lemma(token)), words) for nation in nations)
        else:
            yield token


_ARMIES = frozenset({"soldier", "troop", "army", "force"})


def _adjectives(token: Token) -> list[Token]:
    """Return the adjectives of nations before a noun, those joined by 'and' too ('Rwandan and Congolese')."""
    found: list[Token] = []
    for child in token.lefts:
        if child.dep_ in ("amod", "compound", "nmod", "conj"):
            found += [child, *(t for t in child.subtree if t.dep_ in ("conj", "amod", "compound"))]
    at = [t for t in found if t.i + 1 < len(t.doc) and t.nbor(1).text != "-"]
    return sorted(set(at), key=lambda t: t.i)


_HELD_BY = frozenset({"hand", "control", "rule", "flag", "banner", "occupation", "grip"})


_HOLDING = frozenset({"hold", "control", "occupy"})


def _nation_of(reading: ArticleReading, token: Token) -> Reference | None:
    """Return the forces of 'in Ukrainian hands', 'the Syrian flag'."""
    demonyms = reading.lexicon.words["demonyms"]
    if lemma(token) in ("state", "authority", "side"):  # 'in the hands of the Malian state'
        nation = next((demonyms[c.lower_] for c in token.lefts if c.lower_ in demonyms), None)
        is_held = token.dep_ == "pobj" and lemma(token.head.head) in _HELD_BY
        if nation is None and is_held and lemma(token) == "state":
            return Reference(state_at_war(reading), token.text, inferred=True)
        return Reference(nation, token.text) if nation else None
    is_holder = token.dep_ == "npadvmod" and lemma(token.head) in _HOLDING
    is_holder = is_holder or (token.dep_ in ("attr", "acomp") and lemma(token.head) == "be")
    if not is_holder and (
        token.dep_ not in ("amod", "compound", "nmod") or lemma(token.head) not in _HELD_BY
    ):
        return None
    nation = demonyms.get(token.lower_)
    return Reference(nation, token.text) if nation else None


def complete(
    match: FrameMatch, matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading,
    parties: Parties, stance: Stance, sites: Sequence[Site],
) -> Parties:  # fmt: skip
    """Fill in from the article who is not named: the opponent of the one who is, else who acts around it."""
    winners, losers = parties.winners, parties.losers
    change = match.frame.gives["change"]
    if not winners and not losers and not _is_named(match, parsed):
        acting = _acting(match, matches, parsed, reading, stance, sites)
        if acting is not None and change in _LOSING:
            losers = (acting,)
        elif acting is not None:
            winners = (acting,)
    if change == "control_held":
        return Parties(winners, losers)
    other = _other_side(match, matches, parsed, reading)
    if other is not None and winners and not losers and change not in _LOSING:
        losers = (other,) if other.id != winners[0].id else ()
    elif other is not None and losers and not winners and change in _LOSING:
        winners = (other,) if other.id != losers[0].id else ()
    if winners and not losers and winners[0].id is None and _is_unit(winners[0]) and stance.claimant:
        voice = party_of(reading, stance.claimant)
        enemy = opponent_of(reading, voice if change not in ("repelled",) else None)
        losers = (enemy,) if enemy.id and stance.status == "claimed" else ()
    elif winners and not losers:
        enemy = opponent_of(reading, winners[0].id)
        losers = (enemy,) if enemy.id else ()
    elif losers and not winners:
        enemy = opponent_of(reading, losers[0].id)
        winners = (enemy,) if enemy.id else ()
    return Parties(winners, losers)


_UNIT = re.compile(r"\b(?:[Bb]rigade|[Dd]ivision|[Rr]egiment|[Bb]attalion|[Cc]orps|[Gg]rouping)\b")


def _is_unit(force: Reference) -> bool:
    """True for a numbered or named unit of an army that no table knows: who reports its gains is its side."""
    return bool(force.text and _UNIT.search(force.text))


def _is_named(match: FrameMatch, parsed: Parsed) -> bool:
    """True where the words name somebody as the holder, whom no table knows: nobody else is meant."""
    return any(
        token.pos_ in ("PROPN", "NOUN") and parsed.date_at(token) is None
        for token in match.roles.get("winner", ())
    )


def _other_side(
    match: FrameMatch, matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading
) -> Reference | None:
    """Return who leaves where another takes, in one sentence, or who takes where he leaves, if he is named.

    'The army moved in hours after the militia had pulled out': whatever the lexicon says of the two.
    """
    is_leaving = match.frame.gives["change"] in _LOSING
    role = "winner" if is_leaving else "loser"
    for other in matches:
        change = other.frame.gives["change"]
        if (
            other.head == match.head
            or (change in _LOSING) == is_leaving
            or change in ("control_held", "repelled")
        ):
            continue
        related = match.head in other.head.ancestors or other.head in match.head.ancestors
        named = _forces(other.roles.get(role, ()), parsed, reading) if related else ()
        if named and named[0].id is not None and not named[0].inferred:
            return named[0]
    return None


def _acting(
    match: FrameMatch, matches: Sequence[FrameMatch], parsed: Parsed, reading: ArticleReading,
    stance: Stance, sites: Sequence[Site],
) -> Reference | None:  # fmt: skip
    """Return who acts where the clause names nobody.

    In this order: who acts in the clause above it ('took it back in an offensive in which two towns were
    recovered'); who last changed the holder of this very place; the belligerent who announces it; who acted
    in the sentence before.
    """
    if match.frame.gives["change"] in _LOSING:
        voice = party_of(reading, stance.claimant) if stance.claimant else None
        voice = voice or speaker_party(reading, parsed)
        ids = {site.id for site in sites} - {None}
        for known in CHANGES.get(reading, []) if voice is None else ():
            if known.place in ids and known.change == "recaptured" and known.gained_by:
                voice = known.gained_by  # who took it back had lost it
        is_party = voice is not None and bool(side_of(reading, voice))
        return (
            Reference(voice, None, inferred=True) if is_party else None
        )  # who denies or admits a loss of his own
    ancestors = set(match.head.ancestors)
    for other in matches:
        if other.head in ancestors and other.frame.gives["change"] not in _LOSING:
            named = _forces(other.roles.get("winner", ()), parsed, reading)
            if named:
                return replace(named[0], text=None, inferred=True)
    changes = CHANGES.get(reading, [])
    near = changes[-4:]
    ids = {site.id for site in sites} - {None}
    if "noun" in match.frame.gives:
        for change in reversed(near):
            if change.place in ids and change.gained_by and change.change in ("captured", "recaptured"):
                return Reference(change.gained_by, None, inferred=True)
        if stance.status == "claimed" and lemma(match.head.head) in _BOASTS and match.head.dep_ == "dobj":
            voice = party_of(reading, stance.claimant) if stance.claimant else None
            voice = (
                voice or speaker_party(reading, parsed) or _subject_party(parsed, reading, match.head.head)
            )
            if voice is not None and side_of(reading, voice):
                return Reference(voice, None, inferred=True)  # who announces a capture has made it
        gainers = [c.gained_by for c in changes if c.change in ("captured", "recaptured") and c.gained_by]
        if gainers and all(are_allies(reading, g, gainers[-1]) for g in gainers):
            return Reference(gainers[-1], None, inferred=True)  # one side alone gains in this article
        return None
    if stance.status in ("claimed", "confirmed") and stance.claimant is not None:
        voice = party_of(reading, stance.claimant)
        if voice is not None and side_of(reading, voice):
            return Reference(voice, None, inferred=True)
    elif stance.status == "claimed" and (voice := speaker_party(reading, parsed)) is not None:
        return Reference(voice, None, inferred=True)
    if change_of_hands(match) and (attacker := attacker_of(reading, parsed, sites)) is not None:
        return Reference(attacker, None, inferred=True)
    for change in reversed(near[-2:]):
        if change.gained_by and match.frame.gives["change"] != "repelled":
            return Reference(change.gained_by, None, inferred=True)
    return None


_BOASTS = frozenset("announce claim declare proclaim celebrate hail trumpet".split())


def _subject_party(parsed: Parsed, reading: ArticleReading, verb: Token) -> str | None:
    """Return the party that is a verb's subject ('the 3rd Assault Brigade announced')."""
    for subject in verb.children:
        if subject.dep_ == "nsubj" and (force := force_of(reading, parsed, subject)) is not None:
            return force.id
    return None


def change_of_hands(match: FrameMatch) -> bool:
    """True where a place changes its holder: who attacked it before has it now."""
    return match.frame.gives["change"] in ("captured", "recaptured")


def loser_for(reading: ArticleReading, winner: Reference, losers: tuple[Reference, ...]) -> Reference:
    """Return the first loser that is not the winner, or on his side."""
    for loser in losers:
        if loser.id is None or winner.id is None or not are_allies(reading, loser.id, winner.id):
            return loser
        if not loser.inferred and not same_party(reading, loser.id, winner.id):
            return loser
    return NOBODY


def confirm(reading: ArticleReading, stance: Stance, losers: tuple[Reference, ...]) -> Stance:
    """Return the stance with status confirmed where the loser himself says so."""
    if stance.status != "claimed" or stance.claimant is None:
        return stance
    speaker = reading.lexicon.claimants.get(stance.claimant)
    voice = speaker.actor if speaker else stance.claimant
    if voice and any(same_party(reading, voice, loser.id) for loser in losers):
        return replace(stance, status="confirmed")
    return stance


def is_war_spoken_of(reading: ArticleReading, stance: Stance, parties: Sequence[Reference]) -> bool:
    """True where the article names a party to a war of its country, such a party speaks, or it speaks of war.

    For a place that changes hands between forces without a name: a party of the same name is not asked for.
    """
    wars = {conflict.id for conflict in conflicts_of(reading)}
    is_named = any(party.id for party in parties)
    for actor, count in actor_counts(reading).items():
        is_meant = not is_named or any(same_party(reading, actor, party.id) for party in parties)
        if count and is_meant and wars & side_of(reading, actor).keys():
            return True
    voice = party_of(reading, stance.claimant) if stance.claimant else None
    if voice is not None and wars & side_of(reading, voice).keys():
        return True
    if wars and any(party.text and _ARMED.search(party.text) for party in parties):
        return True
    return words_of_war(reading) >= 2


_ARMED = re.compile(
    r"\b(?:Army|Brigades?|Militias?|Front|Battalion|Rebels|[Aa]rmed [Gg]roups?|jihadists|insurgents|rebels|"
    r"guerrillas)\b"
)
"""Words of a party in no table that no peaceful one has."""
