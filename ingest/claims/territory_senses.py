"""Senses of the territory frames' words that are no change of control: raids, 'took place', who draws off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.claims.force_classes import ATTACKS
from ingest.claims.forces import is_amount
from ingest.claims.parse import lemma
from ingest.claims.place_words import AREAS, FEATURES, SETTLEMENTS
from ingest.claims.reading import FrameMatch, Parsed, Token, ends_after

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_EVENT_GOVERNORS = frozenset({"after", "since", "following", "with", "despite", "amid", "by", "until"})
_EVENT_VERBS = frozenset(
    "announce confirm deny claim celebrate declare admit concede acknowledge condemn report complete hail "
    "see mark proclaim follow lead come allow put give open leave mean bring end trigger force cap "
    "reverse".split()
)
_FRESH = frozenset("fresh reel recover smart recoil stem result follow".split())
_UNDONE = frozenset(
    "plan prevent threaten fear predict order avert stop delay postpone propose discuss demand urge "
    "hope expect "
    "seek consider suspend cancel halt block rule schedule promise agree negotiate require need want call "
    "condition impede oppose reject foresee envisage set".split()
)
"""What is said of an act that was not done, or not yet."""
_TO_COME = frozenset(
    "question matter aim goal objective priority prospect possibility dream task target".split()
)
_RAIDING = frozenset(
    "kill loot burn abduct kidnap steal fire shoot torch rob pillage threaten rape execute ransack preach "
    "set search murder behead slaughter plunder detain arrest assault beat interrogate demand order "
    "urge warn injure wound whip confiscate whisk round gun hack vandalise vandalize empty hijack "
    "destroy flog lecture harass terrorise terrorize".split()
)
_SENSELESS = frozenset(
    "place part position post time step action turn seat command lead charge course".split()
)
_RINGS = frozenset("ring pincer cauldron encirclement vice siege custody consideration".split())
_HALF_MAST = re.compile(r"\bhalf[- ](?:mast|staff)\b")
_MEASURES = frozenset("km kilometre kilometer mile metre meter yard".split())
_SCENE = frozenset({"scene", "area", "spot", "site", "vicinity", "place", "building"})
_OFTEN = re.compile(r"\bhands (?:\w+ )?(?:times|twice|thrice|repeatedly|frequently|often|constantly)\b")
_SEARCHING = frozenset({"clear", "secure", "sweep", "free", "claim"})
_FROM_THE_AIR = frozenset({"drone", "missile", "rocket", "air", "mortar", "cyber", "uav"})
_FIGHT = re.compile(
    r"\b(?:attack|raid|ambush|clash|assault|exchange of|gun ?(?:battle|fight)|fire ?fight|fought back|"
    r"repell?|shoot-?out)"
)


def holds(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> bool:
    """False for the senses that the frame's words have beside the one it is for."""
    frame, head = match.frame, match.head
    if _is_one_man(match) or (frame.id == "take" and _is_brought(head)):
        return False
    if _is_nobody(match) or _is_yet_to_come(head):
        return False
    if frame.id == "take" and lemma(head) in _SEARCHING and (_are_buildings(match) or _is_fitted(head)):
        return False
    if frame.id == "repel" and any(
        c.dep_ in ("compound", "amod", "nmod") and lemma(c) in _FROM_THE_AIR
        for token in match.roles.get("attack", ())
        for c in token.children
    ):
        return False  # what was shot down took no ground
    if frame.gives.get("when") == "intransitive" and any(
        c.dep_ == "dobj" and lemma(c) not in _MEASURES for c in head.children
    ):
        return False
    has_back = any(c.lower_ in ("back", "off") and c.dep_ in ("advmod", "prt") for c in head.children)
    if frame.id == "move_in" and has_back:
        return False  # back_into tells it
    if frame.id == "driven_out_again" and (_says_whence(head) or _goes_to(head)):
        return False  # drive_out tells it; 'driven out to the hills' names no place left
    if frame.id == "change_hands" and _OFTEN.search(parsed.sentence.text):
        return False
    if frame.id == "fall" and _is_of_a_class(parsed, head):
        return False
    if frame.id == "leave" and any(
        lemma(t) in _SCENE and not any(c.dep_ in ("prep", "compound", "nmod", "appos") for c in t.children)
        for t in match.roles.get("place", ())
    ):
        return False  # 'fled the area': who attacked it, not who held it
    if frame.id == "leave" and lemma(head) in ("leave", "depart") and _goes_on(parsed, head):
        return False
    if frame.id == "leave" and _is_left_so(head):
        return False
    if frame.id == "drive_out" and (has_back or lemma(head) in ("repel", "repulse")):
        return False
    if parsed.sentence.text.startswith("Never "):
        return False
    if frame.id == "push_back" and any(lemma(t) in ATTACKS for t in match.roles.get("loser", ())):
        return False  # 'repelling the attacks': repel tells it
    if frame.gives.get("back") == "needed" and not any(
        c.lower_ in ("back", "off") and c.dep_ in ("advmod", "prt") for c in head.children
    ):
        return lemma(head) in ("repel", "repulse")
    if frame.id == "repel" and lemma(head) in (
        "push",
        "drive",
        "throw",
        "fight",
        "beat",
        "fend",
        "ward",
        "stave",
    ):
        return any(c.lower_ in ("back", "off") for c in head.children)
    if frame.id == "take" and head.dep_ == "acl" and not match.roles.get("winner"):
        return False  # 'the runway, taken yesterday': who holds it is said by the verb above
    if frame.id == "take" and any(lemma(end) in _RINGS for end in ends_after(head, "into", "in")):
        return False  # 'taken into a ring': surrounded, not captured
    if frame.id == "take" and any(
        c.dep_ == "dobj" and c.tag_ == "NN" and lemma(c) in _SENSELESS and not _is_definite(c)
        for c in head.children
    ):
        return False  # 'took place', 'taken its place', 'take part'
    if frame.id in ("enter", "advance") and _is_raid(head):
        return False
    if frame.id == "enter" and any(
        c.dep_ == "acl" and lemma(c) in ("come", "arrive") for t in match.roles["winner"] for c in t.children
    ):
        return False  # 'soldiers coming from Bundibugyo had entered': a movement, told as one
    if frame.id == "besiege" and head.tag_ == "VBG" and not match.roles.get("winner"):
        return False
    if frame.id == "siege_broken" and match.first("verb") is not None and _ends_by_capture(match):
        return False
    if frame.id == "moved_in" and parsed.sentence.role == "headline":
        return False  # the text tells where
    if frame.id == "still_in" and any(is_amount(t) for t in match.roles.get("winner", ())):
        return False  # 'some of his men are still there'
    is_closing = frame.id == "supply_cut" and lemma(head) in ("block", "close", "interrupt")
    if is_closing and not any(_names_a_line(token) for token in match.roles.get("place", ())):
        return False
    if frame.id == "held" and (
        head.dep_ == "amod" or any(c.lower_ in ("once", "formerly", "previously") for c in head.children)
    ):
        return False
    if frame.id == "x_held":
        text = parsed.sentence.text
        return head.idx > 0 and text[head.idx - 1] == "-"
    if frame.id == "overrun_by" and any(c.lower_ == "with" for c in (*head.children, *head.head.children)):
        return False  # 'was overrun with patients'
    if frame.id == "fall" and any(c.dep_ in ("acomp", "oprd") for c in head.children):
        return False  # 'fell silent'
    if frame.id in ("flag", "flag_flies") and _HALF_MAST.search(parsed.sentence.text):
        return False
    if frame.id in ("fall", "leave") and any(
        c.dep_ == "advmod" and c.lower_ == "behind" for c in head.children
    ):
        return False
    if (
        frame.id == "take"
        and lemma(head) in ("take", "win")
        and any(
            c.dep_ == "prt" and c.lower_ not in ("over", "back", "up") and not _before_date(parsed, c)
            for c in head.children
        )
    ):
        return False
    if frame.gives.get("noun") == "event":
        return _is_event(head)
    is_vague = all(lemma(t) in _SCENE and _is_bare(t) for t in match.roles.get("place", ()))
    if frame.gives["change"] == "withdrawal" and is_vague and frame.id != "leave":
        return _is_over(head) and not _follows_attack(parsed, reading)
    return True


