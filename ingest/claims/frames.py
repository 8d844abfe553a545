"""Frames matched on the dependency tree: from a trigger to its roles along the frame's paths.

What English leaves out is put back here once, for every frame: the subject of a coordinated verb ('attacked
the post and killed five'), of an infinitive or participle ('managed to kill', 'killing three'), and the noun
behind a relative pronoun ('the shells that killed them').
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.claims.mentions import Matcher, fold_name
from ingest.claims.parse import lemma
from ingest.claims.place_words import CALENDAR
from ingest.claims.reading import FrameMatch, Parsed, Token, conjuncts
from ingest.records import Frame, PathStep, RolePath

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})


def match_frames(parsed: Parsed, matcher: Matcher) -> list[FrameMatch]:
    """Return every frame that fits a trigger of the sentence, in the order of the heads."""
    found: list[FrameMatch] = []
    heads = {mention.start: mention for mention in parsed.mentions if mention.kind == "trigger"}
    for token in parsed.doc:
        mention = heads.get(token.idx)
        if mention is None:
            continue
        head = _head_of(parsed, mention.start, mention.end, token)
        for _, frame in matcher.frames.get(fold_name(mention.text), ()):
            if _fits(head, frame) and (roles := fill_roles(head, frame)) is not None:
                # an adverb ('no longer') says it of its verb: that is where modals and speakers stand
                bearer = head.head if head.pos_ == "ADV" and head.dep_ == "advmod" else head
                found.append(FrameMatch(frame, parsed, bearer, roles))
    return found


def _head_of(parsed: Parsed, start: int, end: int, first: Token) -> Token:
    """Return the token of the trigger's words that the others hang by."""
    words = [token for token in parsed.doc[first.i :][:6] if start <= token.idx < end]
    return next((token for token in words if token.head not in words or token.head == token), first)


def _fits(head: Token, frame: Frame) -> bool:
    tags = frame.pos.split("|")
    is_participle = head.tag_ in ("VBN", "VBD", "VBG")
    if not (head.pos_ in tags or ("VERB" in tags and (head.pos_ == "AUX" or is_participle))):
        return False
    return frame.particle is None or any(
        child.lower_ == frame.particle
        and (child.dep_ in ("prt", "advmod") or (child.dep_ == "prep" and not list(child.children)))
        for child in head.children
    )


def fill_roles(head: Token, frame: Frame) -> dict[str, tuple[Token, ...]] | None:
    """Return the fillers of the frame's roles, or None where one that is not optional stays empty."""
    roles: dict[str, tuple[Token, ...]] = {}
    for role, paths in frame.roles.items():
        fillers = fill_role(head, paths)
        if fillers:
            roles[role.removesuffix("?")] = fillers
        elif not role.endswith("?"):
            return None
    return roles


def fill_role(head: Token, paths: Iterable[RolePath]) -> tuple[Token, ...]:
    """Return the fillers along the first path that leads anywhere, coordination expanded."""
    for path in paths:
        ends = [head]
        for step in path:
            ends = [target for token in ends for target in take_step(token, step)]
        if ends:
            # 'one dead rebel and a car': what stands before a noun is said of it alone
            is_attribute = bool(path) and path[-1].climbs and "amod" in path[-1].deps
            return tuple(
                member
                for token in ends
                for member in ([token] if is_attribute else conjuncts(token))
                if member == token or member.pos_ in _NOMINAL
            )
    return ()


def take_step(token: Token, step: PathStep) -> Iterator[Token]:
    """Yield the tokens that one step of a path leads to."""
    targets: Iterable[Token]
    if step.climbs:
        targets = [token.head] if token.dep_ in step.deps else []
    else:
        targets = [child for child in token.children if child.dep_ in step.deps]
        if not targets and "dobj" in step.deps:
            targets = _object_as_subject(token)
        if wanted := step.deps & _SUBJECTS:
            fronted = _fronted(token) if token.pos_ in ("VERB", "AUX") else None
            if fronted is not None and (not targets or _follows(targets[0], fronted)):
                targets = [fronted] if targets or _role_of_subject(token) in wanted else []
            elif not targets:
                targets = subjects(token, wanted)
            elif len(targets) == 2 and _follows(targets[1], targets[0]) and targets[0].pos_ == "PROPN":
                targets = targets[:1]  # 'Harardhere, once the base of pirates, has been seized'
    for target in targets:
        named = antecedent(target)
        if not step.lemmas or (lemma(named) in step.lemmas) != step.excludes:
            yield named


def _object_as_subject(verb: Token) -> list[Token]:
    """Return 'Bara' of 'they took Bara, capital of the state, from ...', which the parser calls a subject."""
    own = [child for child in verb.children if child.dep_ == "nsubj"]
    if len(own) < 2 or verb.pos_ != "VERB" or own[0].i > verb.i:
        return []
    return [child for child in own if child.i > verb.i and child.left_edge.i == verb.i + 1]


