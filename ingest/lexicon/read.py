"""Reads seeds/reference and seeds/frames into one Lexicon.

The same CSVs are dbt's seeds, so a name that the models know and a name that extraction knows are one name.
Names come out longest first within their kind, and the larger place first where two share a name, so a
reader that takes the first fitting name takes the right one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from ingest.lexicon.frames import read_frames
from ingest.lexicon.kept import keep_lexicon, kept_lexicon
from ingest.lexicon.tables import LexiconError, read_rows
from ingest.memory import kept_for_good
from ingest.records import Actor, Claimant, Conflict, Lexicon, Name, Place, content_hash
from ingest.settings import data_folder

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
LARGE = 100_000
"""A place of this many people or more is meant by its name in an article about any country."""

_SPANS = ("valid_from", "valid_to")
_DAY = re.compile(r"\d{1,2} ")
"""How '28 May' begins, which is a place too; '1070 Apartments' is none of these."""


def load_lexicon(root: Path | None = None) -> Lexicon:
    """Return the lexicon read from `root` (default: the repository's seeds/), once a state of the files.

    That of the repository is kept in the folder of state for the processes after this one (`kept`).
    Raises LexiconError, naming file and line, for an unknown id, a name given twice, a date that is none.
    """
    seeds = (root or SEEDS).resolve()
    with kept_for_good():
        return _load(seeds, lexicon_version(seeds))


def lexicon_version(root: Path | None = None) -> str:
    """Return a hash of the files that `load_lexicon` reads, a hundred times faster than by reading them.

    Raises LexiconError where there are none.
    """
    seeds = (root or SEEDS).resolve()
    files = sorted([*(seeds / "reference").glob("ref_*.csv"), *(seeds / "frames").glob("*.yml")])
    if not files:
        raise LexiconError(f"no reference files under {seeds.name}/reference")
    return content_hash(*(part for f in files for part in (f.name, f.read_text("utf-8"))), length=12)


@cache
def _load(seeds: Path, version: str) -> Lexicon:
    if seeds != SEEDS:
        return _read(seeds, version)
    folder = data_folder() / "lexicon"
    lexicon = kept_lexicon(folder, version)
    if lexicon is None:
        lexicon = _read(seeds, version)
        keep_lexicon(folder, lexicon)
    return lexicon


def _read(seeds: Path, version: str) -> Lexicon:
    folder = seeds / "reference"
    countries = {
        r.text("country") for r in read_rows(folder / "ref_countries.csv", ("country",), ("country",))
    }
    conflicts = _conflicts(folder, countries)
    actors = _actors(folder, countries, conflicts)
    claimants = _claimants(folder, actors)
    places = _places(folder, countries)
    names = [
        *_actor_names(folder, actors, countries),
        *_place_names(folder, places),
        *_claimant_names(folder, claimants, countries),
    ]
    words = _words(folder, actors)
    words["capitals"] = _capitals(folder, places)
    names += [Name(word, victim, "victim") for word, victim in words["victims"].items()]
    names.sort(key=lambda n: (n.kind, -len(n.text)))
    return Lexicon(
        version=version, names=tuple(names), actors=actors, places=places, claimants=claimants,
        conflicts=conflicts, frames=read_frames(seeds / "frames"), words=words,
    )  # fmt: skip


def _conflicts(folder: Path, countries: set[str]) -> dict[str, Conflict]:
    where: dict[str, set[str]] = defaultdict(set)
    sides: dict[str, dict[str, set[str]]] = defaultdict(dict)
    path = folder / "ref_conflicts.csv"
    rows = {
        r.text("conflict_id"): r for r in read_rows(path, ("conflict_id", "name", *_SPANS), ("conflict_id",))
    }
    path = folder / "ref_conflict_countries.csv"
    for row in read_rows(path, ("conflict_id", "country"), ("conflict_id", "country")):
        where[row.known("conflict_id", rows)].add(row.known("country", countries))
    path = folder / "ref_conflict_sides.csv"
    for row in read_rows(path, ("conflict_id", "side_id", *_SPANS), ("conflict_id", "side_id")):
        row.days()
        sides[row.known("conflict_id", rows)][row.text("side_id")] = set()
    path = folder / "ref_side_enemies.csv"
    enemy = ("conflict_id", "side_id", "enemy_side_id", *_SPANS)
    for row in read_rows(path, enemy, enemy):
        row.days()
        own = sides[row.known("conflict_id", rows)]
        own[row.known("side_id", own)].add(row.known("enemy_side_id", own))
    return {
        id_: Conflict(id_, row.text("name"), frozenset(where[id_]), *row.days(),
                      {side: frozenset(enemies) for side, enemies in sides[id_].items()})
        for id_, row in rows.items()
    }  # fmt: skip


def _actors(folder: Path, countries: set[str], conflicts: Mapping[str, Conflict]) -> dict[str, Actor]:
    columns = ("actor_id", "name", "actor_kind", "parent_actor_id", "country", "basis")
    rows = {r.text("actor_id"): r for r in read_rows(folder / "ref_actors.csv", columns, ("actor_id",))}
    sides: dict[str, dict[str, tuple[date, str]]] = defaultdict(dict)
    member = ("actor_id", "conflict_id", "side_id", *_SPANS)
    for row in read_rows(folder / "ref_actor_sides.csv", member, member):
        first, _ = row.days()
        conflict = conflicts[row.known("conflict_id", conflicts)]
        side = row.known("side_id", conflict.sides)
        own = sides[row.known("actor_id", rows)]
        start = first or date.min
        if conflict.id not in own or own[conflict.id][0] <= start:  # the latest side is the one kept
            own[conflict.id] = (start, side)
    ally = ("coalition_actor_id", "member_actor_id", *_SPANS)
    for row in read_rows(folder / "ref_actor_coalitions.csv", ally, ally):
        row.days()
        row.known("coalition_actor_id", rows)
        row.known("member_actor_id", rows)
    actors = {}
    for id_, row in rows.items():
        country = row.known_or_none("country", countries)
        row.text("basis")
        actors[id_] = Actor(
            id_, row.text("name"), row.text("actor_kind"), row.known_or_none("parent_actor_id", rows),
            frozenset({country} if country else ()),
            {conflict: side for conflict, (_, side) in sides[id_].items()},
        )  # fmt: skip
    for id_ in actors:
        _no_ring(id_, {k: a.parent for k, a in actors.items()}, folder / "ref_actors.csv")
    return actors


def _no_ring(id_: str, parents: Mapping[str, str | None], path: Path) -> None:
    seen, at = {id_}, parents[id_]
    while at is not None:
        if at in seen:
            raise LexiconError(f"{path.name}: {id_!r} is its own parent by way of {at!r}")
        seen.add(at)
        at = parents[at]


def _claimants(folder: Path, actors: Mapping[str, Actor]) -> dict[str, Claimant]:
    ranks = ("claimant_kind", "claimant_rank", "independence")
    kinds = {
        r.text("claimant_kind")
        for r in read_rows(folder / "ref_claimant_kinds.csv", ranks, ("claimant_kind",))
    }
    columns = ("claimant_id", "name", "claimant_kind", "actor_id", "basis")
    return {
        row.text("claimant_id"): Claimant(
            row.text("claimant_id"), row.text("name"), row.known("claimant_kind", kinds),
            row.known_or_none("actor_id", actors))
        for row in read_rows(folder / "ref_claimants.csv", columns, ("claimant_id",))
    }  # fmt: skip


def _places(folder: Path, countries: set[str]) -> dict[str, Place]:
    columns = ("place_id", "name", "place_kind", "country", "parent_place_id", "latitude", "longitude",
               "population", "source")  # fmt: skip
    rows = list(read_rows(folder / "ref_places.csv", columns, ("place_id",)))
    rows += read_rows(folder / "ref_places_local.csv", (*columns, "basis"), ("place_id",))
    places: dict[str, Place] = {}
    for row in rows:
        id_ = row.text("place_id")
        if id_ in places:
            raise row.error(f"place_id {id_!r} stands already in ref_places.csv")
        latitude, longitude = row.number("latitude"), row.number("longitude")
        if (latitude is None) != (longitude is None) or abs(latitude or 0) > 90 or abs(longitude or 0) > 180:
            raise row.error("latitude and longitude are no coordinates")
        population = row.number("population")
        places[id_] = Place(
            id_, row.text("name"), row.text("place_kind"), row.known_or_none("country", countries) or "",
            row.maybe("parent_place_id"), latitude, longitude,
            None if population is None else int(population))  # fmt: skip
    for row in rows:
        row.known_or_none("parent_place_id", places)
    return places


def _country_set(cell: str) -> frozenset[str]:
    return frozenset(cell.split())


def _actor_names(folder: Path, actors: Mapping[str, Actor], countries: set[str]) -> list[Name]:
    columns = ("actor_id", "name", *_SPANS, "countries", "is_official", "basis")
    key = ("actor_id", "name", "countries", "valid_from")
    names = []
    for row in read_rows(folder / "ref_actor_names.csv", columns, key):
        first, last = row.days()
        if row.text("is_official") not in ("true", "false"):
            raise row.error("is_official is neither true nor false")
        if row.cells["is_official"] == "true":  # people use a former name long after
            first = last = None
        row.text("basis")
        where = _country_set(row.cells["countries"])
        if where - countries:
            raise row.error(f"countries {sorted(where - countries)} are not known")
        names.append(Name(row.text("name"), row.known("actor_id", actors), "actor", where, first, last))
    return names


def _claimant_names(folder: Path, claimants: Mapping[str, Claimant], countries: set[str]) -> list[Name]:
    columns = ("claimant_id", "name", "countries", *_SPANS)
    names = []
    for row in read_rows(folder / "ref_claimant_names.csv", columns, ("claimant_id", "name", "countries")):
        where = _country_set(row.cells["countries"])
        if where - countries:
            raise row.error(f"countries {sorted(where - countries)} are not known")
        id_ = row.known("claimant_id", claimants)
        names.append(Name(row.text("name"), id_, "claimant", where, *row.days()))
    return names


def _place_names(folder: Path, places: Mapping[str, Place]) -> list[Name]:
    """Return the names of places, the larger place first; ordinary words and people's names are left out."""
    stop = {r.text("word") for r in
            read_rows(folder / "ref_place_stopwords.csv", ("word", "reason"), ("word",))}  # fmt: skip
    pairs = {(place.name, place.id): None for place in places.values()}
    columns = ("place_id", "name", "basis")
    for row in read_rows(folder / "ref_place_names.csv", columns, ("place_id", "name")):
        row.text("basis")
        pairs[row.text("name"), row.known("place_id", places)] = None
    found = []
    for text, id_ in pairs:
        place = places[id_]
        if text.lower() in stop or len(text) < 3 or _DAY.match(text):
            continue
        if place.kind == "admin2" and len(text) < 5:  # too many are words and men's names
            continue
        anywhere = place.kind == "country" or not place.country or (place.population or 0) >= LARGE
        where = frozenset() if anywhere else frozenset({place.country})
        found.append(Name(text, id_, "place", where))
    rank = {"country": 0, "city": 1, "town": 2}
    found.sort(key=lambda n: (rank.get(places[n.id].kind, 3), -(places[n.id].population or 0)))
    return found


def _capitals(folder: Path, places: Mapping[str, Place]) -> dict[str, str]:
    """Return the capital's place_id by country, from the names that are given to it as such."""
    rows = read_rows(folder / "ref_place_names.csv", ("place_id", "name", "basis"))
    found = (row.known("place_id", places) for row in rows if row.cells["basis"] == "capital")
    return {places[id_].country: id_ for id_ in found}


def _words(folder: Path, actors: Mapping[str, Actor]) -> dict[str, dict[str, str]]:
    path = folder / "ref_victim_categories.csv"
    tree = {r.text("victim"): r for r in read_rows(path, ("victim", "parent_victim"), ("victim",))}
    words: dict[str, dict[str, str]] = {
        "victim_parents": {},
        "victims": {},
        "side_leads": {},
        "quantities": {},
    }
    for victim, row in tree.items():
        if parent := row.known_or_none("parent_victim", tree):
            words["victim_parents"][victim] = parent
    for row in read_rows(folder / "ref_victim_words.csv", ("word", "victim"), ("word",)):
        words["victims"][row.text("word")] = row.known("victim", tree)
    path = folder / "ref_conflict_sides.csv"
    for row in read_rows(path, ("conflict_id", "side_id", "lead_actor_id"), ("conflict_id", "side_id")):
        key = f"{row.text('conflict_id')}/{row.text('side_id')}"
        words["side_leads"][key] = row.known("lead_actor_id", actors)
    words["demonyms"] = {
        row.text("word").lower(): row.known("actor_id", actors)
        for row in read_rows(folder / "ref_demonyms.csv", ("word", "country", "actor_id"), ("word",))
    }
    bounds = ("low", "best", "high", "qualifier")
    for row in read_rows(folder / "ref_quantity_words.csv", ("word", *bounds), ("word",)):
        words["quantities"][row.text("word")] = "|".join(row.cells[c] for c in bounds)
    return words
