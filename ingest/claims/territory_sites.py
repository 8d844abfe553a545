"""Where control changed: the places that a frame's words name, or that they leave to be understood.

A name in no table is kept where the words around it show that it is a place, never where it may be a man's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims.force_classes import FORCE_WORDS
from ingest.claims.forces import force_of
from ingest.claims.parse import lemma
from ingest.claims.place_words import CALENDAR, FEATURES, NO_PLACE, SETTLEMENTS, TITLES
from ingest.claims.reading import FrameMatch, Parsed, Token, conjuncts, ends_after
from ingest.claims.recall import CHANGES, Site, recall
from ingest.claims.site_words import lies_within
from ingest.claims.sites import sites_of
from ingest.claims.territory_parties import Parties

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_BUILDINGS = frozenset(
    "school mosque church hospital hotel market building compound prison street university college "
    "checkpoint cathedral monastery jail plaza factory shop store bank house home residence office club "
    "restaurant warehouse embassy".split()
)
_ROADS = frozenset(
    "road route highway line corridor supply motorway artery path link street bridge crossing".split()
)


def where_changed(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading, parties: Parties
) -> Iterator[Site]:
    """Yield the places that the frame's words name; the event's place where the frame can do without."""
    need = match.frame.gives.get("place")
    taken: set[tuple[str | None, str]] = set()
    for token in _named(match, parsed, reading):
        for site in (token,) if isinstance(token, Site) else sites_of(reading, parsed, token):
            if not _is_place_enough(match, reading, site, need, parties):
                continue
            if (
                need == "road"
                and site.id is None
                and (road := _road_above(match, reading, parsed)) is not None
            ):
                site = road
            if site.id is not None and _RANGE.search(site.text):
                site = Site(
                    None, site.text, site.token
                )  # 'a hilltop within range of the road' is not the road
            key = (site.id, site.text)
            if key not in taken:
                taken.add(key)
                yield site
    if taken:
        return
    if match.frame.id in ("besiege", "siege_laid") and (held := list(_encircled(match, parsed, reading))):
        yield from held
    elif "place?" in match.frame.roles and not match.roles.get("place"):
        yield from _understood(match, parsed, reading)


_INTO = frozenset({"enter", "advance", "move_in", "back_into", "push_towards", "close_in"})
_RANGE = re.compile(r"\b(?:within|in|into) (?:\w+ ){0,2}(?:range|reach|sight|distance|view) of\b")


def _named(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Iterator[Token | Site]:
    """Yield what the frame's words name: of 'A, B and C were among six towns that fell' the names."""
    tokens = match.roles.get("place", ())
    if match.frame.id == "still_in":
        tokens = tuple(t for t in tokens if t.i > match.head.i)  # not the 'in' that opens the sentence
    tokens = tuple(
        t for t in tokens if not any(o.left_edge.i == t.i + 1 for o in tokens)
    )  # 'the height Saur'
    if len(tokens) == 1 and (told := _told_after(parsed, tokens[0])):
        for name, words in told:
            for site in sites_of(reading, parsed, name):
                yield replace(site, is_sure=True, text=words)
        return
    if len(tokens) > 2 and tokens[0].tag_ == "NNS" and all(t.pos_ == "PROPN" for t in tokens[1:]):
        for name in tokens[1:]:  # 'two crossings, A and B'
            yield from (replace(site, is_sure=True) for site in sites_of(reading, parsed, name))
        return
    for token in tokens:
        if len(names := _apposed(token)) > 1:
            for name in names:
                yield from (replace(site, is_sure=True) for site in sites_of(reading, parsed, name))
            continue
        if match.frame.gives.get("place") == "road" and token.pos_ == "PRON":
            if (cut := _cut_before(reading, token)) is not None:
                yield cut
        elif match.frame.id == "stopped_at":
            yield _whose_gates(token)
        elif match.frame.id == "fall" and (first := _first_to_fall(token)):
            yield from first
        elif (among := _one_of(token)) is not None:
            members = _members(parsed, among)
            yield from members if len(members) > 1 else conjuncts(among)
        else:
            yield from _members(parsed, token)


def _told_after(parsed: Parsed, token: Token) -> list[tuple[Token, str]]:
    """Return A, B and C, each with its words, of 'captured three villages in the north: A, B and C'."""
    if token.tag_ != "NNS" or lemma(token) not in SETTLEMENTS | FEATURES:
        return []
    text = parsed.sentence.text
    after = token.idx + len(token.text)
    for match in (*_LISTED.finditer(text, after), *_ENUMERATED.finditer(text, after)):
        between = [t for t in parsed.doc[token.i + 1 :] if t.idx < match.start()]
        verbs = [t for t in between if t.pos_ in ("VERB", "AUX") and t.head != token]
        if len(between) > 10 or verbs or any(t.text in ",;" for t in between):
            continue
        spans = [m for m in _NAME.finditer(text, *match.span("names")) if text[: m.start()][-4:] != " in "]
        ends = {m.end(): m.group() for m in spans}
        return [
            (t, ends[t.idx + len(t.text)])
            for t in parsed.doc
            if t.idx + len(t.text) in ends and t.pos_ in ("PROPN", "NOUN", "ADJ")
        ]
    return []


