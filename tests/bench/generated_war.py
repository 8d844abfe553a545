"""A seeded generator of war news: articles with claims, as contradictory as the real ones, at any size.

The shape follows what the field knows of such reports: few places get most of the news, an event is told by
one outlet or by many, copies abound, numbers differ by claimant, some captures are denied, then admitted.
The same seed gives the same articles.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from tests.raw_layer import Version

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"
OUTLETS = tuple(f"Outlet {number}" for number in range(1, 41))
NEUTRALS = ("ocha", "medical_source", "residents", "local_official", None)
MIXTURES = (
    ("killed",),
    ("killed", "injured"),
    ("territorial",),
    ("territorial", "killed"),
    ("reinforcement",),
)
MIXTURE_WEIGHTS = (25, 25, 25, 10, 15)
CHANGES = ("captured", "captured", "captured", "withdrawal", "siege_imposed", "siege_broken", "control_held")


@dataclass(frozen=True)
class Theatre:
    """The places of one war and its sides, each a list of actors."""

    places: Sequence[str]
    sides: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Event:
    """What is taken to have happened, of one kind or several at once; reports of it differ."""

    place: str
    day: date
    kinds: Sequence[str]
    winner: str
    loser: str
    number: int
    change: str


def theatres(places: int) -> list[Theatre]:
    """Take `places` places of the gazetteer from the countries at war, with the sides of their wars."""
    sides: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _read("ref_actor_sides"):
        sides[row["conflict_id"]][row["side_id"]].append(row["actor_id"])
    wars = {row["country"]: row["conflict_id"] for row in _read("ref_conflict_countries")}
    found: dict[str, list[str]] = defaultdict(list)
    for row in _read("ref_places"):
        war = wars.get(row["country"])
        if war and len(sides[war]) > 1 and row["parent_place_id"] and row["place_kind"] != "admin1":
            found[war].append(row["place_id"])
    total = sum(map(len, found.values()))
    share = min(1.0, places / total)
    return [
        Theatre(names[: max(1, round(len(names) * share))], list(sides[war].values()))
        for war, names in sorted(found.items())
    ]


def generate(seed: int, claims: int, first: date, last: date, places: int = 5000) -> list[Version]:
    """Make articles, in order of landing, with `claims` claims (or a few more) of events from `first` on.

    The last event falls on `last` at the latest. Every article lands on its day of publication, one to four
    days after its event.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable benchmark, no secret
    wars = theatres(places)
    weights = list(accumulate(len(war.places) ** 0.5 for war in wars))
    versions: list[Version] = []
    made = 0
    while made < claims:
        event = _event(chance, chance.choices(wars, cum_weights=weights)[0], first, last)
        for report, outlet in enumerate(chance.sample(OUTLETS, 1 + min(9, int(chance.expovariate(0.8))))):
            told = [claim for kind in event.kinds for claim in _tell(chance, event, kind, report)]
            published = event.day + timedelta(days=1 + min(3, report))
            house = [outlet, f"Copy of {outlet}"] if chance.random() < 0.2 else [outlet]
            story = f"{seed}-{len(versions)}"
            versions.extend(_article(story, published, name, told) for name in house)
            made += len(told) * len(house)
            if made >= claims:
                break
    return sorted(versions, key=lambda version: (version.landed_on, version.url))


def _event(chance: random.Random, war: Theatre, first: date, last: date) -> Event:
    rank = min(
        len(war.places) - 1, int(len(war.places) * chance.random() ** 3)
    )  # few places, most of the news
    winner, loser = chance.sample(range(len(war.sides)), 2)
    return Event(
        place=war.places[rank],
        day=first + timedelta(days=chance.randrange((last - first).days + 1)),
        kinds=chance.choices(MIXTURES, MIXTURE_WEIGHTS)[0],
        winner=chance.choice(war.sides[winner]),
        loser=chance.choice(war.sides[loser]),
        number=1 + int(chance.expovariate(0.05)),
        change=chance.choice(CHANGES),
    )


def _tell(chance: random.Random, event: Event, kind: str, report: int) -> list[dict[str, Any]]:
    claimant = chance.choice((*NEUTRALS, event.winner, event.loser))
    span = timedelta(days=chance.choice((0, 0, 0, 0, 6)))
    claim: dict[str, Any] = {
        "status": "claimed" if claimant else "asserted",
        "claimant": claimant,
        "date_start": event.day - span,
        "date_end": event.day,
        "date_prec": 3 if span else 1,
    }
    number = max(1, round(event.number * chance.uniform(0.7, 1.4)))
    count = [number, number, chance.choice((number, None))]
    if kind == "reinforcement":
        sent = {"force": "fighters", "actor": event.winner, "destination": event.place, "count": count}
        return [claim | sent]
    if kind != "territorial":
        return list(_casualties(chance, event, kind, claim, count))
    if report and claimant == event.loser:
        undated = {"status": "denied", "claimant": claimant, "date_basis": "none"}
        claim = chance.choice((undated, claim | {"status": "confirmed"}))
    loser = None if event.change == "control_held" else event.loser
    change = {"change": event.change, "place": event.place, "gained_by": event.winner, "lost_by": loser}
    return [claim | change]


def _casualties(
    chance: random.Random, event: Event, kind: str, claim: dict[str, Any], count: list[int | None]
) -> Iterator[dict[str, Any]]:
    harm = {"harm": kind, "place": event.place}
    if chance.random() < 0.06:
        since = {"date_start": event.day - timedelta(days=90), "date_end": None, "date_prec": 5}
        toll = [40 * (count[0] or 1), 40 * (count[0] or 1), None]
        yield claim | harm | since | {"victim": "people", "scope": "period", "count": toll}
        return
    victim = chance.choice(("people", "people", "civilians", "soldiers"))
    total = harm | {"victim": victim, "scope": "incident", "count": count, "perpetrator": event.winner}
    yield claim | total
    if victim != "soldiers" and (count[0] or 0) > 4 and chance.random() < 0.3:
        part = (count[0] or 0) // 4
        yield claim | total | {"victim": "children", "count": [part, part, part], "part_of_previous": True}


def _article(story: str, published: date, outlet: str, told: Sequence[Mapping[str, Any]]) -> Version:
    sentences, claims = [], list[dict[str, Any]]()
    for number, claim in enumerate(told):
        what = claim.get("harm") or claim.get("force") or claim.get("change")
        place = claim.get("place") or claim.get("destination")
        quote = f"Report {number}: {what} at {place}, {claim.get('count', '')} {claim.get('date_end', '')}"
        sentences.append(f"{quote}.")
        fields = {name: value for name, value in claim.items() if value is not None}
        if fields.pop("part_of_previous", False):
            fields["subset_of"] = claims[-1]["key"]
        claims.append(fields | {"key": f"k{number}", "quote": quote})
    return Version(
        label=story,
        url=f"https://{outlet.replace(' ', '-').lower()}.example/{story}",
        outlet=outlet,
        story=story,
        text=" ".join(sentences),
        published_at=datetime.combine(published, time(8 if outlet in OUTLETS else 15), UTC),
        landed_on=published,
        claims=tuple(claims),
    )


def _read(name: str) -> Iterator[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
