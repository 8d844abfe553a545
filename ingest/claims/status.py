"""How a fact is said: as one at all, by whom, affirmed or denied.

From the word that carries the fact the tree is climbed to the root. What is met on the way decides: a modal,
a condition, a purpose, a plan, a demand or a fear makes it no fact (None); a verb of saying gives a speaker,
the first one met being the innermost. Implicative verbs ('managed to', 'were able to') leave a fact a fact.

The word lists are closed classes of English, not names: a verb is added where its meaning puts it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.claims.given import is_apart, is_presupposed, is_spliced
from ingest.claims.parse import lemma
from ingest.claims.reading import Parsed, Token
from ingest.claims.speech import (
    ACCUSE,
    CONFIRM,
    DENY,
    EVENTS,
    SAY,
    agent_of,
    gives_figure,
    possessor_of,
    speaker_of,
    speakers_beside,
    subject_of,
)  # fmt: skip

NOUNS_OF_SAYING = frozenset(
    "report claim allegation statement news accusation announcement word confirmation testimony evidence "
    "indication sign assertion declaration admission acknowledgement".split()
)
NOUNS_OF_DENIAL = frozenset("denial rejection dismissal".split())
UNREAL = frozenset(
    "plan want hope try attempt seek aim intend threaten vow pledge promise prepare expect fear wish "
    "ask urge demand call order refuse fail propose consider decide offer predict forecast prevent "
    "avoid avert stop risk dread imagine doubt foil thwart swear resolve aspire strive struggle plot "
    "conspire rehearse design authorise authorize warn anticipate speculate mean discuss debate "
    "forbid ban instruct command require advise recommend encourage persuade convince pressure press "
    "beg appeal pray project pretend".split()
)
UNREAL_NOUNS = frozenset(
    "plan bid attempt effort threat risk fear possibility danger prospect hope goal aim order call "
    "demand offer proposal sight warning intention promise vow pledge drive chance likelihood "
    "probability idea plot conspiracy order desire wish need suspicion speculation rumour rumor "
    "prediction forecast scenario opportunity target ultimatum readiness willingness potential "
    "concern worry anxiety prayer purpose objective reward bounty prelude preparation brink verge cusp "
    "eve".split()
)
_DECLARE = frozenset({"declare", "proclaim", "pronounce"})
REACHED_BY_TO = frozenset("admit confess lead addition resort plead".split())
"""What a gerund behind 'to' may hang by and be a fact: 'led to losing', 'admitted to killing'."""
IMPLICATIVE = frozenset(
    "manage go continue begin start help force enable allow cause lead come get prove serve remain "
    "happen keep cease succeed proceed work use able first last only latest second third enough turn "
    "rush return fail_not compel oblige drive live finish end stop_not leave let make see watch find "
    "have bring push".split()
)
_AIMS = frozenset("push drive help turn rush return move work order battle let bring".split())
"""Verbs of that kind that are as often nouns, of which the infinitive tells the aim ('a push to take')."""
REPORTED = frozenset(
    "say report believe think know allege claim understand suppose presume assume rumour estimate consider "
    "confirm find see feel appear seem learn affirm assert".split()
)
RESULT_MOTION = frozenset(
    "surge sweep storm burst smash fight race break thrust punch push_through cut".split()
)
_NOUN_LINKS = frozenset({"pobj", "dobj", "nsubj", "nsubjpass", "prep", "attr", "agent", "nmod"})
UNREAL_MARKS = frozenset({"if", "unless", "whether", "lest", "provided", "assuming"})
MODALS_UNREAL = frozenset("will would could should can shall 'll wo ca 'd must ought may might".split())
NEGATIONS = frozenset({"not", "n't", "never", "neither", "nor", "hardly", "barely"})


_QUESTION = re.compile(
    r"[\"' ]*(?:has|have|had|is|are|was|were|did|do|does|can|could|will|would|who|how|what|where|when|why)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What was met on the climb. `speakers` are noun phrases' heads, innermost first (None: 'reportedly')."""

    speakers: tuple[Token | None, ...] = ()
    is_denied: bool = False
    is_negated: bool = False
    is_confirmed: bool = False
    is_hedged: bool = False


def read_status(parsed: Parsed, head: Token) -> Said | None:
    """Return how the fact carried by `head` is said, or None where it is not stated as one."""
    said = _climb(parsed, head)
    if said is None and is_presupposed(head, UNREAL | UNREAL_NOUNS):
        return Said(tuple(speakers_beside(parsed, head)))
    return said


