"""Small wars drawn by hypothesis: a province with two towns, a handful of articles, every kind of trouble.

Several worlds share a warehouse, each in its own province, since a build costs seconds and a world does not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.raw_layer import Version

# Provinces of one country with two towns each: far enough apart in the tree that no event is shared.
PROVINCES = (
    ("northern_darfur_province_sd", "el_fasher_sd", "mellit_sd"),
    ("southern_darfur_province_sd", "nyala_sd", "buram_sd"),
    ("khartoum_province_sd", "khartoum_sd", "omdurman_sd"),
    ("white_nile_province_sd", "kosti_sd", "rabak_sd"),
    ("al_jazirah_province_sd", "wad_medani_sd", "al_manaqil_sd"),
    ("sinnar_province_sd", "singa_sd", "sennar_sd"),
    ("blue_nile_province_sd", "ad_damazin_sd", "er_roseires_sd"),
    ("river_nile_province_sd", "atbara_sd", "shendi_sd"),
    ("kassala_province_sd", "kassala_sd", "aroma_sd"),
    ("red_sea_province_sd", "port_sudan_sd", "tokar_sd"),
    ("shamal_kurdufan_province_sd", "el_obeid_sd", "ar_rahad_sd"),
    ("southern_kordofan_province_sd", "kadugli_sd", "dilling_sd"),
)
SIDES = ("rapid_support_forces", "sudanese_armed_forces")
NEUTRALS = ("ocha", "medical_source", "residents", None)
FIRST_DAY = date(2024, 5, 1)
VICTIMS = ("people", "civilians", "children", "soldiers")
CHANGES = (
    "captured", "recaptured", "lost", "withdrawal", "siege_imposed", "siege_broken", "supply_line_cut",
    "supply_line_opened", "control_held", "advance", "repelled",
)  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn, number: int = len(PROVINCES)) -> list[list[Version]]:
    """Draw `number` worlds, each a list of article versions in the order of publication."""
    return [draw(_world(index)) for index in range(number)]


@st.composite
def landings(draw: st.DrawFn, drawn: list[list[Version]], batches: int = 3) -> list[list[Version]]:
    """Draw an order and a batching of landing: every version in one batch, batch by batch, days going on."""
    versions = [version for world in drawn for version in world]
    order = draw(st.permutations(range(len(versions))))
    where = draw(st.lists(st.integers(0, batches - 1), min_size=len(versions), max_size=len(versions)))
    landed: list[list[Version]] = [[] for _ in range(batches)]
    for place, index in enumerate(order):
        landed[where[index]].append(_landed(versions[index], where[index], place))
    return landed


def _landed(version: Version, batch: int, place: int) -> Version:
    day = date(2024, 7, 1) + timedelta(days=batch)
    return Version(**{**vars(version), "landed_on": day, "sequence": place})


@st.composite
def _world(draw: st.DrawFn, index: int) -> list[Version]:
    versions: list[Version] = []
    for number in range(draw(st.integers(2, 7))):
        # No two versions of a world share a moment: with equal times, landing decides, and rightly so.
        published = datetime(2024, 5, 2, 6, tzinfo=UTC) + timedelta(hours=7 * number)
        kind = draw(st.sampled_from(("new", "new", "new", "copy", "correction"))) if versions else "new"
        source = draw(st.sampled_from(versions)) if versions else None
        label = f"w{index}-{number}"
        if kind == "copy" and source:
            new = {
                "url": f"https://copy.example/{label}",
                "outlet": f"Copy {number}",
                "published_at": published,
            }
            versions.append(Version(**{**vars(source), **new, "label": label, "updated_at": None}))
            continue
        told = [draw(_claim(PROVINCES[index])) for _ in range(draw(st.integers(1, 3)))]
        corrected = source if kind == "correction" else None
        versions.append(_article(label, told, published, corrected))
    return versions


def _article(
    label: str, told: list[dict[str, Any]], published: datetime, corrected: Version | None
) -> Version:
    claims = []
    for number, claim in enumerate(told):
        claims.append(claim | {"key": f"k{number}", "quote": f"Claim {number} of {label}: {sorted(claim)}"})
    return Version(
        label=label,
        url=corrected.url if corrected else f"https://news.example/{label}",
        outlet=corrected.outlet if corrected else f"Outlet {label}",
        story=corrected.story if corrected else label,
        text=". ".join(claim["quote"] for claim in claims),
        published_at=corrected.published_at if corrected else published,
        updated_at=published if corrected else None,
        landed_on=published.date(),
        claims=tuple(claims),
    )


@st.composite
def _claim(draw: st.DrawFn, province: tuple[str, str, str]) -> dict[str, Any]:
    winner = draw(st.sampled_from(SIDES))
    loser = next(side for side in SIDES if side != winner)
    claimant = draw(st.sampled_from((*NEUTRALS, *SIDES)))
    day = FIRST_DAY + timedelta(days=draw(st.integers(0, 9)))
    length = draw(st.sampled_from((0, 0, 0, 2, 30)))
    claim: dict[str, Any] = {
        "status": draw(st.sampled_from(("claimed", "claimed", "confirmed", "denied")))
        if claimant
        else "asserted",
        "date_start": day - timedelta(days=length),
        "date_end": day,
        "date_prec": {0: 1, 2: 2, 30: 4}[length],
    }
    if claimant:
        claim["claimant"] = claimant
    place = draw(st.sampled_from((*province, province[1])))
    kind = draw(st.sampled_from(("casualty", "movement", "change", "change")))
    low = draw(st.integers(1, 40))
    count = draw(st.sampled_from(([low, low, low], [low, low, None], [None, low, low], [low, None, low + 9])))
    if kind == "casualty":
        scope = draw(st.sampled_from(("incident", "incident", "period")))
        if scope == "period":
            claim |= {"date_start": date(2024, 4, 1), "date_prec": 5}
        harm = {
            "harm": draw(st.sampled_from(("killed", "injured"))),
            "victim": draw(st.sampled_from(VICTIMS)),
        }
        return claim | harm | {"scope": scope, "place": place, "perpetrator": winner, "count": count}
    if kind == "movement":
        return claim | {"force": "fighters", "actor": winner, "destination": place, "count": count}
    change = draw(st.sampled_from(CHANGES))
    parties = {"gained_by": winner} if change == "control_held" else {"gained_by": winner, "lost_by": loser}
    return claim | {"change": change, "place": place} | parties