_NAME = re.compile(r"[A-Z][\w'’-]*(?: (?:al-|el-)?[A-Z][\w'’-]*)*")
_MEMBER = rf"{_NAME.pattern}(?: in {_NAME.pattern})?"
_OPENED = r"(?:: |,? [-–—] |, namely |, (?:among them|including) | including | \()"
_LISTED = re.compile(
    rf"{_OPENED}(?P<names>{_MEMBER}(?:(?:, | and ){_MEMBER})*,? and {_MEMBER})"
    r"(?=[.;)–—\"]| [-–—]|, |$)"
)
_ENUMERATED = re.compile(rf": (?P<names>{_MEMBER}(?:, {_MEMBER})+)(?=\.?$)")
"""After a colon a list needs no 'and'; in brackets commas say where the place lies."""


def _apposed(token: Token) -> list[Token]:
    """Return A and B of 'two of their camps, A and B'."""
    if token.tag_ not in ("NNS", "CD"):
        return []
    ends = [end for prep in token.children if prep.dep_ == "prep" for end in prep.children]
    for noun in (token, *(end for end in ends if end.tag_ == "NNS")):
        for child in noun.children:
            if child.dep_ == "appos" and child.pos_ == "PROPN":
                return [member for member in conjuncts(child) if member.pos_ == "PROPN"]
    return []


def _first_to_fall(token: Token) -> list[Token]:
    """Return A, B and C of 'A was the first to fall, followed by B and C'."""
    verb = token.head
    if token.dep_ != "attr" or not any(t.lower_ in _RANKS for t in (token, *token.children)):
        return []
    found = [m for c in verb.children if c.dep_ == "nsubj" for m in conjuncts(c)]
    for child in verb.children:
        if lemma(child) == "follow" and child.dep_ in ("advcl", "conj", "acl"):
            found += [
                member
                for agent in child.children
                for end in agent.children
                if agent.dep_ == "agent" and end.dep_ == "pobj"
                for member in conjuncts(end)
                if member.pos_ == "PROPN"
            ]
    return found


_RANKS = frozenset("first second third fourth fifth last latest only next another".split())


def _whose_gates(token: Token) -> Token:
    """Return the city of 'the gates of the city', 'its gates'."""
    for child in token.children:
        if child.dep_ == "poss":
            return child
        if child.dep_ == "prep" and child.lower_ == "of":
            return next((end for end in child.children if end.dep_ == "pobj"), token)
    return token


def _one_of(token: Token) -> Token | None:
    """Return the subject of 'A and B are among the towns ...', 'A is one of the towns ...'."""
    prep = token.head
    if token.tag_ != "NNS" or token.dep_ != "pobj" or prep.lower_ not in ("among", "of"):
        return None
    verb = prep.head
    if prep.lower_ == "among" and prep.i < verb.i and lemma(verb) == "be":
        after = (c for c in verb.children if c.dep_ in ("nsubj", "attr") and c.i > verb.i)
        return next(after, None)  # 'Among the towns seized were A and B'
    if prep.lower_ == "of" and verb.lower_ == "one" and verb.dep_ == "attr":
        verb = verb.head
    if verb.pos_ != "AUX" and lemma(verb) != "be":
        return None
    return next((c for c in verb.children if c.dep_ == "nsubj" and c.pos_ == "PROPN"), None)


def _members(parsed: Parsed, token: Token) -> list[Token]:
    """Return the members of a list of places where the parser made a tangle of it: the last word of each.

    'the county jail, Mercy Hospital and the north gate': cut at commas and 'and', each piece a noun's.
    """
    last = token.right_edge
    words = list(parsed.doc[token.left_edge.i : last.i + 1])
    pieces: list[list[Token]] = [[]]
    for word in words:
        if word.lower_ in (",", "and"):
            pieces.append([])
        else:
            pieces[-1].append(word)
    pieces = [piece for piece in pieces if piece]
    is_list = len(pieces) >= 3 and words[-1] != token and words[-len(pieces[-1]) - 1].lower_ == "and"
    ends = [piece[-1] for piece in pieces]
    if not is_list or ends[0] != token or any(t.pos_ in ("VERB", "AUX", "ADP") for p in pieces for t in p):
        return [token]
    return ends if all(lemma(e) in FEATURES | SETTLEMENTS or e.pos_ == "PROPN" for e in ends) else [token]