def _is_one_man(match: FrameMatch) -> bool:
    """True for 'he left the base', 'while he was driving through the area': no force."""
    if match.frame.gives["change"] not in ("withdrawal", "advance", "captured"):
        return False
    movers = match.roles.get("loser", ()) if match.frame.gives["change"] == "withdrawal" else ()
    movers = movers or match.roles.get("winner", ())
    return any(token.lower_ in ("he", "she") for token in movers)


def _is_brought(head: Token) -> bool:
    """True for 'was taken to a hospital', 'were sweeping the area for mines', 'is clearing the field'."""
    ends = {c.lower_ for c in head.children if c.dep_ == "prep"}
    if lemma(head) == "take" and "to" in ends and any(c.dep_ == "auxpass" for c in head.children):
        return True
    if lemma(head) not in _SEARCHING:
        return False
    is_going_on = head.tag_ == "VBG" and any(c.dep_ == "aux" for c in head.children)
    return is_going_on or "for" in ends


def is_no_longer(match: FrameMatch) -> bool:
    """True for 'no longer controls it', 'is no longer in their hands'."""
    verb = match.first("verb") or match.head
    return any(c.lower_ == "longer" for token in (match.head, verb, verb.head) for c in token.children)


def _is_nobody(match: FrameMatch) -> bool:
    """True for 'no government troops have entered', 'denied that any unit had left': nothing of one force."""
    return any(
        c.lower_ in ("no", "neither", "any") and c.dep_ in ("det", "preconj", "cc")
        for role in ("winner", "loser", "place")
        for token in match.roles.get(role, ())
        for c in token.children
    )


