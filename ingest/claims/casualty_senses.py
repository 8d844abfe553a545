"""Words of harm in another sense: a force that flees, a film, an accident, a disease, a rumoured death.

Errors: a sense that only the article shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.claims import topics
from ingest.claims.casualty_victims import Victims
from ingest.claims.frames import subjects
from ingest.claims.parse import lemma
from ingest.claims.reading import FrameMatch, Parsed, Token, ends_after

CIVIL = frozenset({"civilians", "children", "women", "medics", "journalists"})


def is_no_harm(parsed: Parsed, harm: str, head: Token, victims: Victims) -> bool:
    """True for 'not one fighter died' and 'rescued 48 kidnapped women': nobody was, or is not any more."""
    start = min(victims.start, victims.quantity.start) if victims.quantity is not None else victims.start
    text = parsed.sentence.text.lower()
    begins = re.match(r"(?:not|no) (?:one|a single|even one)\b", text[start:]) is not None
    if (begins or _NOT_ONE.search(text[:start])) and (victims.quantity is None or victims.quantity.best == 1):
        return True
    line = (head, head.head, head.head.head, victims.token, victims.token.head)
    return harm == "captured" and any(lemma(t) in _FREED for t in line)


_NOT_ONE = re.compile(r"\b(?:not(?: even)?(?: a)?(?: single)?|no)\s+(?:one )?$")
_FREED = frozenset("rescue free release liberate exchange swap".split())


def is_excluded(match: FrameMatch, token: Token, victims: Victims) -> bool:
    """True for the senses that the frame's words have beside the one it is for.

    gives.counted: a single person is not meant ('the minister left'). gives.civil: a force that flees or
    leaves withdraws, which is no displacement.
    """
    gives, head = match.frame.gives, match.head
    if gives.get("harm") == "displaced" and topics.names_cause(match.parsed.sentence.text):
        return True  # 'evacuated after the flood'
    if match.frame.id == "fall_in_battle" and any(c.lower_ in _NO_DEATH for c in head.children):
        return True  # 'fell back in the fighting'
    if (
        match.frame.id == "evacuate"
        and token.pos_ in ("PRON", "DET", "NUM")
        and _WOUNDED.search(match.parsed.sentence.text)
    ):
        return True  # 'six were wounded; all were evacuated': they go to a hospital
    if is_disease(match.roles.get("perpetrator", ())) or is_accident(head):
        return True
    if _is_hearsay(match.parsed, head, victims) or is_played(match.parsed, head):
        return True
    if gives.get("counted") == "yes" and victims.quantity is None:
        return True
    if gives.get("civil") == "yes" and victims.category not in ("people", *CIVIL):
        return True
    if gives.get("leaves") == "yes" and (victims.is_elided or not _leaves_place(head)):
        return True
    if token == head and (victims.quantity is None or lemma(head) in ("massacre", "assassination")):
        return True  # how many massacres is not how many dead; 'death', 'the wounded': no number, no person
    if match.frame.id == "body" and token != head and victims.quantity is None:
        named = token.dep_ == "poss" and not any(c.lower_ in ("a", "an") for c in token.children)
        if named or head.tag_ == "NNS":
            return True  # 'a picture of Amal's body'
    return token.dep_ == "nsubj" and token.head == head and _shares_object(head)


_NO_DEATH = frozenset("back ill out behind apart silent under into short down".split())
_WOUNDED = re.compile(r"\b(?:wounded|injured)\b")
_DISEASES = frozenset(
    "cholera hunger starvation famine disease malaria measles ebola dengue typhoid covid malnutrition flood "
    "floods earthquake cyclone heat cold drought lightning".split()
)
_HEARSAY = re.compile(
    r"\b(?:report|declar|announc|rumou?r|presum|believ|thought|said|list|claim|pronounc)\w*"
    r"(?: to have been| to have| to be| as| wrongly| falsely)* (?:killed|dead|died|slain)\b[^.;]{0,80}?"
    r"\b(?:(?:re-?)?(?:appear|surfac|emerg)\w*|turn(?:ed|s) (?:up|out)|spoke|gave an?\b|denied|alive)"
)
_PLAYED = re.compile(
    r"\b(?:film|movie|novel|play|series|drama|video game)\b[^.;]{0,60}\b(?:in which|where|whose)\b",
    re.IGNORECASE,
)
_ACCIDENTS = frozenset("sink capsize overturn collide derail crash skid plunge".split())
_ROAD = frozenset("run slam plough plow veer swerve ram fall roll drive".split())
_OBSTACLES = frozenset(
    "lorry truck car bus tree ditch ravine gorge river wall pole vehicle trailer train canal valley".split()
)
_CRAFT = frozenset("ferry boat dinghy vessel bus coach train lorry truck car minibus van plane taxi".split())


def _is_hearsay(parsed: Parsed, head: Token, victims: Victims) -> bool:
    """True for 'X, reported killed in May, appeared on video': told dead, then seen alive."""
    hit = _HEARSAY.search(parsed.sentence.text)
    is_one = victims.quantity is None or victims.quantity.best == 1
    return hit is not None and is_one and hit.start() <= head.idx < hit.end()


def is_disease(agents: Iterable[Token]) -> bool:
    """True where hunger or cholera killed: no party did."""
    return any(token.lower_ in _DISEASES for token in agents)


def is_played(parsed: Parsed, head: Token) -> bool:
    """True for 'the film in which 11 actors die'."""
    hit = _PLAYED.search(parsed.sentence.text)
    return hit is not None and hit.start() <= head.idx and parsed.sentence.text[: hit.start()].count(".") == 0


def _runs_into(verb: Token) -> bool:
    """True for 'ran into a parked lorry', 'plunged into a ravine'."""
    return any(lemma(end) in _OBSTACLES for end in ends_after(verb, "into", "off", "over"))


def is_accident(head: Token) -> bool:
    """True for 'died when a ferry sank', 'were killed after their bus overturned'."""
    return any(
        c.dep_ == "advcl"
        and (lemma(c) in _ACCIDENTS or (lemma(c) in _ROAD and _runs_into(c)))
        and any(t.lower_ in ("when", "after", "as") for t in c.children)
        and any(lemma(s) in _CRAFT for s in subjects(c))
        for c in head.children
    )


def _leaves_place(head: Token) -> bool:
    """True where people left without more, or left a town, a home: not a meeting, a party, somebody dead."""
    if head.tag_ == "VBN" and any(child.dep_ in ("nsubjpass", "auxpass") for child in head.children):
        return False
    objects = [c for c in head.children if c.dep_ in ("dobj", "oprd", "ccomp", "acomp", "xcomp", "prt")]
    return all(c.dep_ == "dobj" and (c.pos_ == "PROPN" or {lemma(c), c.lower_} & _HOMES) for c in objects)


_HOMES = frozenset(
    "city town village area district home house camp region country province enclave surroundings outskirts "
    "settlement neighbourhood neighborhood quarter valley territory locality hometown zone".split()
)


def _shares_object(head: Token) -> bool:
    """'The attackers killed and wounded dozens': the subject of an active verb whose object stands later."""
    return any(
        child.dep_ == "conj" and any(c.dep_ == "dobj" for c in child.children) for child in head.children
    )