def _climb(parsed: Parsed, head: Token) -> Said | None:
    text = parsed.sentence.text
    if text.rstrip("\"') ").endswith("?") and (_QUESTION.match(text) or not _is_embedded(head)):
        return None
    speakers: list[Token | None] = []
    denied, confirmed = _is_contradicted(parsed, head), False
    negated = is_negated(head)
    hedged = False
    token = head
    if _no_modal_fact(token) or (token.dep_ in ("acomp", "attr") and _no_modal_fact(token.head)):
        return None  # 'thirty pupils would be dead'
    hedged = _has_modal(token)
    for _ in range(40):
        governor, link = token.head, token.dep_
        if any(child.dep_ == "mark" and child.lower_ in UNREAL_MARKS for child in token.children):
            return None
        if _inverted_condition(token):
            return None
        if token == governor:
            break
        word = lemma(governor)
        if link == "ccomp" and (
            is_apart(token, governor) or (word not in SAY and is_spliced(token, governor))
        ):
            break
        if link == "acomp" and is_negated(governor):  # 'had not been able to seize'
            negated = True
        if link == "conj":
            own_subject = any(child.dep_ in ("nsubj", "nsubjpass") for child in token.children)
            if not own_subject and _is_verbal(governor):
                if _no_modal_fact(governor) and not _has_auxiliary(token):
                    return None
                negated = negated or (is_negated(governor) and not _contrasted(token))
        elif _is_infinitive(token):
            verdict = _judge_infinitive(token, governor, word, link)
            if verdict is False:
                return None
            if verdict == "said":
                hedged = True
                if word in SAY or word == "claim":
                    passive = any(child.dep_ == "nsubjpass" for child in governor.children)
                    speakers.append(agent_of(governor) if passive else subject_of(governor))
        elif link == "csubj" and _no_modal_fact(governor):
            return None  # 'handing over control would be a mistake'
        elif link == "oprd" and word in _DECLARE:  # 'was declared liberated by the minister'
            is_passive = any(child.dep_ == "nsubjpass" for child in governor.children)
            by = agent_of(governor) or agent_of(token) if is_passive else subject_of(governor)
            speakers.extend([by] if by is not None else [])
        elif governor.dep_ == "mark" and governor.lower_ in UNREAL_MARKS:
            return None
        elif link in (
            "pcomp",
            "prep",
            "pobj",
            "dobj",
            "acl",
            "ccomp",
            "xcomp",
            "advcl",
            "relcl",
            "nsubj",
            "appos",
        ):
            if (
                link in ("pcomp", "pobj")
                and governor.lower_ in ("without", "despite")
                and token.tag_ == "VBG"
            ):
                return None
            if link == "pcomp" and governor.lower_ in ("from", "against") and lemma(governor.head) in UNREAL:
                return None
            if link == "pcomp" and governor.lower_ == "before" and _no_modal_fact(governor.head):
                return None  # 'before taking the port it must take the airport'
            negated = negated or _called_untrue(governor, link)
            # 'a step towards retaking the city', 'close to capturing it': on the way there is not there.
            if (
                link == "pcomp"
                and token.tag_ == "VBG"
                and governor.lower_ in ("to", "toward", "towards")
                and lemma(governor.head) not in REACHED_BY_TO
            ):
                return None
            if (
                link == "pcomp"
                and governor.lower_ in ("instead", "for", "at", "about", "on")
                and (
                    lemma(governor.head) in UNREAL | UNREAL_NOUNS
                    or any(c.dep_ == "dobj" and lemma(c) in UNREAL_NOUNS for c in governor.head.children)
                )
            ):
                return None
            if _is_verbal(governor) or governor.pos_ == "ADJ":
                clause = link in ("ccomp", "xcomp", "acl", "pcomp") or (
                    link in ("dobj", "prep", "pobj") and not _is_verbal(head)
                )
                if (
                    clause
                    and link in ("ccomp", "xcomp", "dobj", "pcomp")
                    and word in UNREAL
                    and link != "prep"
                ) and not (link == "dobj" and word in ("claim", "stop", "target", "call")):
                    return None
                if (
                    link in ("ccomp", "xcomp", "dobj", "pcomp")
                    and word in DENY
                    and (clause or token == head or lemma(token) in NOUNS_OF_SAYING)
                ):
                    denied = not denied
                    speakers.append(speaker_of(governor))
                elif link == "ccomp" and (word in SAY or word in CONFIRM or governor.lower_ == "according"):
                    if is_negated(governor) or _no_modal_fact(governor):
                        return None
                    confirmed = confirmed or word in CONFIRM
                    speakers.append(speaker_of(governor))
                elif (link == "prep" and word in ("admit", "confess") and token.lower_ == "to") or (
                    link == "dobj"
                    and word in ("confirm", "admit", "acknowledge", "concede")
                    and not (word == "admit" and _is_taken_in(governor, token))
                ):
                    confirmed = True
                    speakers.append(speaker_of(governor))
                elif gives_figure(token, link, word) and not (_is_verbal(head) and token == head):
                    speaker = speaker_of(governor)
                    if speaker is not None and lemma(speaker) not in EVENTS:
                        speakers.append(speaker)
            elif governor.pos_ == "ADP" and governor.lower_ == "of" and link == "pcomp":
                accuser = governor.head
                if accuser.pos_ == "NOUN" and accuser.dep_ == "dobj":
                    accuser = accuser.head
                if lemma(accuser) in ACCUSE:
                    speakers.append(speaker_of(accuser))
            elif governor.pos_ in ("NOUN", "PROPN"):
                if link in ("acl", "ccomp", "relcl") and _is_wanting(governor, word):
                    return None
                named_as = governor.head if governor.dep_ == "pobj" and governor.head.lower_ == "as" else None
                if named_as is not None and lemma(named_as.head) in DENY and _is_that_clause(token):
                    denied = not denied  # 'dismissed as market talk that the town had fallen'
                    speakers.append(speaker_of(named_as.head))
                if link in ("acl", "ccomp", "relcl") and word in NOUNS_OF_SAYING and _is_that_clause(token):
                    speakers.append(possessor_of(governor))
                elif link in ("acl", "ccomp") and word in NOUNS_OF_DENIAL:
                    denied = not denied
                    speakers.append(possessor_of(governor))
                elif link in ("acl", "ccomp", "appos") and word in UNREAL_NOUNS and link != "appos":
                    return None
            if link in ("pobj", "pcomp") and governor.pos_ == "ADP" and governor.head.pos_ == "NOUN":
                outer = lemma(governor.head)
                if governor.lower_ in ("of", "for", "about", "at", "to") and outer in UNREAL_NOUNS:
                    return None
                if governor.lower_ == "of" and outer in NOUNS_OF_SAYING:
                    hedged = True
        token = governor
        is_noun_of = _is_verbal(token) and link in _NOUN_LINKS and not _is_verbal(head)
        if is_noun_of and not speakers:  # a noun that carries the fact shares the fate of its verb
            if _no_modal_fact(token):
                return None
            negated = negated or (link != "prep" and is_negated(token))
            hedged = hedged or _has_modal(token)
    speakers.extend(speakers_beside(parsed, head))
    if _adverb_of_report(head):
        hedged = True
    return Said(tuple(speakers), denied, negated, confirmed, hedged)