def _says_whence(head: Token) -> bool:
    """True for 'driven out of the town', 'expelled from it'."""
    return any(
        t.dep_ == "prep" and t.lower_ in ("of", "from") and any(c.dep_ == "pobj" for c in t.children)
        for child in (head, *head.children)
        for t in child.children
        if child == head or child.lower_ == "out"
    )


def _goes_to(head: Token) -> bool:
    """True where the verb says whither, or has an object that is no force's ('pushed out a statement')."""
    return any(c.dep_ == "prep" and c.lower_ in ("to", "into", "onto") for c in head.children)


def _goes_on(parsed: Parsed, head: Token) -> bool:
    """True for 'have left Mokha for Marib': a march to another front, told by the frames of movements."""
    return any(
        prep.dep_ == "prep" and prep.lower_ == "for" and parsed.mention_at(end, "place") is not None
        for prep in head.children
        for end in prep.children
    )


def _ends_by_capture(match: FrameMatch) -> bool:
    """True for 'captured the town, ending a siege': the besieger ended it, nobody broke it."""
    verb = match.first("verb")
    taken = {"capture", "take", "seize", "overrun", "conquer", "enter", "storm"}
    is_ending = verb is not None and verb.tag_ == "VBG" and lemma(verb) == "end" and verb.dep_ == "advcl"
    return is_ending and verb is not None and lemma(verb.head) in taken


def _is_left_so(head: Token) -> bool:
    """True for 'leaving it in ruins', 'left the town without water': what became of it, no withdrawal."""
    if lemma(head) == "leave" and any(c.dep_ == "dative" for c in head.children):
        return True  # 'leaving the rebels a free road'
    return lemma(head) == "leave" and any(
        (c.dep_ == "prep" and c.lower_ in ("in", "without", "with", "under") and _says_state(c))
        or (c.dep_ in ("acomp", "oprd") and c.i > head.i)
        for c in (*head.children, *(g for t in head.children if t.dep_ == "dobj" for g in t.children))
    )


