"""Who says it by the order of words: the attributions of a sentence, and whom it introduces.

The small parser hangs 'X said' at the end or in the middle of a long sentence by the wrong word, and most
sentences are never parsed. Where a speaker stands is regular enough to be read without a tree: before a verb
of saying, after 'said' that follows a comma or a quotation, after 'according to'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.claims.parse import lemma
from ingest.claims.reading import Mention, Parsed, Sentence, Token

Kind = Literal["leading", "trailing", "inverted", "according"]

_FINITE_SAY = re.compile(
    r"\b(?:said|says|say|told|tells|tell|reported|reports|report|announced|announces|added|adds"
    r"|claimed|claims|stated"
    r"|states|wrote|writes|tweeted|posted|confirmed|confirms|noted|explained|estimated|estimates"
    r"|insisted|insists"
    r"|argued|acknowledged|acknowledges|admitted|admits|conceded|disclosed|revealed|declared|boasted"
    r"|alleged|denied"
    r"|denies|maintained|warned|counted|recorded|documented|put|spoke|speak|speaks|talked|talks|gave"
    r"|gives|affirmed|affirms|asserted|asserts|recounted|recounts|retorted|retorts|believe"
    r"|believes|thinks?|learn(?:ed|s|t))\b"
)
_NOUNS_TOO = frozenset(
    "report reports claim claims state states estimates say put gives speak speaks tell think thinks".split()
)
"""Forms that are nouns as often, or that have another sense: the parser, or what follows, must tell."""
_PLURAL_FORMS = frozenset({"report", "say", "claim", "speak", "speaks"})
_ONLY_LEADING = frozenset(
    "denied denies maintained warned counted recorded documented put spoke speak speaks talked talks"
    " gave gives"
    " boasted posted believe believes think thinks learned learns learnt insisted insists argued"
    " alleged".split()
)
_ACCORDING = re.compile(r"\b[Aa]ccording to ")
_AS_SAYING = re.compile(
    r", [^,;.\"]{2,80}? (?:quotes|quoted|cites|cited) (?P<who>[^,;.\"]{2,80}?) as saying\b"
)
_BY_COUNT = re.compile(
    r"\b[Bb]y (?P<who>(?!this|that|one|any|some)[^,;\"]{2,60}?)['’]s? (?:own )?"
    r"(?:count|account|estimate|tally|reckoning|figures|calculations)\b"
)
_BREAK = re.compile(
    r"[,;:\"()\[\]]| [–—-]+ | (?:that|but|while|when|where|after|because|although|though|which|who"
    r"|whom|as|if|and that"
    r"|before|since|until) ",
    re.IGNORECASE,
)
_ADVERBS = re.compile(
    r"(?:\s+(?:also|later|further|then|earlier|meanwhile|however|each|both|have|has|had|himself"
    r"|herself|itself|\w+ly))+$"
)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|being|be|to|will|would|could|can|may|might|must|should|did|do|does|not|n't)$"
)
_STATE = re.compile(r" (?:dead|killed|missing|wounded|injured|safe|unharmed|captured)\b")
"""'One officer reported dead': of him it is reported, he says nothing."""
_RELATIVE = re.compile(r"^\s*(?:who|which|whose|that)\b")
_ASIDE = re.compile(
    r"^\s*(?:in|on|at|by|with|for|from|after|during|speaking|citing|quoting|referring|meanwhile"
    r"|however|too|\d+|"
    r"(?:speak|giv|us|wear|appear)ing)\b"
)
_NOT_NAMED = re.compile(
    r"(?:and|but|or|which|who|where|when|while|that|as|there|this|these|those|killing|wounding"
    r"|injuring|including|among"
    r"|he|she|it|they|we|i|you)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:he|she|it|they)$", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:was|were|is|are|has|have|had|will|would|could|did|does|do|fell|took|began|broke|left|fled"
    r"|held|lost|died|hit|went"
    r"|came|saw|gave|set|shot|got|made|(?:kill|wound|injur|captur|seiz|clear|enter|attack|happen"
    r"|arriv|reach|retreat"
    r"|withdraw|advanc|storm|strik|struck|land|explod|detonat|target|display|detain|arrest)(?:ed|s))\b"
)
_TAIL = re.compile(
    r"(?:\s+(?:on|in|at|late|early|by|via|during|from|after|yesterday|today|earlier|later|here"
    r"|separately|over|to"
    r"|overnight|this|last|the day|the same day|\w+day|through|without|anonymously)\b[^,;\"]{0,90}|)$"
)
_TOLD = re.compile(r"\s+[\w.'’-]++(?:\s[\w.'’-]++){0,7}\s?$")
_WHEN = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|febr)uary|march|april|june|july|august"
    r"|(?:sept|nov|dec)ember"
    r"|october|today|yesterday|earlier|later|last|this|early|late",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;]")
_STOPS = re.compile(
    r";(?! (?:some|another|about|more|at least|over|\d))|, (?:but|while|although|though|whereas"
    r"|however)\b| but "
)
_ROLE = (
    r"(?:head|director|chief|founder|leader|president|chairman|chairwoman|commander|coordinator|spokesm[ae]n"
    r"|spokeswoman|spokesperson|representative|official|member|manager|doctor|officer|envoy"
    r"|researcher|analyst"
    r"|minister|governor|secretary|adviser|advisor|deputy|general|colonel|major|captain|brigadier"
    r"|mayor|commissioner"
    r"|ambassador|councillor|ombudsman|prosecutor|boss|resident|nurse|surgeon|medic|activist|fighter"
    r"|elder|priest"
    r"|bishop|lawyer|aide|chairperson|administrator)"
)
_PERSON = r"(?P<person>(?:[A-Z][\w'-]*\.?[ -]){1,3}(?:(?:al|el|bin|ben|abu|de|la|von|ag)[ -])?[A-Z][\w'-]+)"
_BEFORE_BODY = re.compile(
    rf"{_PERSON}(?:, (?:who (?:is|heads|leads|runs) )?(?:the |a |an )?(?:[\w-]+ ){{0,3}}?{_ROLE})?,?"
    r" (?:of|for|from|at|with|who heads|who runs|who leads) (?:the )?(?:[\w'-]+ ){0,2}$"
)
_AFTER_BODY = re.compile(rf"^(?:'s)? (?:[\w-]+ ){{0,2}}{_ROLE},? {_PERSON}")
_OF_BODY = re.compile(r"^ (?:of|from|at|by|with) (?:the )?$")
_FULL_NAME = re.compile(r"(?:[A-Z][\w'-]+[ -]){1,3}(?:(?:al|el|bin|ben|abu|de|la|von|ag)[ -])?[A-Z][\w'-]+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says something in a sentence: offsets of the words that name him, of the verb, and what it covers.

    `first` and `last` bound the words that are his; `end` is where the attribution itself ends ('X told
    reporters on Sunday'): a date inside it is the day of saying.
    """

    kind: Kind
    start: int
    stop: int
    verb: int
    end: int
    first: int
    last: int

    def covers(self, offset: int) -> bool:
        """True where the word at an offset of the sentence is his, and none of those that name him."""
        return self.first <= offset < self.last and not self.start <= offset < self.end