def _cut_before(reading: ArticleReading, token: Token) -> Site | None:
    """Return the road that was cut, for 'soldiers reopened it'."""
    for change in reversed(CHANGES.get(reading, [])):
        if change.change == "supply_line_cut" and change.place_text:
            return Site(change.place, change.place_text, token, is_inferred=True)
    return None


def _understood(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Iterator[Site]:
    """Yield the place that the clause leaves to be understood, where a named one is near."""
    aims = {
        site.id
        for end in ends_after(match.head, "on", "to", "towards", "toward", "into", "upon")
        if end.dep_ == "pobj"
        for site in sites_of(reading, parsed, end)
        if site.id
    }
    movers = (*match.roles.get("winner", ()), *match.roles.get("loser", ()))
    aims |= {
        name.id
        for mention in parsed.mentions
        if mention.kind == "place" and (name := reading.choose(mention)) is not None
        if any(t.left_edge.idx <= mention.start <= t.right_edge.idx and t.pos_ != "PRON" for t in movers)
    }
    where = reading.event_place(parsed, match.head)
    known = reading.lexicon.places.get(where.id or "")
    # What is taken without being named is no country: that is a party, or where all of it happens.
    is_country = known is not None and known.kind == "country"
    if where.id is not None and not (where.inferred or is_country) and where.id not in aims:
        yield Site(where.id, where.text or "", match.head, is_inferred=True)
    elif match.frame.gives["change"] == "advance":
        return
    elif (found := recall(reading, parsed, match.head, "", without=frozenset(aims))) is not None:
        yield found


def _is_place_enough(
    match: FrameMatch, reading: ArticleReading, site: Site, need: str | None, parties: Parties
) -> bool:
    if lemma(site.token) == "state" and match.parsed.mention_at(site.token, "actor"):
        return False  # 'Islamic State'
    if site.id is None and site.token.tag_ == "NNS" and lemma(site.token) in ("front", "side", "line"):
        return False  # 'advanced on two fronts'
    if site.id is None and any(c.lower_ == "any" for c in site.token.children):
        return False  # 'no longer controls any town'
    if match.frame.id == "x_held":
        known = reading.lexicon.places.get(site.id or "")
        return known is not None and known.kind not in ("country", "admin1") and site.extent is None
    if need == "road":
        return lemma(site.token) in _ROADS or site.token.pos_ == "PRON"
    if need == "named":
        place = reading.lexicon.places.get(site.id or "")
        return place is not None and place.kind not in ("country", "road") and not site.is_inferred
    if site.id is not None and reading.lexicon.places.get(site.id) is not None:
        place = reading.lexicon.places[site.id]
        is_part = site.extent == "partial" and match.frame.gives["change"] == "control_held"
        changes = ("withdrawal", "captured", "lost")
        if place.kind == "country" and not is_part and match.frame.gives["change"] not in changes:
            return False
    if match.frame.id in ("enter", "advance") and lemma(site.token) in _BUILDINGS:
        return False
    if match.frame.id == "leave" and lemma(site.token) in _BUILDINGS:
        return False
    is_bare = site.id is None and site.token.pos_ == "PROPN"
    if match.frame.id in ("take", "capture") and is_bare and _is_led_away(match):
        return False
    if site.is_sure or (match.frame.id in _INTO and lies_within(reading, match.parsed, site.token)):
        return True
    if match.frame.id in _WALKED and is_bare and _is_plain_name(site) and _is_armed(match, parties):
        return True
    if any(c.dep_ == "det" and c.lower_ in ("a", "an") for c in site.token.children):
        return False
    if parties.losers and match.frame.id in ("take", "drive_out", "capture", "recapture"):
        return not _may_be_a_man(site) or match.frame.id == "drive_out"
    is_retaken = match.frame.id == "recapture" and lemma(match.head) not in ("regain", "recover", "reclaim")
    is_one_word = is_bare and " " not in site.text
    if match.frame.id == "recapture" and is_one_word and _is_plain_name(site) and _is_armed(match, parties):
        return True
    if is_retaken or lemma(match.head) == "liberate" or match.frame.id == "take_over":
        return True  # nobody retakes a man
    by_force = any(
        lemma(t) not in ("man", "people")
        for t in (*match.roles.get("winner", ()), *match.roles.get("loser", ()))
    )
    if match.frame.id == "fall" and any(w.id and not w.inferred for w in parties.winners):
        return not _may_be_a_man(site)
    if match.frame.id in ("leave", "held", "give_up"):
        return by_force  # a force does not leave, or hold, a man by his name
    if need == "sure" and match.frame.id in ("take", "lose", "win_back"):
        return by_force and not _may_be_a_man(site, is_whole=lemma(match.head) in ("take", "win", "lose"))
    if need == "sure":
        return False
    if match.frame.id == "capture":
        return lemma(match.head) not in ("capture", "seize") or not _may_be_a_man(site)
    return need == "known" or match.frame.id == "besiege"


_WALKED = frozenset(
    "enter advance move_in came_into back_into push_towards close_in moved_on within_km advance_on "
    "reached_edge control_passed in_hands comes_under returned_to_control outside_control relieved "
    "column_beaten".split()
)
"""Frames in which a force cannot do with a man what it does with a place: what it walks into is none."""


def _is_plain_name(site: Site) -> bool:
    """True for a bare name in no table that is neither a man's by its form nor that of a body or a day."""
    words = [word.lower() for word in re.findall(r"[^\W\d][\w'’-]*", site.text)]
    return not _may_be_a_man(site, is_whole=False) and not any(
        word in NO_PLACE | CALENDAR | TITLES for word in words
    )


def _is_armed(match: FrameMatch, parties: Parties) -> bool:
    """True where who acts is a known party, or is called by a word for a force."""
    tokens = (*match.roles.get("winner", ()), *match.roles.get("loser", ()))
    known = any(party.id for party in (*parties.winners, *parties.losers))
    return known or any(lemma(t) in FORCE_WORDS - {"man", "member", "side", "unit"} for t in tokens)


def _is_led_away(match: FrameMatch) -> bool:
    """True where a man is taken: by the police, from his house, or won over."""
    if any(lemma(token) == "police" for token in match.roles.get("winner", ())):
        return True
    if lemma(match.head) == "win" and any(c.lower_ == "over" for c in match.head.children):
        return True
    return any(
        c.lower_ in ("his", "her") or lemma(end) in _BUILDINGS
        for prep in match.head.children
        for end in prep.children
        for c in (end, *end.children)
        if prep.lower_ == "from"
    )


def _may_be_a_man(site: Site, *, is_whole: bool = True) -> bool:
    """True for an unknown name that begins as men's names do, or of three words and more.

    `is_whole`: the words of where it lies count too: 'captured Hamid Nur in Khartoum' is said of a man.
    """
    text = site.text if is_whole else re.split(r",| (?:in|near|at|on|outside|of) ", site.text)[0]
    words = re.findall(r"[A-Z][\w'-]+", text)
    return len(words) not in (1, 2) or (len(words) == 2 and words[0].lower() in _GIVEN)


_GIVEN = frozenset(
    "abu umm ibn abdul abdel abd abdullah abdallah ahmed ahmad mohammed mohamed muhammad mohammad mahmoud "
    "ali hassan hasan hussein omar khalid ibrahim mustafa yusuf youssef said saleh salim sheikh mullah "
    "haji maulvi imam john david michael james peter paul joseph jean pierre jose juan carlos luis pedro "
    "ivan oleg sergei vladimir andriy oleksandr maung ko min nguyen kim".split()
)


def _road_above(match: FrameMatch, reading: ArticleReading, parsed: Parsed) -> Site | None:
    """Return the road of 'captured the highway, thus cutting a supply route': the same road, said again."""
    if match.head.tag_ != "VBG" or match.head.dep_ not in ("advcl", "xcomp"):
        return None
    for child in match.head.head.children:
        if child.dep_ == "dobj" and lemma(child) in _ROADS:
            return next(sites_of(reading, parsed, child), None)
    return None


def relieved(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> list[Site]:
    """Return the besieged place that an opened corridor leads into; none where the article knows no siege."""
    besieged = any("besieged" in s.text or "siege" in s.text for s in reading.sentences)
    if not besieged:
        return []
    for token in match.roles.get("place", ()):
        for prep in [*token.children, *match.head.children]:
            if prep.dep_ == "prep" and prep.lower_ in ("into", "to", "in"):
                for end in prep.children:
                    if end.dep_ == "pobj" and (found := list(sites_of(reading, parsed, end))):
                        return found
    return []


def _encircled(match: FrameMatch, parsed: Parsed, reading: ArticleReading) -> Iterator[Site]:
    """Yield the place in which a force is encircled ('units were surrounded in Avdiivka')."""
    objects = match.roles.get("place", ()) or tuple(
        end
        for prep in match.head.head.children
        if prep.dep_ in ("prep", "dative") and prep.lower_ == "to"
        for end in prep.children
    )
    if not objects or all(force_of(reading, parsed, token) is None for token in objects):
        return
    for child in (*match.head.children, *(c for o in objects for c in o.children), *match.head.head.children):
        if child.dep_ == "prep" and child.lower_ in ("in", "at", "inside"):
            for end in child.children:
                if end.dep_ == "pobj" and end.i > match.head.i:
                    yield from (s for s in sites_of(reading, parsed, end) if s.is_sure)