def _says_state(prep: Token) -> bool:
    if prep.lower_ != "in":
        return prep.lower_ == "without" and any(lemma(c) in _LACKED for c in prep.children)
    return any(c.dep_ == "pobj" and lemma(c) in _STATES for c in prep.children)


_STATES = frozenset("ruin rubble flame ash tatter chaos darkness disarray shamble hand control".split())
_LACKED = frozenset("water electricity power food defence defense protection garrison".split())


def _is_yet_to_come(head: Token) -> bool:
    """True for 'have yet to enter', 'are still to enter', 'until they leave'."""
    governor = head.head
    is_present = head.tag_ in ("VBP", "VBZ", "VB") or any(
        c.lower_ in ("has", "have") for c in head.children if c.dep_ == "aux"
    )
    if is_present and any(
        c.lower_ in ("until", "till", "once", "unless") and c.dep_ in ("mark", "advmod")
        for c in head.children
    ):
        return True  # 'until they leave the city', 'once they have taken it'
    return head.dep_ in ("xcomp", "advcl", "acl") and any(
        c.lower_ in ("yet", "still") and c.i == head.i - 2 for c in (*governor.children, *head.children)
    )


def _are_buildings(match: FrameMatch) -> bool:
    """True for the houses that soldiers search one by one: no ground of which anybody speaks."""
    return any(
        token.tag_ == "NNS" and lemma(token) in ("building", "house", "home", "apartment", "room")
        for token in match.roles.get("place", ())
    )


def _follows_attack(parsed: Parsed, reading: ArticleReading) -> bool:
    """True where an attack or a clash is spoken of at once before: who draws off after one held nothing."""
    near = (parsed.sentence.index, *reading.before(parsed.sentence.index, 2))
    return any(
        _FIGHT.search(reading.sentences[index].text.lower())
        for index in near
        if reading.sentences[index].paragraph == parsed.sentence.paragraph
    )


def _before_date(parsed: Parsed, token: Token) -> bool:
    """True for 'on' in 'which they took on Saturday', which the parser may take for a particle."""
    return token.i + 1 < len(token.doc) and parsed.date_at(token.nbor(1)) is not None


def _is_bare(noun: Token) -> bool:
    return not any(c.dep_ in ("prep", "compound", "nmod", "appos", "poss") for c in noun.children)


def _is_definite(noun: Token) -> bool:
    return any(c.lower_ == "the" for c in noun.children)


def _is_raid(verb: Token) -> bool:
    """True where those who enter kill, loot or abduct there: they come to do harm, not to hold."""
    around = [t for t in verb.subtree if t.dep_ in ("conj", "advcl")]
    around += [verb.head, *(c for c in verb.head.children if c.dep_ in ("conj", "ccomp", "parataxis"))]
    return any(
        lemma(token) in _RAIDING or (lemma(token) in _TAKING and _takes_goods(token))
        for token in around
        if token != verb
    )


_TAKING = frozenset({"seize", "take", "open", "capture", "close", "collect"})


def _takes_goods(verb: Token) -> bool:
    """True for 'seized livestock', 'opened fire': what is taken is no place."""
    return any(
        c.dep_ == "dobj" and c.pos_ == "NOUN" and lemma(c) not in SETTLEMENTS | FEATURES | AREAS | {"control"}
        for c in verb.children
    )


def _names_a_line(road: Token) -> bool:
    """True for a supply route, a highway, or a road said to lead somewhere."""
    if lemma(road) in ("highway", "corridor", "supply", "artery", "motorway"):
        return True
    return any(
        c.lower_ in ("supply", "access", "key", "vital", "main", "only", "last") for c in road.children
    ) or any(c.dep_ == "prep" and c.lower_ in ("to", "between", "into", "linking") for c in road.children)