def _fronted(verb: Token) -> Token | None:
    """Return 'Kobo' of 'Kobo, in the north, was abandoned': a name at the head of its clause, then a comma,
    that the parser took for an adverb of a finite verb.
    """
    first = next(iter(verb.children), None)
    if first is not None and first.dep_ == "prep" and _is_finite(verb):
        return _after_locative(verb, first)
    if (
        first is None
        or first.pos_ != "PROPN"
        or first.lower_ in CALENDAR
        or first.dep_ not in ("advmod", "npadvmod", "dep", "nmod", "advcl")
        or first.right_edge.i + 1 >= verb.i
        or first.doc[first.right_edge.i + 1].text != ","
        or first.doc[verb.i - 1].text not in (",", "is", "was", "are", "were", "has", "have", "had", "been")
    ):
        return None
    at = first.left_edge.i
    return (
        first
        if at == 0 or first.doc[at - 1].lower_ in _OPENS_CLAUSE or first.doc[at - 1].text in ('"', "“")
        else None
    )


def _after_locative(verb: Token, prep: Token) -> Token | None:
    """Return 'a militia' of 'In Upper Dir, a militia has besieged', taken for an apposition of the place."""
    if any(child.dep_ in _SUBJECTS for child in verb.children) or prep.lower_ not in (
        "in",
        "at",
        "near",
        "on",
    ):
        return None
    for end in prep.children:
        for child in end.children if end.dep_ == "pobj" and end.pos_ == "PROPN" else ():
            if child.dep_ == "appos" and child.right_edge.i + 1 in (verb.i, verb.left_edge.i, verb.i - 1):
                return child
    return None


_OPENS_CLAUSE = frozenset({"that", "and", "but", "as", "while", "when", "after", "because", "since"})


def _follows(subject: Token, name: Token) -> bool:
    """True where a subject stands right after the name and its comma: it is in apposition to it."""
    return subject.left_edge.i == name.right_edge.i + 2


def _role_of_subject(verb: Token) -> str:
    return "nsubjpass" if any(child.dep_ == "auxpass" for child in verb.children) else "nsubj"


def _is_finite(verb: Token) -> bool:
    """True for 'was abandoned', 'had fallen': a clause of its own, whose subject is not that of another."""
    return any(
        child.dep_ in ("aux", "auxpass") and child.tag_ in ("VBD", "VBZ", "VBP", "MD")
        for child in verb.children
    )


_OBJECT_CONTROL = frozenset(
    "force compel oblige drive push cause lead prompt allow enable help get order urge take".split()
)


def subjects(
    verb: Token, wanted: frozenset[str] | set[str] = frozenset({"nsubj", "nsubjpass"})
) -> list[Token]:
    """Return the subject of a verb: its own, or that of the verb it depends on."""
    controlled = False
    shared = _shared_role(verb)
    for hop in range(6):
        own = [child for child in verb.children if child.dep_ in _SUBJECTS]
        if own and hop and shared is not None and shared not in wanted:
            return []  # 'the rebels attacked and were beaten back': they beat nobody
        if own:
            return [
                antecedent(child)
                for child in own
                if child.dep_ in wanted
                or (controlled and "nsubj" in wanted and child.dep_ == "nsubjpass")
                or (shared in wanted and child.dep_ in ("nsubj", "nsubjpass"))
            ]
        apart = [s for c in verb.children if c.dep_ == "auxpass" for s in c.children if s.dep_ == "nsubj"]
        if apart:  # 'was on Monday killed': the parser gives the subject to 'was'
            return [antecedent(child) for child in apart] if "nsubjpass" in wanted else []
        # 'is reported to have taken', 'were forced to leave': the passive's subject acts
        controlled = controlled or verb.dep_ in ("xcomp", "pcomp")
        if verb.dep_ == "xcomp" and "nsubj" in wanted and lemma(verb.head) in _OBJECT_CONTROL:
            ordered = [child for child in verb.head.children if child.dep_ == "dobj"]
            if ordered:  # 'forced the militants to abandon it'
                return [antecedent(child) for child in ordered]
        if verb.dep_ == "conj" or (
            verb.dep_ in ("xcomp", "advcl", "ccomp")
            and verb.tag_ in ("VB", "VBG", "VBN")
            and not (verb.dep_ != "xcomp" and _is_finite(verb))
        ):
            verb = verb.head
        elif (
            verb.dep_ == "pcomp"
            and verb.tag_ == "VBG"
            and (
                verb.head.lower_ in ("after", "before", "by", "since")
                or (verb.head.lower_ == "on" and lemma(verb.head.head) in ("go", "keep", "carry"))
            )
        ):
            verb = verb.head.head
        elif verb.dep_ == "acomp":  # 'were able to'
            verb = verb.head
        elif verb.dep_ in ("relcl", "acl") and verb.tag_ == "VBG":
            return [verb.head] if "nsubj" in wanted else []
        elif controlled and "nsubj" in wanted and verb.i and verb.tag_ in ("VBD", "VBP", "VBZ"):
            before = verb.nbor(-1)  # 'At first X claimed to have taken it': the parser gave X to 'at'
            return [before] if before.pos_ in ("NOUN", "PROPN") else []
        else:
            return []
    return []


def _shared_role(verb: Token) -> str | None:
    """Return what a subject taken from another verb is of this one, by this one's voice."""
    if any(child.dep_ == "auxpass" for child in verb.children):
        return "nsubjpass"
    return "nsubj" if any(child.dep_ == "dobj" for child in verb.children) else None


def antecedent(token: Token) -> Token:
    """Return the noun behind a relative pronoun; any other token itself."""
    if token.tag_ not in ("WDT", "WP"):
        return token
    verb = token.head
    for _ in range(5):
        if verb.dep_ == "relcl":
            return verb.head
        if verb.dep_ not in ("conj", "xcomp", "ccomp", "prep", "pobj"):
            break
        verb = verb.head
    return token