def is_negated(token: Token) -> bool:
    """True where the verb has 'not', 'never', or a subject that is 'nobody' or 'no one'."""
    for child in token.children:
        if child.dep_ == "neg" or (child.lower_ in NEGATIONS and child.dep_ in ("advmod", "preconj")):
            return True
        if child.dep_ in ("nsubj", "nsubjpass") and child.lower_ in ("nobody", "none", "neither", "noone"):
            return True
    return False


def _is_contradicted(parsed: Parsed, head: Token) -> bool:
    """True in 'contrary to the group's claims that its men hold the camp, ...'."""
    if "contrary to" not in parsed.sentence.text[: head.idx].lower() or not _is_that_clause(head):
        return False
    hangs = head.head.i > head.i or head.head.pos_ == "NOUN" or head.head.lower_ == "contrary"
    return hangs and any(c.lower_ == "that" for c in head.children)


def _is_wanting(noun: Token, word: str) -> bool:
    """True for 'no evidence', 'no proof', 'little sign' that it is so, which says nothing of it."""
    return (word in NOUNS_OF_SAYING or word == "proof") and any(
        child.dep_ in ("det", "amod") and child.lower_ in ("no", "little", "scant", "any")
        for child in noun.children
    )


def _called_untrue(governor: Token, link: str) -> bool:
    """True below 'it is not true that ...', 'the report that ... is false, or proved so'."""
    if link not in ("ccomp", "nsubj", "advcl", "acl", "relcl"):
        return False
    verbs = [governor, *(c for c in governor.children if c.dep_ == "conj")] if _is_verbal(governor) else []
    for verb in verbs:
        verdicts = {c.lower_ for c in verb.children if c.dep_ in ("acomp", "oprd", "attr")}
        if verdicts & _UNTRUE or (is_negated(verb) and verdicts & _TRUE):
            return True
    return False


_TRUE = frozenset({"true", "correct", "accurate"})
_UNTRUE = frozenset({"untrue", "false", "incorrect", "baseless", "unfounded", "wrong", "fake", "lie"})


def _is_taken_in(verb: Token, people: Token) -> bool:
    """True for a hospital that admits people with wounds, which admits nothing."""
    return any(
        child.dep_ == "prep" and child.lower_ in ("with", "for", "to")
        for child in (*verb.children, *people.children)
    )


