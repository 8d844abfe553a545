"""Verbs of movement in another sense: an object, a state, an attack, what is only agreed, an execution.

Errors: a sense that only the sentence around shows.
"""

from __future__ import annotations

import re

from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Token

_GIVEN_UP = frozenset(
    "surrender disarm capture arrest detain defect wound injure evacuate demobilise".split()
)
_AGREED = frozenset(
    "agree approve request consent volunteer clear permit rule exclude consider contemplate envisage mull "
    "weigh discuss oppose refuse decline threaten".split()
)
_EXECUTED = frozenset("shoot execute behead kill hang slaughter".split())
_FLIGHT = frozenset("dive run flee scramble scurry reel crash fly rush tumble crawl duck".split())
_AMBUSHES = frozenset(
    "attack attacked ambush ambushed killed explosion blast struck hit bomb fire mine".split()
)
_STATES = frozenset("deploy station base mass amass concentrate field gather assemble position".split())
_STRUCK = frozenset("kill target attack ambush hit strike bomb arrest detain intercept shoot wound".split())
_RAIDS = frozenset("attack fire kill raid storm shell abduct seize".split())
_ERRANDS = frozenset("investigate probe examine question arrest disperse mediate rescue extinguish".split())
_DEFECTS = re.compile(r"\b(?:switched sides|chang\w+ sides|defect\w*|desert\w*|surrender\w*|turned coat)\b")
_COMPASS = frozenset({"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"})


def is_movement(match: FrameMatch) -> bool:
    """False where the verb has another sense: an object, a state, an attack, what is only agreed."""
    head = match.head
    is_transitive = any(c.dep_ == "dobj" and c.lower_ not in _COMPASS for c in head.children)
    if match.frame.gives.get("when") == "intransitive" and is_transitive:
        is_passage = any(c.dep_ == "prep" and c.lower_ == "through" for c in head.children)
        if not is_passage and lemma(head) not in ("reach", "join", "enter", "cross"):
            return False
    if head.dep_ == "conj" and not any(
        c.dep_ in ("cc", "punct") and c.i < head.i for c in head.head.children
    ):
        return False  # 'joined by a brigade moved up from the coast': the parser's coordination
    if head.pos_ == "NOUN" and head.dep_ == "pobj" and head.head.lower_ in ("for", "against", "about"):
        return False  # 'called for the deployment of the army'
    if _is_scenery(head):
        return False
    if head.dep_ == "advcl" and head.tag_ == "VBG" and lemma(head.head) in _RAIDS:
        return False  # 'crossing into Pakistan, guards fired mortars', 'attacks a centre, arriving in groups'
    if any(c.dep_ in ("advcl", "xcomp") and lemma(c) in _ERRANDS for c in head.children):
        return False  # 'a unit was dispatched to investigate'
    if match.frame.id in ("join", "reach_there", "arrive", "move_there") and _DEFECTS.search(
        match.parsed.sentence.text
    ):
        return False  # 'soldiers switched sides and joined the Taliban'
    told_of = {lemma(c) for t in match.roles["unit"] for c in t.children if c.dep_ == "amod"}
    if told_of & {"kill", "slay", "arrest"}:
        return False  # 'the two killed policemen were on their way'
    if head.dep_ == "conj" and lemma(head.head) in _GIVEN_UP:
        return False  # 'surrendered and were bussed to the north'
    is_passive = any(c.dep_ == "auxpass" for c in head.children)
    if is_passive and any(c.dep_ == "conj" and lemma(c) in _EXECUTED for c in head.children):
        return False  # 'were marched to the river and shot'
    if lemma(head) in ("pour", "stream", "flood", "trickle", "flock") and not (
        match.roles.get("destination") or match.roles.get("origin") or match.roles.get("actor")
    ):
        return False  # 'the gate blew up and militants poured in': an attack
    if any(
        c.dep_ == "prep" and any(c.lower_ == "to" and _is_counted(match, end) for end in c.children)
        for c in head.children
    ):
        return False  # 'bringing the force to 1,000 men': what it now amounts to
    beside = {c.lower_ for c in head.children if c.dep_ in ("prep", "prt", "advmod")}
    flown = (c for token in match.roles["unit"] for c in token.children if c.dep_ == "prep")
    if lemma(head) == "fly" and (beside | {c.lower_ for c in flown}) & {"over", "above", "overhead"}:
        return False  # on patrol
    is_bound = beside & {"for", "to", "towards", "toward", "into"}
    if match.frame.id in ("arrive", "move_there") and (
        beside & {"away", "back"} or ("out" in beside and not is_bound)
    ):
        return False
    if beside & {"out", "back"} and lemma(head) in ("pull", "draw", "move", "bring", "throw", "drive"):
        return False
    if beside & {"outside"} and lemma(head) in ("redeploy", "relocate", "reposition", "move", "pull"):
        return False  # out of the town: a withdrawal
    if lemma(head) == "send" and any(_is_flight(token) for token in match.roles["unit"]):
        return False
    above = head.head
    for _ in range(4):
        if (
            lemma(above) in _AGREED
            and above != head
            and head.dep_ in ("xcomp", "ccomp", "pcomp", "dobj", "acl")
        ):
            return False
        if above.dep_ not in ("aux", "xcomp", "prep"):
            break
        above = above.head
    return not _is_state(match)


