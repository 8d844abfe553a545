"""Who says it: noun phrases of speakers to claimants, also where the name stands in an earlier sentence."""

from __future__ import annotations

import re

from ingest.claims.reading import Mention, Parsed, Reference, Token

_TAILS = frozenset({"of", "for", "in", "at", "from", "with", "on", "by"})
PRONOUNS = frozenset({"he", "she", "it", "they", "who", "him", "her", "them", "we", "i"})
_ANAPHORS = frozenset(
    "group organisation organization monitor watchdog ministry spokesman spokesperson spokeswoman "
    "official source statement agency body network report officer commander company army military "
    "paper newspaper channel movement militia officials sources rebels militants insurgents police"
    " government "
    "doctor medic hospital activist resident witness doctors medics activists residents witnesses"
    " officers".split()
)


def phrase(token: Token) -> tuple[int, int]:
    """Return the bounds, in the sentence, of a noun phrase without its relative clauses and long tails."""
    first, last = token.i, token.i
    keep = {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "case", "advmod", "punct"}
    for child in token.children:
        if child.dep_ in keep and child.i < token.i:
            first = min(first, child.left_edge.i)
        elif child.dep_ == "prep" and child.lower_ in _TAILS:
            if child.right_edge.i - child.i <= 8 and child.i > token.i:
                last = max(last, child.right_edge.i)
        elif child.dep_ == "appos" and child.i > token.i and child.right_edge.i - token.i <= 6:
            if any(c.dep_ == "conj" for c in child.children):
                continue  # no apposition: 'three policemen, a soldier and four civilians'
            last = max(last, child.right_edge.i)
        elif child.dep_ == "case":
            last = max(last, child.i)
    doc = token.doc
    while first < last and (doc[first].is_punct or doc[first].lower_ in ("and", "but")):
        first += 1
    while last > first and doc[last].is_punct:
        last -= 1
    return doc[first].idx, doc[last].idx + len(doc[last].text)


def named_in(parsed: Parsed, token: Token) -> Mention | None:
    """Return the claimant, or else the actor, named in a noun phrase: at its head first, then beside it."""
    start, end = phrase(token)
    inside = [
        m for m in parsed.mentions if m.kind in ("claimant", "actor") and start <= m.start and m.end <= end
    ]
    at_head = [m for m in inside if m.start <= token.idx < m.end]
    for group in (at_head, inside):
        for kind in ("claimant", "actor"):
            for mention in group:
                if mention.kind == kind:
                    return mention
    return None


def is_anaphor(token: Token) -> bool:
    """True for a speaker named before: a pronoun, or 'the group', 'the ministry' with nothing added."""
    if token.lower_ in PRONOUNS:
        return True
    children = list(token.children)
    return (
        token.lower_ in _ANAPHORS
        and any(child.lower_ in ("the", "that", "this", "its") for child in children)
        and not any(child.dep_ in ("compound", "amod", "poss", "prep", "appos") for child in children)
    )


def anaphor_in(words: str) -> str | None:
    """Return the pronoun or the noun of 'the group' that a speaker's words are, None where they say more."""
    match = _ANAPHORIC.match(words.strip().lower())
    return match["pronoun"] or match["noun"] if match else None


def fits_anaphor(word: str, voice: Reference, kind: str | None, *, named: bool = False) -> bool:
    """True where a pronoun or 'the group' can stand for a speaker; `named`: for an actor who is only named.

    `kind` is that of the claimant or actor. 'He' is one person, 'it' a body, 'they' anybody, 'the ministry'
    a ministry; 'the official' is whoever was called that.
    """
    text = voice.text or ""
    is_plural = bool(_PLURAL.search(text[:1].lower() + text[1:])) and not _SINGLE.match(text.lower())
    if word in ("he", "she", "him", "her"):
        if is_plural or named:
            return False
        has_role = _ROLES.search(text.lower()) is not None
        return has_role or (_ONE_PERSON.search(text) is not None and (voice.inferred or kind in _PEOPLE))
    if word == "it":
        return kind in _BODIES or kind in _ARMED or (kind is None and bool(_BODY.search(text.lower())))
    if word in ("they", "them"):
        return not named and (is_plural or kind in _ARMED or kind is None)
    if word in ("who", "we", "i"):
        return not named
    kinds = _KINDS_OF.get(word)
    if kinds is not None and kind in kinds:
        return True
    return re.search(rf"\b{word}s?\b", text.lower()) is not None or (
        word in ("statement", "report") and not named
    )