def _is_over(verb: Token) -> bool:
    """True for a past or a perfect, and for what somebody began or was forced to do: no promise, no habit."""
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if verb.tag_ == "VBD" or auxiliaries & {"have", "has", "had", "was", "were"}:
        return True
    return verb.tag_ in ("VB", "VBG") and verb.dep_ == "xcomp" and verb.head.tag_ in ("VBD", "VBN")


def _is_event(noun: Token) -> bool:
    """True where a noun tells what happened: 'after the capture of', 'announced the fall of'.

    Where it says whose act it was ("the army's withdrawal from", 'its conquest of'), any verb but one of
    hope, plan or hindrance takes it as done.
    """
    governor = noun.head
    is_owned = any(c.dep_ == "poss" for c in noun.children) and noun.lower_ not in ("capture", "seizure")
    if noun.dep_ == "pobj":
        above = governor.head
        is_fresh = governor.lower_ in ("from", "of") and lemma(above) in _FRESH
        return governor.lower_ in _EVENT_GOVERNORS or (is_fresh and lemma(above) not in _UNDONE)
    if noun.dep_ == "dobj":
        return lemma(governor) in _EVENT_VERBS
    if noun.dep_ == "nsubjpass":
        is_done = governor.tag_ == "VBN" and any(c.lower_ in ("was", "were") for c in governor.children)
        return lemma(governor) in _EVENT_VERBS or (is_owned and is_done and lemma(governor) not in _UNDONE)
    if noun.dep_ == "nsubj" and any(c.dep_ == "attr" and lemma(c) in _TO_COME for c in governor.children):
        return False  # 'the taking of Kidal is only a question of weeks'
    return noun.dep_ in ("nsubj", "ROOT", "attr", "conj") and governor.pos_ in ("VERB", "AUX", "NOUN")


def _is_fitted(head: Token) -> bool:
    """True for 'secured the building with explosives', 'swept the street for mines'."""
    return any(lemma(end) in _FITTINGS for end in ends_after(head, "with", "for", "of"))


_FITTINGS = frozenset("explosive bomb mine ied booby trap wire rope lock tape barrier fence sandbag".split())


def _is_of_a_class(parsed: Parsed, head: Token) -> bool:
    """True for 'falls within a zone', 'under a law', 'into a category', 'fell silent', 'fell victim'."""
    for child in head.children:
        if child.dep_ in ("acomp", "oprd", "attr", "dobj") and lemma(child) in _FALLEN_TO_BE:
            return True
        if child.dep_ == "nsubj" and lemma(child) in _FALLS_DOWN:
            return True
        if child.dep_ != "prep" or child.i < head.i:
            continue  # 'Within ten days Gao had fallen'
        ends = [
            end for end in child.children
            if end.dep_ == "pobj" and parsed.date_at(end) is None and lemma(end) not in _TIMES
        ]  # fmt: skip
        if child.lower_ in _BOUNDS and ends:
            return True
        if child.lower_ in ("under", "into") and ends and not any(lemma(end) in _POWER for end in ends):
            return True
        if child.lower_ == "in" and any(lemma(end) in _CLASSES for end in ends):
            return True
    return False


_TIMES = frozenset("minute hour day week month year time dawn dusk night afternoon morning".split())
_FALLS_DOWN = frozenset(
    "shell rocket missile bomb mortar grenade projectile round shrapnel debris drone tree wall roof rain "
    "snow night price share temperature number toll output figure aid parachute".split()
)
_BOUNDS = frozenset("within outside behind below above beyond among between on upon".split())
_POWER = frozenset(
    "hand control rule grip grasp sway power domination dominion occupation possession authority".split()
)
_CLASSES = frozenset("category zone jurisdiction remit line love place class group district".split())
_FALLEN_TO_BE = frozenset("silent quiet ill sick asleep vacant short victim prey foul empty".split())