def _is_scenery(head: Token) -> bool:
    """True for the convoy hit 'when it was travelling to the capital': the movement only tells when.

    So it does where the convoy 'was carrying supplies when it was hit', or 'carrying soldiers was hit'.
    """
    is_going = head.tag_ == "VBG" and any(c.lower_ in ("was", "were") for c in head.children)
    if is_going and any(c.dep_ == "advcl" and lemma(c) in _STRUCK for c in head.children):
        return True
    if head.dep_ in ("acl", "relcl") and _is_struck(head.head):
        return True
    return (
        head.dep_ == "advcl"
        and head.tag_ == "VBG"
        and any(c.lower_ in ("when", "while", "as") for c in head.children)
        and any(t.text.lower() in _AMBUSHES for t in head.doc)
    )


def _is_struck(token: Token) -> bool:
    """True for those whom the sentence's verb kills, arrests or ambushes."""
    return token.dep_ in ("dobj", "nsubjpass") and lemma(token.head) in _STRUCK


def _is_flight(token: Token) -> bool:
    """True for those whom 'shells sent diving for cover'."""
    after = (c for t in (token, token.head) for c in t.children if c.i == token.i + 1)
    return any(c.tag_ == "VBG" and lemma(c) in _FLIGHT for c in after)


def _is_counted(match: FrameMatch, token: Token) -> bool:
    """True for a number, or a noun with one before it: no place."""
    if match.parsed.mention_at(token, "place") is not None:
        return False
    numbers = (token, *(c for c in token.children if c.dep_ == "nummod"))
    return any(match.parsed.quantity_at(t) is not None for t in numbers)


def _is_state(match: FrameMatch) -> bool:
    """True for 'are stationed in Iraq', 'the soldiers deployed there': where a force is, not that it came."""
    head = match.head
    if head.pos_ == "NOUN" or lemma(head) not in _STATES or head.tag_ != "VBN":
        return False
    if any(
        c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ in ("to", "into", "from")) for c in head.children
    ):
        return False
    auxiliaries = {c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")}
    if lemma(head) in ("mass", "amass", "concentrate") and head.dep_ != "acl":
        return False  # what is massed was brought there
    if head.dep_ in ("acl", "amod"):
        return True
    if lemma(head) in ("station", "base") and auxiliaries & {"was", "were"}:
        return True
    return bool(auxiliaries & {"is", "are"}) and not auxiliaries & {"been", "being"}
