"""What the sentences before say of a change: who attacked the place, what a list of places goes on with.

'Militants stormed Kibumba. The town fell within hours.' names who took it, 'Among them are A and B' what was
taken. Errors: an attack told without the verbs below is not seen; two sides that attack leave nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.claims.force_owners import names_others
from ingest.claims.reading import FrameMatch, Parsed
from ingest.claims.recall import CHANGES, Site
from ingest.claims.sides import acting, are_allies, side_of
from ingest.claims.sites import sites_of
from ingest.records import TerritorialClaim, content_hash

if TYPE_CHECKING:
    from ingest.claims.article import ArticleReading

_REACH = 4
"""Sentences back in which an attack is still the one that a place falls in."""
_GOES_ON = (
    r"(?:[ -](?:\w+ )?(?:fighters|militants|rebels|insurgents|gunmen|forces|troops|soldiers|men|units|"
    r"army|militiamen|"
    r"jihadists|guerrillas|militia|columns?|gangs?|members))?(?:,[^,]{3,60},)?"
)
_ATTACKS = re.compile(
    rf"{_GOES_ON} (?:\w+ly |had |have |has |then |also |later |again )*"
    r"(?:attack|storm|assault|raid|shell|pound|bombard|besieg|surround|encircl|invad|descended on|"
    r"closed in on|advanced|broke into|entered|"
    r"(?:launch|mount|stag|beg|open|carri)\w* (?:out )?(?:an?|the|its|their|another|this) "
    r"(?:[\w-]+ ){0,3}(?:attack|assault|offensive|raid|push|incursion|advance|operation))"
)
_ATTACKED_BY = re.compile(
    r"\b(?:attack|storm|assault|raid|shell|pound|bombard|besieg|surround|encircl|"
    r"invad)(?:ed) (?:\w+ )?by (?:the )?$"
)


def attacker_of(reading: ArticleReading, parsed: Parsed, sites: Sequence[Site]) -> str | None:
    """Return the party that attacked the place, or just before: where one side alone did so."""
    at = parsed.sentence.index
    found: list[str] = []
    for index in (at, *reading.before(at, _REACH)):
        text = reading.sentences[index].text
        is_near = index >= at - 1 and reading.sentences[index].paragraph == parsed.sentence.paragraph
        if not is_near and not any(_is_named(site, text) for site in sites):
            continue
        for mention in acting(reading, index):
            if not (_ATTACKS.match(text, mention.end) or _ATTACKED_BY.search(text[: mention.start])):
                continue
            if names_others(text, mention):
                return None  # 'the Ta'ang army': no word of the tables, so not the one they know
            name = reading.choose(mention)
            if name is not None and side_of(reading, name.id):
                found.append(name.id)
    if found and all(are_allies(reading, found[0], other) for other in found):
        return found[0]
    return None


def _is_named(site: Site, text: str) -> bool:
    name = re.sub(r"^(?:the|a) (?:\w+ of )?", "", site.text)
    return len(name) > 3 and name in text


def go_on_listing(
    match: FrameMatch, parsed: Parsed, reading: ArticleReading
) -> Iterator[tuple[TerritorialClaim, int]]:
    """Yield, for each place that 'these include' lists, the change that the sentence before tells of several.

    Beside each claim stands the position of the place's word in its sentence.
    """
    at = parsed.sentence.index
    if at == 0:
        return
    start, end = reading.sentences[at - 1].start, parsed.sentence.start
    before = [
        claim
        for claim in CHANGES.get(reading, [])
        if start <= claim.quote_start < end and claim.kind == "territorial_change"
        if claim.change != "advance" and _SEVERAL.search(claim.quote)
    ]
    told: dict[tuple[str, str | None, str | None], TerritorialClaim] = {}
    for claim in before:
        told.setdefault((claim.change, claim.gained_by or claim.gained_by_text, claim.lost_by), claim)
    tokens = match.roles.get("place", ())
    sites = [site for token in tokens for site in sites_of(reading, parsed, token)]
    for claim in told.values() if before and not any(_SEVERAL.search(s.text) for s in sites) else ():
        for site in sites:
            first, last = reading.clause(parsed, match.head, site.token)
            quote = reading.words(parsed, first, last)
            words = (reading.article.article_id, str(end + first), str(end + last), claim.change, site.text)
            told_of = replace(
                claim,
                claim_id=content_hash(*words, claim.gained_by or ""),
                place=site.id,
                place_text=site.text,
                extent=site.extent,
                quote=quote,
                quote_start=end + first,
                quote_end=end + last,
                rule=match.frame.id,
            )
            yield told_of, site.token.i


_SEVERAL = re.compile(
    r"\b(?:villages|towns|cities|townships|districts|settlements|localities|places|positions|bases|"
    r"camps|posts|"
    r"outposts|areas|neighbou?rhoods|hills|hilltops|heights|checkpoints|crossings|sites|suburbs|"
    r"communities|hamlets)\b"
)