_STATE = frozenset({"state_forces", "military", "peacekeepers", "police"})
_ARMED = frozenset(
    {
        "rebel_group",
        "jihadist_group",
        "militia",
        "armed_group",
        "militant_group",
        "paramilitary",
        "private_military",
    }
)
_PEOPLE = frozenset({None, "government", "military", "armed_group", "ministry", "analyst", "local_official"})
"""Kinds that a person may have; what is not known may be one."""
_BODIES = frozenset(
    {"un_body", "court", "inquiry", "monitor", "rights_group", "aid_agency", "news_agency", "newspaper",
     "ministry", "state_media", "government", "coalition", "international_organisation", "rescue_service"}
) | _STATE | _ARMED  # fmt: skip
_MEDIA = frozenset({"news_agency", "newspaper", "state_media"})
_KINDS_OF: dict[str, frozenset[str]] = {
    "group": _ARMED | {"monitor", "rights_group", "aid_agency"},
    "organisation": _ARMED | {"monitor", "rights_group", "aid_agency", "un_body"},
    "organization": _ARMED | {"monitor", "rights_group", "aid_agency", "un_body"},
    "movement": _ARMED, "militia": _ARMED, "militants": _ARMED, "insurgents": _ARMED,
    "monitor": frozenset({"monitor"}), "watchdog": frozenset({"monitor", "rights_group"}),
    "ministry": frozenset({"ministry"}), "army": _STATE, "military": _STATE,
    "agency": _MEDIA | {"un_body", "aid_agency"}, "paper": _MEDIA, "newspaper": _MEDIA, "channel": _MEDIA,
    "network": _MEDIA | {"monitor", "rights_group"}, "body": frozenset({"un_body", "inquiry"}),
}  # fmt: skip
_ANAPHORIC = re.compile(
    r"(?:(?P<pronoun>he|she|it|they|him|her|them|we|i)|(?:the|that|this|its|his|her|their|same|the"
    r" same) (?P<noun>" + "|".join(sorted(_ANAPHORS)) + r"))$"
)
_PLURAL = re.compile(
    r"\b(?:[a-z]\w*(?<!s)s|people|both|police|media|women|men|sides)\b(?!['’])(?=$| (?:in|of|at|from"
    r"|on|with|who|and|close|near)\b)"
)
_SINGLE = re.compile(r"(?:an?|one|another|the \w+ of)\b")
_ONE_PERSON = re.compile(r"\b[A-Z][\w'’-]+$|^(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|President|General|Colonel)\b")
_ROLES = re.compile(
    r"\b(?:spokesm[ae]n|spokeswoman|spokesperson|official|officer|commander|source|resident|witness"
    r"|doctor|nurse|medic"
    r"|surgeon|chief|head|director|governor|mayor|minister|president|leader|general|colonel|major"
    r"|captain|soldier"
    r"|fighter|activist|analyst|diplomat|envoy|ambassador|elder|priest|bishop|worker|teacher|farmer"
    r"|driver|volunteer"
    r"|representative|coordinator|member|man|woman|survivor|journalist|reporter|lawyer|aide"
    r"|councillor|villager)\b"
)
_BODY = re.compile(
    r"\b(?:ministry|office|agency|television|tv|radio|media|network|union|group|committee|council"
    r"|army|military|force"
    r"|party|mission|centre|center|organi[sz]ation|commission|command|department|bureau|service"
    r"|statement|government"
    r"|brigade|report|police|movement|front|company|firm|institute|association|foundation"
    r"|headquarters|hospital)\b"
)


VAGUE_KINDS = frozenset(
    {"unnamed", "resident", "activist", "local_official", "military", "government", "hospital",
     "civil_society", "analyst", "armed_group", "rescue_service", "ministry"}
)  # fmt: skip
LIVE_THERE = re.compile(
    r"(?:\w+ ){0,2}(?:people|person|men|man|women|woman) (?:who )?(?:live|lives|living|resid\w+)\b"
)
OWNED = re.compile(
    r"(?:[Ii]ts|[Tt]heir) (?:\w+ ){0,2}(?:office|spokes\w+|army|command|ministry|media|statement|leader\w*)$"
)
OF_A_PLACE = frozenset({"resident", "hospital", "rescue_service"})
"""Kinds that stay what they are wherever they live or work; a governor is the governor of his province."""
ADDED = re.compile(r".*\b(?:added|went on|also said|continued)\b")
_OFFICES = (
    "army military forces troops government spokesman spokeswoman spokesperson defence defense "
    "president minister officials official command commander police navy leader leaders chief "
    "premier general foreign state media staff kremlin authorities side ambassador envoy statement".split()
)


def says_more(words: str, mention: str) -> bool:
    """True where the phrase holds a name beside the mention ('spokesman Rida Issa', "Niger's officials")."""
    rest = words.replace(mention, " ", 1).split()
    return any(word[:1].isupper() and word.lower() not in _PLAIN for word in rest)


def is_head(words: str, mention: str) -> bool:
    """True where nothing but a tail stands behind the mention: 'residents of Gao', not 'police union'."""
    at = words.find(mention)
    return at < 0 or _BEHIND.match(words, at + len(mention)) is not None


_BEHIND = re.compile(
    r"$|,|\)| (?:of|in|at|from|on|for|with|who|close|near|and|or|there|here|speaking|based|living|\()\b"
)
BEFORE_GENERAL = (
    r"(?:the|a|an|its|their|his|her|our|government|national|federal|of|and|from|in|with|by|senior|top)\b"
)
TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Gen General Col Colonel Lt Maj Major Capt Captain Brig Brigadier Adm Sgt"
    " President Minister "
    "Governor Mayor Sheikh Sen Rep Prof Father Bishop Commander".split()
)
_PLAIN = frozenset(
    "the a an one two three four five six seven some several many most local senior other another"
    " both its their his her "
    "these those at two-star top former unnamed anonymous independent".split()
)


def speaks_for(parsed: Parsed, token: Token, mention: Mention) -> bool:
    """True where the phrase is the mention itself, or an office of it that speaks for the side."""
    if mention.kind == "claimant" or mention.start <= token.idx < mention.end:
        return True
    owner = next((t for t in parsed.doc if mention.start <= t.idx < mention.end and t.dep_ == "poss"), None)
    return owner is None or any(word.lower_ in _OFFICES for word in token.subtree)


def speaks_for_words(words: str, mention: str) -> bool:
    """The same without a parse: an actor who owns what speaks ("Lebanon's health ministry") does not."""
    at = words.find(mention)
    after = words[at + len(mention) :] if at >= 0 else ""
    if re.match(r"['’]s? ", after):
        return any(word in _OFFICES for word in after.lower().split())
    before = words[:at].lower() if at > 0 else ""
    return not re.search(r"\b(?:close to|near|opposed to|against|fighting) (?:the )?$", before)