def find_attributions(text: str, doc: object | None = None) -> list[Attribution]:
    """Return the attributions of a sentence in the order of its words.

    With its parse, a form such as 'reports' counts as a verb where the parser says so; without, where nothing
    else fits. Linear in the text's length but for clauses, which the splitter bounds.
    """
    tokens = {t.idx: t for t in doc} if doc is not None else {}  # type: ignore[attr-defined]
    found: list[Attribution] = []
    for match in _FINITE_SAY.finditer(text):
        token = tokens.get(match.start())
        one = None
        is_verb = token is not None and token.pos_ == "VERB" and token.tag_ != "VBG"
        if is_verb or (token is None and match.group() not in _NOUNS_TOO):
            one = _by_verb(text, match.start(), match.end())
        elif match.group() in _PLURAL_FORMS:  # 'local media report' at an end: to the parser a noun
            one = _by_verb(text, match.start(), match.end())
            at_end = one is not None and one.kind == "trailing" and one.end == match.end()
            if not at_end and not re.match(r" (?:of|about) ", text[match.end() :]):
                continue
        if one is not None:
            found.append(one)
    for match in _AS_SAYING.finditer(text):
        first = max((m.end() for m in _STOPS.finditer(text, 0, match.start())), default=0)
        at = match.start("who")
        stop, end = match.end("who"), match.end()
        found.append(Attribution("trailing", at, stop, match.start(), end, first, match.start()))
    for match in _ACCORDING.finditer(text):
        found.append(_according(text, match.start(), match.end()))
    for match in _BY_COUNT.finditer(text):
        found.append(_according(text, match.start(), match.start("who"), match.end("who")))
    found.sort(key=lambda one: one.verb)
    return found