def _is_verbal(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX")


def _is_embedded(head: Token) -> bool:
    """True where the fact stands in a relative or temporal clause, which a question leaves standing."""
    return any(
        token.dep_ in ("relcl", "acl")
        or (
            token.dep_ == "advcl"
            and (token.tag_ == "VBD" or any(c.lower_ == "had" for c in token.children))
            and any(c.dep_ == "mark" and c.lower_ in ("as", "after", "since") for c in token.children)
        )
        for token in (head, *head.ancestors)
    )


def _has_modal(token: Token) -> bool:
    """True for 'may have died': a report that is not sure."""
    return any(child.dep_ == "aux" and child.lower_ in ("may", "might", "must") for child in token.children)


def _has_auxiliary(token: Token) -> bool:
    return any(child.dep_ in ("aux", "auxpass") for child in token.children)


def _no_modal_fact(token: Token) -> bool:
    """True for what will, would, could or should be; 'may have died' is a report."""
    auxiliaries = [child.lower_ for child in token.children if child.dep_ in ("aux", "auxpass")]
    for word in auxiliaries:
        if word in MODALS_UNREAL and not (word in ("may", "might", "must") and "have" in auxiliaries):
            return not (word in ("'d",) and token.tag_ == "VBN")
    return "going" in auxiliaries


def _is_infinitive(token: Token) -> bool:
    return any(child.dep_ == "aux" and child.tag_ == "TO" for child in token.children)


def _judge_infinitive(token: Token, governor: Token, word: str, link: str) -> bool | str:
    """True: a fact still; 'said': a fact as somebody reports it; False: a purpose, a plan, a demand."""
    if is_negated(governor) and link in ("xcomp", "acl"):
        return False
    auxiliaries = {child.lower_ for child in token.children if child.dep_ in ("aux", "auxpass")}
    perfect = "have" in auxiliaries
    if link in ("xcomp", "ccomp", "advcl", "acl") and word in REPORTED and (perfect or "be" in auxiliaries):
        return "said"
    if link == "xcomp" and word == "take" and governor.tag_ == "VBD" and not is_negated(governor):
        # 'it took the army five days to retake the town'
        return any(c.dep_ in ("nsubj", "expl") and c.lower_ == "it" for c in governor.children)
    if link == "xcomp" and word == "claim" and lemma(token) in ("hold", "have", "control", "keep"):
        return "said"
    if _no_modal_fact(governor):
        return False
    if any(child.lower_ in ("order", "as_to") for child in token.children):
        return False
    if word == "use" and (link != "xcomp" or any(c.dep_ in ("auxpass", "dobj") for c in governor.children)):
        return False  # 'is used to supply them', 'used guns to take it'
    if word in ("start", "begin", "launch", "continue") and any(c.dep_ == "dobj" for c in governor.children):
        return False  # 'started an offensive to recapture': what it is for
    if (
        link in ("xcomp", "ccomp", "acl", "relcl", "advcl", "oprd")
        and word in IMPLICATIVE
        and word not in UNREAL
        and not (link == "acl" and governor.pos_ == "NOUN" and word in _AIMS)
    ):
        return link != "advcl" or word in ("go", "come", "return", "live", "only")
    if link == "advcl" and word in RESULT_MOTION:
        return True
    if word in UNREAL_NOUNS:
        return False  # 'the first drive to regain ground'
    return bool(
        link in ("relcl", "acl")
        and any(
            child.lower_ in ("first", "last", "latest", "second", "third", "only")
            for child in governor.children
        )
    )


def _inverted_condition(token: Token) -> bool:
    """'Had reinforcements arrived earlier, ...': the auxiliary before the subject, no question."""
    if token.dep_ not in ("advcl", "ccomp"):
        return False
    auxiliary = next((c for c in token.children if c.dep_ in ("aux", "auxpass")), None)
    subject = next((c for c in token.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    return bool(
        auxiliary is not None
        and subject is not None
        and auxiliary.i < subject.i
        and auxiliary.lower_ in ("had", "were", "should")
    )


def _contrasted(token: Token) -> bool:
    return any(child.dep_ == "cc" and child.lower_ == "but" for child in token.head.children)


def _is_that_clause(token: Token) -> bool:
    return token.dep_ == "ccomp" or any(c.dep_ == "mark" and c.lower_ == "that" for c in token.children)


def _adverb_of_report(head: Token) -> bool:
    words = {"reportedly", "allegedly", "apparently", "purportedly", "supposedly", "presumably"}
    return any(child.lower_ in words for token in (head, head.head) for child in token.children)
