"""All that crosses a step: documents, articles, claims, and the lexicon that the claims are read with.

Every record is frozen; a step makes new ones. Offsets are Unicode code points, half open [start, end).
Days are calendar days as the text means them; times are UTC. Counts are whole people unless said otherwise.
None means "not known" or "open", never a default.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal["casualty", "reinforcement", "territorial_change"]
Status = Literal["asserted", "claimed", "confirmed", "denied"]
DateBasis = Literal["explicit", "relative", "inherited", "publication", "none"]
DateRelation = Literal["on", "since", "by", "until", "before", "after"]
PublishedBasis = Literal["metadata", "dateline", "none"]
Qualifier = Literal["exact", "about", "at_least", "at_most", "range", "vague", "share"]


def content_hash(*parts: str, length: int = 20) -> str:
    """Hash the parts to `length` hexadecimal digits: the only way a key is made in Frontline.

    Parts are length-prefixed, so ('ab', 'c') and ('a', 'bc') differ.
    """
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(raw)}:".encode())
        digest.update(raw)
    return digest.hexdigest()[:length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as it landed: its bytes and where they came from, nothing interpreted.

    `document_id` is its identity (RECONCILIATION rule 1): the canonical address, else the source's own id
    (for a registered folder, the path within it), else the hash of the content. `landing_id` hashes the
    identity, the bytes and the metadata, so a corrected document, or a date added to it later, is a second
    landing of the same document. `metadata` holds what stood beside the bytes (front matter, a CSV row,
    JSON keys), values as text, and `source_language` and `source_time_zone` where the source states them.
    """

    landing_id: str
    document_id: str
    source_id: str
    outlet: str | None
    url: str | None
    path: str | None
    media_type: str
    content: bytes
    sha256: str
    landed_on: date
    landed_at: datetime
    is_archive: bool
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A document or a line that could not be used: where it lies, and a reason a person understands.

    `location` is the path within the source, with `:line` where a line is meant. `landing_id` names the kept
    bytes where the document landed but could not be read, and is None where nothing was kept.
    """

    reject_id: str
    source_id: str
    location: str
    reason_code: str
    reason: str
    landed_on: date
    landed_at: datetime
    sha256: str | None = None
    landing_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last time an address of a source was asked, so that it is asked again only for what is new.

    Of a folder, the address is a file's path within it, `status` is 0, and `marker` hashes the file's stamp,
    what CSVs say of it and how the source is read; `is_refused` is true where anything in it is a Reject.
    Else `status` is that of the answer (200, 304, 404, ...; 0 for none). `etag` and `last_modified` are what
    the server gave to ask by. `marker` hashes what the feed or sitemap said of the address: another marker,
    another version. `retry_at` is the time before which the server does not want to be asked. `is_refused` is
    true where what came is no document: a Reject says why.
    """

    source_id: str
    address: str
    status: int
    visited_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    marker: str | None = None
    retry_at: datetime | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """Files of a registered folder that were passed over: they stand as they were when they were read."""

    source_id: str
    files: int


Arrival = Document | Reject | Visit | Unchanged
"""What landing yields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of an article: text with a language and a date, ready to be read for claims.

    `article_id` hashes the document's id and the white-space-folded text. `text` is what every offset of a
    claim refers to. `published_at` is None where neither metadata nor a dateline gives it; `published_on` is
    its calendar day where it was published, which "today" and "on Monday" in the text refer to.
    `known_on` is the day from which we may be said to know it: the landing day, for an archive the day of
    publication (RECONCILIATION rule 2). `content_hash` is of the folded text alone: exact copies share it.
    `signature` is the MinHash by which near copies are found, None where the text is too short for one.
    """

    article_id: str
    landing_id: str | None = None
    document_id: str | None = None
    source_id: str | None = None
    outlet: str | None = None
    url: str | None = None
    title: str | None = None
    text: str
    language: str | None = None
    published_at: datetime | None = None
    published_on: date | None = None
    published_basis: PublishedBasis = "none"
    updated_at: datetime | None = None
    landed_on: date | None = None
    landed_at: datetime | None = None
    known_on: date | None = None
    content_hash: str | None = None
    signature: tuple[int, ...] | None = None
    story_id: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of something as a closed interval. `start` and `end` bound `text` within the text searched.

    None for low or high is "not stated"; all three None is a number of an unstated base ("half of them").
    `unit` is the noun, in lower case, where things that are no people are counted ('families', 'lorries');
    None where it may count people.
    """

    low: int | None
    best: int | None
    high: int | None
    text: str
    qualifier: Qualifier
    start: int
    end: int
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A day or a run of days, both ends included; None is open or unknown.

    `prec` is UCDP's date_prec: 1 day, 2 two to six days, 3 week, 4 month, 5 longer; None with no date.
    `conflict` is true where the text contradicts the calendar ('Friday 29 October' in 2016).
    `relation` is the word before it: 'since' (first day to the day of publication, or open), 'by', 'until',
    'before' (open to its last day), 'after' (its last day to open), else 'on'. `anaphoric` is true where it
    counts from another date of the text ('a day earlier'); its bounds are None until it is given that date.
    """

    first: date | None
    last: date | None
    text: str | None
    prec: int | None
    basis: DateBasis
    conflict: bool = False
    start: int = 0
    end: int = 0
    relation: DateRelation = "on"
    anaphoric: bool = False