def _by_verb(text: str, verb: int, after: int) -> Attribution | None:
    word = text[verb:after].lower()
    left = _ADVERBS.sub("", text[:verb].rstrip())
    if _PASSIVE.search(left[-8:]):
        return None
    right = text[after : after + 160]
    if _STATE.match(right) or (right.startswith(" by ") and word not in ("said", "told", "says")):
        return None  # 'bombings claimed by the group': they claim nothing
    if word in ("claimed", "claims") and _LIVES.match(right):
        return None
    if left.endswith((",", '"', ",'", "”")) and word in _INVERTS:
        inverted = _inverted(text, verb, after, left)
        if inverted is not None:
            return inverted
    bounds = _who(left)
    if bounds is None:
        return None
    start, stop = bounds
    who = text[start:stop]
    if not who.strip() or (_NOT_NAMED.match(who) and not _PRONOUN.match(who)) or not re.search(r"\w", who):
        return None
    lead = text[:start].rstrip()
    close = re.search(r"[,;.\"]", right)
    tail = right[: close.start()] if close else right.rstrip()
    closes = close is not None or after + len(right) >= len(text)
    fits = _TAIL.fullmatch(tail) or (word in ("told", "tells") and _TOLD.fullmatch(tail))
    if (
        lead.endswith((",", '"', ";", "—", "–", " as", "-"))
        and closes
        and fits
        and word not in _ONLY_LEADING
        and not _FINITE.search(tail)
        and len(who) < 120
    ):
        end = after + len(tail)  # the mark before him may be a semicolon for a comma (parse.py)
        first = max((m.end() for m in _STOPS.finditer(text, 0, max(len(lead) - 1, 0))), default=0)
        after_it = _STOPS.search(text, end)
        interrupts = text[end : end + 1] == ","
        last = (after_it.start() if after_it else len(text)) if interrupts else start
        return Attribution("trailing", start, stop, verb, end, first, last)
    if _PRONOUN.match(who) and lead and not lead.endswith((",", '"', ";", ":")):
        return None
    said = _FINITE.search(text, after)
    stop_after = _CLAUSE_END.search(text, said.end() if said else after)
    last = stop_after.start() if stop_after else len(text)
    return Attribution("leading", start, stop, verb, after, after, last)


def _who(left: str) -> tuple[int, int] | None:
    """Return the bounds of the noun phrase that ends `left`, the words before a verb of saying."""
    stop = len(left)
    apposed = False
    while left[:stop].endswith(",") and not apposed:  # 'X, who leads them, said', 'X, Y, said'
        begin = max(left.rfind(mark, 0, stop - 1) for mark in ',;"') + 1
        aside = left[begin : stop - 1]
        if _RELATIVE.match(aside) or _ASIDE.match(aside):
            stop = len(left[:begin].rstrip())
            if not begin:
                return None
        else:
            apposed, stop = True, stop - 1
    start, mark = _phrase_start(left, stop)
    while mark in ("who", "which", "whom"):  # 'two people who live there said'
        stop = start
        start, mark = _phrase_start(left, stop)
    if start >= stop or _RELATIVE.match(left[start:stop]):
        return None
    bare, stop = _without_clause(left, start, stop)
    if apposed and bare == start and mark == ",":
        comma = left.rfind(",", 0, start)
        first, _ = _phrase_start(left, comma)
        before = left[first:comma]
        is_noun = not _FINITE.search(before) and not _NOT_NAMED.match(before) and not _ASIDE.match(before)
        if before.strip() and is_noun and len(before.split()) <= 10:
            bare = first
    return bare, stop


def _phrase_start(left: str, stop: int) -> tuple[int, str]:
    """Return where the words before `stop` begin that no clause mark parts, and the mark before them.

    Before a relative pronoun the phrase ends: its start is then where the pronoun stands.
    """
    floor = max(0, stop - 160)
    marks = list(_BREAK.finditer(left, floor, stop))
    if not marks:
        return (0 if not floor else stop), ""
    last = marks[-1]
    mark = last.group().strip().lower()
    start = last.start() if mark in ("who", "which", "whom") else last.end()
    while start < stop and left[start] == " " and mark not in ("who", "which", "whom"):
        start += 1
    return start, mark


def _without_clause(left: str, start: int, stop: int) -> tuple[int, int]:
    """Take off what is coordinated before the speaker: 'the town fell and residents (said)'."""
    for joined in reversed(list(re.finditer(r" and ", left[start:stop]))):
        if _FINITE.search(left, start, start + joined.start()):
            return start + joined.end(), stop
    return start, stop


_LIVES = re.compile(r"\s+(?:[\w,]+ ){0,3}li(?:fe|ves)\b")
_INVERTS = frozenset(
    "said says reported reports added announced announces wrote writes explained affirmed affirms asserted "
    "asserts recounted recounts retorted retorts insisted insists stated states noted told declared claims "
    "claimed confirmed confirms acknowledged acknowledges estimated estimates".split()
)
"""Verbs of saying behind which the speaker may stand: '..., reports an elected official of the commune'."""
_OTHER_OBJECT = re.compile(
    r"\b(?:li(?:fe|ves)|responsibility|victory|credit|war|independence|toll|dead|killed|wounded|that)\b"
)
_INVERTED = re.compile(
    r"\s+(?P<who>(?:(?:the|a|an|one|another|two|several)\b|[A-Z]|"
    rf"(?:[a-z][\w'’-]+ ){{0,4}}(?:{_ROLE}s?|police|sources?|witness(?:es)?|medics|rescuers|relatives|"
    r"authorities|media|survivors?|villagers?|locals|militants|rebels)\b)[^,;.:\"]{0,90}(?:\.[A-Z]\.?[^,;.:\"]{0,60})?)"
)