NO_DATE = DateSpan(None, None, None, None, "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What every kind of claim has, in the order and with the names of the extraction contract."""

    claim_id: str
    article_id: str
    kind: Kind
    status: Status
    claimant: str | None = None
    claimant_text: str | None = None
    quote: str
    quote_start: int
    quote_end: int
    date_start: date | None = None
    date_end: date | None = None
    date_text: str | None = None
    date_prec: int | None = None
    date_basis: DateBasis = "none"
    date_conflict: bool = False
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyClaim(Claim):
    """A number of people harmed, as one article says it once."""

    harm: Literal["killed", "injured", "displaced", "missing", "captured"]
    count_low: int | None = None
    count_best: int | None = None
    count_high: int | None = None
    count_text: str | None = None
    count_qualifier: Qualifier | None = None
    victim: str
    victim_text: str | None = None
    scope: Literal["incident", "period", "cumulative"]
    place: str | None = None
    place_text: str | None = None
    perpetrator: str | None = None
    perpetrator_text: str | None = None
    subset_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinforcementClaim(Claim):
    """One sender's movement of forces, as one article says it once."""

    actor: str | None = None
    actor_text: str | None = None
    force: Literal["fighters", "supplies", "armour", "aircraft", "naval"]
    unit_text: str | None = None
    count_low: int | None = None
    count_best: int | None = None
    count_high: int | None = None
    count_text: str | None = None
    count_qualifier: Qualifier | None = None
    count_group: str | None = None
    origin: str | None = None
    origin_text: str | None = None
    via: str | None = None
    via_text: str | None = None
    destination: str | None = None
    destination_text: str | None = None


Change = Literal[
    "captured", "recaptured", "lost", "repelled", "withdrawal", "advance", "siege_imposed",
    "siege_tightened", "siege_broken", "supply_line_cut", "supply_line_opened", "control_held",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritorialClaim(Claim):
    """One change, or holding, of one place, as one article says it once."""

    change: Change
    place: str | None = None
    place_text: str | None = None
    extent: Literal["full", "partial"] | None = None
    gained_by: str | None = None
    gained_by_text: str | None = None
    gained_by_inferred: bool = False
    lost_by: str | None = None
    lost_by_text: str | None = None
    lost_by_inferred: bool = False


COMMON_FIELDS = tuple(f.name for f in fields(Claim))


def claim_to_dict(claim: Claim) -> dict[str, Any]:
    """Return the claim as JSON-ready values, keys in the contract's order, dates as ISO text."""
    row: dict[str, Any] = {}
    for item in fields(claim):
        value = getattr(claim, item.name)
        row[item.name] = value.isoformat() if isinstance(value, date) else value
    return row


def claim_to_json(claim: Claim) -> str:
    """Return the claim as one line of JSON; the same claim always gives the same bytes."""
    return json.dumps(claim_to_dict(claim), ensure_ascii=False, separators=(", ", ": "))


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing in the lexicon: its words, the thing's id, and when and where the name holds.

    `countries` (ISO 3166 alpha-2) limits an ambiguous name to articles about those countries; empty is any.
    """

    text: str
    id: str
    kind: Literal["actor", "place", "claimant", "victim"]
    countries: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A party: a state's forces, a rebel group, a coalition, or a generic 'the army' of a country.

    `side` joins actors that stand together within a conflict: {conflict_id: side_id}.
    """

    id: str
    name: str
    kind: str
    parent: str | None
    countries: frozenset[str]
    sides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer. `latitude` and `longitude` are decimal degrees, None where unknown."""

    id: str
    name: str
    kind: str
    country: str
    parent: str | None
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Claimant:
    """Somebody who says things: an outlet, a monitor, a ministry, a hospital, residents."""

    id: str
    name: str
    kind: str
    actor: str | None


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step on a dependency tree: to a child by one of `deps`, or (`climbs`) to the head by the token's own.

    `lemmas` limits the token reached (empty is any), or with `excludes` names those it may not have.
    """

    deps: frozenset[str]
    lemmas: frozenset[str] = frozenset()
    excludes: bool = False
    climbs: bool = False


RolePath = tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One sense of a verb or noun: which words, which roles, what it says. From seeds/frames/*.yml.

    The form of the file is told in `ingest.lexicon.frames`. A role whose name ends in '?' is optional; its
    paths are tried in turn. `gives` is read by the fact type. `forms` are irregular forms of the lemmas.
    """

    id: str
    kind: Kind
    lemmas: tuple[str, ...]
    particle: str | None
    pos: str
    roles: Mapping[str, tuple[RolePath, ...]]
    gives: Mapping[str, str]
    examples: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A war: its countries and its days; `sides` maps a side to the sides it fights."""

    id: str
    name: str
    countries: frozenset[str]
    first: date | None
    last: date | None
    sides: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything claims are read with, made once by `ingest.lexicon` and passed in.

    `version` hashes the files it was read from, so that a changed lexicon re-reads articles.
    """

    version: str
    names: tuple[Name, ...]
    actors: Mapping[str, Actor]
    places: Mapping[str, Place]
    claimants: Mapping[str, Claimant]
    conflicts: Mapping[str, Conflict]
    frames: tuple[Frame, ...]
    words: Mapping[str, Mapping[str, str]]
    """Small word lists by list name: {'victims': {'soldiers': 'soldiers', 'toddler': 'children'}, ...}."""