def _inverted(text: str, verb: int, after: int, left: str) -> Attribution | None:
    match = _INVERTED.match(text, after)
    is_plain = text[verb:after].lower() in ("said", "says", "reported", "added", "announced", "wrote")
    if match is not None and not is_plain and _OTHER_OBJECT.search(match["who"]):
        return None  # ', claimed the lives of 20'
    if match is None or _WHEN.match(match["who"]) or _FINITE.search(match["who"]):
        return None
    start = match.start("who")
    stop = start + len(match["who"].rstrip())
    if when := re.search(r" (?:on|in a|late|early|at|yesterday|today|\w+day)\b", match["who"]):
        stop = start + when.start()
    first = max((m.end() for m in _STOPS.finditer(text, 0, verb)), default=0)
    return Attribution("inverted", start, stop, verb, match.end(), first, verb)


def _according(text: str, begin: int, start: int, stop: int | None = None) -> Attribution:
    match = re.compile(r"[^,;\"]{1,120}").match(text, start)
    end = match.end() if match else start
    if stop is not None:
        is_aside = text[:begin].rstrip().endswith(",") and text[stop:].partition(",")[1] != ""
        leads = is_aside or not text[:begin].strip()
        first, last = (0, len(text)) if leads else (0, begin)
        return Attribution("according", start, stop, begin, end, first, last)
    stop = end
    if verb := _FINITE.search(text, start, end):
        stop = end = verb.start()
    while stop > start and text[stop - 1] in " .":
        stop -= 1
    before = [m.end() for m in _STOPS.finditer(text, 0, begin)]
    after = _STOPS.search(text, end)
    leads = not text[:begin].strip(" \"'") or text[end : end + 1] == ","
    first = max(before, default=0)
    last = (after.start() if after else len(text)) if leads else begin
    return Attribution("according", start, stop, begin, end, first, last)


def body_beside(parsed: Parsed, token: Token, end: int) -> Mention | None:
    """Return the claimant named beside a subject that names none.

    Right before the verb of saying ('an ally of his, the Sana agency said') or behind the subject's phrase,
    which ends at `end` ('the Monday edition of Al Watan, a daily close to the government, reported').
    """
    claimants = [m for m in parsed.mentions if m.kind in ("claimant", "actor")]
    verb = token.head
    for mention in claimants:
        if _OF_BODY.match(parsed.words(end, mention.start)):
            return mention
    if token.dep_ == "nsubj" and verb.pos_ == "VERB" and token.i < verb.i:
        for mention in claimants:
            between = parsed.words(mention.end, verb.idx)
            if (
                mention.kind == "claimant"
                and mention.start > token.idx
                and re.fullmatch(r" (?:\w+ly )?", between)
            ):
                return mention
    return None


def lives_there(token: Token) -> bool:
    """True for 'people who live there', 'a man living nearby'."""
    clauses = [child for child in token.children if child.dep_ in ("relcl", "acl")]
    return lemma(token) in ("people", "person", "man", "woman") and any(
        lemma(clause) in ("live", "reside", "dwell") for clause in clauses
    )


def people_of_bodies(
    sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]]
) -> dict[str, Mention]:
    """Return who speaks for which claimant or actor in the article: {last name: the body's mention}.

    A name that two bodies share is left out.
    """
    found: dict[str, Mention] = {}
    shared: set[str] = set()
    for sentence, row in zip(sentences, mentions, strict=True):
        for mention in row:
            if mention.kind not in ("claimant", "actor"):
                continue
            before = _BEFORE_BODY.search(sentence.text[max(0, mention.start - 90) : mention.start])
            after = _AFTER_BODY.match(sentence.text[mention.end : mention.end + 90])
            for match in (before, after):
                if match is None:
                    continue
                name = match["person"].split()[-1]
                if name in found and found[name].names != mention.names:
                    shared.add(name)
                found.setdefault(name, mention)
    return {name: mention for name, mention in found.items() if name not in shared}


def full_names(sentences: Sequence[Sentence]) -> Iterator[tuple[str, int, int, int]]:
    """Yield (last name, sentence index, start, end) of the names of two words or more, in order."""
    for sentence in sentences:
        for match in _FULL_NAME.finditer(sentence.text):
            if not _WHEN.match(match.group()):
                yield re.split(r"[ -]", match.group())[-1], sentence.index, match.start(), match.end()
